"""Several at once on the desk: choosing, assigning, accepting, and jobs with all their photos."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gis_app.distortions.models import Distortion
from gis_app.treatment.models import Job
from tests import factories

pytestmark = pytest.mark.django_db


def several(status="accepted", *, count=3):
    return [
        factories.distortion(status, **factories.inside(0, east=0.2 * n + 0.1))
        for n in range(count)
    ]


def send(browser, rows, deed, **fields):
    numbers = [row.number for row in rows]
    told = {"numbers": numbers, "deed": deed, "id": uuid4()} | fields
    return browser.post("/desk/bulk/?queue=assign", told)


def upload(number):
    return SimpleUploadedFile("after.jpg", factories.picture(f"#00{number:04d}"), "image/jpeg")


def test_the_answer_says_which_were_assigned_and_which_not(triage, city):
    rows = several()
    factories.move("assign", rows[2])

    answer = send(triage, rows, "assign", team=city.team.code)

    assert [outcome.number for outcome, _against in answer.context["made"]] == [
        rows[0].number,
        rows[1].number,
    ]
    assert [outcome.number for outcome in answer.context["refused"]] == [rows[2].number]
    assert all(row.number in answer.content.decode() for row in rows)


def test_a_team_that_does_not_fit_is_told_of(triage, city):
    elsewhere = factories.team("elsewhere")
    elsewhere.districts.add(city.east)
    found = factories.distortion("accepted")
    triage.cookies["django_language"] = "en"

    answer = send(triage, [found], "assign", team=elsewhere.code)

    ((_outcome, against),) = answer.context["made"]
    assert str(against) == "does not work in this district"
    assert "does not work in this district" in answer.content.decode()


def test_sent_twice_nothing_more_happens(triage, city):
    rows, id = several(), uuid4()

    answers = [send(triage, rows, "assign", team=city.team.code, id=id) for _ in range(2)]

    assert [len(answer.context["made"]) for answer in answers] == [3, 3]
    assert {row.steps.count() for row in rows} == {3}


def test_several_are_accepted_at_once_and_the_rules_send_them_on(triage, city):
    factories.rule("All to the night", to=factories.team("night"), assigns=True)
    rows = several("reported")

    send(triage, rows, "accept")

    assert set(Distortion.objects.values_list("status", "team__code")) == {("assigned", "night")}


def test_all_of_a_queue_are_chosen_without_a_script(triage, city, monkeypatch):
    monkeypatch.setattr("maps.queue.PAGE", 2)
    several()

    some, every = (
        triage.get("/desk/", {"queue": "assign"} | asked) for asked in ({}, {"chosen": "all"})
    )

    assert some.content.decode().count('name="numbers"') == 2
    assert every.content.decode().count(" checked>") >= 3


@pytest.mark.parametrize("fields", [{"deed": "reject"}, {"id": "x"}, {"due_date": "x"}])
def test_what_cannot_be_read_is_refused(triage, city, fields):
    assert send(triage, several(count=1), fields.pop("deed", "assign"), **fields).status_code == 400


def test_crews_are_offered_nothing_of_it(crew, city):
    rows = several("assigned")

    assert 'name="numbers"' not in crew.get("/desk/").content.decode()
    assert len(send(crew, rows, "assign", team=city.team.code).context["refused"]) == 3


# --- jobs


@pytest.fixture
def job(triage, city):
    """A job of three distortions, made on the desk."""
    answer = send(triage, several(), "job", team=city.team.code, title="The school's wall")
    made = Job.objects.get()
    assert answer["Location"] == f"/desk/jobs/{made.number}/"
    return made


def treatments(*rows, **changes):
    """The fields with which the job's page sends what became of *rows*."""
    told: dict = {"treated": [row.number for row in rows]}
    for row in rows:
        told |= {
            f"{row.number}-id": uuid4(),
            f"{row.number}-expected_status": row.status,
            f"{row.number}-quantity": "2.5",
            f"{row.number}-photos": upload(row.pk % 10_000),
        }
    return told | changes


def test_a_crew_records_the_treatment_of_all_in_one_form(crew, job):
    rows = list(job.distortions.all())

    answer = crew.post(f"/desk/jobs/{job.number}/", treatments(*rows))

    assert answer.status_code == 302
    assert set(job.distortions.values_list("status", "treated_quantity")) == {("treated", 2.5)}
    assert {row.photos.get().step.move for row in rows} == {"treat"}


def test_what_is_missing_is_said_at_its_stop_and_the_others_are_recorded(crew, job):
    first, second, third = job.distortions.order_by("number")

    answer = crew.post(
        f"/desk/jobs/{job.number}/",
        treatments(first, second, **{f"{second.number}-quantity": ""}),
    )

    assert answer.status_code == 422
    assert list(answer.context["refused"]) == [second.number]
    statuses = dict(job.distortions.values_list("number", "status"))
    assert [statuses[row.number] for row in (first, second, third)] == [
        "treated", "assigned", "assigned",
    ]  # fmt: skip
    assert second.photos.count() == 1  # what was sent is kept


def test_all_stops_are_started_by_one_press(crew, job):
    crew.post(f"/desk/jobs/{job.number}/", {"start": "all"})

    assert set(job.distortions.values_list("status", flat=True)) == {"in_progress"}


def test_the_page_shows_every_stop_and_who_else_looks_gets_no_form(crew, triage, job):
    page = crew.get(f"/desk/jobs/{job.number}/").content.decode()
    looked_at = triage.get(f"/desk/jobs/{job.number}/").content.decode()

    for row in job.distortions.all():
        assert f"{row.number}-quantity" in page
        assert row.number in looked_at
        assert f"{row.number}-quantity" not in looked_at


def test_another_teams_job_is_not_there(client, job):
    client.force_login(factories.user("crew", team=factories.team("another")))

    assert client.get(f"/desk/jobs/{job.number}/").status_code == 404
    assert job.number not in client.get("/desk/jobs/").content.decode()


@pytest.mark.parametrize("number", ["TF-26-\0", "٣", "a b"])
def test_what_can_be_no_number_cannot_be_read(triage, city, number):
    told = {"numbers": [number], "deed": "accept", "id": uuid4()}

    assert triage.post("/desk/bulk/", told).status_code == 400
