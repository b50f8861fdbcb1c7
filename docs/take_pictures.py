"""Take the guides' pictures of the demo city:  .venv/bin/python docs/take_pictures.py

It looks at a running `bin/up` (RASD_URL, else http://localhost:8000) with Debian's Chromium. First
it sends two reports of one thing, which nobody merges: take a copy that you can throw away.
"""

import os
import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

SITE = os.environ.get("RASD_URL", "http://localhost:8000")
FOLDER = Path(__file__).parent / "img"
DEMO_PASSWORD = "rasd-demo-2026"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}
TALL = {"viewport": {"width": 1440, "height": 1240}}
COLOURS = 256  # a palette keeps a picture under 200 KB

# name: window, address, who has signed in. {verified} is the number of the latest one with photos,
# {first} and {second} are the two that may be the same.
PICTURES = {
    "map-phone": (PHONE, "/", ""),
    "map-desk": (DESK, "/", ""),
    "report-phone": (PHONE, "/report/", ""),
    "distortion-phone": (PHONE, "/d/{verified}/", ""),
    "desk": (DESK, "/desk/{treated}/?queue=verify", "verifier"),
    "compare": (TALL, "/desk/{first}/compare/{second}/", "triage"),
    "history": (TALL, "/desk/{verified}/history/", "triage"),
    "planner": (DESK, "/planner/", "planner"),
    "period": (TALL, "/planner/period/", "planner"),
    "index": (TALL, "/planner/index/", "planner"),
}
WANTED = {
    "ar": tuple(PICTURES),
    "en": ("map-phone", "report-phone", "desk", "compare", "history", "planner", "period", "index"),
}
SAME = "graffiti"
PLACES = ((40.4158, 21.2703), (40.41588, 21.27035))  # some ten metres apart


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", chromium_sandbox=False
        )
        numbers = dict(zip(("first", "second"), two_of_one_thing(browser), strict=True))
        for language, names in WANTED.items():
            for name in names:
                take(browser, name, language, numbers)
        browser.close()


def two_of_one_thing(browser: Browser) -> list[str]:
    """Report the same twice, each with a photo of its kind; return both numbers."""
    page = browser.new_page(base_url=SITE)
    page.goto(f"/list/?status=verified&element={SAME}")
    shown = page.locator("article.case:has(img) .meta bdi").all()[: len(PLACES)]
    numbers = []
    for place, earlier in zip(PLACES, shown, strict=True):
        data = photo_before(page, earlier.inner_text())
        address = f"/api/v1/reports/{uuid4()}"
        told = {"element": SAME, "observed_at": datetime.now(UTC).isoformat()}
        point = {"type": "Point", "coordinates": place}
        report = {"type": "Feature", "geometry": point, "properties": told}
        numbers.append(page.request.put(address, data=report).json()["properties"]["distortion"])
        page.request.put(
            f"{address}/photos/{sha256(data).hexdigest()}",
            data=data,
            headers={"Content-Type": "image/jpeg"},
        )
    page.close()
    return numbers


def photo_before(page: Page, number: str) -> bytes:
    """Return the public photo of that distortion from before its treatment."""
    photos = page.request.get(f"/api/v1/distortions/{number}").json()["properties"]["photos"]
    return page.request.get(next(one["large"] for one in photos if one["kind"] == "before")).body()


def take(browser: Browser, name: str, language: str, numbers: dict[str, str]) -> None:
    """Take one picture, and say how large it is."""
    window, address, user = PICTURES[name]
    context = browser.new_context(**window, base_url=SITE, reduced_motion="reduce")
    context.add_cookies([{"name": "django_language", "value": language, "url": SITE}])
    page = context.new_page()
    if user:
        sign_in(page, user)
    page.goto(re.sub(r"{(\w+)}", lambda found: number_of(page, found[1], numbers), address))
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


def number_of(page: Page, name: str, numbers: dict[str, str]) -> str:
    return numbers.get(name) or latest_with_photos(page, name)


def latest_with_photos(page: Page, status: str) -> str:
    """Return the number of the newest distortion of that status that has a picture in the list."""
    page.goto(f"/list/?status={status}")
    return page.locator("article.case:has(img) .meta bdi").first.inner_text()


if __name__ == "__main__":
    main()
