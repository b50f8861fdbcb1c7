"""The import command: what it says, what it stores, what it moves."""

from io import StringIO

import pytest
import shapely
from django.core.management import CommandError, call_command

from gis_app.distortions.models import Distortion
from gis_app.places.models import District
from gis_app.progress import ledger
from gis_app.sites.actions import save_kiosk, save_park
from tests import factories
from tests.places.files import area, write

WIDER = shapely.box(*area(0).bounds[:2], area(1).bounds[0] + 0.007, area(1).bounds[3])


@pytest.fixture
def amana(db):
    return factories.amana()


def run(path, *options, amana="taif") -> str:
    said = StringIO()
    call_command(
        "import_places", path, "--amana", amana, "--name-en-field", "name_en", *options, stdout=said
    )
    return said.getvalue()


@pytest.fixture
def pair(tmp_path, amana):
    """Two neighbours A and B, imported; and the file in which A has grown into B."""
    run(write(tmp_path / "first.geojson", {"shape": area(0)}, {"code": "B", "shape": area(1)}))
    rest = area(1).difference(WIDER)
    return write(tmp_path / "second.geojson", {"shape": WIDER}, {"code": "B", "shape": rest})


def test_districts_are_stored_and_the_counts_said(tmp_path, amana):
    said = run(write(tmp_path / "a.gpkg", {"shape": area()}, system=32637))

    assert "Rows: 1\n" in said
    assert "Created: 1 (A)" in said
    assert District.objects.in_force().get().name_en == "Ash Shuhada"


def test_overlaps_and_gaps_are_listed_with_size_and_codes(tmp_path, amana):
    rows = [
        {"code": f"R{column}{row}", "shape": area(column, row=row)}
        for column in range(3)
        for row in range(3)
        if (column, row) != (1, 1)
    ]
    strip = shapely.affinity.translate(area(3), xoff=-0.0001)

    said = run(write(tmp_path / "a.geojson", *rows, {"code": "X", "shape": strip}))

    assert "Enclosed gaps: 1\n" in said
    assert "1,149,044.98 m²" in said
    assert "Overlaps: 1\n" in said
    assert "R20 · X" in said


def test_an_overlap_with_a_district_that_is_not_in_the_file_is_listed_too(tmp_path, amana):
    run(write(tmp_path / "a.geojson", {"shape": area()}))

    said = run(write(tmp_path / "b.geojson", {"code": "B", "shape": area()}))

    assert "Overlaps: 0\n" in said
    assert "Overlaps with or among districts that the file leaves out: 1\n" in said
    assert "A · B" in said
    assert "Missing: 1 (A)" in said


def test_one_bad_row_refuses_the_whole_file(tmp_path, amana):
    path = write(tmp_path / "a.geojson", {"shape": area()}, {"code": "", "shape": area(1)})

    with pytest.raises(CommandError, match="Refused rows: 1"):
        run(path)
    assert District.objects.count() == 0


def test_skip_bad_leaves_the_bad_rows_out_and_says_so(tmp_path, amana):
    path = write(tmp_path / "a.geojson", {"shape": area()}, {"code": "", "shape": area(1)})

    said = run(path, "--skip-bad")

    assert "refused: row 2: the code is missing" in said
    assert District.objects.get().code == "A"


def test_a_dry_run_says_the_same_and_stores_nothing(tmp_path, pair, amana):
    factories.report(**factories.inside(1, east=0.3))

    dry, real = run(pair, "--dry-run"), run(pair)

    assert dry == real + "A dry run: nothing was stored.\n"
    assert "Redrawn: 2 (A, B)" in real


def test_a_dry_run_really_stores_nothing(pair):
    run(pair, "--dry-run")

    assert District.objects.get(code="A").versions.count() == 1


def test_an_unknown_amana_is_refused(tmp_path, amana):
    with pytest.raises(CommandError, match="load_amana"):
        run(write(tmp_path / "a.geojson", {"shape": area()}), amana="nowhere")


@pytest.mark.parametrize("status", factories.LIVES)
def test_what_moved_is_reassigned_by_a_step(pair, status):
    moved = factories.distortion(status, **factories.inside(1, east=0.3))
    stayed = factories.distortion(**factories.inside(1, east=0.9))
    before = moved.steps.last()

    said = run(pair)

    assert "Re-assigned distortions: 1; parks and kiosk sites: 0" in said
    moved.refresh_from_db()
    step = moved.steps.last()
    assert (moved.district.code, moved.status) == ("A", status)
    assert (step.move, step.by, step.differences) == ("reassign", None, {})
    assert (step.from_district.code, step.to_district.code) == ("B", "A")
    for name in ("status", "element", "quantity"):
        assert getattr(step, f"from_{name}") == getattr(step, f"to_{name}")
        assert getattr(step, f"from_{name}") == getattr(before, f"to_{name}")
    assert (step.from_team, step.from_late_at) == (before.team, before.late_at)
    assert (step.team, step.late_at, step.due_at) == (before.team, before.late_at, before.due_at)
    assert step.day >= before.day
    assert moved.version == moved.steps.count()
    assert Distortion.objects.get(pk=stayed.pk).district.code == "B"
    assert ledger.differences() == []


def test_a_district_that_was_corrected_by_hand_stays(pair):
    found = factories.distortion("accepted", **factories.inside(0, east=0.5))
    factories.move("correct", found, district="B")

    run(pair)

    found.refresh_from_db()
    assert found.district.code == "B"


def test_a_distortion_that_lies_outside_now_keeps_its_district_and_is_counted(tmp_path, pair):
    found = factories.distortion(**factories.inside(1, east=0.9))
    smaller = shapely.affinity.scale(area(1), 0.1, origin=area(1).bounds[:2])

    said = run(write(tmp_path / "c.geojson", {"code": "B", "shape": smaller}))

    assert "In no district now, left where they were: 1" in said
    found.refresh_from_db()
    assert found.district.code == "B"


def test_parks_and_kiosk_sites_move_too(pair):
    place = factories.inside(1, east=0.3)
    spot = factories.crs.point(**place)
    kiosk, _new = save_kiosk(code="K", by=None, name_ar="كشك", geometry=spot)
    park, _new = save_park(code="P", by=None, name_ar="حديقة", geometry=spot.buffer(0.0005))

    said = run(pair)

    assert "Re-assigned distortions: 0; parks and kiosk sites: 2" in said
    for site in (kiosk, park):
        site.refresh_from_db()
        assert site.district.code == "A"


def test_nothing_is_looked_up_again_when_no_boundary_changed(tmp_path, pair):
    path = write(tmp_path / "same.geojson", {"name_en": "Shuhada", "shape": area(0)})

    said = run(path)

    assert "Described: 1 (A)" in said
    assert District.objects.get(code="A").versions.count() == 1
