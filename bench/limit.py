"""The limit: the very questions that ours puts, prepared, by pgbench; no HTTP and no Python."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import psycopg
from django.test import Client

from bench.client import Load
from bench.peers import database

PGBENCH = "/usr/lib/postgresql/15/bin/pgbench"  # Debian keeps it off PATH
SIGN_IN = ("accounts_token", "accounts_user", "django_session")
QUIETLY = ["--no-vacuum", "--protocol=prepared", "--jobs=1"]
COUNT = re.compile(r"actually processed: (\d+)")
MEAN = re.compile(r"latency average = ([\d.]+) ms")
VARIABLE = re.compile(r"(?<!:):(?=[A-Za-z_])")  # what pgbench would take for one


@contextmanager
def overheard() -> Iterator[list[str]]:
    """Gather the statements that this process sends meanwhile, their parameters written out."""
    said: list[str] = []
    execute = psycopg.Cursor.execute

    def listening(cursor, query, params=None, **options):
        said.append(psycopg.ClientCursor(cursor.connection).mogrify(query, params))
        return execute(cursor, query, params, **options)

    with patch.object(psycopg.Cursor, "execute", listening):
        yield said


def questions_behind(path: str, headers: dict[str, str]) -> list[str]:
    """Return what the database is asked to answer *path*, but for who asks."""
    client = Client(headers={**headers, "Host": "localhost"})
    with overheard() as said:
        answer = client.get(path)
        b"".join(answer) if answer.streaming else answer.content
    return [
        statement
        for statement in said
        if statement.lstrip(" \n(").startswith(("SELECT", "WITH"))
        and not any(table in statement for table in SIGN_IN)
    ]


class Pgbench:
    """Runs the *answers* in turn, each some statements, prepared once in each of the connections."""

    def __init__(self, answers: list[list[str]], folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.files = []
        for number, statements in enumerate(answers):
            path = folder / f"{number}.sql"
            path.write_text(
                "".join(
                    VARIABLE.sub(":' || '", statement).rstrip("; \n") + ";\n"
                    for statement in statements
                )
            )
            self.files += ["-f", str(path)]

    def load(self, *, clients: int, seconds: float) -> Load:
        """Return what pgbench tells: how many, and the mean of the times."""
        run = subprocess.run(
            [PGBENCH, *QUIETLY, f"--client={clients}", f"--time={round(seconds)}", *self.files],
            capture_output=True,
            text=True,
            env=database(),
            check=False,
        )
        if run.returncode:
            raise RuntimeError(run.stderr)
        count, mean = (_first(told, run.stdout) for told in (COUNT, MEAN))
        return Load(times=[mean] * int(count))


def _first(told: re.Pattern, text: str) -> float:
    """Return the figure of all statements together: those of each follow."""
    found = told.search(text)
    assert found
    return float(found[1])
