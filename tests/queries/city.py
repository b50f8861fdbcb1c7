"""A city in which there is something of every kind, and then much more of each."""

from dataclasses import dataclass
from itertools import count
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from gis_app.accounts.models import User
from gis_app.distortions.contacts import look_at_contact
from gis_app.distortions.judging import clear_photo, clear_text
from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.messages.models import Message
from gis_app.places.models import District, Street
from gis_app.sites.actions import save_kiosk, save_park
from gis_app.treatment.links import make_link, signed
from gis_app.treatment.models import Body, Job, Team, Visit
from tests import factories

STATUSES = ("reported", "accepted", "assigned", "treated", "verified", "referred", "merged")
AT_WORK = "assigned"
ELEMENTS = (
    "graffiti", "pothole", "street_light", "guide_sign", "waste_container", "street_vendor",
)  # fmt: skip
SAME = factories.picture("#1e6a50")  # a photo that comes with many
_numbers = count(1)


@dataclass
class Case:
    """One distortion, with what its addresses are made of."""

    report: Report
    photo: Photo
    other: str
    job: str = "none"
    link: str = "none"

    @property
    def distortion(self) -> Distortion:
        return self.report.distortion


@dataclass
class City:
    """Its cases by status, its people by role, and how to make more of everything."""

    cases: dict[str, Case]
    people: dict[str, User | None]

    def browser(self, person: str) -> Client:
        """A browser of its own in which that person has signed in."""
        browser = Client()
        if user := self.people[person]:
            browser.force_login(user)
        return browser


def build() -> City:
    """Build the city with one or two of every kind."""
    factories.district("TAIF-001")
    factories.district("TAIF-002", column=1)
    for code in ELEMENTS[:2]:
        factories.element(code)
    factories.element("graffiti").related.add(factories.element("pothole"))
    team = factories.team()
    Team.objects.filter(pk=team.pk).update(second_check_share=1)
    for _of in range(2):
        _more_places()
        _more_teams()
    cases = {status: _case(status) for status in STATUSES}
    for case in cases.values():
        case.other = cases["treated"].distortion.number
    cases["treated"].other = cases["verified"].distortion.number
    city = City(cases, _people())
    for _of in range(2):
        _more(city)
    stops = [cases[AT_WORK].distortion, *_free_stops()[:1]]
    cases[AT_WORK].job = factories.job(*stops).number
    return city


def grow(city: City, *, times: int) -> None:
    """Put *times* as many more of every kind into *city*."""
    for code in ELEMENTS[2:]:
        factories.element(code)
    for _of in range(times):
        _more_places()
        _more_teams()
        _more(city)
    job = Job.objects.get(number=city.cases[AT_WORK].job)
    Distortion.objects.filter(pk__in=[row.pk for row in _free_stops()[-times:]]).update(job=job)


def _people() -> dict[str, User | None]:
    roles = User.Role.values
    people: dict[str, User | None] = {role: factories.user(role, team=None) for role in roles}
    people["crew"] = factories.user("crew")
    people["somewhere"] = factories.user(
        "triage", amana=factories.amana(), sub_municipality=factories.sub_municipality()
    )
    people["somewhere"].districts.set(District.objects.all())
    people["somewhere"].elements.set(factories.Element.objects.all())
    link, _is_new = make_link(
        team=factories.team().code, label="A crew", days=9, id=uuid4(), by=factories.staff("triage")
    )
    return people | {"anonymous": None, "by link": link.user}


def _case(status: str) -> Case:
    """A distortion of that *status*, with words, a contact, a look at it, photos and its history."""
    report = factories.report(
        description="Beside the school", contact={"phone": "0551234567"}, **_place()
    )
    photo = factories.photo(report=report)
    _published(factories.photo(report=report, data=_picture()))
    clear_text(report_id=report.pk, by=factories.staff("triage"))
    for name in factories.LIVES[status]:
        factories.move(name, report.distortion)
    report.refresh_from_db()
    look_at_contact(report_id=report.pk, by=factories.staff("triage"))
    return Case(report, photo, other="")


def _place() -> dict[str, float]:
    """One of many places within some metres of each other."""
    return factories.inside(north=0.5 + next(_numbers) % 10 / 2000)


def _picture() -> bytes:
    n = next(_numbers) * 7919 % 2**24
    return factories.picture(f"#{n:06x}")


def _published(photo: Photo) -> Photo:
    return clear_photo(token=photo.token, by=factories.staff("triage"))


def _more(city: City) -> None:
    """One more distortion of every status beside the cases; and to each case one more of all."""
    for status in ("in_progress", "reopened", "rejected", *STATUSES):
        found = factories.distortion(status, **_place(), description="Here too")
        for data in (SAME, _picture()):
            photo = factories.photo(distortion=found, data=data, by=factories.staff("triage"))
        _published(photo)
    for case in city.cases.values():
        _more_of(case)
    Message.objects.update(state="dead", next_try_at=None)
    factories.job(*_free_stops()[-2:])
    make_link(
        team=factories.team().code, label="A crew", days=9, id=uuid4(), by=factories.staff("triage")
    )
    Visit.objects.filter(pk__in=Visit.objects.next_planned().values("pk")).update(
        due_date=timezone.localdate()
    )


def _more_of(case: Case) -> None:
    case.report.refresh_from_db()
    found = case.distortion
    said = factories.report(**_place(), description="I see it too", contact={"phone": "0557654321"})
    Report.objects.filter(pk=said.pk).update(distortion=found, origin=found)
    look_at_contact(report_id=said.pk, by=factories.staff("triage"))
    Report.objects.filter(pk=said.pk).update(split_from=case.report)
    for kind in Photo.Kind.values:
        photo = _published(
            factories.photo(
                distortion=found, data=_picture(), kind=kind, by=factories.staff("admin")
            )
        )
        Photo.objects.filter(pk=photo.pk).update(step=found.steps.last())
        Photo.objects.filter(pk=photo.pk).update(
            place=found.geometry.centroid, accuracy_m=60, flags=["far", "inaccurate", "used_again"]
        )
    again = factories.distortion("verified", **_place())
    Distortion.objects.filter(pk=again.pk).update(recurrence_of=found)


def _free_stops() -> list[Distortion]:
    return list(Distortion.objects.filter(status=AT_WORK, job=None).order_by("pk"))


def _more_places() -> None:
    n = next(_numbers)
    factories.district(f"TAIF-{n + 100}", column=n + 2, of=factories.sub_municipality(f"part-{n}"))
    planner = factories.staff("planner")
    corner = factories.square(0, side=factories.SIDE / 10)
    save_park(by=planner, code=f"P-{n}", name_ar="حديقة", geometry=corner)
    save_kiosk(
        by=planner, code=f"K-{n}", name_ar="كشك", geometry=factories.crs.point(**factories.inside())
    )
    line = factories.crs.box(40.4, 21.26, 40.41, 21.27).boundary
    line = line.__class__(line.coords[:2], srid=line.srid)
    Street.objects.create(amana=factories.amana(), name_ar="شارع", kind="main", line=line)


def _more_teams() -> None:
    n = next(_numbers)
    team = factories.team(f"team-{n}")
    team.elements.add(factories.element())
    team.districts.add(District.objects.first())
    factories.rule(f"Rule {n}", to=team, districts=[District.objects.latest("pk")])
    Body.objects.create(code=f"body-{n}", name_ar=f"جهة {n}")


def crew_link(city: City) -> str:
    """The signed part of the address by which a crew comes in."""
    return signed(city.people["by link"].crew_link)
