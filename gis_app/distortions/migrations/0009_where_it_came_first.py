"""What was stored before: reports and photos of merged distortions move to their survivors."""

from django.db import migrations

# A merged distortion leads to its survivor's survivor, to the end of the chain.
END_OF_CHAIN = """
    WITH RECURSIVE chain (first, last) AS (
        SELECT id, merged_into_id FROM distortions_distortion WHERE merged_into_id IS NOT NULL
        UNION ALL
        SELECT first, merged_into_id FROM chain
        JOIN distortions_distortion ON id = last WHERE merged_into_id IS NOT NULL
    ), ends AS (
        SELECT first, last FROM chain JOIN distortions_distortion ON id = last
        WHERE merged_into_id IS NULL
    )
"""
FILL = f"""
    UPDATE distortions_report SET origin_id = distortion_id, supporter = md5(id::text);
    UPDATE distortions_photo SET origin_id = distortion_id;
    UPDATE distortions_contact SET stop_token = md5(random()::text || report_id::text);
    {END_OF_CHAIN} UPDATE distortions_report SET distortion_id = last FROM ends
        WHERE distortion_id = first;
    {END_OF_CHAIN} UPDATE distortions_photo SET distortion_id = last FROM ends
        WHERE distortion_id = first;
    UPDATE distortions_distortion AS one SET (reports_count, supporters_count) =
        (SELECT count(*), count(*) FROM distortions_report WHERE distortion_id = one.id);
"""
GUARD = """
    CREATE TRIGGER looks_are_history BEFORE UPDATE OR DELETE ON distortions_contactlook
        FOR EACH STATEMENT EXECUTE FUNCTION rasd_refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [("distortions", "0008_the_case_in_depth")]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, "DROP TRIGGER looks_are_history ON distortions_contactlook"),
    ]
