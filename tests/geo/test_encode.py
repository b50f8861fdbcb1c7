"""What PostGIS encodes is what Python would: every kind of value, and whatever stands in a text."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.gis.geos import LineString
from django.db import models
from django.db.models import Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from gis_app.geo import crs, encode
from gis_app.places.models import Street
from tests import factories

pytestmark = pytest.mark.django_db
# What a column of text can hold: no NUL, no half of a pair.
TEXTS = some.text(some.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
MOMENT = datetime(2026, 3, 31, 21, 5, 9, 120_000, UTC)


def street() -> Street:
    line = LineString((40.4, 21.26), (40.41, 21.27), srid=crs.WGS84)
    return Street.objects.create(amana=factories.amana(), kind="main", line=line)


def told(*values, limit: int | None = None) -> list[dict]:
    """The properties of a street's feature that has *values* instead of its own."""
    rows = Street.objects.annotate(**{f"v{number}": value for number, value in enumerate(values)})
    page = encode.page(
        rows.order_by("pk"),
        geometry="line",
        properties={f"v{number}": f"v{number}" for number in range(len(values))},
        id="pk",
        key=("id",),
        limit=limit,
    )
    return [feature["properties"] for feature in json.loads(b"[%b]" % page.features)]


@pytest.mark.parametrize(
    ("value", "field", "expected"),
    [
        (None, models.TextField(), None),
        ("", models.TextField(), ""),
        ("حي «الشرفية»", models.CharField(), "حي «الشرفية»"),
        (0, models.IntegerField(), 0),
        (-(2**40), models.BigIntegerField(), -(2**40)),
        (None, models.IntegerField(), None),
        (True, models.BooleanField(), True),
        (None, models.BooleanField(), None),
        (3.5, models.FloatField(), 3.5),
        (float("nan"), models.FloatField(), "NaN"),
        (Decimal("12.50"), models.DecimalField(), 12.5),
        (date(2026, 3, 31), models.DateField(), "2026-03-31"),
        (MOMENT, models.DateTimeField(), "2026-03-31T21:05:09.12+00:00"),
        ({"a": [1, None, '"']}, models.JSONField(), {"a": [1, None, '"']}),
    ],
)
def test_every_kind_of_value_is_json(value, field, expected):
    street()

    assert told(Value(value, output_field=field)) == [{"v0": expected}]


@settings(derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=some.lists(TEXTS, min_size=1, max_size=4))
def test_no_text_breaks_out_of_its_quotes(one_street, texts):
    values = [Value(text, output_field=models.TextField()) for text in texts]

    assert told(*values) == [{f"v{number}": text for number, text in enumerate(texts)}]


def test_a_line_break_in_a_text_is_no_end_of_a_feature():
    for _ in range(3):
        street()
    text = '",\n{"type":"Feature"}'

    assert told(Value(text, output_field=models.TextField()), limit=2) == [{"v0": text}] * 2


@pytest.fixture
def one_street(db):
    return street()
