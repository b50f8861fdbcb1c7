"""Pages that are kept compiled answer as those that are not, and enter the index in the right place."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import translation

from gis_app import feeds
from gis_app.geo import crs, encode
from gis_app.geo.filters import BBoxFilter
from gis_app.layers import LAYERS
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()
LAYER = LAYERS["distortions"]
SMALL, OTHER, LARGE = (
    "40.40,21.26,40.404,21.264",
    "40.404,21.26,40.409,21.265",
    "40.4,21.2,40.5,21.3",
)
# Whatever statistics say of so few rows: how would it be found among millions?
AS_IF_MANY = "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"


@pytest.fixture
def full(city):
    """Distortions of three kinds, of all that a page can hold, all over the city."""
    for column in range(3):
        for share in (0.1, 0.4, 0.8):
            factories.distortion("accepted", **inside(column, east=share, north=share))
            factories.distortion(code="pothole", **inside(column, east=share, north=1 - share))
    factories.distortion("rejected")
    return city


def plain(user, params, *, limit=100, cursor=""):
    """The page without anything kept."""
    return LAYER.page(LAYER.after(LAYER.rows(user, params), cursor), limit=limit)


def plan_of(rows) -> str:
    sql, params = encode.sql_of(rows)
    with connection.cursor() as cursor:
        cursor.execute(AS_IF_MANY)
        cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("role", [None, "triage", "crew", "resident"])
@pytest.mark.parametrize(
    "params",
    [
        {},
        {"bbox": SMALL},
        {"bbox": OTHER},
        {"bbox": LARGE},
        {"element": "pothole"},
        {"element": "pothole,graffiti", "status": "accepted", "bbox": SMALL},
        {"district": "TAIF-002", "late": "true"},
        {"q": "TF"},
    ],
)
def test_each_reader_gets_the_rows_of_the_layer_each_time(full, role, params):
    user = factories.user(role) if role else ANYBODY
    expected = plain(user, params)

    for _ in range(7):  # the database keeps a plan after some times
        assert feeds.page(LAYER, user, params, limit=100) == expected


def test_a_kept_page_is_of_the_box_and_the_cursor_of_now(full):
    for params in ({"bbox": LARGE}, {"bbox": SMALL}, {"bbox": OTHER}, {}):
        cursor = ""
        for _ in range(4):
            page = feeds.page(LAYER, ANYBODY, params, limit=2, cursor=cursor)
            assert page == plain(ANYBODY, params, limit=2, cursor=cursor)
            cursor = page.last and LAYER.cursor(page.last)


def test_a_kept_page_is_in_the_language_of_its_reader(full):
    told = {}
    for language in ("ar", "en", "ar"):
        with translation.override(language):
            told[language] = feeds.page(LAYER, ANYBODY, {}, limit=1).features.decode()

    assert "كتابات" in told["ar"] or "حفر" in told["ar"]
    assert "Graffiti" in told["en"] or "potholes" in told["en"]


def test_staff_whose_scope_has_changed_get_another_page(full):
    crew = factories.user("crew")
    assert feeds.page(LAYER, crew, {}, limit=100).count == 18
    factories.move("assign", LAYER.model.objects.filter(status="accepted")[0])
    referred = factories.distortion("referred")
    LAYER.model.objects.filter(pk=referred.pk).update(team=crew.team)

    assert feeds.page(LAYER, crew, {}, limit=100) == plain(crew, {})


def test_a_page_far_down_begins_in_the_index_where_the_last_one_ended(full):
    rows = LAYER.rows(ANYBODY, {})
    last = list(rows)[9]
    key = [last.first_reported_at, last.number]

    plan = plan_of(LAYER.beyond(rows, key)[:5])

    assert "Index Scan using distortion_newest" in plan
    assert "Index Cond: (ROW(first_reported_at, (number)::text) <" in plan


def test_a_small_box_is_looked_up_by_its_place_whatever_it_holds(full):
    rows = LAYER.model.objects.visible_to(ANYBODY)
    found = BBoxFilter("shape").filter(rows, crs.box(40.40, 21.26, 40.404, 21.264))

    plan = plan_of(found.values("pk"))

    assert "Index Cond: (public_geometry && $" in plan
