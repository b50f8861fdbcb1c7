"""What was said about one thing, together: reports and photos move when distortions are merged."""

from typing import Any

from django.db.models import Count

from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.distortions.record import record_step


def counts(distortion: Distortion) -> dict[str, Any]:
    """Count its reports, and the persons or devices that sent them."""
    reports = Report.objects.filter(distortion=distortion)
    return reports.aggregate(
        reports_count=Count("pk"), supporters_count=Count("supporter", distinct=True)
    )


def gather(merged: Distortion, *, into: Distortion, by, at) -> dict[str, int]:
    """Move the reports and photos of *merged* to *into*, with a step there; both rows are locked.

    Returns the counts that are left to *merged*.
    """
    for model in (Report, Photo):
        model.objects.filter(distortion=merged).update(distortion=into)
    record_step(into, move="absorb", by=by, at=at, into=merged, **counts(into))
    return counts(merged)


def give_back(merged: Distortion, *, survivor: Distortion, by, at) -> dict[str, int]:
    """Move back from *survivor* what came to *merged* first, or to what was merged into it.

    Both rows are locked. Returns the counts of *merged* from now on.
    """
    for model in (Report, Photo):
        theirs = model.objects.filter(distortion=survivor, origin__in=family(merged))
        theirs.update(distortion=merged)
    record_step(survivor, move="release", by=by, at=at, into=merged, **counts(survivor))
    return counts(merged)


def family(distortion: Distortion) -> list[int]:
    """The key of *distortion* and of all that was merged into it, also by way of others."""
    found = newest = [distortion.pk]
    while newest:
        newest = list(
            Distortion.objects.filter(merged_into__in=newest).values_list("pk", flat=True)
        )
        found = found + newest
    return found
