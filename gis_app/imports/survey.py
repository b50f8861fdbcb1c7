"""A first look through a whole file, kept in the database: the file may be larger than memory."""

from django.db import connection
from tqdm import tqdm

from gis_app import columns
from gis_app.errors import Refused
from gis_app.imports.mapping import Mapping
from gis_app.imports.places import place_keys
from gis_app.imports.reading import external_numbers
from gis_app.imports.tables import Chunk, Table

TWICE = """
    CREATE TEMP TABLE import_twice AS SELECT row FROM (
        SELECT row, row_number() OVER (PARTITION BY number ORDER BY row) AS nth
        FROM import_survey WHERE number <> ''
    ) AS counted WHERE nth > 1
"""
CROWDED = "SELECT place FROM import_survey WHERE place <> '' GROUP BY place HAVING count(*) > %s"


class Survey:
    """What only the whole file can tell: how many rows, which numbers come twice, which places
    are too crowded to be places. For the session of the database in which it was made."""

    def __init__(self, table: Table, mapping: Mapping):
        self.rows = 0
        most = mapping.place.most_at_one_place
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS import_survey, import_twice")
            cursor.execute("CREATE TEMP TABLE import_survey (row bigint, number text, place text)")
            for chunk in tqdm(table.chunks(), desc="first look", unit=" chunks", disable=None):
                numbers = columns.texts(external_numbers(chunk, mapping))
                places = place_keys(chunk, mapping.place) if most else [""] * len(chunk)
                keys = [key.replace("\0", "") for key in places]  # which no column can hold
                rows = range(chunk.first, chunk.first + len(chunk))
                lines = zip(rows, numbers, columns.texts(keys), strict=True)
                with cursor.copy("COPY import_survey FROM STDIN") as sink:
                    sink.write("".join(f"{row}\t{number}\t{key}\n" for row, number, key in lines))
                self.rows += len(chunk)
            cursor.execute(TWICE)
            cursor.execute("CREATE INDEX ON import_twice (row)")
            self.crowded: set[str] = set()
            if most:
                cursor.execute(CROWDED, [most])
                self.crowded = {place for (place,) in cursor}
            cursor.execute("DROP TABLE import_survey")
        if not self.rows:
            raise Refused("The file has no rows.")

    def twice(self, chunk: Chunk) -> set[int]:
        """Return the numbers of the rows of *chunk* that repeat an earlier row's number."""
        last = chunk.first + len(chunk) - 1
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT row FROM import_twice WHERE row BETWEEN %s AND %s", [chunk.first, last]
            )
            return {row for (row,) in cursor}
