"""Signing in, signing out, and the language that somebody chose."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "long and only for this test"


@pytest.fixture
def account(city):
    """A function that makes an account with a password: account("triage")."""

    def make(role: str):
        user = factories.user(role, username=role)
        user.set_password(PASSWORD)
        user.save()
        return user

    return make


def sign_in(client, username: str, password: str = PASSWORD, **more):
    told = {"username": username, "password": password, **more}
    return client.post("/accounts/login/", told)


@pytest.mark.parametrize(
    ("role", "work"), [("triage", "/desk/"), ("planner", "/planner/"), ("resident", "/")]
)
def test_everybody_comes_to_their_own_work(client, account, role, work):
    account(role)

    assert sign_in(client, role)["Location"] == work


def test_who_was_on_the_way_somewhere_comes_there(client, account):
    account("triage")

    assert sign_in(client, "triage", next="/desk/?queue=assign")["Location"] == (
        "/desk/?queue=assign"
    )
    assert "elsewhere" not in sign_in(client, "triage", next="//elsewhere.example/")["Location"]


def test_a_wrong_password_keeps_the_name_and_says_so(client, account):
    account("triage")

    html = sign_in(client, "triage", "guess").content.decode()

    assert 'value="triage"' in html
    assert 'role="alert"' in html


def test_guessing_passwords_is_slowed_down(client, account, settings):
    settings.RASD_SIGN_INS_PER_HOUR = 2
    account("triage")
    for _ in range(2):
        sign_in(client, "triage", "guess")

    answer = sign_in(client, "triage")

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_signing_out_is_a_deed_of_its_own(client, account):
    account("triage")
    sign_in(client, "triage")

    assert client.get("/accounts/logout/").status_code == 405
    client.post("/accounts/logout/")

    assert client.get("/desk/").status_code == 302


def test_the_chosen_language_stays(client, city):
    assert '<html lang="ar" dir="rtl">' in client.get("/list/").content.decode()

    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/list/?element=graffiti"})

    assert answer["Location"] == "/list/?element=graffiti"
    assert '<html lang="en" dir="ltr">' in client.get("/list/").content.decode()


def test_a_browser_that_prefers_english_still_meets_arabic_first(client, city):
    html = client.get("/list/", headers={"Accept-Language": "en"}).content.decode()

    assert '<html lang="ar" dir="rtl">' in html
