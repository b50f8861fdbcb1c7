"""The rule of `DistrictOf` as an SQL function, so that one look-up and bulk work share it."""

from django.db import migrations

DISTRICT_OF = """
CREATE FUNCTION rasd_district_of(place geometry) RETURNS bigint
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(
        (
            SELECT district.id
            FROM places_districtversion AS version
            JOIN places_district AS district ON district.id = version.district_id
            WHERE version.valid_to IS NULL AND ST_Intersects(version.boundary, place)
            ORDER BY
                -- To the centimetre: a line along a border is a tie, which the code decides.
                CASE ST_Dimension(place)
                    WHEN 0 THEN 0
                    WHEN 1 THEN round(
                        ST_Length(ST_Intersection(version.boundary, place)::geography)::numeric, 2)
                    ELSE round(
                        ST_Area(ST_Intersection(version.boundary, place)::geography)::numeric, 2)
                END DESC,
                district.code COLLATE "C"
            LIMIT 1
        ),
        (
            SELECT district.id
            FROM (SELECT ST_PointOnSurface(place) AS spot) AS asked
            JOIN places_amana AS amana ON ST_Intersects(amana.outline, asked.spot)
            JOIN places_district AS district ON district.amana_id = amana.id
            JOIN places_districtversion AS version ON version.district_id = district.id
            WHERE version.valid_to IS NULL
                -- The box is for the index; a buffer's corners lie a little inside its radius.
                AND version.boundary
                    && ST_Buffer(asked.spot::geography, amana.gap_metres * 1.01 + 1)::geometry
                AND ST_DWithin(version.boundary::geography, asked.spot::geography, amana.gap_metres)
            ORDER BY
                round(ST_Distance(version.boundary::geography, asked.spot::geography)::numeric, 2),
                district.code COLLATE "C"
            LIMIT 1
        )
    )
$$
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [
        migrations.RunSQL(DISTRICT_OF, "DROP FUNCTION rasd_district_of(geometry)"),
    ]
