"""Overlaps, gaps and the outline, with their sizes on the spheroid."""

import pytest
import shapely

from gis_app.geo import crs
from gis_app.places import coverage
from tests import factories
from tests.places.files import area


def test_neighbours_that_share_a_border_have_no_flaw():
    boundaries = {"A": area(0), "B": area(1)}

    assert coverage.overlaps(boundaries) == []
    assert coverage.gaps(boundaries) == []


def test_an_overlap_is_told_with_its_districts_and_size():
    half_way = shapely.affinity.translate(area(0), xoff=0.005)

    (flaw,) = coverage.overlaps({"B": area(0), "A": half_way})

    assert flaw.codes == ("A", "B")
    assert flaw.square_metres == pytest.approx(crs.square_metres(area(0)) / 2, rel=1e-6)
    assert area(0).contains(shapely.Point(flaw.lon, flaw.lat))


def test_the_largest_overlap_comes_first_and_rounding_is_none():
    small = shapely.affinity.translate(area(1), xoff=-0.0001)
    touching = shapely.affinity.translate(area(0), yoff=0.01 - 1e-11)

    found = coverage.overlaps({"A": area(0), "B": small, "C": area(2), "D": touching})

    assert [flaw.codes for flaw in found] == [("A", "B")]


def test_an_enclosed_gap_is_told_with_the_districts_around_it():
    ring = {
        f"{column}{row}": area(column, row=row)
        for column in range(3)
        for row in range(3)
        if (column, row) != (1, 1)
    }

    (flaw,) = coverage.gaps(ring)

    assert flaw.codes == tuple(sorted(ring))
    assert flaw.square_metres == pytest.approx(crs.square_metres(area(1, row=1)), rel=1e-6)


def test_a_gap_that_is_open_to_the_outside_is_none():
    assert coverage.gaps({"A": area(0), "C": area(2)}) == []


def test_the_outline_holds_enclosed_gaps_and_narrow_channels_only():
    across = shapely.affinity.translate(area(1), xoff=0.003)  # a channel of about 310 m
    narrow = coverage.outline({"A": area(0), "B": across}, gap_metres=250)
    wide = coverage.outline({"A": area(0), "B": across}, gap_metres=100)

    assert len(narrow.geoms) == 1
    assert len(wide.geoms) == 2
    assert narrow.area == pytest.approx(area(0).area * 2 + 0.003 * 0.01, rel=1e-3)


def test_the_sizes_are_those_of_postgis(db):
    version = factories.district().versions.get()

    assert crs.square_metres(area(0)) == pytest.approx(version.area_m2, rel=1e-9)
