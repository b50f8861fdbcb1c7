"""Two things in one report: the second one becomes a distortion of its own."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext_lazy as _

from gis_app.catalogue.models import Element
from gis_app.distortions import checks
from gis_app.distortions.content import fingerprint
from gis_app.distortions.keeping import keep
from gis_app.distortions.models import Distortion, Photo, Report, new_token
from gis_app.distortions.photos import copy_blurred
from gis_app.distortions.record import record_step
from gis_app.errors import Refused
from gis_app.geo import shape


def part(
    distortion: Distortion,
    *,
    element: Element,
    place: GEOSGeometry | None = None,
    quantity: float | None = None,
    description: str = "",
    report: str = "",
    copies: Sequence[str] = (),
    by,
    at: datetime,
) -> Distortion:
    """Return a second distortion that the *report* on a locked *distortion* (its first) names too.

    It was reported when that was, counts the same person, and begins anew; *copies* are the
    SHA-256 of the photos that show it as well. Merging it into the first one undoes this.
    """
    whole = _report_of(distortion, report)
    second = Report(
        id=uuid4(),
        split_from=whole,
        element=element,
        geometry=shape.plain(place or distortion.geometry, kinds=element.geometries),
        accuracy_m=None if place else whole.accuracy_m,
        quantity=quantity,
        description=checks.description(description),
        text_cleared_at=at if description else None,  # the desk's own words
        source=whole.source,
        by=whole.by,
        supporter=whole.supporter,
        language=whole.language,
        observed_at=whole.observed_at,
        received_at=whole.received_at,
        content_hash=fingerprint(split_from=whole.number, at=at),
    )
    keep(second, {}, joins=None, by=by, split_from=distortion)
    record_step(second.distortion, move="part", by=by, at=at, into=distortion)
    _copy(distortion, copies, to=second)
    return second.distortion


def _report_of(distortion: Distortion, number: str) -> Report:
    reports = Report.objects.about(distortion)
    found = reports.filter(number=number).first() if number else reports.first()
    if found is None:
        raise Refused(fields={"report": [_("This distortion has no such report.")]})
    return found


def _copy(distortion: Distortion, sums: Sequence[str], *, to: Report) -> None:
    """Give the photos of *distortion* with these SHA-256 to the report *to* as well."""
    found = Photo.objects.about(distortion).filter(sha256__in=sums, erased_at=None)
    photos = {photo.sha256: photo for photo in found}
    if photos.keys() != set(sums):
        raise Refused(fields={"copies": [_("It has no such photo.")]})
    for photo in photos.values():
        token = new_token()
        copy_blurred(photo, token)
        photo.pk, photo.token = None, token
        photo.distortion = photo.origin = to.distortion
        photo.report, photo.step, photo.kind = to, None, Photo.Kind.BEFORE
    Photo.objects.bulk_create(photos.values())
