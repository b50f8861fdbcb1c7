"""Whether treatments last: each relapse once, second checks with an interval, rows behind each number."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from gis_app.progress.lasting import lasting, wilson
from gis_app.treatment.follow_up_actions import record_second_check, record_visit
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db


def back(found):
    """Let a visit find that it came back."""
    visit = found.visits.earliest("due_date")
    record_visit(visit=visit.pk, id=uuid4(), by=factories.staff("inspector"), found="back")


def check(found, *, is_confirmed: bool):
    row = found.second_checks.latest("drawn_at")
    by = factories.user("verifier")
    record_second_check(
        check=row.pk, id=uuid4(), by=by, is_confirmed=is_confirmed, reason="Looked at it."
    )


@pytest.fixture
def lives(city):
    """Three verified: one came back twice over, one was closed falsely, one is well."""
    city.team.second_check_share = 1
    city.team.save()
    relapsed = factories.distortion("verified", **inside(0))
    false = factories.distortion("verified", code="pothole", **inside(1))
    well = factories.distortion("verified", **inside(2))
    factories.distortion(observed_at=timezone.now(), **inside(0))  # a resident saw it come back
    back(relapsed)
    check(false, is_confirmed=False)
    check(well, is_confirmed=True)
    return {"relapsed": relapsed, "false": false, "well": well}


def told(by: str, **asked) -> dict[str, tuple[int, int, int, int]]:
    rows, total = lasting(by, {}, **asked)
    return {
        row.code: (row.verified, row.relapsed, row.checked, row.false) for row in [*rows, total]
    }


def test_each_relapse_counts_once_and_checks_apart(lives):
    assert told("element") == {
        "graffiti": (2, 1, 1, 0),
        "pothole": (0, 0, 1, 1),  # opened again: no longer verified
        "": (2, 1, 2, 1),
    }


def test_by_district_and_team(lives):
    assert told("district") == {
        "TAIF-001": (1, 1, 0, 0),
        "TAIF-002": (0, 0, 1, 1),
        "TAIF-003": (1, 0, 1, 0),
        "": (2, 1, 2, 1),
    }
    assert told("team") == {"treatment-1": (2, 1, 2, 1), "": (2, 1, 2, 1)}


def test_only_what_fell_into_the_period(lives):
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert told("team", days=f"{tomorrow}/..") == {"": (0, 0, 0, 0)}


def test_a_recurrence_that_the_desk_rejects_is_no_relapse(lives):
    for again in lives["relapsed"].recurrences.all():
        factories.move("reject", again)

    assert told("team")[""] == (2, 0, 2, 1)


def test_an_element_or_district_narrows_both(lives):
    _rows, total = lasting("team", {"element": "graffiti"})

    assert (total.verified, total.checked, total.false) == (2, 1, 0)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (10, 90 + 10, 0.0552, 0.1744),
        (25, 100, 0.1755, 0.3430),
        (0, 1, 0.0, 0.7935),
        (1, 1, 0.2065, 1.0),
        (0, 100, 0.0, 0.0370),
    ],
)
def test_the_interval_is_wilsons(hits, n, low, high):
    assert wilson(hits, n) == pytest.approx((low, high), abs=5e-5)


def test_the_number_of_queries_does_not_grow(lives, django_assert_num_queries):
    with django_assert_num_queries(4):
        lasting("district", {})


# --- on the planner's page


@pytest.mark.parametrize("by", ["element", "district", "team"])
def test_every_number_opens_exactly_its_rows(planner, lives, by):
    context = planner.get("/planner/lasting/", {"by": by}).context
    days = context["days"]

    def listed(row, **asked):
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        of = row.check_query if "checked" in asked else row.query
        return planner.get(f"/list/?{of}&{query}").context["facets"].count

    for row in [*context["rows"], context["total"]]:
        verified = {"status": "verified", "verified": days}
        assert listed(row, **verified) == row.verified
        assert listed(row, **verified, relapsed="true") == row.relapsed
        assert listed(row, checked=days) == row.checked
        assert listed(row, checked=days, second_check="false") == row.false


def test_too_few_have_no_rate(planner, lives, settings):
    planner.cookies["django_language"] = "en"
    assert "too few" in planner.get("/planner/lasting/").content.decode()

    settings.RASD_FEW = 1
    shown = planner.get("/planner/lasting/?by=team").content.decode()
    assert "50%" in shown  # of two, one came back; of two checks, one was false
    assert "9" in shown  # the interval's lower end


def test_the_page_is_for_staff_and_its_questions_are_read_strictly(client, planner, city):
    assert client.get("/planner/lasting/").status_code == 302
    for wrong in ({"by": "x"}, {"days": "x"}, {"element": "x"}):
        assert planner.get("/planner/lasting/", wrong).status_code == 400


@pytest.mark.parametrize(
    "asked", [{"team": "treatment-1"}, {"second_check": "false"}, {"checked": "2026-01-01/.."}]
)
def test_who_treated_and_who_was_checked_is_not_published(client, lives, asked):
    assert client.get("/api/v1/distortions", asked).status_code == 400
    assert client.get("/list/", asked).status_code == 400
