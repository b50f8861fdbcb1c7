"""Crew links: a crew without accounts works on its own assignments, until the link is taken back."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from gis_app.accounts.models import User
from gis_app.errors import Forbidden, Refused
from gis_app.treatment.links import SALT, make_link, revoke_link, signed
from gis_app.treatment.models import CrewLink
from tests import factories
from tests.fieldapi.asking import get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def link(**facts) -> CrewLink:
    asked = {"team": factories.team().code, "label": "Night shift", "days": 7, "id": uuid4()}
    return make_link(**(asked | {"by": factories.staff("triage")} | facts))[0]


def address(of: CrewLink) -> str:
    return f"/crew/{signed(of)}/"


@pytest.fixture
def by_link(city):
    """A browser that came in by a link of the first team; `.link` is the link."""
    browser = Client()
    browser.link = link()
    assert browser.post(address(browser.link)).status_code == 302
    return browser


# --- coming in


def test_looking_at_the_address_signs_nobody_in(client, city):
    page = client.get(address(link()))

    assert page.status_code == 200
    assert "Night shift" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    assert client.get("/desk/").status_code == 302


def test_one_press_opens_the_work_of_the_team(by_link, city):
    mine = factories.distortion("assigned")
    other = factories.distortion("accepted", **factories.inside(1))
    other = factories.move("assign", other, team=factories.team("another").code)

    queue = by_link.get("/desk/")

    assert [row.number for row in queue.context["rows"]] == [mine.number]
    assert by_link.get(f"/desk/{mine.number}/").status_code == 200
    assert by_link.get(f"/desk/{other.number}/").status_code == 404
    by_link.link.refresh_from_db()
    assert by_link.link.last_used_at


def test_what_the_crew_does_is_told_as_the_links(by_link, city):
    found = factories.distortion("assigned")

    hidden = {"id": uuid4(), "expected_status": "assigned"}
    answer = by_link.post(f"/desk/{found.number}/moves/start/", hidden)

    step = found.steps.latest("pk")
    assert (answer.status_code, step.move, step.by) == (302, "start", by_link.link.user)


# --- what stays closed


def test_no_contacts_notes_or_names_of_the_desk(by_link, city):
    report = factories.report(contact={"name": "Noura", "phone": "0551234567"})
    factories.move("accept", report.distortion, note="The owner is angry.")
    found = factories.move("assign", report.distortion)

    page = by_link.get(f"/desk/{found.number}/").content.decode()

    for secret in ("Noura", "55123", "The owner is angry.", "triage"):
        assert secret not in page


@pytest.mark.parametrize(
    "path",
    [
        "/planner/", "/planner/map.html", "/desk/links/", "/accounts/password/", "/admin/",
        "/desk/{number}/history/",
    ],
)  # fmt: skip
def test_no_other_page_opens(by_link, city, path):
    found = factories.distortion("assigned")

    assert by_link.get(path.format(number=found.number), follow=True).status_code == 403


def test_by_the_api_the_link_is_nobody(by_link, city):
    found = factories.distortion("assigned")

    told = get(by_link, f"distortions/{found.number}").json()["properties"]
    moved = by_link.put(
        f"/api/v1/distortions/{found.number}/moves/{uuid4()}",
        {"move": "start"},
        content_type="application/json",
    )

    assert all("by" not in step for step in told["timeline"])
    assert moved.status_code == 401


@pytest.mark.parametrize("asked", ["team=treatment-1", "second_check=false"])
def test_lists_tell_a_link_of_no_teams_and_checks(by_link, city, asked):
    assert by_link.get(f"/list/?{asked}").status_code == 400


# --- its end


def test_what_is_taken_back_ends_at_once_with_its_sessions(by_link, city):
    revoke_link(key=by_link.link.pk, by=factories.staff("triage"))

    assert by_link.get("/desk/").status_code == 302
    assert by_link.post(address(by_link.link)).status_code == 404


def test_the_session_ends_with_the_link(by_link):
    assert abs(by_link.session.get_expiry_date() - by_link.link.expires_at) < timedelta(seconds=1)


def test_an_ended_link_opens_nothing(client, city):
    old = link(days=1)
    week_ago = timezone.now() - timedelta(days=7)
    CrewLink.objects.filter(pk=old.pk).update(
        made_at=week_ago, expires_at=week_ago + timedelta(days=1)
    )

    assert client.get(address(old)).status_code == 404
    assert client.post(address(old)).status_code == 404


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: "x" + text, str.upper])
def test_an_address_that_was_tampered_with_opens_nothing(client, city, change):
    assert client.post(f"/crew/{change(signed(link()))}/").status_code == 404


def test_a_signature_of_another_kind_opens_nothing(client, city):
    forged = signing.dumps(link().pk, salt=f"not {SALT}")

    assert client.post(f"/crew/{forged}/").status_code == 404


# --- who makes them


def test_a_link_is_made_once_with_an_account_of_its_own(city):
    id = uuid4()

    first, again = link(id=id), link(id=id)

    assert first == again
    assert (first.user.role, first.user.team, first.user.is_by_link) == ("crew", city.team, True)
    assert not first.user.has_usable_password()
    assert User.objects.filter(is_by_link=True).count() == 1


@pytest.mark.parametrize("role", ["crew", "inspector", "verifier", "planner", "resident"])
def test_links_are_the_desks(city, role):
    by = factories.user(role)

    with pytest.raises(Forbidden):
        link(by=by)
    with pytest.raises(Forbidden):
        revoke_link(key=link().pk, by=by)


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"team": "nobody"}, "team"), ({"label": " "}, "label"), ({"days": 0}, "days"),
     ({"days": 91}, "days")],
)  # fmt: skip
def test_what_no_link_can_be_is_refused(city, facts, field):
    with pytest.raises(Refused) as refusal:
        link(**facts)

    assert list(refusal.value.fields) == [field]


def test_the_desk_makes_a_link_on_its_page_and_sees_the_address_once(triage, city):
    fields = {"id": uuid4(), "team": city.team.code, "label": "Night shift", "days": "7"}

    made = triage.post("/desk/links/", fields)
    later = triage.get("/desk/links/").content.decode()

    (told,) = set(re.findall(r"http://testserver(/crew/[^/]+/)", made.content.decode()))
    assert "Night shift" in Client().get(told).content.decode()
    assert "/crew/" not in later
    assert "Night shift" in later
    refused = triage.post("/desk/links/", fields | {"id": uuid4(), "days": "900"})
    assert refused.status_code == 422
    triage.post(f"/desk/links/{made.context['made'].pk}/revoke/")
    assert CrewLink.objects.get().revoked_at


def test_what_is_reported_by_a_link_waits_for_the_desk(by_link, city):
    known = factories.distortion("accepted")
    user = by_link.link.user

    report = factories.report(same_as=known.number, description="Anything.", by=user)
    photo = factories.photo(report=report, by=user)

    assert report.distortion == known
    assert (report.text_cleared_at, photo.cleared_at) == (None, None)


def test_the_address_of_a_link_is_shown_to_nobody_else(admin, city):
    id = uuid4()
    made = link(id=id)
    wanted = {"id": id, "team": made.team.code, "label": "Another", "days": 7}

    answer = admin.post("/desk/links/", wanted)

    assert answer.status_code == 409
    assert "/crew/" not in answer.content.decode()
