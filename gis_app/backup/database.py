"""A whole database: what it holds, and PostgreSQL's own tools that copy it out and in.

Databases are named as Django's settings name them.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from gis_app.errors import Refused

Database = Mapping[str, Any]
Table = tuple[str, str]  # schema, name

PARTS = {"NAME": "dbname", "HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
VARIABLES = PARTS | {"NAME": "database"}  # as PGDATABASE: passwords never stand in a command
# What an extension brought is its own to make: it is neither counted nor dropped.
OURS = """
    {catalogue} AS thing
    JOIN pg_namespace AS place ON place.oid = thing.{place}
    WHERE place.nspname !~ '^pg_' AND place.nspname <> 'information_schema'
      AND NOT EXISTS (
        SELECT FROM pg_depend
        WHERE classid = '{catalogue}'::regclass AND objid = thing.oid AND deptype = 'e')
"""
TABLES = (
    OURS.format(catalogue="pg_class", place="relnamespace") + " AND thing.relkind IN ('r', 'p')"
)
# A row type of our own has an entry among the tables that is none; a table's has a table's.
DROPS = f"""
    SELECT format('DROP TABLE IF EXISTS %I.%I CASCADE', nspname, relname) FROM {TABLES}
    UNION ALL SELECT format('DROP SEQUENCE IF EXISTS %I.%I CASCADE', nspname, relname)
      FROM {OURS.format(catalogue="pg_class", place="relnamespace")} AND thing.relkind = 'S'
    UNION ALL SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', thing.oid::regprocedure)
      FROM {OURS.format(catalogue="pg_proc", place="pronamespace")}
    UNION ALL SELECT format('DROP TYPE IF EXISTS %I.%I CASCADE', nspname, typname)
      FROM {OURS.format(catalogue="pg_type", place="typnamespace")}
      AND (thing.typtype IN ('e', 'd')
        OR EXISTS (SELECT FROM pg_class WHERE oid = thing.typrelid AND relkind = 'c'))
"""


def connect(database: Database) -> psycopg.Connection:
    """Open a connection beside Django's own."""
    told = {part: str(database[name]) for name, part in PARTS.items() if database.get(name)}
    return psycopg.connect(make_conninfo(**told))


@contextmanager
def snapshot(database: Database) -> Iterator[tuple[psycopg.Connection, str]]:
    """A connection that sees the database as it is now, and the name of what it sees."""
    with connect(database) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row
        yield connection, row[0]


def tables(connection: psycopg.Connection) -> list[Table]:
    """Name the tables, without those of extensions."""
    rows = connection.execute(f"SELECT nspname, relname FROM {TABLES} ORDER BY 1, 2")
    return [(schema, name) for schema, name in rows]


def count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """Count the rows of each table."""
    counts = {}
    for table in tables(connection):
        row = connection.execute(SQL("SELECT count(*) FROM {}").format(Identifier(*table)))
        counts[".".join(table)] = next(row)[0]
    return counts


def drop_all(connection: psycopg.Connection) -> None:
    """Drop everything but what extensions brought."""
    with connection.transaction():
        for (statement,) in connection.execute(DROPS).fetchall():
            connection.execute(statement)


def dump(database: Database, file: Path, *, snapshot: str, version: int) -> None:
    """Write all that *snapshot* sees to *file*, in pg_dump's own format; *version* is the server's."""
    _run(
        "pg_dump", database, version, f"--snapshot={snapshot}", "--format=custom",
        # PostGIS fills it itself, and only a superuser may write to it.
        "--exclude-table-data=*.spatial_ref_sys", f"--file={file}",
    )  # fmt: skip


def load(database: Database, file: Path, *, version: int) -> None:
    """Bring what `dump` wrote into an empty database: all of it or nothing."""
    # Owners, rights and the comments of extensions are the new server's own affair.
    _run(
        "pg_restore", database, version, "--single-transaction", "--exit-on-error", "--no-owner",
        "--no-privileges", "--no-comments", f"--dbname={database['NAME']}", str(file),
    )  # fmt: skip


def major_version(connection: psycopg.Connection) -> int:
    """Return the server's version, such as 15."""
    return connection.info.server_version // 10_000


def _run(name: str, database: Database, version: int, *arguments: str) -> None:
    """Run one of PostgreSQL's tools; Refused with what it said when it fails."""
    # Debian keeps those of each version apart, and not on PATH.
    own = Path(f"/usr/lib/postgresql/{version}/bin/{name}")
    program = str(own) if own.exists() else shutil.which(name)
    if program is None:
        raise Refused(f"{name} is missing: install the client programs of PostgreSQL {version}.")
    told = {f"PG{part.upper()}": str(database.get(key) or "") for key, part in VARIABLES.items()}
    env = os.environ | {variable: value for variable, value in told.items() if value}
    ended = subprocess.run(
        [program, *arguments], env=env, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise Refused(f"{name} failed: {ended.stderr.strip()}")
