"""Who is told what: each reporter, once an event, in the transaction of the move."""

from email import message_from_bytes, policy
from uuid import uuid4

import pytest
from django.core import mail
from django.db import transaction

from gis_app.distortions.judging import withhold_photo
from gis_app.distortions.keeping import MOST_RECEIPTS
from gis_app.distortions.models import Contact, Photo
from gis_app.messages.models import Message
from tests import factories
from tests.messages.sending import tried

pytestmark = pytest.mark.django_db
REACH = {"email": "reader@example.com"}


def told(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind))


def reported(**facts):
    """A distortion whose reporter can be reached and reads English."""
    return factories.report(**({"contact": REACH, "language": "en"} | facts)).distortion


def brought_to(status: str, **facts):
    found = reported(**facts)
    for name in factories.LIVES[status]:
        found = factories.move(name, found)
    return found


def test_a_receipt_has_the_reports_private_address(city):
    report = factories.report(contact=REACH)

    message = told("received")[0]

    assert (message.to, message.language) == ("reader@example.com", "ar")
    assert f"https://rasd.test/track/{report.track_token}/" in message.body
    assert f"https://rasd.test/stop/{report.contact.stop_token}/" in message.body
    assert report.element.title_ar in message.body


def test_whoever_left_no_contact_is_told_nothing(city):
    factories.distortion("verified")

    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        ("accepted", "accepted", "We promise to treat it by"),
        ("treated", "treated", "Somebody else will check the treatment"),
        ("verified", "verified", "We verified"),
        ("rejected", "rejected", "The reason: A reason."),
        ("referred", "referred", "we referred it to The water company"),
        ("reopened", "reopened", "The reason: A reason."),
    ],
)
def test_what_became_of_a_report_is_told(city, status, kind, words):
    found = brought_to(status)

    message = told(kind)[0]

    assert message.about == found.number
    assert words in message.body
    assert "{" not in message.subject + message.body


def test_a_reference_that_is_not_there_leaves_no_empty_line(city):
    brought_to("referred")

    assert "number there" not in told("referred")[0].body


@pytest.mark.parametrize("status", ["assigned", "in_progress"])
def test_what_happens_inside_is_not_told(city, status):
    brought_to(status)

    assert {message.kind for message in Message.objects.all()} == {"received", "accepted"}


def test_a_merge_and_its_undoing_are_told_to_those_of_the_merged_one(city):
    survivor = reported(contact={"email": "first@example.com"})
    merged = reported(contact={"email": "second@example.com"})

    factories.move("merge", merged, into=survivor.number)

    assert [message.to for message in told("merged")] == ["second@example.com"]
    assert survivor.number in told("merged")[0].body
    factories.move("unmerge", merged)
    assert [message.to for message in told("unmerged")] == ["second@example.com"]
    assert merged.number in told("unmerged")[0].body


def test_after_a_merge_all_are_told_what_becomes_of_it(city):
    survivor = reported(contact={"email": "first@example.com"})
    merged = reported(contact={"email": "second@example.com"})
    factories.move("merge", merged, into=survivor.number)

    factories.move("accept", survivor)

    addresses = {message.to for message in told("accepted")}
    assert addresses == {"first@example.com", "second@example.com"}


def test_a_person_with_several_reports_is_told_once(city):
    found = reported()
    factories.report(contact=REACH, same_as=found.number, client="another phone")

    factories.move("accept", found)

    assert len(told("accepted")) == 1


def test_whoever_asked_for_silence_is_told_nothing(city):
    found = reported()
    Contact.objects.update(stopped_at=found.first_reported_at)

    factories.move("accept", found)

    assert told("accepted") == []


def test_by_telephone_first_where_there_is_a_gateway(city, settings):
    both = REACH | {"phone": "0500000000"}
    reported(contact=both)
    settings.RASD_GATEWAYS = {"sms": ("http://127.0.0.1:9/", "")}

    reported(contact=both)

    assert [
        (message.channel, message.to) for message in Message.objects.order_by("created_at")
    ] == [
        ("email", "reader@example.com"),
        ("sms", "+966500000000"),
    ]


def test_a_telephone_without_a_gateway_is_told_nothing(city):
    reported(contact={"phone": "0500000000"})

    assert not Message.objects.exists()


def test_a_move_that_is_rolled_back_tells_nobody(city):
    found = reported()

    with transaction.atomic():
        factories.move("accept", found)
        transaction.set_rollback(True)

    assert told("accepted") == []


def test_a_move_that_is_sent_again_tells_nobody_again(city):
    found, id = reported(), uuid4()
    for _again in range(2):
        factories.make_move("accept", number=found.number, id=id, by=factories.staff("triage"))

    assert len(told("accepted")) == 1


def parts(message: Message) -> dict[str, object]:
    """The mail as it travels: content type, or the picture's name, and what it holds."""
    tried(message)
    sent = message_from_bytes(mail.outbox[-1].message().as_bytes(), policy=policy.default)
    return {
        (part.get_filename() or part.get_content_type()): part.get_content()
        for part in sent.walk()
        if not part.is_multipart()
    }


def verified_with_photos():
    report = factories.report(contact=REACH)
    factories.photo(report=report, by=factories.staff("triage"))
    found = report.distortion
    for name in factories.LIVES["verified"]:
        found = factories.move(name, found)
    return found


def test_a_treatment_is_told_with_both_photos(city):
    verified_with_photos()

    found = parts(told("verified")[0])

    assert found["before.jpg"][:2] == found["after.jpg"][:2] == b"\xff\xd8"
    assert 'dir="rtl"' in found["text/html"]
    assert 'src="cid:after"' in found["text/html"]
    assert "https://rasd.test/track/" in found["text/plain"]


def test_a_photo_that_was_withheld_meanwhile_is_not_sent(city):
    verified_with_photos()
    before = Photo.objects.get(kind="before")

    withhold_photo(token=before.token, by=factories.staff("triage"))

    found = parts(told("verified")[0])
    assert "before.jpg" not in found
    assert "after.jpg" in found


def test_what_was_written_is_never_markup(city):
    found = reported()
    factories.move("reject", found, reason="<b>No</b>")

    assert "<b>No" not in parts(told("rejected")[0])["text/html"]


def test_many_reporters_ask_no_more_of_the_database(city, django_assert_max_num_queries):
    def joined_by(reporters: int):
        found = reported(contact={"email": "first@example.com"})
        for number in range(reporters):
            contact = {"email": f"r{number}@example.com"}
            factories.report(contact=contact, same_as=found.number, client=f"phone {number}")
        return found

    alone, crowd = reported(), joined_by(12)
    factories.move("accept", reported())  # what is asked only once
    with django_assert_max_num_queries(60) as few:
        factories.move("accept", alone)

    with django_assert_max_num_queries(len(few)):
        factories.move("accept", crowd)

    assert len(told("accepted")) == 15


def test_nobody_is_flooded_by_those_who_name_her_address(city):
    for number in range(MOST_RECEIPTS + 2):
        reach = {"email": "Reader@example.com" if number % 2 else "reader@example.com"}
        factories.report(contact=reach, device=f"d{number}")

    assert Message.objects.filter(kind="received").count() == MOST_RECEIPTS
    assert Contact.objects.count() == MOST_RECEIPTS + 2
