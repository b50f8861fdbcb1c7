"""When boundaries change: distortions that lie in another district now move there, by steps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from gis_app.distortions.models import Distortion
from gis_app.distortions.record import record_reassigned
from gis_app.places.models import Amana

BATCH = 20_000


@dataclass
class Reassigned:
    moved: int = 0
    outside: int = 0  # in no district now: they keep the one they had


@transaction.atomic
def reassign(
    *,
    amana: Amana,
    redrawn: list[str],
    by,
    progress: Callable[[Iterable[range]], Iterable[range]] = iter,
) -> Reassigned:
    """Give every distortion of *amana* the district that it lies in now, each by a step.

    *redrawn* are the codes of the districts whose boundaries are new. What somebody corrected by
    hand stays where they put it. *progress* may wrap the batches.
    """
    done = Reassigned()
    now = timezone.now()
    for keys in progress(_batches()):
        moved, outside = record_reassigned(amana=amana, redrawn=redrawn, keys=keys, by=by, at=now)
        done.moved += moved
        done.outside += outside
    return done


def _batches() -> list[range]:
    """Return stretches of all keys."""
    ends = Distortion.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["last"] is None:
        return []
    return [range(key, key + BATCH) for key in range(ends["first"], ends["last"] + 1, BATCH)]
