"""Reporting by a page: it reads what people write, keeps it, and never sends it twice."""

from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gis_app.distortions.models import Contact, Photo, Report
from tests import factories
from tests.factories import inside, picture

pytestmark = pytest.mark.django_db


class Hidden(HTMLParser):
    """The hidden fields of a page, as its form would send them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "input" and told.get("type") == "hidden":
            self.fields[told["name"]] = told["value"]


def opened(client, address: str = "/report/") -> dict[str, str]:
    """What the page's own hidden fields say."""
    fields = Hidden(client.get(address).content.decode()).fields
    return {name: fields[name] for name in ("id", "observed_at", "accuracy_m", "asked")}


def spoken(**place) -> str:
    lon, lat = (place or inside()).values()
    return f"{lat}, {lon}"


def told(client, **facts) -> dict:
    """A whole report as the page sends it."""
    return opened(client) | {"place": spoken(), "element": "graffiti"} | facts


def photo(name: str = "wall.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or picture(), content_type="image/jpeg")


def test_a_report_leads_to_its_own_page(city, client):
    answer = client.post(
        "/report/",
        told(client, description="خلف المدرسة", phone="٠٥٠١٢٣٤٥٦٧", quantity="٣٫٥", photos=photo()),
    )

    report = Report.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/track/{report.track_token}/")
    assert (report.description, report.quantity) == ("خلف المدرسة", 3.5)
    assert report.distortion.district == city.west
    assert Contact.objects.get().phone == "+966501234567"
    assert Photo.objects.get().report == report


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1,500", 1500),
        ("١٬٥٠٠", 1500),
        ("1,500.5", 1500.5),
        ("1,5", 1.5),
        ("١٫٥", 1.5),
        ("150", 150),
    ],
)
def test_quantities_are_read_as_pages_write_them_and_as_people_do(city, client, typed, meant):
    client.post("/report/", told(client, quantity=typed))

    assert Report.objects.get().quantity == meant


def test_two_inputs_give_their_photos_together(city, client):
    photos = [photo(), photo(data=picture("green"))]

    client.post("/report/", told(client, photos=photos))

    assert Photo.objects.count() == 2


def test_a_double_submit_is_one_report(city, client):
    sent = told(client)

    answers = [client.post("/report/", sent) for _ in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert Report.objects.count() == 1


def test_the_page_sent_again_with_other_words_asks_first(city, client):
    sent = told(client)
    client.post("/report/", sent)

    answer = client.post("/report/", sent | {"description": "Another one"})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Another one" in html
    assert Hidden(html).fields["id"] != sent["id"]


def test_each_page_has_an_id_of_its_own_and_is_never_kept(city, client):
    one, other = opened(client), opened(client)

    assert one["id"] != other["id"]
    assert "no-store" in client.get("/report/")["Cache-Control"]


@pytest.mark.parametrize(
    ("facts", "spot"),
    [
        ({"place": ""}, "id_place"),
        ({"place": "behind the mosque"}, "id_place"),
        ({"place": "24.71, 46.67"}, "id_place"),  # Riyadh
        ({"place": "", "district": "TAIF-001"}, "id_place_note"),
        ({"element": ""}, "id_element"),
        ({"element": "ufo"}, "id_element"),
        ({"quantity": "much"}, "id_quantity"),
        ({"phone": "12"}, "id_phone"),
        ({"email": "nobody"}, "id_email"),
        ({"description": "x" * 2001}, "id_description"),
    ],
)
def test_what_is_refused_is_said_beside_its_field_and_kept(city, client, facts, spot):
    sent = told(client, name="سعاد", place_note="") | facts

    answer = client.post("/report/", sent)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'<li><a href="#{spot}">' in html
    assert f'id="{spot}"' in html
    assert 'value="سعاد"' in html
    assert Hidden(html).fields["id"] == sent["id"]
    assert not Report.objects.exists()


def test_a_district_and_a_landmark_are_a_place_with_its_accuracy(city, client):
    client.post("/report/", told(client, place="", district="TAIF-002", place_note="The school"))

    report = Report.objects.get()
    assert report.distortion.district == city.middle
    assert 700 < report.accuracy_m < 800


def test_the_devices_accuracy_comes_along(city, client):
    client.post("/report/", told(client, accuracy_m="12"))

    assert Report.objects.get().accuracy_m == 12


def test_same_as_joins_what_is_known(city, client):
    known = factories.distortion()

    client.post("/report/", told(client, same_as=known.number))

    assert Report.objects.latest("received_at").distortion == known


def test_a_report_is_kept_when_a_photo_is_refused(city, client):
    photos = [photo(), photo("notes.txt", b"not a picture")]

    answer = client.post("/report/", told(client, photos=photos), follow=True)

    html = answer.content.decode()
    assert Photo.objects.count() == 1
    assert "notes.txt" in html
    assert 'name="photos"' in html


def test_seven_photos_are_too_many(city, client):
    photos = [photo() for _ in range(7)]

    answer = client.post("/report/", told(client, photos=photos))

    assert answer.status_code == 422
    assert not Report.objects.exists()


def test_what_no_report_can_weigh_is_not_even_stored(city, client, monkeypatch):
    monkeypatch.setattr("gis_app.uploads.MOST_BYTES", 1_000)

    answer = client.post("/report/", told(client, photos=photo(data=b"0" * 2_000)))

    assert answer.status_code == 400
    assert not Report.objects.exists()


def test_too_many_reports_from_one_place_wait(city, client, settings):
    settings.RASD_REPORTS_PER_HOUR = 1
    client.post("/report/", told(client))

    answer = client.post("/report/", told(client, description="Kept", same_as="another"))

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "Kept" in answer.content.decode()


def test_a_link_can_say_the_kind_and_the_place(city, client):
    html = client.get("/report/?element=pothole&place=21.265,40.405").content.decode()

    assert 'value="pothole" data-unit="m2" checked' in html
    assert 'value="21.265,40.405"' in html


def test_what_was_typed_is_never_markup(city, client):
    answer = client.post("/report/", told(client, element="", description="</textarea><script>"))

    assert "<script>" not in answer.content.decode()


@pytest.mark.parametrize("field", ["id", "observed_at"])
def test_a_page_that_was_tampered_with_is_refused(city, client, field):
    answer = client.post("/report/", told(client) | {field: "nonsense"})

    assert answer.status_code == 422


def test_staff_report_from_the_field(city, inspector):
    inspector.post("/report/", told(inspector))

    report = Report.objects.get()
    assert (report.by, report.source) == (inspector.user, "field")


def test_an_id_somebody_else_used_tells_nothing_of_it(city, client):
    factories.report(id=(known := uuid4()), description="A secret")

    answer = client.post("/report/", told(client) | {"id": str(known)})

    assert answer.status_code == 409
    assert "A secret" not in answer.content.decode()


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+03:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_that_no_calendar_holds_is_refused(city, client, moment):
    answer = client.post("/report/", told(client, observed_at=moment))

    assert answer.status_code == 422
