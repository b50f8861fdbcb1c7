"""bin/bench: makes a city, starts ours and the peers, measures the jobs in turn, writes a file."""

import argparse
import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_app.settings")
os.environ["RASD_ANSWERS_KEPT"] = "0"  # each answer is made; what AGAIN costs stands apart
django.setup()

from bench import city, peers, report
from bench.bulk import OTHERS
from bench.jobs import AGAIN, JOBS, Job
from bench.limit import Pgbench, questions_behind
from bench.measure import Cost, Way, by_pgbench, compare, over_http
from bench.places import Places
from bench.servers import Running, Server, running


def main() -> None:
    """Measure what the command line asks for."""
    asked = _asked()
    for ending in (signal.SIGINT, signal.SIGTERM):  # both stop what was started, also behind nohup
        signal.signal(ending, signal.default_int_handler)
    count = city.ensure(asked.size)
    peers.prepare(asked.data / "peers")
    headers = {"Authorization": f"Bearer {city.token()}"}
    tables = []
    if chosen := [job for job in JOBS if not asked.jobs or job.name in asked.jobs]:
        tables += over_the_line(chosen, asked, headers)
    for name, measure in OTHERS.items():
        if not asked.jobs or name in asked.jobs:
            print(f"… {name}", file=sys.stderr)
            tables.append(measure(asked, headers))
    for table in tables:
        print(f"\n{table}")
    if asked.write or not asked.jobs:
        found = peers.versions(asked.data / "peers")
        command = " ".join(["bin/bench", asked.size, *asked.jobs])
        print("Written:", report.write(command, tables, size=asked.size, count=count, peers=found))


def ours(name: str, headers: dict[str, str], **env: str) -> Server:
    """Return how ours is started: as bin/up does, but for the check of the demo's passwords."""
    program = Path(sys.executable).with_name("granian")
    return Server(name, program, peers.GRANIAN, alive="/readyz", env=env, headers=headers)


def over_the_line(jobs: list[Job], asked: argparse.Namespace, headers: dict[str, str]):
    """Measure *jobs* on all servers and return the table, and the one of their memory."""
    costs = report.Table("Requests", report.HEAD, note=report.NOTE)
    wanted = [ours(report.OURS, headers), ours(AGAIN, headers, RASD_ANSWERS_KEPT="100")]
    wanted += peers.servers(asked.data / "peers")
    with ExitStack() as stack:
        here = [
            stack.enter_context(running(server, logs=asked.data / "logs"))
            for server in wanted
            if server.name not in asked.without
        ]
        places = Places()
        for job in jobs:
            print(f"… {job.title}", file=sys.stderr)
            found = _costs(job, places, here, asked)
            rows = report.rows_of(job.title, job.goal, found)
            print(*(" | ".join(row) for row in rows), sep="\n", file=sys.stderr)
            costs.rows += rows
        used = [["after the jobs", one.server.name, f"{one.memory_mib:.0f}"] for one in here]
    return [costs, report.Table("Memory", ["when", "server", "PSS MiB"], used)]


def _costs(job: Job, places: Places, here: list[Running], asked) -> dict[str, Cost | str]:
    found: dict[str, Cost | str] = {}
    ways: dict[str, Way] = {}
    for one in here:
        if one.server.name in job.paths:
            way = over_http(job, places, one)
            found[one.server.name] = way if isinstance(way, str) else ""
            if isinstance(way, Way):
                ways[one.server.name] = way
    if report.OURS in ways and not job.is_write:
        path, headers = job.paths[report.OURS], here[0].server.headers
        answers = [
            questions_behind(path.format(**question), headers) for question in job.questions(places)
        ]
        pgbench = Pgbench(answers, asked.data / "pgbench" / job.name)
        ways[report.LIMIT] = by_pgbench(pgbench, job.clients)
    measured = compare(ways, postgres=city.postgres(), rounds=asked.rounds, seconds=asked.seconds)
    return {**found, **measured}


def _asked() -> argparse.Namespace:
    names = [*(job.name for job in JOBS), *OTHERS]
    parser = argparse.ArgumentParser("bin/bench", description=__doc__)
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"of {', '.join(names)}; none: all")
    parser.add_argument("--size", choices=city.SIZES, required=True)
    parser.add_argument("--data", type=Path, required=True, help="where cities and peers are kept")
    parser.add_argument("--rounds", type=int, default=5, help="of all ways in turn (5)")
    parser.add_argument("--seconds", type=float, default=2, help="of a round of one way (2)")
    parser.add_argument("--write", action="store_true", help="keep what a part of a run says too")
    parser.add_argument("--without", nargs="*", default=[], choices=peers.NAMES, help="peers")
    asked = parser.parse_args()
    if unknown := set(asked.jobs) - set(names):
        parser.error(f"unknown: {', '.join(unknown)}")
    return asked


if __name__ == "__main__":
    main()
