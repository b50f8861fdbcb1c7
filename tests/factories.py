"""The smallest valid things, and distortions brought to a status by the real actions.

Squares lie in a row east of 40.40° E, 21.26° N; each is 0.01° wide, about 1 km.
"""

import hashlib
import json
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from itertools import count
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils import timezone
from PIL import Image

from gis_app.accounts.models import User
from gis_app.catalogue.actions import hours_of, load_calendars
from gis_app.catalogue.models import Element, ServiceLevel, WorkingCalendar
from gis_app.distortions.actions import submit
from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.distortions.photo_actions import add_photo
from gis_app.geo import crs
from gis_app.places.models import Amana, District, DistrictVersion, Jurisdiction, SubMunicipality
from gis_app.treatment.actions import make_move
from gis_app.treatment.jobs import make_job
from gis_app.treatment.models import Job, Team
from gis_app.treatment.routing_actions import go_live, save_rule, try_rule

WEST, SOUTH, SIDE = 40.40, 21.26, 0.01
LONG_AGO = date(2018, 1, 1)
ROLES = [role for role in User.Role.values if role != User.Role.RESIDENT]
# The shortest way from a report to each status.
LIVES = {
    "reported": (),
    "accepted": ("accept",),
    "assigned": ("accept", "assign"),
    "in_progress": ("accept", "assign", "start"),
    "treated": ("accept", "assign", "treat"),
    "verified": ("accept", "assign", "treat", "verify"),
    "reopened": ("accept", "assign", "treat", "verify", "reopen"),
    "rejected": ("reject",),
    "referred": ("refer",),
    "merged": ("merge",),
}
REASON = {"reason": "A reason."}
NEEDS = {
    **dict.fromkeys(("reject", "send_back", "give_back", "reopen", "unmerge", "correct"), REASON),
    "refer": {"body": "The water company"},
}
WHO = {"start": "crew", "treat": "crew", "verify": "verifier", "send_back": "verifier"}
_numbers = count(1)


# --- the ground


def square(column: int = 0, *, row: int = 0, side: float = SIDE) -> MultiPolygon:
    """A square in EPSG:4326, *column* squares east and *row* squares north of the first."""
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    corners = (west, south, west + side, south + side)  # rounded, so that neighbours really meet
    return MultiPolygon(crs.box(*(round(corner, 7) for corner in corners)), srid=crs.WGS84)


def inside(column: int = 0, *, east: float = 0.5, north: float = 0.5) -> dict[str, float]:
    """The lon and lat of a place in a square: shares of its side, from its south-west corner."""
    return {
        "lon": round(WEST + (column + east) * SIDE, 7),
        "lat": round(SOUTH + north * SIDE, 7),
    }


def amana(code: str = "taif", *, prefix: str = "TF") -> Amana:
    outline = MultiPolygon(Polygon.from_bbox((WEST, SOUTH, WEST + 3 * SIDE, SOUTH + SIDE)))
    outline.srid = crs.WGS84
    return Amana.objects.get_or_create(
        code=code,
        defaults={
            "prefix": prefix,
            "name_ar": "أمانة الطائف",
            "name_en": "Taif Amana",
            "outline": outline,
        },
    )[0]


def sub_municipality(code: str = "taif-centre") -> SubMunicipality:
    return SubMunicipality.objects.get_or_create(
        code=code, defaults={"amana": amana(), "name_ar": f"بلدية {code}", "name_en": code}
    )[0]


def district(
    code: str = "TAIF-001", *, column: int = 0, boundary=None, of=None, **facts
) -> District:
    """A district whose boundary is a square, in force since long ago."""
    facts = {"name_ar": f"حي {code}", "name_en": f"District {code}", "population": 10_000} | facts
    found = District.objects.create(amana=amana(), code=code, **facts)
    boundary = boundary or square(column)
    DistrictVersion.objects.create(
        district=found,
        boundary=boundary,
        label_point=boundary.point_on_surface,
        valid_from=LONG_AGO,
    )
    Jurisdiction.objects.create(
        district=found, sub_municipality=of or sub_municipality(), valid_from=LONG_AGO
    )
    return found


# --- the catalogue


def calendar(code: str = "office") -> WorkingCalendar:
    """A working calendar as the file has it."""
    if not WorkingCalendar.objects.filter(code=code).exists():
        text = (settings.BASE_DIR / "fixtures/calendars.json").read_text(encoding="utf-8")
        load_calendars(json.loads(text))
    return WorkingCalendar.objects.get(code=code)


@cache
def _catalogue() -> dict[str, dict]:
    text = (settings.BASE_DIR / "fixtures/catalogue.json").read_text(encoding="utf-8")
    return {row["code"]: row for row in json.loads(text)["elements"]}


def element(code: str = "graffiti", *, is_private: bool = False) -> Element:
    """An element as the catalogue has it, with its promise."""
    row = _catalogue()[code]
    found, is_new = Element.objects.get_or_create(
        code=code,
        defaults={
            "position": row["order"],
            "geometries": row["geometry"],
            "is_private": is_private,
            "valid_from": LONG_AGO,
            "calendar": calendar(row["calendar"]),
            "danger_calendar": calendar(row["danger_calendar"]),
            **{name: row[name] for name in ("name_ar", "name_en", "title_ar", "title_en", "unit")},
        },
    )
    if is_new:
        ServiceLevel.objects.create(
            element=found,
            valid_from=LONG_AGO,
            severity=row["severity"],
            hours=hours_of(found, row["days"]),
            notice_days=row["notice_days"],
        )
    return found


# --- people


def team(code: str = "treatment-1") -> Team:
    return Team.objects.get_or_create(
        code=code, defaults={"amana": amana(), "name_ar": f"فريق {code}", "name_en": code}
    )[0]


def rule(name: str = "A rule", *, to: Team | None = None, is_live: bool = True, **facts):
    """A routing rule that fits everything but what *facts* say; tested and live."""
    everything = {
        "position": next(_numbers), "amana": amana(), "team": to or team(), "name": name,
        "sources": [], "weekdays": [], "least_severity": 1, "from_time": None, "to_time": None,
        "assigns": False, "elements": [], "districts": [],
    }  # fmt: skip
    made = save_rule(by=staff("planner"), **(everything | facts))
    if is_live:
        try_rule(rule=made, by=staff("planner"), days=1)
        made = go_live(rule=made, by=staff("planner"))
    return made


def user(role: str = "resident", **facts) -> User:
    """A new account of that role; a crew belongs to the first team."""
    if role == User.Role.CREW:
        facts = {"team": team()} | facts
    facts = {"username": f"{role}-{next(_numbers)}"} | facts
    return User.objects.create(role=role, **facts)


def staff(role: str) -> User:
    """The one account of that role, named like it."""
    return User.objects.filter(username=role).first() or user(role, username=role)


# --- pictures


def picture(colour: str = "#a12c58", *, size: tuple[int, int] = (64, 48), kind="JPEG") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def photo(*, by=None, data: bytes | None = None, **subject) -> Photo:
    """A photo of a `report` or a `distortion`."""
    data = data or picture()
    by = by or AnonymousUser()
    return add_photo(data=data, sha256=sha256(data), by=by, client="a phone", **subject)[0]


# --- what was said, and what came of it


def report(
    *, code: str = "graffiti", lon=None, lat=None, geometry=None, by=None, **facts
) -> Report:
    """A report by a resident, an hour ago, in the middle of the first square."""
    element(code)
    place = inside() | {name: value for name, value in (("lon", lon), ("lat", lat)) if value}
    facts = {"observed_at": timezone.now() - timedelta(hours=1), "client": "a phone"} | facts
    return submit(
        id=facts.pop("id", None) or uuid4(),
        by=by or AnonymousUser(),
        element=code,
        geometry=geometry or crs.point(**place),
        **facts,
    )[0]


def move(name: str, found: Distortion, *, by: User | None = None, **facts) -> Distortion:
    """Make a move with all that it needs, by the one who usually makes it."""
    by = by or staff(WHO.get(name, "triage"))
    make_move(name, number=found.number, id=uuid4(), by=by, **(_needs(name, found, by) | facts))
    found.refresh_from_db()
    return found


def distortion(status: str = "reported", **facts) -> Distortion:
    """A distortion that reached *status* by real moves; *facts* are its report's."""
    found = report(**facts).distortion
    for name in LIVES[status]:
        found = move(name, found)
    return found


def job(*rows: Distortion) -> Job:
    """A job of the first team."""
    numbers = [row.number for row in rows]
    return make_job(numbers=numbers, team=team().code, id=uuid4(), by=staff("triage"))[0]


def _needs(name: str, found: Distortion, by: User) -> dict:
    match name:
        case "split":
            return {"element": element("pothole").code, "reason": "A reason."}
        case "merge":
            return {"into": report().distortion.number}
        case "assign":
            return {"team": team().code}
        case "treat":
            data = picture(f"#{(found.pk * 1009 + found.version * 65_599) % 2**24:06x}")
            photo(data=data, by=by, distortion=found, kind="after")
            return {"photos": [sha256(data)], "quantity": 2.5}
    return NEEDS.get(name, {})
