"""A small load generator: some clients, each with a connection that it keeps."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from threading import Lock, Thread
from time import perf_counter

LONGEST = 60  # seconds for one answer


@dataclass(frozen=True)
class Request:
    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Load:
    """What came back: *times* in milliseconds of what was answered 2xx, *statuses* of all."""

    times: list[float] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)
    received: int = 0  # bytes of the bodies

    @property
    def answered(self) -> int:
        return len(self.times)


def is_good(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def load(port: int, requests: Iterator[Request], *, clients: int, seconds: float) -> Load:
    """Send *requests* to *port* of this machine for *seconds*; what was begun is waited for."""
    total, lock = Load(), Lock()
    end = perf_counter() + seconds
    workers = [
        Thread(target=_client, args=(port, requests, end, total, lock)) for _ in range(clients)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return total


def ask(port: int, request: Request) -> tuple[int, bytes]:
    """Return the status and the body that *request* is answered with; 0 when nobody answers."""
    line = HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    try:
        line.request(request.method, request.path, body=request.body, headers=request.headers)
        answer = line.getresponse()
        return answer.status, answer.read()
    except (OSError, HTTPException):
        return 0, b""
    finally:
        line.close()


def _client(port: int, requests: Iterator[Request], end: float, total: Load, lock: Lock) -> None:
    line = HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    while perf_counter() < end:
        with lock:
            request = next(requests)
        start = perf_counter()
        try:
            line.request(request.method, request.path, body=request.body, headers=request.headers)
            answer = line.getresponse()
            status, size = answer.status, len(answer.read())
        except (OSError, HTTPException):
            line.close()
            status, size = 0, 0
        taken = 1000 * (perf_counter() - start)
        with lock:
            total.statuses[status] += 1
            if is_good(status):
                total.times.append(taken)
                total.received += size
    line.close()
