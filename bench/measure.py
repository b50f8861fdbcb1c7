"""Measuring jobs: all ways in turn, several times over, and what each cost."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from statistics import median, quantiles
from time import perf_counter

from bench import meter
from bench.client import LONGEST, Load, ask, is_good, load
from bench.jobs import Job
from bench.limit import Pgbench
from bench.places import Places
from bench.servers import Running

WARMED_BY = 3  # requests
SLOW = 1.0  # seconds an answer: then one client in one round tells enough


@dataclass
class Cost:
    """What one way cost, a request; medians of the rounds, in milliseconds of CPU."""

    server: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    received: int = 0
    statuses: Counter = field(default_factory=Counter)

    @property
    def together(self) -> float:
        return median(map(sum, zip(self.server, self.database, strict=True)))

    def latency(self, percent: int) -> float:
        if len(self.times) == 1:  # one answer took longer than a round
            return self.times[0]
        return quantiles(self.times, n=100, method="inclusive")[percent - 1]

    @property
    def kilobytes(self) -> float:
        return self.received / len(self.times) / 1000

    def add(self, load: Load, *, server: float, database: float) -> None:
        """Take up a round that used so many CPU seconds."""
        self.statuses += load.statuses
        if load.answered:
            self.server.append(1000 * server / load.answered)
            self.database.append(1000 * database / load.answered)
            self.times += load.times
            self.received += load.received


@dataclass(frozen=True)
class Way:
    """One way to do a job: *run* does it for some seconds, *pid* is the server's, if there is one."""

    run: Callable[[float], Load]
    pid: int | None
    is_slow: bool = False


def compare(ways: dict[str, Way], *, postgres: int, rounds: int, seconds: float) -> dict[str, Cost]:
    """Run all *ways* in turn, *rounds* times; PostgreSQL is the process *postgres*."""
    costs = {name: Cost() for name in ways}
    for number in range(rounds):
        for name, way in ways.items():
            if way.is_slow and number:
                continue
            before = meter.cpu_seconds(way.pid) if way.pid else 0.0, meter.cpu_seconds(postgres)
            found = way.run(seconds)
            after = meter.cpu_seconds(way.pid) if way.pid else 0.0, meter.cpu_seconds(postgres)
            used = [end - start for start, end in zip(before, after, strict=True)]
            costs[name].add(found, server=used[0], database=used[1])
    return costs


def over_http(job: Job, places: Places, running: Running) -> Way | str:
    """Return the way to do *job* on a server that runs, or why there is none."""
    requests = job.requests(places, running.server.name, running.server.headers)
    is_slow = False
    for request in islice(requests, WARMED_BY):
        start = perf_counter()
        status, _body = ask(running.port, request)
        if not is_good(status):
            return f"answers {status}" if status else f"none within {LONGEST} s"
        if perf_counter() - start > SLOW:
            is_slow = True
            break
    clients = 1 if is_slow else job.clients

    def run(seconds: float) -> Load:
        return load(running.port, requests, clients=clients, seconds=seconds)

    return Way(run, running.pid, is_slow)


def by_pgbench(pgbench: Pgbench, clients: int) -> Way:
    """Return the way that is the limit."""
    return Way(lambda seconds: pgbench.load(clients=clients, seconds=seconds), None)
