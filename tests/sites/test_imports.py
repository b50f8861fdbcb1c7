"""Parks and kiosk sites from files."""

from io import StringIO

import pytest
import shapely
from django.conf import settings
from django.core.management import CommandError, call_command

from gis_app.sites.models import KioskSite, Park
from tests.factories import inside
from tests.places.files import area, write


def run(command, path, *options) -> str:
    said = StringIO()
    call_command(command, path, *options, stdout=said)
    return said.getvalue()


def spot(column=0) -> shapely.Point:
    place = inside(column)
    return shapely.Point(place["lon"], place["lat"])


def test_parks_are_read_from_any_file_and_known_by_their_code(tmp_path, city):
    shape = area().buffer(-0.004)
    path = write(tmp_path / "a.gpkg", {"shape": shape, "amenities": "shade,play"}, system=32637)

    first = run("import_parks", path, "--amenities-field", "amenities")
    again = run("import_parks", path)

    assert "Parks: 1 new, 0 known before." in first
    assert "Parks: 0 new, 1 known before." in again
    assert Park.objects.get().amenities == ["shade", "play"]


def test_kiosk_sites_are_read_with_their_status(tmp_path, city):
    path = write(tmp_path / "a.geojson", {"shape": spot(), "status": "permitted"})

    run("import_kiosks", path, "--status-field", "status", "--reason", "the register of 2026")

    site = KioskSite.objects.get()
    assert site.status == "permitted"
    assert site.events.get().reason == "the register of 2026"


def test_a_site_outside_the_city_is_named_and_nothing_stored(tmp_path, city):
    path = write(tmp_path / "a.geojson", {"shape": spot()}, {"code": "B", "shape": spot(9)})

    with pytest.raises(CommandError, match="Refused rows: 1"):
        run("import_kiosks", path)
    assert KioskSite.objects.count() == 0

    said = run("import_kiosks", path, "--skip-bad")

    assert "refused: row 2 (B): This place is outside the city." in said
    assert KioskSite.objects.get().code == "A"


def test_a_dry_run_stores_no_site(tmp_path, city):
    said = run("import_kiosks", write(tmp_path / "a.geojson", {"shape": spot()}), "--dry-run")

    assert "Kiosk sites: 1 new" in said
    assert KioskSite.objects.count() == 0


@pytest.mark.django_db
def test_the_projects_own_city_is_imported_without_a_flaw():
    fixtures = settings.BASE_DIR / "fixtures"
    every = [
        *("--name-en-field", "name_en", "--kind-field", "kind"),
        *("--population-field", "population", "--sub-municipality-field", "sub_municipality"),
    ]
    call_command("load_amana", fixtures / "amana.json", stdout=StringIO())

    said = run("import_places", fixtures / "districts.geojson", "--amana", "taif", *every)
    run("import_streets", fixtures / "streets.geojson", "--amana", "taif")
    run("import_parks", fixtures / "parks.geojson", "--amenities-field", "amenities")
    run("import_kiosks", fixtures / "kiosks.geojson", "--status-field", "status")

    assert "Overlaps: 0\n" in said
    assert "Enclosed gaps: 0\n" in said
    assert Park.objects.count() > 20
    assert KioskSite.objects.count() > 20
