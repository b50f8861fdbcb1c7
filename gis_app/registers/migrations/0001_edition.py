"""The edition of the registers, and the function that renews its mark."""

from django.db import migrations, models

RENEW = """
CREATE FUNCTION rasd_new_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registers_edition (id, mark) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET mark = excluded.mark;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.UUIDField()),
            ],
        ),
        migrations.RunSQL(RENEW, "DROP FUNCTION rasd_new_edition"),
        migrations.RunSQL(
            "INSERT INTO registers_edition (id, mark) VALUES (1, gen_random_uuid())",
            migrations.RunSQL.noop,
        ),
    ]
