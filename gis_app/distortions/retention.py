"""What is erased by itself when its time has come: every night, and by `bin/manage retain`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from gis_app.accounts import throttle
from gis_app.accounts.models import Allowance
from gis_app.distortions.erasing import drop_original
from gis_app.distortions.models import Distortion, Photo
from gis_app.distortions.privacy import cases_due, erase_case
from gis_app.messages.actions import forget
from gis_app.messages.models import Message

MOST = 5_000  # cases and originals in one run: the next night takes the rest

Progress = Callable[[Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Ends:
    """Before which moments each kind of personal data has had its time."""

    cases: datetime
    messages: datetime
    originals: datetime
    allowances: datetime

    @classmethod
    def on(cls, now: datetime) -> "Ends":
        """Return what the settings say, seen from *now*."""
        return cls(
            cases=now - timedelta(days=settings.RASD_KEEP_CONTACTS_DAYS),
            messages=now - timedelta(days=settings.RASD_KEEP_MESSAGES_DAYS),
            originals=now - timedelta(days=settings.RASD_KEEP_ORIGINALS_DAYS),
            allowances=now - throttle.KEPT,
        )

    @property
    def old_messages(self) -> QuerySet[Message]:
        return Message.objects.finished().filter(created_at__lt=self.messages).exclude(to="")

    @property
    def old_originals(self) -> QuerySet[Photo]:
        """Photos that have been public as blurred long enough for nobody to need the original."""
        shown = Photo.objects.with_original().exclude(blurs=[])
        return shown.filter(cleared_at__lt=self.originals).order_by("pk")

    @property
    def old_allowances(self) -> QuerySet[Allowance]:
        return Allowance.objects.filter(starts_at__lt=self.allowances)


def due(*, now: datetime | None = None) -> dict[str, int]:
    """Count what `retain` would erase, and change nothing."""
    ends = Ends.on(now or timezone.now())
    return {
        "cases": cases_due(ends.cases).count(),
        "messages": ends.old_messages.count(),
        "originals": ends.old_originals.count(),
        "allowances": ends.old_allowances.count(),
    }


def retain(
    *, now: datetime | None = None, by=None, most: int = MOST, progress: Progress = iter
) -> dict[str, int]:
    """Erase what has had its time and count it. Each case is erased by itself: a stop is harmless.

    *progress* is told of the cases, as tqdm is.
    """
    ends = Ends.on(now or timezone.now())
    cases: QuerySet[Distortion, int] = cases_due(ends.cases).values_list("pk", flat=True)
    reports = [
        erase_case(pk, closed_before=ends.cases, by=by) for pk in progress(list(cases[:most]))
    ]
    originals = list(ends.old_originals[:most])
    for photo in originals:
        drop_original(photo)
    messages = forget(ends.messages)
    allowances, _rows = ends.old_allowances.delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return {
        "cases": sum(map(bool, reports)),
        "reports": sum(reports),
        "messages": messages,
        "originals": len(originals),
        "allowances": allowances,
    }
