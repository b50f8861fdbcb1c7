"""What proves a treatment: where and when its photo was taken, and what speaks against it."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.contrib.gis.geos import LineString
from django.utils import timezone
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from gis_app.distortions.models import Photo
from gis_app.geo import crs
from tests import factories
from tests.fieldapi.asking import get, move, problem, put

pytestmark = pytest.mark.django_db

HERE = factories.inside()  # where the factories' distortions are
DEGREE = 110_700  # metres of latitude at Taif


def north(metres: float) -> dict[str, float]:
    return HERE | {"lat": HERE["lat"] + metres / DEGREE}


@pytest.fixture
def assigned(city):
    return factories.distortion("assigned")


def send(client, found, data: bytes | None = None, **questions):
    """Send a photo of the treatment of *found*, taken now unless told otherwise."""
    data = data or factories.picture()
    questions = {"taken_at": timezone.now().isoformat()} | questions
    told = urlencode({name: value for name, value in questions.items() if value is not None})
    address = f"distortions/{found.number}/photos/{factories.sha256(data)}?{told}"
    return put(client, address, data, content_type="image/jpeg")


def flags(client, found, data=None, **questions) -> list[str]:
    answer = send(client, found, data, **questions)
    assert answer.status_code == 201, answer.json()
    return answer.json()["flags"]


def with_exif(*, place: tuple[float, float] | None = None, at: datetime | None = None) -> bytes:
    """A photo as a camera writes it: its place as lon and lat, its time with a zone."""
    exif = Image.Exif()
    if place:
        lon, lat = place
        exif.get_ifd(IFD.GPSInfo).update(
            {
                GPS.GPSLatitudeRef: "N",
                GPS.GPSLatitude: (lat, 0.0, 0.0),
                GPS.GPSLongitudeRef: "E",
                GPS.GPSLongitude: (lon, 0.0, 0.0),
            }
        )
    if at:
        at = at.astimezone(UTC)
        exif.get_ifd(IFD.Exif).update(
            {
                Base.DateTimeOriginal: f"{at:%Y:%m:%d %H:%M:%S}",
                Base.OffsetTimeOriginal: "+00:00",
            }
        )
    out = BytesIO()
    Image.new("RGB", (64, 48), "#1e6a50").save(out, "JPEG", exif=exif)
    return out.getvalue()


# --- what is flagged


def test_a_photo_taken_on_the_spot_after_the_assignment_has_no_flags(crew, assigned):
    answer = send(crew, assigned, **north(30), accuracy_m=8)

    told = answer.json()
    assert told["flags"] == []
    assert told["place"]["coordinates"] == pytest.approx([HERE["lon"], north(30)["lat"]])
    assert told["accuracy_m"] == 8


def test_a_photo_without_a_place_is_flagged_and_taken(crew, assigned):
    assert flags(crew, assigned) == ["no_place"]


def test_how_far_is_too_far_stands_in_the_catalogue_and_the_accuracy_is_allowed_for(crew, assigned):
    reach = assigned.element.proof_metres

    assert flags(crew, assigned, factories.picture("red"), **north(reach - 5)) == []
    assert flags(crew, assigned, factories.picture("blue"), **north(reach + 5)) == ["far"]
    near = flags(crew, assigned, factories.picture("black"), **north(reach + 5), accuracy_m=20)
    assert near == []


def test_the_nearest_point_of_a_line_counts(city, crew):
    line = LineString((40.401, 21.265), (40.409, 21.265), srid=crs.WGS84)
    found = factories.report(code="damaged_sidewalk", geometry=line).distortion
    for name in ("accept", "assign"):
        factories.move(name, found)

    assert flags(crew, found, lon=40.4089, lat=21.2652) == []


def test_a_device_that_is_not_sure_of_its_place_is_flagged(crew, assigned):
    assert flags(crew, assigned, **HERE, accuracy_m=51) == ["inaccurate"]


def test_a_photo_from_before_the_assignment_is_flagged(crew, assigned):
    hour_ago = timezone.now() - timedelta(hours=1)

    assert flags(crew, assigned, **HERE, taken_at=hour_ago.isoformat()) == ["before_assignment"]


def test_a_photo_from_before_it_was_sent_back_is_no_new_proof(city, crew):
    found = factories.distortion("treated")
    taken_at = timezone.now().isoformat()
    factories.move("send_back", found)

    data = factories.picture("black")
    assert flags(crew, found, data, **HERE, taken_at=taken_at) == ["before_assignment"]


def test_a_time_to_come_is_flagged(crew, assigned):
    tomorrow = timezone.now() + timedelta(days=1)

    assert flags(crew, assigned, **HERE, taken_at=tomorrow.isoformat()) == ["future"]


def test_a_picture_that_names_another_place_or_time_is_flagged(crew, assigned):
    elsewhere = with_exif(place=(HERE["lon"], HERE["lat"] + 0.01))
    earlier = with_exif(at=timezone.now() - timedelta(hours=2))
    same = with_exif(place=(HERE["lon"], HERE["lat"]), at=timezone.now())

    assert flags(crew, assigned, elsewhere, **HERE) == ["exif_elsewhere"]
    assert flags(crew, assigned, earlier, **HERE) == ["exif_time"]
    assert flags(crew, assigned, same, **HERE) == []


def test_what_the_device_does_not_say_is_taken_from_the_picture(crew, assigned):
    old = with_exif(place=(HERE["lon"], HERE["lat"] + 0.01), at=timezone.now() - timedelta(days=2))

    assert flags(crew, assigned, old, taken_at=None) == ["far", "before_assignment"]


@pytest.mark.parametrize("exif", [b"Exif\0\0II*\0", b"Exif\0\0" + b"\xff" * 60])
def test_broken_exif_tells_nothing(crew, assigned, exif):
    out = BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG", exif=exif)

    assert flags(crew, assigned, out.getvalue()) == ["no_place"]


def test_the_move_that_names_a_photo_looks_at_it_again(city, crew):
    found = factories.distortion("assigned")
    data = factories.picture()
    assert flags(crew, found, data, **HERE) == []
    factories.move("correct", found, geometry=crs.point(**north(400)))

    done = move(crew, found.number, "treat", photos=[factories.sha256(data)], quantity=2)

    assert done.status_code == 201
    assert Photo.objects.get().flags == ["far"]


def test_a_photo_before_the_treatment_proves_nothing(city, inspector):
    found = factories.distortion("accepted")

    assert flags(inspector, found, kind="before") == []


# --- who reads it


def test_where_a_photo_was_taken_is_told_to_staff_alone(city, client, crew, verifier):
    found = factories.distortion("assigned")
    data = factories.picture()
    send(crew, found, data, **HERE)
    move(crew, found.number, "treat", photos=[factories.sha256(data)], quantity=2)

    (public,) = get(client, f"distortions/{found.number}").json()["properties"]["photos"]
    (told,) = get(verifier, f"distortions/{found.number}").json()["properties"]["photos"]

    assert not {"place", "accuracy_m", "taken_at", "flags"} & set(public)
    assert told["place"]["type"] == "Point"


def test_crews_are_not_told_that_a_photo_was_used_again(crew, verifier, assigned):
    send(crew, assigned)
    Photo.objects.update(flags=["used_again", "no_place"])

    def told(client):
        (photo,) = get(client, f"distortions/{assigned.number}").json()["properties"]["photos"]
        return photo["flags"]

    assert told(crew) == ["no_place"]
    assert told(verifier) == ["no_place", "used_again"]


# --- what cannot be read


@pytest.mark.parametrize(
    ("questions", "wrong", "status"),
    [
        ({"lon": 40.4}, "lat", 400),
        ({"lon": 400, "lat": 21}, "lat", 400),
        ({"lon": "east", "lat": 21}, "lon", 400),
        ({"lon": "nan", "lat": 21}, "lon", 400),
        ({"accuracy_m": "8 m"}, "accuracy_m", 400),
        ({"accuracy_m": -1}, "accuracy_m", 422),
        ({"taken_at": "yesterday"}, "taken_at", 400),
        ({"taken_at": "2026-11-20T09:12:00"}, "taken_at", 422),
        ({"altitude": 1700}, "altitude", 400),
    ],
)
def test_what_cannot_be_read_is_refused(crew, assigned, questions, wrong, status):
    answer = send(crew, assigned, **questions)

    assert answer.status_code == status
    assert wrong in problem(answer)["errors"]
    assert not Photo.objects.exists()
