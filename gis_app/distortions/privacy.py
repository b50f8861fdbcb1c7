"""Personal data is kept as long as it serves, and then erased: from rows, words, files and messages.

What is erased leaves a tombstone (Report.erased_at) and a step; counts and history stay. Steps
themselves hold nothing personal of residents. docs/privacy.en.md says what is kept how long.
"""

from collections.abc import Iterable
from datetime import datetime
from secrets import token_hex
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from gis_app.distortions.erasing import erase_photos
from gis_app.distortions.gathering import counts, family
from gis_app.distortions.models import Contact, Distortion, Report, Step, StepText, new_token
from gis_app.distortions.queries import PUBLISHED_TEXT
from gis_app.distortions.record import record_step
from gis_app.distortions.status import Status
from gis_app.distortions.steps import ASIDE
from gis_app.messages.actions import erase_for

CLOSED = (Status.VERIFIED, Status.REJECTED, Status.REFERRED)


def cases_due(before: datetime) -> QuerySet[Distortion]:
    """Return what was closed before that moment, and still has personal data."""
    kept = Report.objects.filter(distortion=OuterRef("pk"), erased_at=None)
    lately = Step.objects.filter(distortion=OuterRef("pk"), recorded_at__gte=before)
    return Distortion.objects.filter(
        Exists(kept), ~Exists(lately.exclude(move__in=ASIDE)), status__in=CLOSED
    ).order_by("pk")


@transaction.atomic
def erase_case(pk: int, *, closed_before: datetime, by=None) -> int:
    """Erase what is personal of a case that was closed so long ago; return of how many reports.

    What was published stays, without its author. 0 when the case has come to life meanwhile.
    """
    distortion = Distortion.objects.select_for_update(no_key=True).get(pk=pk)
    if not cases_due(closed_before).filter(pk=pk).exists():
        return 0
    reports = list(Report.objects.filter(distortion=distortion, erased_at=None))
    _erase(distortion, reports, by=by, wholly=False)
    return len(reports)


@transaction.atomic
def erase_report(*, report_id: UUID, by=None) -> Report:
    """Erase all of a report that is its sender's, also what was published; open cases go on.

    Its number, identifier, kind and day stay, at the place of the distortion. Its private
    address ends. Erasing it again changes nothing.
    """
    distortion = _locked_with(report_id)
    report = Report.objects.get(pk=report_id)
    if not report.erased_at or report.description or report.photos.filter(erased_at=None).exists():
        _erase(distortion, [report], by=by, wholly=True)
    report.refresh_from_db()
    return report


def _locked_with(report_id: UUID) -> Distortion:
    """Lock the distortion that the report is with: a merge may move it while this waits."""
    while True:
        found = Report.objects.get(pk=report_id)
        with transaction.atomic():
            row = Distortion.objects.select_for_update(no_key=True).get(pk=found.distortion_id)
            if Report.objects.filter(pk=report_id, distortion=row).exists():
                return row
            transaction.set_rollback(True)  # lets the lock go: they are taken in one order only


def _erase(distortion: Distortion, reports: list[Report], *, by, wholly: bool) -> None:
    now = timezone.now()
    rows = Report.objects.filter(pk__in=[report.pk for report in reports])
    contacts = Contact.objects.filter(report__in=rows)
    erase_for(contacts.values_list("stop_token", flat=True))
    contacts.delete()
    for report in reports:
        erase_photos(report, keep_published=not wholly)
    (rows if wholly else rows.exclude(PUBLISHED_TEXT)).update(description="")
    rows.update(
        erased_at=now,
        by=None,
        place_note="",
        device_observed_at=None,
        geometry=distortion.geometry,  # where she stood is hers, where the thing lies is not
    )
    _forget_who(reports, end_addresses=wholly)
    _forget_words(family(distortion), reasons=distortion.status in CLOSED)
    record_step(
        distortion,
        move="erase",
        by=by,
        at=now,
        differences={"erased": ["", ", ".join(sorted(report.number for report in reports))]},
        **counts(distortion),
    )


def _forget_who(reports: Iterable[Report], *, end_addresses: bool) -> None:
    """Give each person a fresh mark that leads nowhere: who counted once still counts once."""
    marks: dict[str, str] = {}
    for report in reports:
        report.supporter = marks.setdefault(report.supporter, token_hex(32))
        if end_addresses:
            report.track_token = new_token()
        report.save(update_fields=["supporter", "track_token"])


def _forget_words(distortions: list[int], *, reasons: bool) -> None:
    """Erase notes, which may name anybody; and *reasons*, which those at work still need."""
    texts = StepText.objects.filter(step__distortion__in=distortions)
    texts.update(note="", **({"reason": ""} if reasons else {}))
