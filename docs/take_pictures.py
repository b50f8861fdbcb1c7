"""Take the guides' pictures of the demo city:  .venv/bin/python docs/take_pictures.py

It looks at a running `bin/up` (RASD_URL, else http://localhost:8000) with Debian's Chromium.
"""

import os
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

SITE = os.environ.get("RASD_URL", "http://localhost:8000")
FOLDER = Path(__file__).parent / "img"
DEMO_PASSWORD = "rasd-demo-2026"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}
COLOURS = 256  # a palette keeps a picture under 200 KB

# name: window, address, who has signed in. {verified} is the number of the latest one with photos.
PICTURES = {
    "map-phone": (PHONE, "/", ""),
    "map-desk": (DESK, "/", ""),
    "report-phone": (PHONE, "/report/", ""),
    "distortion-phone": (PHONE, "/d/{verified}/", ""),
    "desk": (DESK, "/desk/{treated}/?queue=verify", "verifier"),
    "planner": (DESK, "/planner/", "planner"),
}
WANTED = {
    "ar": tuple(PICTURES),
    "en": ("map-phone", "report-phone", "desk", "planner"),
}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", chromium_sandbox=False
        )
        for language, names in WANTED.items():
            for name in names:
                take(browser, name, language)
        browser.close()


def take(browser: Browser, name: str, language: str) -> None:
    """Take one picture, and say how large it is."""
    window, address, user = PICTURES[name]
    context = browser.new_context(**window, base_url=SITE, reduced_motion="reduce")
    context.add_cookies([{"name": "django_language", "value": language, "url": SITE}])
    page = context.new_page()
    if user:
        sign_in(page, user)
    page.goto(re.sub(r"{(\w+)}", lambda found: latest_with_photos(page, found[1]), address))
    page.wait_for_load_state("networkidle")
    file = FOLDER / f"{name}-{language}.png"
    page.screenshot(path=file)
    context.close()
    Image.open(file).convert("RGB").quantize(COLOURS).save(file, optimize=True)
    print(f"{file.name}: {file.stat().st_size // 1024} KB")


def sign_in(page: Page, user: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


def latest_with_photos(page: Page, status: str) -> str:
    """Return the number of the newest distortion of that status that has a picture in the list."""
    page.goto(f"/list/?status={status}")
    return page.locator("article.case:has(img) .meta bdi").first.inner_text()


if __name__ == "__main__":
    main()
