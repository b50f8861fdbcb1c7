"""The page of one distortion: what became of it, for anybody."""

import pytest

from gis_app.distortions.judging import clear_photo, clear_text
from tests import factories
from tests.factories import inside, picture

pytestmark = pytest.mark.django_db


def shown(client, distortion) -> str:
    answer = client.get(f"/d/{distortion.number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_tells_the_state_in_the_words_of_the_public(city, client):
    html = shown(client, factories.distortion("verified"))

    assert "كتابة على جدار" in html
    assert "تأكدنا من المعالجة" in html
    assert "مغلق" not in html


def test_it_names_nobody_of_the_staff(city, client):
    found = factories.distortion("verified")

    html = shown(client, found)

    assert not any(role in html for role in ("triage", "verifier", "treatment-1"))


@pytest.mark.parametrize("status", ["rejected", "referred"])
def test_what_is_not_public_is_not_found(city, client, status):
    assert client.get(f"/d/{factories.distortion(status).number}/").status_code == 404


def test_what_was_merged_leads_to_its_survivor(city, client):
    merged = factories.distortion("merged")

    answer = client.get(f"/d/{merged.number}/")

    assert answer.status_code == 308
    assert answer["Location"] == f"/d/{merged.merged_into.number}/"


def test_words_and_photos_wait_for_the_desk(city, client, triage):
    report = factories.report(description="خلف المدرسة")
    photo = factories.photo(report=report)
    found = factories.move("accept", report.distortion)
    assert photo.token not in shown(client, found)
    assert "خلف المدرسة" not in shown(client, found)

    clear_photo(token=photo.token, by=triage.user)
    clear_text(report_id=report.pk, by=triage.user)

    assert photo.token in shown(client, found)
    assert "خلف المدرسة" in shown(client, found)


def test_before_and_after_lie_over_each_other(city, client, triage):
    found = factories.distortion("accepted")
    before = factories.photo(report=found.reports.get(), data=picture("#123456"))
    clear_photo(token=before.token, by=triage.user)
    for name in ("assign", "treat"):
        found = factories.move(name, found)

    html = shown(client, found)

    assert 'id="pair"' in html
    assert f"/photos/{before.token}/large.jpg" in html


def test_words_of_residents_are_text_and_nothing_else(city, client, triage):
    report = factories.report(description="<script>alert(1)</script>")
    found = factories.move("accept", report.distortion)
    clear_text(report_id=report.pk, by=triage.user)

    assert "<script>alert" not in shown(client, found)


def test_a_private_place_is_told_roughly(city, client):
    factories.element("random_structure", is_private=True)
    place = inside(0, east=0.4567, north=0.3456)
    found = factories.distortion(code="random_structure", **place)

    html = shown(client, found)

    assert f"{place['lat']:.5f}" not in html
    assert f"{place['lon']:.5f}" not in html


def test_neighbours_are_told_with_their_distance(city, client):
    found = factories.distortion()
    near = factories.distortion(code="pothole", **inside(0, east=0.5, north=0.55))

    assert f"/d/{near.number}/" in shown(client, found)
