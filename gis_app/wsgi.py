"""The WSGI application. A WSGI server runs no system checks by itself: here they stop the start."""

import os
import sys

from django.core import checks
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_app.settings")
application = get_wsgi_application()

_errors = [
    message
    for message in checks.run_checks(include_deployment_checks=True, databases=["default"])
    if message.is_serious()
]
if _errors:
    print("Rasd does not start:", *_errors, sep="\n  ", file=sys.stderr)
    raise SystemExit(1)
