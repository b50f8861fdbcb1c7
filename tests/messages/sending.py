"""Messages to send, and a gateway on this machine that says what it is told to say."""

import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.utils import timezone

from gis_app.messages.actions import send
from gis_app.messages.delivery import deliver
from gis_app.messages.models import Message

CONTEXT = {
    "report": "TF-26-R000001",
    "element": "Graffiti",
    "district": "Al-Wurud",
    "address": "https://rasd.test/track/abc/",
}


def queued(*, key: str = "one", **facts) -> Message:
    """A receipt by mail, waiting; *facts* are what the test is about."""
    plain = {
        "kind": "received",
        "channel": "email",
        "to": "reader@example.com",
        "language": "en",
        "context": CONTEXT,
        "about": "TF-26-000001",
        "stop_token": "token",
    }
    return send(key=key, **(plain | facts))


def tried(message: Message) -> Message:
    """The message after one more try, as if its time had come."""
    Message.objects.filter(pk=message.pk, next_try_at__isnull=False).update(
        next_try_at=timezone.now() - timedelta(seconds=1)
    )
    deliver(message.pk)
    message.refresh_from_db()
    return message


class Stub(ThreadingHTTPServer):
    """A gateway for telephones: answers *status*, and keeps what it was sent in `heard`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.heard: list[dict] = []
        self.asked: list[str] = []  # by a GET, which no gateway is sent
        self.leads_to = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/messages"


class _Handler(BaseHTTPRequestHandler):
    server: Stub

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append(body | {"authorization": self.headers["Authorization"]})
        self.send_response(self.server.status)
        if self.server.leads_to:
            self.send_header("Location", self.server.leads_to)
        self.end_headers()

    def do_GET(self) -> None:
        self.server.asked.append(self.headers["Authorization"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args) -> None:
        """Say nothing."""


@contextmanager
def stub():
    server = Stub()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
