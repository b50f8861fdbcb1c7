"""Before a report is sent: is it one of those that are known nearby?"""

import pytest

from gis_app.distortions.models import Report
from tests import factories
from tests.factories import inside
from tests.maps.test_report import Hidden, told

pytestmark = pytest.mark.django_db


def test_whoever_says_nothing_of_what_is_known_nearby_is_asked_once(city, client):
    known = factories.distortion()
    sent = told(client, description="خلف المدرسة", name="سعاد")

    asked = client.post("/report/", sent)

    html = asked.content.decode()
    assert asked.status_code == 200
    assert f'name="same_as" value="{known.number}"' in html
    assert "خلف المدرسة" in html
    assert 'value="سعاد"' in html
    assert Report.objects.count() == 1
    again = sent | {name: Hidden(html).fields[name] for name in ("id", "asked")}
    assert client.post("/report/", again).status_code == 303
    assert Report.objects.latest("received_at").distortion != known


def test_it_is_another_one_when_its_sender_says_so(city, client):
    known = factories.distortion()

    answer = client.post("/report/", told(client, same_as="another"))

    assert answer.status_code == 303
    assert Report.objects.latest("received_at").distortion != known


def test_nobody_is_asked_of_another_kind_or_of_what_is_far_away(city, client):
    factories.distortion(code="pothole")
    factories.distortion(**inside(1))

    assert client.post("/report/", told(client)).status_code == 303


def test_what_was_chosen_stays_chosen_after_a_mistake(city, client):
    known = factories.distortion()

    html = client.post("/report/", told(client, same_as=known.number, phone="1")).content.decode()

    assert f'value="{known.number}" checked' in html


def test_one_browser_is_one_supporter_however_often_it_reports(city, client):
    known = factories.distortion()

    for _ in range(2):
        answer = client.post("/report/", told(client, same_as=known.number))

    known.refresh_from_db()
    cookie = answer.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert (known.reports_count, known.supporters_count) == (3, 2)


def test_a_report_is_answered_in_the_language_of_its_page(city, client):
    client.cookies["django_language"] = "en"

    client.post("/report/", told(client))

    assert Report.objects.get().language == "en"


@pytest.mark.parametrize("accuracy", ["-1000", "1e999999", "nan", "100001"])
def test_an_accuracy_that_can_be_none_is_refused_before_anything_is_looked_for(
    city, client, accuracy
):
    factories.distortion()

    answer = client.post("/report/", told(client, accuracy_m=accuracy))

    assert answer.status_code == 422
    assert Report.objects.count() == 1
