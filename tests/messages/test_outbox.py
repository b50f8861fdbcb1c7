"""The outbox: what is queued goes out once, is tried again, and in the end the desk decides."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Thread

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from gis_app.messages.actions import erase_for, forget
from gis_app.messages.delivery import LEASE, deliver
from gis_app.messages.models import Message
from gis_app.messages.tasks import deliver_due
from tests.messages.sending import queued, tried

pytestmark = pytest.mark.django_db


def fails(monkeypatch, error: Exception) -> None:
    def refuse(self):
        raise error

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)


def jobs() -> list[dict]:
    return list(ProcrastinateJob.objects.filter(status="todo").values_list("args", flat=True))


def test_what_is_queued_has_a_job_and_goes_out(city):
    message = queued()

    assert {"id": str(message.pk)} in jobs()
    assert tried(message).state == "sent"
    assert mail.outbox[0].to == ["reader@example.com"]
    assert "TF-26-R000001" in mail.outbox[0].subject


def test_a_change_that_is_rolled_back_tells_nobody(city):
    with transaction.atomic():
        queued()
        transaction.set_rollback(True)

    assert not Message.objects.exists()
    assert jobs() == []


def test_the_same_event_is_told_once(city):
    first = queued()

    again = queued(to="other@example.com")

    assert again == first
    assert Message.objects.get().to == "reader@example.com"
    assert len(jobs()) == 1


def test_what_was_sent_is_not_sent_again(city):
    message = tried(queued())

    deliver(message.pk)

    assert len(mail.outbox) == 1


def test_a_failure_is_tried_again_after_ever_longer_pauses(city, monkeypatch):
    fails(monkeypatch, SMTPServerDisconnected("reader@example.com went away"))
    message = queued()

    pauses = []
    for _attempt in range(3):
        message = tried(message)
        pauses.append(round((message.next_try_at - timezone.now()).total_seconds() / 60))

    assert message.state == "failed"
    assert pauses == [1, 3, 9]
    assert message.last_error == "SMTPServerDisconnected"


def test_before_its_time_nothing_is_tried(city, monkeypatch):
    fails(monkeypatch, TimeoutError())
    message = tried(queued())

    deliver(message.pk)

    message.refresh_from_db()
    assert message.attempts == 1


def test_after_the_last_attempt_the_desk_decides(city, monkeypatch, settings):
    settings.RASD_MESSAGE_ATTEMPTS = 2
    fails(monkeypatch, TimeoutError())

    message = tried(tried(queued()))

    assert message.state == "dead"
    assert Message.objects.dead().get() == message


def test_an_address_that_is_refused_for_good_is_not_tried_again(city, monkeypatch):
    refused = SMTPRecipientsRefused({"reader@example.com": (550, b"No such user")})
    fails(monkeypatch, refused)

    message = tried(queued())

    assert (message.state, message.last_error) == ("dead", "SMTP 550")


def test_a_mailbox_that_is_full_is_tried_again(city, monkeypatch):
    fails(monkeypatch, SMTPRecipientsRefused({"reader@example.com": (452, b"Full")}))

    assert tried(queued()).state == "failed"


def test_what_a_killed_worker_had_in_hand_is_looked_at_again(city):
    message = queued()
    # As it lies there between the claim and the answer of the gateway.
    Message.objects.update(attempts=1, next_try_at=timezone.now() + LEASE)
    deliver_due(0)
    assert len(jobs()) == 1

    Message.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    deliver_due(0)

    assert jobs() == [{"id": str(message.pk)}] * 2


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_sends(city):
    message = queued()

    def work():
        try:
            deliver(message.pk)
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(mail.outbox) == 1
    assert Message.objects.get().attempts == 1


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_a_channel_that_is_not_set_up_is_not_offered(city, channel):
    assert queued(channel=channel, to="+966500000000") is None
    assert not Message.objects.exists()


def test_without_a_mail_server_no_mail_is_queued(city, settings):
    settings.RASD_EMAIL = False

    assert queued() is None


def test_a_sent_message_is_forgotten_and_what_waits_is_not(city):
    sent, waiting = tried(queued(key="sent")), queued(key="waiting")

    assert forget(timezone.now()) == 1

    sent.refresh_from_db()
    waiting.refresh_from_db()
    assert (sent.to, sent.subject, sent.body, sent.stop_token) == ("", "", "", "")
    assert sent.state == "sent"
    assert waiting.to == "reader@example.com"
    assert forget(timezone.now()) == 0


def test_what_nobody_decided_on_is_forgotten_too(city, monkeypatch, settings):
    settings.RASD_MESSAGE_ATTEMPTS = 1
    fails(monkeypatch, TimeoutError())
    message = tried(queued())

    assert forget(timezone.now()) == 1

    message.refresh_from_db()
    assert (message.state, message.to) == ("stopped", "")


def test_all_that_was_written_to_somebody_can_be_erased(city):
    sent, waiting = tried(queued(key="sent")), queued(key="waiting")
    other = queued(key="other", stop_token="another")

    assert erase_for(["token"]) == 2

    for message in (sent, waiting, other):
        message.refresh_from_db()
    assert (sent.state, sent.body) == ("sent", "")
    assert (waiting.state, waiting.body) == ("stopped", "")
    assert other.body


def test_what_nobody_thought_of_is_a_failure_like_any_other(city, monkeypatch):
    fails(monkeypatch, ZeroDivisionError("reader@example.com"))

    message = tried(queued())

    assert (message.state, message.last_error) == ("failed", "ZeroDivisionError")


def test_what_ends_the_worker_each_time_is_not_tried_for_ever(city, settings):
    message = queued()
    Message.objects.update(attempts=settings.RASD_MESSAGE_ATTEMPTS)

    assert tried(message).state == "dead"
    assert mail.outbox == []


def test_a_subject_is_one_line(city):
    context = {"report": "TF-1\nBcc: other@example.com"}

    message = tried(queued(context=context))

    assert message.state == "sent"
    assert "\n" not in message.subject
    assert mail.outbox[0].recipients() == ["reader@example.com"]


def test_an_address_is_in_no_log(city, monkeypatch, caplog):
    fails(monkeypatch, TimeoutError("reader@example.com"))

    tried(queued())

    assert "reader@" not in caplog.text
    assert "reader@" not in str(jobs())


def test_what_was_ever_sent_is_not_read_to_tell_how_the_outbox_stands(city):
    tried(queued())
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as said:
        assert Message.objects.outbox() == {"sent": 1, "waiting": 0, "oldest": None}
        asked = [query["sql"] for query in said]
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in asked:
            cursor.execute(f"EXPLAIN {sql}")
            assert "Seq Scan" not in str(cursor.fetchall()), sql
