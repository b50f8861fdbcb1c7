"""A formula of simple numbers, and distortions that have stood for whole days."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from gis_app.distortions.models import Distortion
from gis_app.geo.filters import RIYADH
from tests import factories

FORMULA = {
    "version": 1,
    "valid_from": "2018-01-01",
    "severity": [1, 2, 3, 4],
    "size": {"least": 0.5, "most": 4},
    "cap_days": 30,
    "other_weight": 1,
    "least_km2": 0.25,
    "note_ar": "مقترح",
    "note_en": "A proposal",
    "weights": [
        {"element": "graffiti", "weight": 2, "usual": 4},
        {"element": "pothole", "weight": 3, "usual": 2},
    ],
}


def days_before(end: date, days: float) -> datetime:
    """The moment that lies so many days before the end of a day in Riyadh."""
    midnight = datetime.combine(end + timedelta(days=1), datetime.min.time(), RIYADH)
    return midnight - timedelta(days=days)


def stand(status="accepted", *, days: float = 10, **facts) -> Distortion:
    """A distortion of *status* that has stood for so many days when today is over."""
    return factories.distortion(
        status, observed_at=days_before(timezone.localdate(), days), **facts
    )
