"""The WSGI application. A WSGI server runs no system checks by itself: here they stop the start."""

import os
import sys

from django.core import checks
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_app.settings")
application = get_wsgi_application()


def _errors(tags: list[str] | None = None) -> list[checks.CheckMessage]:
    found = checks.run_checks(tags=tags, include_deployment_checks=True, databases=["default"])
    return [message for message in found if message.is_serious()]


# Our own first: Django's checks of models ask the database, and fall over one that does not answer.
_found = _errors(["rasd"]) or _errors()
if _found:
    print("Rasd does not start:", *_found, sep="\n  ", file=sys.stderr)
    raise SystemExit(1)
