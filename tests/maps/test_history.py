"""The history of a case: every change of every aspect, from what to what, by whom."""

import pytest
from django.db import IntegrityError, connection, transaction

from gis_app.geo import crs
from tests import factories

pytestmark = pytest.mark.django_db


def lines(browser, found, *, move: str) -> dict[str, tuple[str, str]]:
    """What the newest step of that *move* changed, as its page tells."""
    browser.cookies["django_language"] = "en"
    entries = browser.get(f"/desk/{found.number}/history/").context["entries"]
    entry = next(entry for entry in entries if entry.get("move") == move)
    return {line.aspect: (str(line.before), str(line.after)) for line in entry["told"]}


def test_a_correction_tells_what_was_before_and_what_is_now(triage, city):
    found = factories.distortion("accepted", code="graffiti")
    place = crs.point(**factories.inside(1))

    factories.move("correct", found, element="pothole", geometry=place, quantity=4, by=triage.user)

    told = lines(triage, found, move="correct")
    assert told["Kind of distortion"] == ("Graffiti and stuck posters", "Street potholes")
    assert told["District"] == ("District TAIF-001", "District TAIF-002")
    assert told["Place"][0] != told["Place"][1]
    assert "4" in told["Quantity"][1]


def test_a_merge_is_told_on_both_sides(triage, city):
    merged = factories.distortion("merged")
    survivor = merged.merged_into

    assert survivor.number in lines(triage, merged, move="merge")["Other distortion"][1]
    assert merged.number in lines(triage, survivor, move="absorb")["Other distortion"][1]
    assert lines(triage, survivor, move="absorb")["Reports"][1].count("2") == 1


def test_another_teams_case_has_no_history_for_a_crew(crew, city):
    other = factories.distortion("accepted")

    assert crew.get(f"/desk/{other.number}/history/").status_code == 404


def test_machines_read_the_same_changes(triage, client, city):
    found = factories.distortion("accepted")

    told = triage.get(f"/api/v1/distortions/{found.number}").json()["properties"]["timeline"][-1]
    public = client.get(f"/api/v1/distortions/{found.number}").json()["properties"]["timeline"][-1]

    changes = {change["aspect"]: change for change in told["changes"]}
    assert (changes["status"]["before"], changes["status"]["after"]) == ("reported", "accepted")
    assert changes["due_at"]["before"] is None
    assert "changes" not in public


@pytest.mark.parametrize("table", ["distortions_step", "distortions_contactlook"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET at = now()", "DELETE FROM {}"])
def test_the_database_refuses_to_rewrite_history(city, table, deed):
    factories.distortion("accepted")

    with pytest.raises(IntegrityError, match="history"), transaction.atomic():
        connection.cursor().execute(deed.format(table))
