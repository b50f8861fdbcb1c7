"""Small files of another system, and a run over them."""

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests.factories import inside

OPENED = datetime(2024, 4, 12, 9, 30)
ROW = {
    "id": "18-0001",
    "kind": "Graffiti removal",
    "status": "Closed",
    "opened": "2024-04-12 09:30",
    "closed": "2024-04-15 10:00",
    "text": "On the wall",
    "lon": str(inside()["lon"]),
    "lat": str(inside()["lat"]),
}
MAPPING = """
[source]
way = "940"
id = "id"

[place]
crs = "EPSG:4326"
lon = "lon"
lat = "lat"

[element]
column = "kind"
ignore = ["Snow"]

[element.values]
"Graffiti removal" = "graffiti"
"Footways" = "damaged_sidewalk"

[status]
column = "status"

[status.values]
"New" = "reported"
"Open" = "accepted"
"With a team" = "assigned"
"At work" = "in_progress"
"Closed" = "closed"
"Checked" = "verified"
"Rejected" = "rejected"
"Passed on" = "referred"

[moments]
opened = "opened"
closed = "closed"

[team]
default = "treatment-1"

[text]
description = "text"
"""


def row(number: int = 1, **facts: str) -> dict[str, str]:
    """A closed report of graffiti in the first square; *number* tells rows apart."""
    return ROW | {"id": f"18-{number:04d}"} | facts


def at(days: float, *, hours: float = 0) -> str:
    """A moment so long after the opening, as the files write it."""
    return f"{OPENED + timedelta(days=days, hours=hours):%Y-%m-%d %H:%M}"


def write(path: Path, rows: Sequence[dict[str, str]], **options: Any) -> Path:
    """Write a CSV file; *options* are an encoding and a delimiter."""
    encoding = options.pop("encoding", "utf-8")
    with path.open("w", encoding=encoding, newline="") as opened:
        sheet = csv.DictWriter(opened, list(rows[0]), **options)
        sheet.writeheader()
        sheet.writerows(rows)
    return path


def mapping(folder: Path, text: str = MAPPING, *changes: tuple[str, str]) -> Path:
    """Write the usual mapping with *changes*: what is replaced, and by what."""
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


class Run:
    """A run of the command over *rows* or a file, with what it said and refused."""

    def __init__(self, folder: Path, rows, *options: str, changes=(), map_text: str = MAPPING):
        self.path = rows if isinstance(rows, Path) else write(folder / "file.csv", rows)
        self.bad = folder / "bad.csv"
        said = StringIO()
        call_command(
            "import_reports",
            self.path,
            *options,
            mapping=mapping(folder, map_text, *changes),
            bad=self.bad,
            language="en",
            stdout=said,
        )
        self.said = said.getvalue()

    def count(self, what: str) -> int:
        """What the table says of *what*."""
        lines = (line.split(maxsplit=1) for line in self.said.splitlines())
        return next(int(line[0].replace(",", "")) for line in lines if line[1:] == [what])

    @property
    def refused(self) -> list[dict[str, str]]:
        """The rows of the file of refused ones."""
        if not self.bad.exists():
            return []
        with self.bad.open(encoding="utf-8-sig", newline="") as opened:
            return list(csv.DictReader(opened))

    @property
    def reasons(self) -> list[str]:
        return [row["Reason"] for row in self.refused]
