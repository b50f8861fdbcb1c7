"""A small city with secrets planted in it, and everybody who might come and look."""

from dataclasses import dataclass, field
from pathlib import Path

from django.test import Client

from gis_app.accounts.models import User
from gis_app.catalogue.models import Element
from gis_app.distortions.contacts import look_at_contact
from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.distortions.photo_actions import add_photo
from tests import factories

EVERY_CASE = frozenset({"open", "private", "waiting", "hidden"})
PUBLIC_CASES = EVERY_CASE - {"hidden"}
# Where the private one is; the public place is the middle of a cell of some 500 m.
EXACT = {"lon": 40.4061234, "lat": 21.2631234}
EXACTLY = ("40.4061", "21.2631")


@dataclass
class Case:
    """One distortion with all that must not get out."""

    name: str
    report: Report
    photo: Photo  # that nobody has cleared
    withheld: Photo
    secrets: dict[str, str] = field(default_factory=dict)
    other: str = ""  # the number of a case that it can be compared with

    @property
    def distortion(self) -> Distortion:
        return self.report.distortion


@dataclass
class Person:
    """Somebody who looks: what she works on is said here, and not asked of the code."""

    works_on: frozenset[str] = frozenset()
    is_staff: bool = False
    is_sender: bool = False
    is_manager: bool = False  # of Django's admin
    cookies: str = ""


@dataclass
class World:
    """What was built, once for all cases."""

    media: Path
    cases: dict[str, Case]
    people: dict[str, Person]

    def browser(self, name: str) -> Client:
        """A browser of its own in which the person has signed in."""
        browser = Client()
        if self.people[name].cookies:
            browser.cookies["sessionid"] = self.people[name].cookies
        return browser


THEIRS = {  # what each works on; who is not here works for nobody
    "inspector": EVERY_CASE,
    "triage": EVERY_CASE,
    "verifier": EVERY_CASE,
    "planner": EVERY_CASE,
    "admin": EVERY_CASE,
    "manager": EVERY_CASE,
    "triage of these districts": EVERY_CASE,
    "triage of these elements": EVERY_CASE,
    "crew": frozenset({"open", "private"}),
    "crew of another team": frozenset(),
    "crew without a team": frozenset(),
    "triage of another amana": frozenset(),
    "triage of another municipality": frozenset(),
    "verifier of another district": frozenset(),
    "triage of another element": frozenset(),
    "manager of another district": frozenset(),
}
VISITORS = ("anonymous", "sender", "another resident")
PEOPLE = (*VISITORS, *THEIRS)
MANAGERS = tuple(name for name in PEOPLE if name.startswith("manager"))


def build(media: Path) -> World:
    """Build the city, its cases and its people."""
    for column in range(2):
        factories.district(f"TAIF-00{column + 1}", column=column)
    for code in ("graffiti", "pothole", "random_structure"):
        factories.element(code, is_private=code == "random_structure")
    users = {name: _user(name) for name in PEOPLE if name != "anonymous"}
    cases = {
        "open": _case("open", users["sender"], "accept", "assign"),
        "private": _case(
            "private", users["sender"], "accept", "assign",
            code="random_structure", **EXACT,
        ),
        "waiting": _case("waiting", users["sender"]),
        "hidden": _case("hidden", users["sender"], "reject"),
    }  # fmt: skip
    for name, case in cases.items():
        case.other = cases["open" if name == "hidden" else "hidden"].distortion.number
    people = {name: _person(name, users.get(name)) for name in PEOPLE}
    return World(media=media, cases=cases, people=people)


def _user(name: str) -> User:
    first, _of, rest = name.partition(" ")
    roles = {"sender": "resident", "another": "resident", "manager": "admin"}
    facts = {
        "crew of another team": {"team": factories.team("contractor-1")},
        "crew without a team": {"team": None},
        "triage of another amana": {"amana": factories.amana("jeddah", prefix="JD")},
        "triage of another municipality": {
            "sub_municipality": factories.sub_municipality("taif-north")
        },
    }.get(name, {})
    if first == "manager":
        facts |= {"is_staff": True, "is_superuser": True}
    user = factories.user(roles.get(first, first), username=name.replace(" ", "-"), **facts)
    limit = {"of these districts": "TAIF-001", "of another district": "TAIF-002"}.get(rest)
    if limit:
        user.districts.set(factories.District.objects.filter(code=limit))
    elements = {
        "of these elements": ["graffiti", "random_structure"],
        "of another element": ["pothole"],
    }.get(rest, [])
    user.elements.set(Element.objects.filter(code__in=elements))
    return user


def _case(name: str, sender: User, *moves: str, **place) -> Case:
    officer = factories.user("triage", first_name="Officer", last_name=f"of-{name}-planted")
    contact = {"name": f"Name-{name}", "phone": PHONES[name], "email": f"{name}@planted.sa"}
    report = factories.report(
        by=sender,
        description=f"words-{name}-planted",
        place_note=f"landmark-{name}-planted",
        contact=contact,
        **place,
    )
    photo, withheld = (_photo(report, sender, f"{name} {n}") for n in range(2))
    Photo.objects.filter(pk=withheld.pk).update(withheld_at=photo.added_at)
    for move in moves:
        factories.move(move, report.distortion, by=officer, note=f"note-{name}-planted")
    report.refresh_from_db()
    look_at_contact(report_id=report.pk, by=officer)
    secrets = {
        "contact name": contact["name"],
        "contact phone": f"966{contact['phone'][1:]}",
        "contact e-mail": contact["email"],
        "words": report.description,
        "landmark": report.place_note,
        "private address": report.track_token,
        "address to stop messages": report.contact.stop_token,
        "supporter": report.supporter,
        "report's identifier": str(report.pk),
        "uncleared photo": photo.token,
        "withheld photo": withheld.token,
        "note of staff": f"note-{name}-planted",
        "name of staff": officer.get_full_name(),
    }
    if name == "private":
        secrets |= {"exact longitude": EXACTLY[0], "exact latitude": EXACTLY[1]}
    return Case(name, report, photo, withheld, secrets)


PHONES = dict(zip(sorted(EVERY_CASE), (f"05512345{n}{n}" for n in range(4)), strict=True))


def _photo(report: Report, sender: User, name: str) -> Photo:
    data = factories.picture(f"#{factories.sha256(name.encode())[:6]}")
    return add_photo(data=data, sha256=factories.sha256(data), by=sender, report=report)[0]


def _person(name: str, user: User | None) -> Person:
    browser = Client()
    if user:
        browser.force_login(user)
    cookie = browser.cookies.get("sessionid")
    return Person(
        works_on=THEIRS.get(name, frozenset()),
        is_staff=name in THEIRS,
        is_sender=name == "sender",
        is_manager=name in MANAGERS,
        cookies=cookie.value if cookie else "",
    )
