from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from gis_app.accounts import tokens
from gis_app.accounts.models import Token
from gis_app.errors import Refused
from tests import factories

pytestmark = pytest.mark.django_db


def issue(owner=None, **facts):
    return tokens.issue(owner=owner or factories.user(), **{"scopes": ["read"], "days": 1, **facts})


def test_a_key_opens_its_owner_and_only_its_hash_is_kept():
    owner = factories.user("triage")

    key = issue(owner, scopes=["move", "read"])

    token = tokens.owner_of(key)
    assert token.owner == owner
    assert token.scopes == ["move", "read"]
    assert key not in str(Token.objects.values().get())


def test_a_key_that_has_ended_opens_nothing():
    key = issue()
    Token.objects.update(expires_at=timezone.now())

    assert tokens.owner_of(key) is None


def test_the_key_of_somebody_who_left_opens_nothing():
    owner = factories.user("crew")
    key = issue(owner)
    owner.is_active = False
    owner.save()

    assert tokens.owner_of(key) is None


@pytest.mark.parametrize("key", ["", "rasd_", "rasd_unknown", "\x00", "مفتاح"])
def test_what_was_never_issued_opens_nothing(key):
    assert tokens.owner_of(key) is None


def test_the_last_use_is_noted_at_most_once_a_minute():
    key = issue()
    tokens.owner_of(key)
    first = Token.objects.get().last_used_at
    tokens.owner_of(key)
    assert Token.objects.get().last_used_at == first

    Token.objects.update(last_used_at=first - timedelta(minutes=2))
    tokens.owner_of(key)

    assert Token.objects.get().last_used_at > first


@pytest.mark.parametrize("facts", [{"scopes": []}, {"scopes": ["all"]}, {"days": 0}, {"days": 999}])
def test_a_key_has_known_scopes_and_an_end(facts):
    with pytest.raises(Refused):
        issue(**facts)


def test_the_command_prints_a_key_that_works(capsys):
    factories.user("planner", username="noura")

    call_command("issue_token", "noura", "--scope", "sites", "--scope", "read", "--days", "7")

    token = tokens.owner_of(capsys.readouterr().out.strip())
    assert token.scopes == ["read", "sites"]
    assert token.expires_at < timezone.now() + timedelta(days=7, minutes=1)


@pytest.mark.parametrize("words", [["nobody"], ["noura", "--days", "0"]])
def test_the_command_says_what_is_wrong(words):
    factories.user("planner", username="noura")

    with pytest.raises(CommandError):
        call_command("issue_token", *words)
