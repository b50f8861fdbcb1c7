"""The map to take away: whole in one file, and no more in it than its reader may see."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from gis_app.sites.models import Park
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def rendered(city, tmp_path):
    def render(**options) -> str:
        file = tmp_path / "map.html"
        call_command("render_map", output=file, verbosity=0, stdout=StringIO(), **options)
        return file.read_text(encoding="utf-8")

    return render


def test_the_file_names_no_other_host(rendered):
    html = rendered()

    assert 'src="http' not in html
    assert not re.search(r"<link[^>]*http|url\(.?http", html)
    assert '<html lang="ar" dir="rtl">' in html


def test_districts_distortions_and_figures_are_in_it(rendered):
    found = factories.distortion("verified")

    html = rendered()

    assert found.number in html
    assert "TAIF-001" in html or "حي TAIF-001" in html
    assert "100%" in html


def test_what_the_public_may_not_see_is_not_in_it(rendered):
    hidden = factories.distortion("rejected")
    factories.element("street_vendor", is_private=True)
    private = factories.distortion("accepted", code="street_vendor", **factories.inside(east=0.377))

    html = rendered()

    assert hidden.number not in html
    assert private.number in html
    assert str(private.geometry.x) not in html


def test_a_large_city_shows_the_newest_and_says_how_many_are_left_out(rendered, monkeypatch):
    monkeypatch.setattr("maps.atlas.page.MOST_POINTS", 1)
    numbers = {factories.distortion("accepted").number for _ in range(3)}

    html = rendered(language="en")

    assert sum(number in html for number in numbers) == 1
    assert re.search(r"newest <bdi[^>]*>1</bdi> distortions.*<bdi[^>]*>2</bdi> older", html)


def test_names_are_text_and_never_code_or_template(rendered, city):
    evil = "<script>alert(1)</script>{{ 7*7 }}"
    city.west.name_ar = evil
    city.west.save()
    boundary = factories.square()
    Park.objects.create(code="P1", district=city.west, name_ar=evil, boundary=boundary)

    html = rendered()

    assert "<script>alert(1)" not in html
    assert "alert(1)" in html
    assert "&#123;&#123; 7*7 }}" in html.replace("\\u0026", "&")


def test_an_unknown_account_is_told(city, tmp_path):
    with pytest.raises(CommandError, match="no active account"):
        call_command("render_map", output=tmp_path / "map.html", username="nobody")


def test_a_folder_that_is_not_there_is_told(city):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("render_map", output=Path("/nowhere/map.html"))
