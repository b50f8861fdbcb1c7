"""Several at once: bulk moves, each made or refused by itself; jobs, made whole or not at all."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from gis_app.distortions.models import Distortion, Step
from gis_app.errors import Forbidden, Refused
from gis_app.treatment.bulk import MOST_AT_ONCE, move_many
from gis_app.treatment.jobs import jobs_of, make_job, on_the_way, stops_of
from gis_app.treatment.models import Job
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def several(status="accepted", *, count=3):
    """That many in a row from west to east, and their numbers."""
    shares = [(index + 1) / (count + 1) for index in range(count)]
    rows = [factories.distortion(status, **factories.inside(0, east=east)) for east in shares]
    return rows, [row.number for row in rows]


def job(numbers, **facts):
    asked = {"team": factories.team().code, "id": uuid4(), "by": factories.staff("triage")}
    return make_job(numbers=numbers, **(asked | facts))[0]


# --- bulk moves


def test_each_is_assigned_or_refused_by_itself(city):
    _rows, numbers = several(count=2)
    treated = factories.distortion("treated").number
    today = timezone.localdate()

    told = move_many(
        "assign",
        numbers=[numbers[0], treated, "TF-00-000000", numbers[1], numbers[0]],
        id=uuid4(),
        by=factories.staff("triage"),
        team=city.team.code,
        due_date=today,
    )

    assert [bool(outcome.step) for outcome in told] == [True, False, False, True]
    assert "changed by somebody else" in str(told[1].refusal)
    assert "No distortion has this number" in str(told[2].refusal)
    found = Distortion.objects.filter(number__in=numbers)
    assert {(row.status, row.team, timezone.localdate(row.due_at)) for row in found} == {
        ("assigned", city.team, today)
    }


def test_sent_twice_it_is_harmless(city):
    _rows, numbers = several()
    asked = {"numbers": numbers, "id": uuid4(), "by": factories.staff("triage")}

    first = move_many("assign", team=city.team.code, **asked)
    steps = Step.objects.count()
    again = move_many("assign", team=city.team.code, **asked)

    assert [outcome.step for outcome in again] == [outcome.step for outcome in first]
    assert Step.objects.count() == steps


def test_none_or_too_many_are_refused(city):
    for numbers in ([], [str(number) for number in range(MOST_AT_ONCE + 1)]):
        with pytest.raises(Refused) as refusal:
            move_many("assign", numbers=numbers, id=uuid4(), by=factories.staff("triage"))
        assert list(refusal.value.fields) == ["numbers"]


def test_what_lies_outside_a_scope_is_refused(city):
    factories.district("TAIF-009", column=3, of=factories.sub_municipality("taif-north"))
    outside = factories.distortion("accepted", **factories.inside(3))
    narrow = factories.user("triage", sub_municipality=factories.sub_municipality())

    (outcome,) = move_many(
        "assign", numbers=[outside.number], id=uuid4(), by=narrow, team=city.team.code
    )

    assert isinstance(outcome.refusal, Forbidden)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_in_opposite_order_never_hang(city):
    _rows, numbers = several("reported", count=6)
    by, start, made = factories.staff("triage"), Barrier(2), []

    def accept(chosen):
        start.wait()
        try:
            told = move_many("accept", numbers=chosen, id=uuid4(), by=by)
            made.extend(outcome.number for outcome in told if outcome.step)
        finally:
            connection.close()

    threads = [Thread(target=accept, args=(chosen,)) for chosen in (numbers, numbers[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(made) == sorted(numbers)


# --- jobs


def test_a_job_assigns_what_waits_and_takes_in_what_the_team_has(city):
    rows, numbers = several()
    factories.move("assign", rows[0])

    made = job(numbers, title="The wall of the school")

    found = Distortion.objects.filter(job=made)
    assert {(row.status, row.team) for row in found} == {("assigned", city.team)}
    assert found.count() == 3
    assert (made.title, made.team) == ("The wall of the school", city.team)
    assert "-J0" in made.number
    step = rows[1].steps.latest("pk")
    assert (step.move, step.differences) == ("group", {"job": [None, made.number]})


def test_a_job_is_made_once(city):
    _rows, numbers = several()
    id = uuid4()

    assert job(numbers, id=id) == job(numbers, id=id)
    assert Job.objects.count() == 1


def test_what_cannot_join_is_named_and_then_nothing_is_made(city):
    _rows, numbers = several(count=2)
    other = factories.distortion("accepted", **factories.inside(2))
    factories.move("assign", other, team=factories.team("another").code)

    with pytest.raises(Refused) as refusal:
        job([*numbers, other.number])

    assert [text.split(":")[0] for text in refusal.value.fields["numbers"]] == [other.number]
    assert not Job.objects.exists()
    assert not Distortion.objects.filter(number__in=numbers, status="assigned").exists()


@pytest.mark.parametrize("role", ["crew", "inspector", "verifier", "planner"])
def test_jobs_are_made_on_the_desk(city, role):
    _rows, numbers = several(count=1)

    with pytest.raises(Forbidden):
        job(numbers, by=factories.user(role))


def test_what_the_team_gives_back_leaves_the_job(city):
    rows, numbers = several()
    made = job(numbers)

    rows[0].refresh_from_db()
    found = factories.move("give_back", rows[0])

    assert found.job is None
    assert found.steps.latest("pk").differences == {"job": [made.number, None]}
    assert jobs_of(factories.staff("admin")).get().stops == 2


def test_a_crew_sees_its_own_jobs(city):
    rows, numbers = several()
    made = job(numbers)
    rows[0].refresh_from_db()
    factories.move("treat", rows[0])

    mine, others = (
        factories.user("crew", team=factories.team(code)) for code in (city.team.code, "another")
    )

    (shown,) = jobs_of(mine)
    assert (shown, shown.stops, shown.left) == (made, 3, 2)
    assert not jobs_of(others)
    assert not stops_of(made, others)


def test_stops_are_visited_on_the_shorter_way(city):
    _rows, numbers = several(count=5)
    made = job([numbers[index] for index in (3, 0, 4, 2, 1)])

    way, metres = on_the_way(list(stops_of(made, factories.staff("crew"))))

    assert [stop.number for stop in way] in (numbers, numbers[::-1])
    assert 650 < metres < 750  # four sixths of a square about 1,037 m wide


def test_the_stops_of_each_job_that_is_shown_are_counted_by_themselves(city):
    rows, numbers = several()
    made = job(numbers)
    job([several(count=1)[1][0]])
    factories.move("treat", factories.move("start", rows[0]))

    shown = jobs_of(factories.staff("triage"))

    assert shown.query.group_by is None  # a join would count those of all there ever were
    assert [(row.stops, row.left) for row in shown] == [(1, 1), (3, 2)]
    assert shown.last() == made


def test_what_is_left_to_do_stands_before_what_is_done_however_many_that_are(city, monkeypatch):
    monkeypatch.setattr("maps.views.jobs.MOST_JOBS", 1)
    first, done = job([several()[1][0]]), job([several()[1][0]])
    for stop in stops_of(done, factories.staff("triage")):
        factories.move("treat", factories.move("start", stop))
    client = Client()
    client.force_login(factories.staff("triage"))

    assert [row.number for row in client.get("/desk/jobs/").context["jobs"]] == [first.number]
