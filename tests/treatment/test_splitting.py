"""Two things in one report: the second one becomes a distortion of its own."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser

from gis_app.distortions.blurring import blur_photo
from gis_app.distortions.gathering import counts
from gis_app.distortions.judging import clear_photo
from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.distortions.photos import open_for
from gis_app.errors import Conflict, Refused
from gis_app.geo import crs
from gis_app.treatment.actions import make_move
from tests import factories
from tests.factories import inside
from tests.fieldapi.asking import get, move

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def split(found: Distortion, code: str = "pothole", **facts) -> Distortion:
    """Split *found*, and return the second distortion."""
    factories.move("split", found, element=code, reason="A hole before the wall.", **facts)
    return Distortion.objects.latest("pk")


def public_picture(photo: Photo) -> bytes:
    opened = open_for(photo.token, "large", user=AnonymousUser())
    with opened.file as file:
        return file.read()


def test_the_second_one_begins_anew_where_the_first_one_is(city):
    first = factories.distortion("accepted")

    second = split(first, quantity=3)

    assert first.status == "accepted"
    assert (second.status, second.element.code, second.split_from) == ("reported", "pothole", first)
    assert (second.geometry, second.reported_quantity) == (first.geometry, 3)
    assert second.first_reported_at == first.first_reported_at
    assert second.number != first.number
    assert [step.move for step in second.steps.all()] == ["report", "part"]


def test_each_step_names_the_other_one(city):
    first = factories.distortion()

    second = split(first)

    assert first.steps.get(move="split").into == second
    assert second.steps.get(move="part").into == first


def test_its_report_is_of_the_same_person_and_has_no_words_of_hers(city):
    first = factories.distortion(
        description="كتابة وحفرة", place_note="أمام بيتنا", contact={"phone": "0501234567"}
    )
    report = first.reports.get()

    part = split(first).reports.get()

    assert part.split_from == report
    assert (part.supporter, part.language) == (report.supporter, report.language)
    assert (part.description, part.place_note) == ("", "")
    assert not hasattr(part, "contact")
    assert part.track_token != report.track_token


def test_the_desk_can_say_what_and_where_it_is(city):
    place = crs.point(**inside(1))

    second = split(factories.distortion(), geometry=place, description="A hole, 40 cm deep.")

    assert second.district == city.middle
    assert second.geometry == place
    assert second.reports.get().text_cleared_at


def test_one_of_several_reports_is_named(city):
    first = factories.distortion()
    other = factories.report(same_as=first.number, device="d2")

    second = split(first, report=other.number)

    assert second.reports.get().split_from == other


def test_photos_that_show_both_are_copied(city):
    first = factories.distortion()
    photo = factories.photo(report=first.reports.get())

    second = split(first, copies=[photo.sha256])

    copy = Photo.objects.get(distortion=second)
    assert (copy.sha256, copy.report) == (photo.sha256, second.reports.get())
    assert copy.token != photo.token
    photo.refresh_from_db()
    assert photo.distortion == first


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("element", {"code": ""}),
        ("element", {"code": "ufo"}),
        ("report", {"report": "TF-26-R000000"}),
        ("copies", {"copies": ["0" * 64]}),
        ("geometry", {"geometry": crs.point(lon=39.0, lat=21.0)}),
        ("reason", {"reason": ""}),
    ],
)
def test_what_is_missing_or_wrong_is_refused_by_its_field(city, field, facts):
    first = factories.distortion()
    asked = {"element": facts.get("code", "pothole"), "reason": "Two."} | facts
    asked.pop("code", None)

    with pytest.raises(Refused) as refusal:
        factories.move("split", first, **asked)

    assert list(refusal.value.fields) == [field]
    assert Distortion.objects.count() == 1


def test_what_is_treated_is_not_split(city):
    with pytest.raises(Conflict):
        split(factories.distortion("treated"))


def test_the_same_split_again_is_one_split(city):
    first = factories.distortion()
    asked = {"number": first.number, "id": uuid4(), "by": factories.staff("triage")}
    asked |= {"element": "pothole", "reason": "Two."}

    (step, is_new), (again, is_new_again) = (make_move("split", **asked) for _ in range(2))

    assert (step, is_new, is_new_again) == (again, True, False)
    assert Distortion.objects.count() == 2


def test_merging_them_undoes_it(city):
    first = factories.distortion()
    second = split(first)

    factories.move("merge", second, into=first.number)

    first.refresh_from_db()
    assert (first.reports_count, first.supporters_count) == (2, 1)
    assert counts(first) == {"reports_count": 2, "supporters_count": 1}


def test_the_public_timeline_keeps_it_to_the_desk(city, client, triage):
    first = factories.distortion("accepted")
    split(first)

    public, staff = (
        [step["move"] for step in get(who, f"distortions/{first.number}").json()["properties"]["timeline"]]
        for who in (client, triage)
    )  # fmt: skip

    assert public == ["report", "accept"]
    assert staff == ["report", "accept", "split"]


def test_the_api_tells_the_number_of_the_second_one(city, triage):
    first = factories.distortion()

    answer = move(triage, first.number, "split", element="pothole", reason="Two.")

    assert answer.status_code == 201
    assert answer.json()["into"] == Distortion.objects.latest("pk").number


def test_the_reporter_s_pages_show_both(city, client):
    first = factories.distortion()
    second = split(first)
    report, part = (
        Report.objects.order_by("pk").filter(distortion__in=[first, second]).order_by("number")
    )

    for here, there in ((report, part), (part, report)):
        assert (
            f"/track/{there.track_token}/"
            in client.get(f"/track/{here.track_token}/").content.decode()
        )


def test_a_blurred_photo_is_blurred_in_its_copy_too(city):
    report = factories.distortion("accepted").reports.get()
    photo = factories.photo(report=report)
    judge = factories.staff("triage")
    blur_photo(token=photo.token, rectangles=[[0.25, 0.25, 0.5, 0.5]], by=judge)
    clear_photo(token=photo.token, by=judge)

    second = factories.move("accept", split(report.distortion, copies=[photo.sha256]))

    copy = second.photos.get()
    assert copy.token != photo.token
    assert public_picture(copy) == public_picture(photo)
