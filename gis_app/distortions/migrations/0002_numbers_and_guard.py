"""Numbers of cases and reports, and the guard that keeps history from being rewritten."""

from django.db import migrations

NUMBERS = """
    CREATE SEQUENCE distortion_serial;
    CREATE SEQUENCE report_serial;
"""
GUARD = """
    CREATE FUNCTION rasd_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'Steps are history: % is refused. Record another step instead.', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    CREATE TRIGGER steps_are_history BEFORE UPDATE OR DELETE ON distortions_step
        FOR EACH STATEMENT EXECUTE FUNCTION rasd_refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [("distortions", "0001_initial")]

    operations = [
        migrations.RunSQL(NUMBERS, "DROP SEQUENCE distortion_serial; DROP SEQUENCE report_serial"),
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER steps_are_history ON distortions_step; "
            "DROP FUNCTION rasd_refuse_rewriting()",
        ),
    ]
