"""The same list of ours on other servers, processes and threads, and without the pool."""

import sys
from argparse import Namespace
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path

from bench.city import postgres
from bench.client import Request, ask, load
from bench.measure import Way, compare
from bench.places import Places
from bench.report import Table, figures
from bench.servers import Server, running

OURS = Path(sys.executable).parent
FEATURES, CLIENTS, WARMED_BY = 100, 16, 40
HEAD = ["server", "", "server's CPU ms", "PostgreSQL's", "together", "p50 ms", "p99 ms", "PSS MiB"]
GRANIAN = (
    "--interface wsgi --no-ws --port {port} --log-level warning "
    "--factory django.core.wsgi:get_wsgi_application "
)
GUNICORN = "--bind 127.0.0.1:{port} django.core.wsgi:get_wsgi_application() "
UNPOOLED = {"DJANGO_SETTINGS_MODULE": "bench.unpooled"}


def servers(peers: Path, headers: dict[str, str]) -> list[Server]:
    """Return the variants; gunicorn is borrowed from a peer's environment, all else is ours."""

    def granian(name: str, arguments: str, **env: str) -> Server:
        return Server(name, OURS / "granian", GRANIAN + arguments, "/readyz", env, headers)

    def gunicorn(name: str, arguments: str) -> Server:
        ours = next((OURS.parent / "lib").glob("python3*/site-packages"))
        env = {"PYTHONPATH": f"{ours}:."}
        program = peers / "plain/bin/gunicorn"
        return Server(name, program, GUNICORN + arguments, "/readyz", env, headers)

    twice_four = "--workers 2 --blocking-threads 4"
    return [
        granian("granian 2 × 4", twice_four),
        granian("granian 2 × 4, 8 waiting", f"{twice_four} --backpressure 8"),
        granian("granian 2 × 2", "--workers 2 --blocking-threads 2"),
        granian("granian 2 × 1", "--workers 2 --blocking-threads 1"),
        granian("granian 1 × 8", "--workers 1 --blocking-threads 8"),
        granian("granian 4 × 2", "--workers 4 --blocking-threads 2"),
        gunicorn("gunicorn gthread 2 × 4", "--workers 2 --worker-class gthread --threads 4"),
        gunicorn("gunicorn sync 2", "--workers 2"),
        granian("granian 2 × 4, pool of 2", twice_four, RASD_CONNECTIONS="2"),
        granian("granian 2 × 4, no pool, kept", twice_four, BENCH_KEEPS="1", **UNPOOLED),
        granian("granian 2 × 4, no pool", twice_four, BENCH_KEEPS="0", **UNPOOLED),
    ]


def measure(asked: Namespace, headers: dict[str, str]) -> Table:
    """Return what each costs with 16 clients at once."""
    paths = [
        f"/api/v1/distortions?bbox={one['box']}&limit={FEATURES}"
        for one in Places().boxes(FEATURES)
    ]
    requests = (Request(path, headers=headers) for path in cycle(paths))
    with ExitStack() as stack:
        here = [
            stack.enter_context(running(server, logs=asked.data / "logs"))
            for server in servers(asked.data / "peers", headers)
        ]
        for one in here:
            for request in islice(requests, WARMED_BY):
                ask(one.port, request)
        ways = {
            one.server.name: Way(
                lambda seconds, port=one.port: load(
                    port, requests, clients=CLIENTS, seconds=seconds
                ),
                one.pid,
            )
            for one in here
        }
        costs = compare(ways, postgres=postgres(), rounds=asked.rounds, seconds=asked.seconds)
        rows = [
            [one.server.name, "", *figures(costs[one.server.name]), f"{one.memory_mib:.0f}"]
            for one in here
        ]
    return Table(f"Servers: a box of {FEATURES} features, {CLIENTS} clients", HEAD, rows)
