"""The rule of `DistrictOf` as an SQL function, so that one look-up and bulk work share it."""

from django.db import migrations

# PL/pgSQL keeps the plans of a connection; a function in plain SQL would plan at every call.
DISTRICT_OF = """
CREATE FUNCTION rasd_district_of(place geometry) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
    here bigint;
    spot geometry;
BEGIN
    SELECT district.id INTO here
    FROM places_districtversion AS version
    JOIN places_district AS district ON district.id = version.district_id
    WHERE version.valid_to IS NULL AND ST_Intersects(version.boundary, place)
    ORDER BY
        -- To the centimetre: a line along a border is a tie, which the code decides.
        CASE ST_Dimension(place)
            WHEN 0 THEN 0
            WHEN 1 THEN
                round(ST_Length(ST_Intersection(version.boundary, place)::geography)::numeric, 2)
            ELSE round(ST_Area(ST_Intersection(version.boundary, place)::geography)::numeric, 2)
        END DESC,
        district.code COLLATE "C"
    LIMIT 1;
    IF here IS NOT NULL THEN
        RETURN here;
    END IF;

    spot := ST_PointOnSurface(place);
    SELECT district.id INTO here
    FROM places_amana AS amana
    JOIN places_district AS district ON district.amana_id = amana.id
    JOIN places_districtversion AS version ON version.district_id = district.id
    WHERE ST_Intersects(amana.outline, spot)
        AND version.valid_to IS NULL
        -- A box for the index, a little larger: a buffer's corners lie inside its radius.
        AND version.boundary && ST_Buffer(spot::geography, amana.gap_metres * 1.01 + 1)::geometry
        AND ST_DWithin(version.boundary::geography, spot::geography, amana.gap_metres)
    ORDER BY
        round(ST_Distance(version.boundary::geography, spot::geography)::numeric, 2),
        district.code COLLATE "C"
    LIMIT 1;
    RETURN here;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [
        migrations.RunSQL(DISTRICT_OF, "DROP FUNCTION rasd_district_of(geometry)"),
    ]
