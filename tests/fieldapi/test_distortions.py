"""Who sees what of a distortion, in the list, alone, and by its photos."""

import pytest
from django.test import Client

from gis_app.distortions import judging
from gis_app.distortions.models import Photo, Report
from gis_app.distortions.status import PUBLIC, PUBLISHED, Status
from gis_app.places.models import Jurisdiction
from tests import factories
from tests.fieldapi.asking import get, move, problem

SECRETS = ("SECRET-NOTE", "SECRET-REASON", "SECRET-NAME", "0512345678", "+966512345678")
READERS = ["anybody", "resident", *factories.ROLES]


def browser_of(reader: str) -> Client:
    browser = Client()
    if reader != "anybody":
        browser.force_login(factories.staff(reader))
    return browser


def full(client, number: str) -> dict:
    return get(client, f"distortions/{number}").json()["properties"]


def cleared(status: str, **facts):
    """A distortion whose report and photos have been cleared on the desk."""
    found = factories.distortion(status, **facts)
    for photo in Photo.objects.filter(distortion=found):
        judging.clear_photo(token=photo.token, by=factories.staff("admin"))
    for report in Report.objects.filter(distortion=found).exclude(description=""):
        judging.clear_text(report_id=report.pk, by=factories.staff("admin"))
    return found


def reported_with_photo(description: str = ""):
    report = factories.report(
        description=description, contact={"name": "SECRET-NAME", "phone": "0512345678"}
    )
    factories.photo(report=report)
    return report.distortion


def works_on(reader: str, found) -> bool:
    """Whether the desk's view is *reader*'s: all of the desk, and the crew that it is given to."""
    return reader in factories.ROLES and (reader != "crew" or found.team_id is not None)


@pytest.mark.parametrize("status", Status.values)
def test_who_sees_a_distortion_of_which_status(city, status):
    found = factories.distortion(status)

    for reader in READERS:
        client = browser_of(reader)
        listed = get(client, f"distortions?q={found.number}").json()["features"]
        alone = get(client, f"distortions/{found.number}")

        assert bool(listed) is (works_on(reader, found) or status in PUBLIC), reader
        if listed:
            assert alone.json()["properties"].items() >= listed[0]["properties"].items()
        else:
            assert alone.status_code == (308 if status == "merged" else 404), reader


@pytest.mark.parametrize("status", PUBLIC)
def test_what_only_staff_read(city, status):
    reach = {"name": "SECRET-NAME", "phone": "0512345678"}
    found = factories.distortion(status, description="Not cleared", contact=reach)

    for reader in READERS:
        told = full(browser_of(reader), found.number)
        is_staff = works_on(reader, found)

        assert told["descriptions"] == (["Not cleared"] if is_staff else []), reader
        assert bool(told["timeline"]) is (is_staff or status in PUBLISHED), reader
        assert all(("by" in step) is is_staff for step in told["timeline"]), reader
        assert not [secret for secret in SECRETS if secret in str(told)]


def test_notes_and_reasons_of_the_desk_are_not_public(city, client, triage):
    found = factories.distortion("assigned")
    factories.move("give_back", found, reason="SECRET-REASON", note="SECRET-NOTE")
    factories.move("correct", found, reason="SECRET-REASON", quantity=2.0)

    public, desk = full(client, found.number), full(triage, found.number)

    assert not [secret for secret in SECRETS if secret in str(public)]
    assert [step["move"] for step in public["timeline"]] == [
        "report",
        "accept",
        "assign",
        "give_back",
    ]
    assert desk["timeline"][-1]["reason"] == "SECRET-REASON"
    assert desk["timeline"][-2]["note"] == "SECRET-NOTE"


def test_a_whole_life_is_told_in_its_order(city, client):
    told = full(client, cleared("verified", description="A wall").number)

    moves = [step["move"] for step in told["timeline"]]
    assert moves == ["report", "accept", "assign", "treat", "verify"]
    assert told["timeline"][-1]["words"] == "We verified the treatment"
    assert told["descriptions"] == ["A wall"]
    assert [photo["kind"] for photo in told["photos"]] == ["after"]


def test_words_and_photos_are_public_once_cleared_and_accepted(city, client):
    found = reported_with_photo(description="A wall")

    def shown() -> tuple[list, int]:
        told = full(client, found.number)
        return told["descriptions"], len(told["photos"])

    assert shown() == ([], 0)
    judging.clear_text(report_id=found.reports.get().pk, by=factories.staff("triage"))
    judging.clear_photo(token=found.photos.get().token, by=factories.staff("triage"))
    assert shown() == ([], 0)
    factories.move("accept", found)
    assert shown() == (["A wall"], 1)
    judging.withhold_photo(token=found.photos.get().token, by=factories.staff("triage"))
    assert shown() == (["A wall"], 0)


@pytest.mark.parametrize("status", ["rejected", "referred"])
def test_what_is_no_longer_public_takes_its_words_along(city, client, status):
    found = cleared(status, description="A wall")

    assert get(client, f"distortions/{found.number}").status_code == 404


def test_a_private_place_is_coarse_for_the_public_in_every_answer(city, client, triage, crew):
    factories.element("waste_container", is_private=True)
    exact = factories.inside(east=0.123, north=0.456)
    found = factories.distortion("assigned", code="waste_container", **exact)

    def place(reader) -> list[float]:
        return get(reader, f"distortions/{found.number}").json()["geometry"]["coordinates"]

    lon, lat = exact["lon"], exact["lat"]
    here = f"{lon - 1e-5},{lat - 1e-5},{lon + 1e-5},{lat + 1e-5}"
    assert place(client) != [lon, lat]
    assert place(triage) == place(crew) == [lon, lat]
    assert get(client, f"distortions?bbox={here}").json()["features"] == []
    assert len(get(triage, f"distortions?bbox={here}").json()["features"]) == 1
    listed = get(client, "distortions").json()["features"][0]
    assert listed["geometry"]["coordinates"] == place(client)


def test_a_merged_distortion_leads_the_public_to_its_survivor(city, client):
    found = factories.distortion("merged")

    answer = get(client, f"distortions/{found.number}")

    assert answer.status_code == 308
    survivor = get(client, answer["Location"].removeprefix("/api/v1/"))
    assert survivor.json()["id"] == found.merged_into.number


def test_the_etag_begins_with_the_version(city, client):
    found = factories.distortion("accepted")
    address = f"distortions/{found.number}"

    first = get(client, address)
    unchanged = get(client, address, **{"if-none-match": first["ETag"]})
    factories.move("reject", factories.distortion())
    factories.move("assign", found)
    changed = get(client, address, **{"if-none-match": first["ETag"]})

    assert first["ETag"].startswith('"2-')
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200
    assert changed["ETag"].startswith('"3-')


def test_the_etag_is_another_in_another_language_and_for_another_reader(city, client, triage):
    address = f"distortions/{factories.distortion('accepted').number}"
    english = get(client, address)

    arabic = get(client, address, **{"accept-language": "ar", "if-none-match": english["ETag"]})
    of_staff = get(triage, address, **{"if-none-match": english["ETag"]})

    assert (arabic.status_code, of_staff.status_code) == (200, 200)
    assert "accept-language" in arabic["Vary"].lower()


def test_a_new_photo_changes_the_etag_but_not_the_version(city, inspector):
    found = factories.distortion("accepted")
    first = get(inspector, f"distortions/{found.number}")
    factories.photo(distortion=found, by=inspector.user)

    changed = get(inspector, f"distortions/{found.number}", **{"if-none-match": first["ETag"]})

    assert changed.status_code == 200
    assert changed["ETag"].split("-")[0] == first["ETag"].split("-")[0]


@pytest.mark.parametrize("tag", ['"2"', "the whole one"])
def test_if_match_looks_at_the_version_alone(city, client, triage, tag):
    found = factories.distortion("accepted")
    etag = get(client, f"distortions/{found.number}", **{"accept-language": "ar"})["ETag"]
    factories.photo(distortion=found, by=triage.user)

    wanted = {"if-match": etag if tag == "the whole one" else tag}
    answer = move(triage, found.number, "reopen", headers=wanted)
    first = move(triage, found.number, "assign", team=factories.team().code, headers=wanted)
    stale = move(triage, found.number, "correct", quantity=2, reason="More.", headers=wanted)

    assert [answer.status_code, first.status_code, stale.status_code] == [409, 201, 412]


def test_numbers_are_found_in_small_letters_too(city, client):
    found = factories.distortion()

    assert get(client, f"distortions/{found.number.lower()}").json()["id"] == found.number
    problem(get(client, "distortions/TF-26-999999"))


def test_a_merged_distortion_does_not_lead_to_what_is_hidden(city, client, triage):
    found = factories.distortion("merged")
    factories.move("reject", found.merged_into)

    problem(get(client, f"distortions/{found.number}"))
    assert client.get(f"/d/{found.number}/").status_code == 404
    assert triage.get(f"/d/{found.number}/").status_code == 308


def test_what_the_staff_read_is_kept_by_no_cache(city, client, triage):
    address = f"distortions/{factories.distortion('accepted').number}"

    assert "no-store" in get(triage, address)["Cache-Control"]
    assert not get(client, address).has_header("Cache-Control")


def test_a_district_that_changed_hands_is_listed_once(city, client):
    before = factories.sub_municipality("before")
    Jurisdiction.objects.create(
        district=city.west, sub_municipality=before, valid_from="2001-01-01", valid_to="2018-01-01"
    )
    client.force_login(factories.user("triage", sub_municipality=factories.sub_municipality()))
    factories.distortion("accepted")

    assert get(client, "distortions").json()["numberReturned"] == 1
