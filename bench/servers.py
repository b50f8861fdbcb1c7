"""Starting the servers that are measured, and stopping them whatever happens."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from bench import client, meter

PATIENCE = 60  # seconds for a start


class DidNotStart(Exception):
    """A server did not answer; its log says why."""


@dataclass(frozen=True)
class Server:
    """How a server is started; {port} in its *arguments* is filled in."""

    name: str
    program: Path
    arguments: str
    alive: str  # a path that it answers with 200 as soon as it is up
    env: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)  # of every request to it


@dataclass(frozen=True)
class Running:
    server: Server
    port: int
    pid: int

    @property
    def cpu_seconds(self) -> float:
        return meter.cpu_seconds(self.pid)

    @property
    def memory_mib(self) -> float:
        return meter.memory_mib(self.pid)


@contextmanager
def running(server: Server, *, logs: Path) -> Iterator[Running]:
    """Run *server* on a free port of this machine until the end of the block."""
    port = _free_port()
    arguments = server.arguments.format(port=port).split()
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / f"{server.name}.log").open("w") as log:
        process = subprocess.Popen(
            # Whatever ends this command ends its servers.
            ["setpriv", "--pdeathsig", "TERM", server.program, *arguments],
            env={**os.environ, **server.env},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is ours to handle: it is stopped below
        )
    try:
        _wait_for(process, server, port, log=Path(log.name))
        yield Running(server, port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen, server: Server, port: int, *, log: Path) -> None:
    end = monotonic() + PATIENCE
    request = client.Request(server.alive, headers=server.headers)
    while not client.is_good(client.ask(port, request)[0]):
        if process.poll() is not None or monotonic() > end:
            raise DidNotStart(f"{server.name} does not answer {server.alive}: see {log}")
        sleep(0.3)


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]
