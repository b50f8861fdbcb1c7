"""A real browser, Debian's Chromium, on the pages as they are served, with their scripts and CSP."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 1,
}
DESK = {"viewport": {"width": 1440, "height": 900}}
QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items):
    """Everything beside this file needs Chromium."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", chromium_sandbox=False, args=QUIET
        )
        yield browser
        browser.close()


# Middleware reads these once, when the server starts: there is no TLS here, and nothing is collected.
AS_SERVED = {
    "SECURE_SSL_REDIRECT": False,
    "SECURE_HSTS_SECONDS": 0,
    "SESSION_COOKIE_SECURE": False,
    "CSRF_COOKIE_SECURE": False,
    "WHITENOISE_USE_FINDERS": True,
    "WHITENOISE_AUTOREFRESH": True,
}


@pytest.fixture(scope="session")
def _without_tls() -> Iterator[None]:
    with override_settings(**AS_SERVED):
        yield


@pytest.fixture(scope="session")
def live_server(_without_tls, live_server):
    """The site on a port of its own."""
    return live_server


class Visitor:
    """Somebody with a browser. What went wrong in it is kept in `faults`."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.faults: list[str] = []

    def open(self, path: str) -> Page:
        """Open a page of the site and wait until it is quiet."""
        page = self.context.new_page()
        page.on("console", self._says)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", self._asks)
        page.goto(self.address + path)
        page.wait_for_load_state("networkidle")
        return page

    def sign_in(self, client) -> None:
        """Go on as the one who has signed in to the test's *client*."""
        self._cookie(settings.SESSION_COOKIE_NAME, client.session.session_key)

    def speak(self, language: str) -> None:
        self._cookie(settings.LANGUAGE_COOKIE_NAME, language)

    def _cookie(self, name: str, value: str) -> None:
        self.context.add_cookies([{"name": name, "value": value, "url": self.address}])

    def _says(self, said) -> None:
        if said.type == "error":
            self.faults.append(f"{said.text} ({said.location['url']})")

    def _asks(self, request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.faults.append(f"asked somebody else: {request.url}")


@pytest.fixture
def visit(chromium, live_server):
    """A function that lets somebody in: visit(phone=True, language="en", dark=True, scripts=False).

    At the end of the test no visitor may have met an error, or a server other than ours.
    """
    visitors = []

    def let_in(*, phone=False, language="ar", dark=False, scripts=True, **options) -> Visitor:
        context = chromium.new_context(
            **(PHONE if phone else DESK),
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
            **options,
        )
        visitor = Visitor(context, live_server.url)
        visitor.speak(language)
        visitors.append(visitor)
        return visitor

    yield let_in
    for visitor in visitors:
        visitor.context.close()
    assert [fault for visitor in visitors for fault in visitor.faults] == []
