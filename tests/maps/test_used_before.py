"""The verifier sees a photo that was used before beside the earlier one; others do not learn of it."""

import pytest

from gis_app.accounts.models import User
from gis_app.distortions.models import Photo
from tests import factories

pytestmark = pytest.mark.django_db

SAME = factories.picture("#1e6a50")
WORDS = "Used before"


@pytest.fixture
def treated(city):
    """Two treated ones in the first and the last district, both claimed with one photo."""
    found = []
    for column in (0, 2):
        case = factories.distortion("assigned", **factories.inside(column))
        factories.photo(data=SAME, by=factories.staff("crew"), distortion=case, kind="after")
        facts = {"photos": [factories.sha256(SAME)], "quantity": 2.5}
        found.append(factories.move("treat", case, **facts))
    return found


def page(browser, found) -> str:
    browser.cookies["django_language"] = "en"
    answer = browser.get(f"/desk/{found.number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_verifier_sees_both_photos_and_where_the_earlier_one_belongs(verifier, treated):
    first, second = treated

    text = page(verifier, second)

    assert WORDS in text
    assert f"/desk/{first.number}/" in text
    for photo in Photo.objects.filter(sha256=factories.sha256(SAME)):
        assert f"/photos/{photo.token}/large" in text
    assert "2,07" in text  # metres: two columns of 0.01° at 21.26° N
    assert "It looks like a photo that was used before." in text


def test_the_earlier_one_says_nothing_of_what_came_later(verifier, treated):
    assert WORDS not in page(verifier, treated[0])


def test_it_can_be_verified_all_the_same(verifier, treated):
    verified = factories.move("verify", treated[1], by=verifier.user)

    assert verified.status == "verified"


def test_those_who_treat_are_not_told(crew, treated):
    assert WORDS not in page(crew, treated[1])


def test_of_a_case_of_others_only_that_it_was_elsewhere(client, treated):
    first, second = treated
    narrow = factories.user(User.Role.VERIFIER)
    narrow.districts.add(second.district)
    client.force_login(narrow)

    text = page(client, second)

    assert "It was used elsewhere" in text
    assert first.number not in text
    assert first.photos.get(sha256=factories.sha256(SAME)).token not in text


def test_the_desk_is_told_of_another_report_with_the_same_photo(triage, city):
    near, far = (factories.report(**factories.inside(column)) for column in (0, 2))
    for report in (near, far):
        factories.photo(report=report)

    text = page(triage, near.distortion)

    assert "the same photo" in text
    assert f"/desk/{near.distortion.number}/compare/{far.distortion.number}/" in text
