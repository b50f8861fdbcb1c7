"""When boundaries change: distortions that lie in another district now move there, by steps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from gis_app.distortions.models import Distortion, Step
from gis_app.distortions.record import record_step
from gis_app.places.models import Amana, District
from gis_app.places.queries import NOWHERE, astray

BATCH = 5_000


@dataclass
class Reassigned:
    moved: int = 0
    outside: int = 0  # in no district now: they keep the one they had


@transaction.atomic
def reassign(
    *,
    amana: Amana,
    by,
    progress: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> Reassigned:
    """Give every distortion of *amana* the district that it lies in now, each by a step.

    What somebody corrected by hand stays where they put it. *progress* may wrap the batches.
    """
    done = Reassigned()
    now = timezone.now()
    districts = District.objects.in_bulk()
    for first in progress(_batches(amana)):
        for distortion in _to_move(amana, first):
            if distortion.there == NOWHERE:
                done.outside += 1
                continue
            there = districts[distortion.there]
            record_step(distortion, move="reassign", by=by, at=now, district=there)
            done.moved += 1
    return done


def _batches(amana: Amana) -> list[int]:
    """Return the first key of each stretch of keys."""
    keys = Distortion.objects.filter(district__amana=amana).order_by("pk")
    first, last = keys.first(), keys.last()
    return list(range(first.pk, last.pk + 1, BATCH)) if first and last else []


def _to_move(amana: Amana, first: int) -> QuerySet:
    """Return the locked distortions of one stretch whose district is not where they lie."""
    by_hand = Step.objects.filter(distortion=OuterRef("pk"), move="correct").exclude(
        from_district=F("to_district")
    )
    stretch = Distortion.objects.filter(pk__range=(first, first + BATCH - 1), district__amana=amana)
    return astray(stretch, "geometry").exclude(Exists(by_hand)).select_for_update(of=("self",))
