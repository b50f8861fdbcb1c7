"""What the log says of requests: their route, never their path, which can hold a private address."""

import logging


class RoutesForPaths(logging.Filter):
    """Write track/<slug:token>/ where Django writes the path that was asked."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if hasattr(request, "path") and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = match.route if match else "(no such address)"
            record.args = tuple(route if arg == request.path else arg for arg in record.args)
        return True
