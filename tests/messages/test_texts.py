"""The texts of messages: whole in both languages, edited by the city, never run."""

import json
import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from gis_app.messages.models import Channel, MessageTemplate
from gis_app.messages.texts import FILE, PLACEHOLDER, Text, placeholders, shipped
from gis_app.treatment.notices import TOLD
from tests import factories
from tests.messages.sending import queued

KINDS = json.loads(FILE.read_text(encoding="utf-8"))["kinds"]
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def edit(**facts) -> None:
    MessageTemplate.objects.filter(kind="received", channel="email", language="en").update(**facts)


@pytest.fixture
def loaded(city):
    call_command("load_messages", verbosity=0)


@pytest.fixture
def manager(admin):
    """The administrator, with Django's own rights as well."""
    admin.user.is_staff = admin.user.is_superuser = True
    admin.user.save()
    return admin


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", Channel.values)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_words(kind, channel, language):
    text = shipped()[kind, channel, language]
    examples = {name: words[language] for name, words in placeholders(kind).items()}

    subject, body = text.filled(examples)

    assert set(PLACEHOLDER.findall(text.subject + text.body)) <= set(examples)
    assert body.strip()
    assert bool(subject) == (channel == Channel.EMAIL)
    assert "{" not in subject + body
    assert bool(re.search("[\u0621-\u064a]", text.body)) == (language == "ar")


def test_every_move_that_is_told_has_its_kind():
    assert {"received", *TOLD.values()} <= set(KINDS)


def test_whatever_is_told_a_reporter_can_be_stopped():
    for kind in {"received", *TOLD.values()}:
        assert all("{stop}" in text.body for name, text in shipped().items() if name[0] == kind)


def test_a_line_with_nothing_to_fill_in_is_left_out():
    text = Text("", "We referred it.\nIts number there: {reference}")

    assert text.filled({"reference": ""})[1] == "We referred it."


def test_a_text_is_never_run():
    text = Text("", "{element} {element.__class__} {element!r} {0} {{ element }} {% now 'Y' %}")

    assert text.filled({"element": "x"})[1] == (
        "x {element.__class__} {element!r}  {{ element }} {% now 'Y' %}"
    )


def test_loading_twice_changes_nothing(loaded, capsys):
    call_command("load_messages")

    assert "0 new, 0 changed" in capsys.readouterr().out
    assert MessageTemplate.objects.count() == len(shipped())


def test_an_edited_text_is_kept_and_used(loaded):
    edit(subject="Hello {report}", edited_at=factories.timezone.now())

    call_command("load_messages", verbosity=0)

    assert queued().subject == "Hello TF-26-R000001"


def test_a_text_that_nobody_edited_follows_the_program(loaded):
    edit(body="An older wording.")

    call_command("load_messages", verbosity=0)

    assert "An older wording" not in queued().body


def test_a_text_that_is_switched_off_is_not_sent(loaded):
    edit(is_active=False)

    assert queued() is None


def address() -> str:
    row = MessageTemplate.objects.get(kind="received", channel="email", language="en")
    return reverse("admin:rasd_messages_messagetemplate_change", args=[row.pk])


def test_the_admin_shows_how_a_text_will_read(loaded, manager):
    page = manager.get(address()).content.decode()

    assert "We received report TF-26-R000123" in page


def test_an_edited_text_is_used_from_now_on(loaded, manager):
    form = {"subject": "Dear reader", "body": "Thanks for {report}. {stop}", "is_active": "on"}

    manager.post(address(), form)

    message = queued()
    assert message.subject == "Dear reader"
    assert message.body.startswith("Thanks for TF-26-R000001. https://rasd.test/stop/")
    assert MessageTemplate.objects.exclude(edited_at=None).count() == 1


@pytest.mark.parametrize("body", ["Dear {name}, {stop}", "Nothing to stop it by"])
def test_a_text_that_cannot_be_filled_in_or_stopped_is_refused(loaded, manager, body):
    manager.post(address(), {"subject": "x", "body": body, "is_active": "on"})

    assert not MessageTemplate.objects.exclude(edited_at=None).exists()
