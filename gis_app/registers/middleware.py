"""One edition of the registers for a whole page."""

from gis_app.registers.kept import one_edition

READING = ("GET", "HEAD")


class EditionMiddleware:
    """Ask for the edition of the registers once a request; not where it may change them itself."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in READING:
            return self.get_response(request)
        with one_edition():
            return self.get_response(request)
