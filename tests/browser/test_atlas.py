"""The map to take away, opened from disk in a browser without a network."""

import re
from io import StringIO

from django.core.management import call_command

from tests import factories
from tests.factories import inside


def test_it_opens_from_disk_with_the_network_off(chromium, city, tmp_path):
    for column in range(3):
        factories.distortion("verified", **inside(column))
    file = tmp_path / "map.html"
    call_command("render_map", output=file, stdout=StringIO())
    context = chromium.new_context(offline=True, viewport={"width": 1440, "height": 900})
    page, said, asked = context.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    page.goto(file.as_uri())
    page.locator("path.leaflet-interactive").nth(1).wait_for()

    assert page.locator("path.leaflet-interactive").count() == 3
    assert re.search("[\u0600-\u06ff]", page.locator(".panel h1").inner_text())
    page.locator("path.leaflet-interactive").nth(0).click()
    assert "حي TAIF-001" in page.locator(".leaflet-popup-content").inner_text()
    page.get_by_label("التشوهات").check()
    assert page.locator(".cluster, path.leaflet-interactive").count() > 3
    assert (said, asked) == ([], [file.as_uri()])
    context.close()
