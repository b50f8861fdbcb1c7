"""The kept counts of cells, and the triggers that note what came to a cell and what left it."""

from django.db import migrations, models

# World coordinates: 2^32 steps from the west and from the north of the web map. What lies beyond
# its edges is taken to them. OFFSET 0: each value is computed once, not for every use of it.
WORLD = """
CREATE FUNCTION rasd_world(lon double precision, lat double precision)
RETURNS TABLE (x bigint, y bigint) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT least(greatest(floor((lon + 180) / 360 * 2^32), 0), 2^32 - 1)::bigint,
           least(greatest(floor((0.5 - ln(tan(pi() / 4 + radians(bounded) / 2)) / (2 * pi())) * 2^32),
                          0), 2^32 - 1)::bigint
    FROM (SELECT least(greatest(lat, -85.05), 85.05) AS bounded) AS clipped
    OFFSET 0
$$
"""
NOTED = "cells_delta (element, status, x, y, count, sum_x, sum_y, sum_pk)"


def noted(rows: str, sign: str) -> str:
    """Select the *rows* of distortions as they are noted: came is +1, left is -1."""
    return f"""
        SELECT element_id, status, world.x >> 12, world.y >> 12,
               {sign}1, {sign}world.x, {sign}world.y, {sign}id
        FROM (SELECT element_id, status, id, ST_Centroid(public_geometry) AS place
              FROM {rows} OFFSET 0) AS placed,
             rasd_world(ST_X(place), ST_Y(place)) AS world
    """


CAME, LEFT = noted("new_rows", "+"), noted("old_rows", "-")
# Summed before it is noted: what an UPDATE leaves as it was cancels itself out. A join of old and
# new would keep the plan that one row got, and never end with 100,000.
NOTE = f"""
CREATE FUNCTION rasd_note_cells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {NOTED} {CAME};
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO {NOTED} {LEFT};
    ELSE
        INSERT INTO {NOTED}
        SELECT element, status, x, y, sum(n), sum(wx), sum(wy), sum(pk)
        FROM ({CAME} UNION ALL {LEFT}) AS moved (element, status, x, y, n, wx, wy, pk)
        GROUP BY element, status, x, y
        HAVING (sum(n), sum(wx), sum(wy), sum(pk)) <> (0, 0, 0, 0);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cells_insert AFTER INSERT ON distortions_distortion
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION rasd_note_cells();
CREATE TRIGGER cells_update AFTER UPDATE ON distortions_distortion
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION rasd_note_cells();
CREATE TRIGGER cells_delete AFTER DELETE ON distortions_distortion
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION rasd_note_cells();
"""
UNDO_NOTE = """
    DROP TRIGGER cells_insert ON distortions_distortion;
    DROP TRIGGER cells_update ON distortions_distortion;
    DROP TRIGGER cells_delete ON distortions_distortion;
    DROP FUNCTION rasd_note_cells();
"""
# What is there already is noted like what comes: the next fold puts it into the cells.
THERE_ALREADY = f"INSERT INTO {NOTED} {noted('distortions_distortion', '+')}"
# A queue: emptied every minute, and read whole by every tile.
QUEUE = """
    ALTER TABLE cells_delta SET (
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000
    )
"""
COUNTED = [
    ("element", models.IntegerField(help_text="The key of the element, or 0.")),
    ("x", models.IntegerField(help_text="Column of the cell, from the west.")),
    ("y", models.IntegerField(help_text="Row of the cell, from the north.")),
    ("status", models.CharField(max_length=12)),
    ("count", models.IntegerField()),
    ("sum_x", models.BigIntegerField()),
    ("sum_y", models.BigIntegerField()),
    ("sum_pk", models.BigIntegerField()),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [("distortions", "0001_initial"), ("sites", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Cell",
            fields=[
                *COUNTED,
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level",
                        "element",
                        "x",
                        "y",
                        "status",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("level", models.SmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Delta",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                *COUNTED,
            ],
        ),
        migrations.RunSQL(WORLD, "DROP FUNCTION rasd_world(double precision, double precision)"),
        migrations.RunSQL(NOTE, UNDO_NOTE),
        migrations.RunSQL(QUEUE, migrations.RunSQL.noop),
        migrations.RunSQL(THERE_ALREADY, migrations.RunSQL.noop),
    ]
