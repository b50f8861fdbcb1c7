"""What the log says of requests: their route, never their path, which can hold a private address."""

import logging

from django.http import HttpRequest


class RoutesForPaths(logging.Filter):
    """Write track/<slug:token>/ where Django writes the path that was asked."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            match = request.resolver_match
            route = match.route if match else "(no such address)"
            record.args = tuple(route if arg == request.path else arg for arg in record.args)
        return True
