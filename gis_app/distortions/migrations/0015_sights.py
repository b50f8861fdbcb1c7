"""The database notes with each step that somebody was there: on which day, in which square."""

from django.db import migrations

# The public place: of what is private, no more is kept here than everybody knows. Not a unique key
# but a look: nobody who reports waits for another, and one twice is still one that was seen.
NOTE = """
    INSERT INTO places_sight (square, kind, day)
    SELECT fresh.square, fresh.kind, fresh.day
    FROM (
        SELECT DISTINCT rasd_square_of(distortion.public_geometry) AS square, seen.kind, step.day
        FROM {steps} AS step
        JOIN (VALUES
            ('report', 'report'), ('join', 'report'),
            ('visit', 'visit'), ('check', 'visit'),
            ('treat', 'treat')
        ) AS seen (move, kind) ON seen.move = step.move
        JOIN distortions_distortion AS distortion ON distortion.id = step.distortion_id
    ) AS fresh
    WHERE NOT EXISTS (
        SELECT FROM places_sight AS known
        WHERE known.square = fresh.square AND known.kind = fresh.kind AND known.day = fresh.day
    )
"""
WITH_EACH_STEP = f"""
CREATE FUNCTION rasd_note_sights() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {NOTE.format(steps="fresh_steps")};
    RETURN NULL;
END
$$;
CREATE TRIGGER steps_are_sights AFTER INSERT ON distortions_step
REFERENCING NEW TABLE AS fresh_steps FOR EACH STATEMENT EXECUTE FUNCTION rasd_note_sights();
"""


class Migration(migrations.Migration):
    dependencies = [("distortions", "0014_steps_by_day"), ("places", "0004_squares")]

    operations = [
        migrations.RunSQL(
            WITH_EACH_STEP,
            "DROP TRIGGER steps_are_sights ON distortions_step; DROP FUNCTION rasd_note_sights()",
        ),
        migrations.RunSQL(NOTE.format(steps="distortions_step"), "TRUNCATE places_sight"),
    ]
