"""The tables of a run, on the screen and as a dated file."""

import os
import platform
import subprocess
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median

from django.db import connection

from bench.client import is_good
from bench.measure import Cost

RESULTS = Path(__file__).parent / "results"
OURS, LIMIT = "ours", "pgbench"
HEAD = ["job", "way", "server", "PostgreSQL", "CPU ms", "p50 ms", "p99 ms", "÷ ours", "kB"]
PACKAGES = ("django", "granian", "psycopg", "djangorestframework")
NOTE = (
    "CPU in milliseconds a request, of the server's processes and PostgreSQL's; medians of rounds in "
    "which all ways took turns. *pgbench* puts the questions that ours puts to the database, but for who asks, prepared: "
    "÷ ours is then the share of the limit that is reached. Its p50 is the mean. Ours makes each answer "
    "anew; *told again* is one that it keeps until the next step."
)
SETTINGS = ("shared_buffers", "effective_cache_size", "random_page_cost", "work_mem", "jit")


@dataclass
class Table:
    """Figures under a title; the first two columns are words."""

    title: str
    head: list[str]
    rows: list[list[str]] = field(default_factory=list)
    note: str = ""

    def __str__(self) -> str:
        rule = ["--", "--", *["--:"] * (len(self.head) - 2)]
        lines = [f"| {' | '.join(row)} |" for row in (self.head, rule, *self.rows)]
        return "\n\n".join(filter(None, [f"## {self.title}", "\n".join(lines), self.note])) + "\n"


def rows_of(title: str, goal: str, costs: dict[str, Cost | str]) -> list[list[str]]:
    """Return the rows of one job; instead of a cost there may be the reason why there is none."""
    ours = costs.get(OURS)
    rows = []
    for name, cost in costs.items():
        if isinstance(cost, Cost) and cost.times:
            rows.append(["", name, *figures(cost), _beside(cost, ours), _size(cost)])
        else:
            why = cost if isinstance(cost, str) else f"answers {dict(cost.statuses)}"
            rows.append(["", name, why, *[""] * (len(HEAD) - 3)])
    rows[0][0] = f"**{title}**" + (f"; {goal}" if goal else "")
    return rows


def figures(cost: Cost) -> list[str]:
    """Return CPU of the server, of PostgreSQL, of both, and how long half and most had to wait."""
    wait = [f"{cost.latency(50):.1f}", f"{cost.latency(99):.1f}"]
    cpu = [f"{median(cost.server):.2f}", f"{median(cost.database):.2f}", f"**{cost.together:.2f}**"]
    return cpu + (wait if cost.statuses else [wait[0], ""])  # pgbench tells the mean alone


def _beside(cost: Cost, ours: Cost | str | None) -> str:
    return f"{cost.together / ours.together:.2f}" if isinstance(ours, Cost) else ""


def _size(cost: Cost) -> str:
    wrong = {status: count for status, count in cost.statuses.items() if not is_good(status)}
    return (f"{cost.kilobytes:.1f}" if cost.received else "") + (f" {wrong}" if wrong else "")


def write(command: str, tables: list[Table], *, size: str, count: int, peers: str) -> Path:
    """Write the dated file of what *command* measured and return where it lies."""
    path = RESULTS / f"{date.today()}-{size}.md"
    head = f"# {count:,} distortions\n\n`{command}`: bench/README.md says what is measured.\n"
    path.write_text("\n".join([head, *map(str, [*tables, _machine(peers)])]))
    return path


def _machine(peers: str) -> Table:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version(), postgis_lib_version()")
        postgres, postgis = cursor.fetchone()
        cursor.execute(
            "SELECT name, current_setting(name) FROM unnest(%s::text[]) AS name", [list(SETTINGS)]
        )
        settings = ", ".join(f"{name} {value}" for name, value in cursor.fetchall())
    ours = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return Table(
        "Machine and versions",
        ["what", "which"],
        [
            ["processor", f"{_processor()}, {os.cpu_count()} cores"],
            [
                "memory",
                f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
            ],
            [
                "system",
                f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
            ],
            ["database", f"{' '.join(postgres.split()[:2])}, PostGIS {postgis}; {settings}"],
            ["ours", f"{ours}; commit {_commit()}"],
            ["peers", peers],
        ],
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
