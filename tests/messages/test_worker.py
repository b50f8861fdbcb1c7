"""The worker, as bin/up runs it: what is queued becomes a mail, in a process of its own."""

import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from tests.messages.sending import queued


@pytest.mark.django_db(transaction=True)
def test_what_is_queued_is_sent_by_the_worker(tmp_path):
    message = queued()
    database = connection.settings_dict
    socket = quote(f"{database['HOST']}/{database['NAME']}", safe="")
    environment = os.environ | {
        "DATABASE_URL": f"postgis://{database['USER']}@/{socket}",
        "RASD_LOCAL": str(tmp_path),
        "RASD_EMBEDDED": "1",
    }

    worker = subprocess.run(
        [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    message.refresh_from_db()
    assert message.state == "sent", worker.stderr
    (mail,) = (tmp_path / "mail").iterdir()
    assert f"To: {message.to}" in mail.read_text()
    assert message.to not in worker.stdout + worker.stderr
