"""What may be the same thing on the ground: of the same kind, still open, and close by."""

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q

from gis_app.catalogue.models import Element
from gis_app.distortions.models import Distortion
from gis_app.distortions.queries import DistortionQuerySet
from gis_app.distortions.status import UNDER_WAY, Status
from gis_app.geo import crs

FARTHEST = 4  # times the element's own radius: beyond that, two places are two things
NOT_CHECKED_YET = (*UNDER_WAY, Status.TREATED)


def reach(element: Element, accuracy_m: float | None = None) -> float:
    """Return within how many metres of a report the same thing may be.

    The element's own radius, and as much more as the place of the report may be wrong.
    """
    return min(element.same_metres + (accuracy_m or 0), FARTHEST * element.same_metres)


def likely(
    element: Element, place: GEOSGeometry, *, by, accuracy_m: float | None = None
) -> DistortionQuerySet:
    """Return the open distortions that a report of *element* at *place* may be about.

    The nearest first, described, with `distance` to their nearest point on a sphere; what *by*
    may see, and of private ones the public place. What waits for verification is not joined:
    whoever still sees it has something new to say.
    """
    rows = Distortion.objects.visible_to(by).of_kind(element).filter(status__in=UNDER_WAY)
    return rows.described().within(reach(element, accuracy_m), of=place)


def likely_for_staff(
    distortion: Distortion, user, *, accuracy_m: float | None = None
) -> DistortionQuerySet:
    """Return what *user* may find to be the same as *distortion*, the nearest first.

    As `likely`, but with the exact places, also of kinds that are mistaken for its own, and also
    treated ones that nobody has checked yet.
    """
    rows = Distortion.objects.in_scope_of(user).filter(status__in=NOT_CHECKED_YET)
    return (
        rows.filter(_kinds(distortion.element))
        .exclude(pk=distortion.pk)
        .described()
        .within(reach(distortion.element, accuracy_m), of=distortion.geometry)
    )


def may_be_same(
    found: Distortion, *, element: Element, place: GEOSGeometry, accuracy_m: float | None, by
) -> bool:
    """Whether a report of *element* at *place* can be about *found*, as far as *by* may know it.

    Generously: people stand across the street, and take one kind for another.
    """
    metres = max(FARTHEST * element.same_metres, accuracy_m or 0)
    if found.is_private:
        metres += crs.COARSE_METRES
    rows = Distortion.objects.visible_to(by).filter(_kinds(element), pk=found.pk)
    return rows.within(metres, of=place).exists()


def _kinds(element: Element) -> Q:
    """The distortions of *element*, and of those that are mistaken for it."""
    related = Element.objects.filter(related=element)
    return Q(element=element) | Q(element__in=related.values("pk"))
