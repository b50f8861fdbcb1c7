"""Squares of the ground as SQL: their number, and how a boundary is laid out in them."""

from django.db import migrations

# PL/pgSQL keeps the plans of a connection; a function in plain SQL would plan at every call.
SQUARE_OF = """
CREATE FUNCTION rasd_square_of(place geometry) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    spot geometry := ST_PointOnSurface(place);
    zone bigint := floor((ST_X(spot) + 180) / 6) + 1;
    flat geometry := ST_Transform(spot, (32600 + zone)::int);
BEGIN
    RETURN (zone * 100000 + floor(ST_X(flat) / 200)::bigint) * 100000 + floor(ST_Y(flat) / 200)::bigint;
END
$$
"""
# A district on both sides of a zone's edge is laid out in the squares of either.
LAY = """
CREATE FUNCTION rasd_lay_squares(version_id bigint, boundary geometry) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    flat geometry;
BEGIN
    FOR zone IN floor((ST_XMin(boundary) + 180) / 6) + 1 .. floor((ST_XMax(boundary) + 180) / 6) + 1 LOOP
        flat := ST_Transform(
            ST_Intersection(boundary, ST_MakeEnvelope(zone * 6 - 186, -90, zone * 6 - 180, 90, 4326)),
            (32600 + zone)::int
        );
        INSERT INTO places_groundsquare (version_id, square, area_m2)
        SELECT version_id, (zone * 100000::bigint + part.i) * 100000 + part.j, part.area
        FROM (
            SELECT i, j, ST_Area(ST_Intersection(geom, flat)) AS area
            FROM ST_SquareGrid(200, flat) WHERE ST_Intersects(geom, flat)
        ) AS part
        WHERE part.area > 0;
    END LOOP;
END
$$
"""
WITH_EACH_BOUNDARY = """
CREATE FUNCTION rasd_lay_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM places_groundsquare WHERE version_id = NEW.id;
    PERFORM rasd_lay_squares(NEW.id, NEW.boundary);
    RETURN NULL;
END
$$;
CREATE TRIGGER squares_are_laid AFTER INSERT OR UPDATE OF boundary ON places_districtversion
FOR EACH ROW EXECUTE FUNCTION rasd_lay_version();
SELECT rasd_lay_squares(id, boundary) FROM places_districtversion;
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0003_ground")]

    operations = [
        migrations.RunSQL(SQUARE_OF, "DROP FUNCTION rasd_square_of(geometry)"),
        migrations.RunSQL(LAY, "DROP FUNCTION rasd_lay_squares(bigint, geometry)"),
        migrations.RunSQL(
            WITH_EACH_BOUNDARY,
            "DROP TRIGGER squares_are_laid ON places_districtversion; "
            "DROP FUNCTION rasd_lay_version()",
        ),
    ]
