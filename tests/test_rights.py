"""Nobody sees what is not theirs: every door, every person and every case, from one rule.

The doors are asked of the resolver: a new address is in the matrix by itself. tests/rights/
has the city with its planted secrets, the addresses and the rule.
"""

import pytest
from django.db import transaction
from django.test import override_settings

from gis_app.distortions.models import ContactLook, Distortion, Photo, Step
from tests.rights import rule
from tests.rights.doors import Door, all_doors
from tests.rights.world import EVERY_CASE, EXACT, MANAGERS, PEOPLE, build

pytestmark = pytest.mark.django_db
NO_CASE = "-"
DOORS = all_doors()
# Django's admin lets in nobody but managers; where no case is named, scopes make few differences.
AT_THE_ADMIN = ("anonymous", "sender", "admin", *MANAGERS)
WITHOUT_A_CASE = (
    "anonymous", "sender", "inspector", "crew", "triage", "verifier", "planner", "admin",
    "triage of another amana", "verifier of another district", "triage of another element",
)  # fmt: skip
ON_WAITING = ("anonymous", "sender", "another resident", "crew", "triage", "planner")  # is public


def people_at(door: Door, case: str) -> tuple[str, ...]:
    """Those who try this door."""
    if door.area == "admin":
        return AT_THE_ADMIN
    if case == NO_CASE:
        return WITHOUT_A_CASE
    return ON_WAITING if case == "waiting" else PEOPLE


MATRIX = [
    pytest.param(door, person, case, id=f"{door} · {person} · {case}")
    for door in DOORS
    for case in (sorted(EVERY_CASE) if door.is_about_a_case else [NO_CASE])
    for person in people_at(door, case)
]
LISTS = [door for door in DOORS if not door.arguments and door.area != "admin"]
# A question to which a list must not answer that there is something, and one that finds nothing.
CLUES = {
    "words": ({"q": "planted"}, {"q": "words of nobody"}),
    "exact place": (
        {"bbox": ",".join(f"{EXACT[axis] + by:.6f}" for by in (-1e-4, 1e-4) for axis in EXACT)},
        {"bbox": "40.3,21.1,40.31,21.11"},
    ),
}
THE_CURIOUS = (
    "anonymous", "another resident", "crew", "triage of another amana",
    "verifier of another district", "triage of another element",
)  # fmt: skip
CHANGED = (Step, ContactLook, Photo, Distortion)  # what somebody without the right never adds to
OPENS = {  # to whoever may enter and open it, this door opens
    "maps:map", "maps:list", "maps:distortion", "maps:districts", "maps:report", "maps:track",
    "maps:photo", "maps:desk", "maps:case", "maps:history", "maps:planner", "maps:planner_map",
    "api:distortions", "api:distortion", "api:report", "api:progress",
    "admin:distortions_distortion_changelist", "admin:distortions_distortion_change",
    "admin:distortions_report_change", "admin:distortions_photo_change",
}  # fmt: skip


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """The world, built once; nothing of it stays in the database."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        yield build(media)
        transaction.set_rollback(True)


@pytest.fixture
def world(built, settings):
    """The world as it was built: what a test does is rolled back."""
    settings.MEDIA_ROOT = built.media
    return built


def body_of(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace") + answer.get("Location", "")


def leaks(answer, *, world, person, door, asked: str) -> list[str]:
    """Every secret in *answer* that *person* may not read there; what she *asked* by is none."""
    body = body_of(answer)
    return [
        f"{kind} of {case.name}"
        for case in world.cases.values()
        for kind, secret in case.secrets.items()
        if secret in body
        and secret not in asked
        and not rule.may_read(kind, world.people[person], door, case)
    ]


def ways_of_asking(browser, path: str, area: str):
    """The answers to every method, with nothing in the body."""
    yield "GET", browser.get(path)
    yield "POST", browser.post(path)
    if area == "api":
        yield "PUT", browser.put(path, b"{}", content_type="application/json")


@pytest.mark.parametrize(("door", "person", "name"), MATRIX)
def test_nobody_sees_what_is_not_theirs(world, door, person, name):
    who, case = world.people[person], world.cases.get(name)
    path = door.path(case)
    allowed = rule.may_enter(who, door) and (not case or rule.may_open(who, door, case))
    before = [] if allowed else [model.objects.count() for model in CHANGED]

    for method, answer in ways_of_asking(world.browser(person), path, door.area):
        told = f"{method} {path} by {person}: {answer.status_code}"
        assert answer.status_code < 500, told
        found = leaks(answer, world=world, person=person, door=door, asked=path)
        assert not found, f"{told} tells {found}"
        if not allowed and method == "GET":
            assert answer.status_code >= 300, f"{told}, and it should not open"
        if allowed and method == "GET" and door.name in OPENS:
            assert answer.status_code == 200, f"{told}, and it should open"
    if not allowed:
        assert [model.objects.count() for model in CHANGED] == before


@pytest.mark.parametrize("person", THE_CURIOUS)
@pytest.mark.parametrize("clue", CLUES)
@pytest.mark.parametrize("door", LISTS, ids=str)
def test_no_list_answers_a_question_about_what_is_not_theirs(world, door, clue, person):
    browser = world.browser(person)
    right, wrong = (body_of(browser.get(door.path(None), asked)) for asked in CLUES[clue])
    secret_of = {"words": EVERY_CASE, "exact place": {"private"}}[clue]

    for name in secret_of - world.people[person].works_on:
        number = world.cases[name].distortion.number
        assert (number in right) == (number in wrong), f"{CLUES[clue][0]} finds {name}"


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("format", ["geojson", "csv"])
def test_no_file_holds_what_is_not_theirs(world, format, person):
    door = Door(f"exports/distortions.{format}", "maps:export_file")

    answer = world.browser(person).get(door.path(None))

    assert answer.status_code == 200
    assert leaks(answer, world=world, person=person, door=door, asked="") == []


def test_the_matrix_is_no_smaller_than_it_was_meant_to_be():
    assert len(MATRIX) > 500
