"""Photos that look alike (likeness.py), as far as somebody on the desk may know of them."""

from typing import NamedTuple

from django.contrib.gis.db.models.functions import Distance

from gis_app.accounts.models import User
from gis_app.distortions.models import Distortion, Photo, PhotoLikeness
from gis_app.distortions.queries import DistortionQuerySet
from gis_app.distortions.together import is_in_scope

MOST_PAIRS = 6  # shown of one case


class Pair(NamedTuple):
    """A photo of a treatment, and the earlier one that it looks like, so many metres away.

    *other* and *metres* are None where the earlier one's case is not the reader's.
    """

    photo: Photo
    other: Photo | None
    metres: float | None


def used_before(distortion: Distortion, *, user) -> list[Pair]:
    """Return the photos of *distortion*'s treatment that look like earlier ones, the newest first.

    Those who treat are told of none: they would learn what is found out, and what is not.
    """
    if user.role == User.Role.CREW:
        return []
    rows = PhotoLikeness.objects.filter(
        photo__distortion=distortion, photo__kind=Photo.Kind.AFTER
    ).annotate(
        away=Distance("other__distortion__geometry", distortion.geometry),
        is_mine=is_in_scope(user, "other__distortion__"),
    )
    named = ("photo", "other__distortion__element", "other__distortion__district")
    return [
        Pair(row.photo, row.other, row.away.m) if row.is_mine else Pair(row.photo, None, None)
        for row in rows.select_related(*named).order_by("-photo", "-other")[:MOST_PAIRS]
    ]


def alike_distortions(distortion: Distortion, user) -> DistortionQuerySet:
    """Return what *user* works on that was reported with a photo like one of *distortion*'s.

    Described, with `distance` on a sphere, however far away it is: of two reports with one
    photo, one may name the wrong place. The nearest first.
    """
    pairs = PhotoLikeness.objects.filter(
        photo__kind=Photo.Kind.BEFORE, other__kind=Photo.Kind.BEFORE
    )
    earlier = pairs.filter(photo__distortion=distortion).values_list("other__distortion", flat=True)
    later = pairs.filter(other__distortion=distortion).values_list("photo__distortion", flat=True)
    return (
        Distortion.objects.in_scope_of(user)
        # A union, not one condition or the other: that would read every distortion.
        .filter(pk__in=earlier.union(later))
        .exclude(pk=distortion.pk)
        .described()
        .annotate(distance=Distance("shape", distortion.geometry))
        .order_by("distance", "number")
    )
