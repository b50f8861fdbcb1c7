"""The planner's page: one measure for map and table, one district in full, and the file to take away."""

import re

import pytest

from gis_app.places.registers import Ground
from gis_app.progress.figures import DistrictFigures
from gis_app.progress.question import Question
from maps.measures import MEASURES, Scale
from maps.templatetags.rasd import rate_class
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def lives(city):
    """One verified and one open in the west, one waiting in the middle."""
    factories.distortion("verified", **factories.inside(0))
    factories.distortion("accepted", code="pothole", **factories.inside(0))
    factories.distortion("reported", **factories.inside(1))


def test_it_is_for_staff(client, resident, planner, city):
    assert client.get("/planner/")["Location"].startswith("/accounts/login/")
    assert resident.get("/planner/").status_code == 403
    assert planner.get("/planner/").status_code == 200


def test_a_total_opens_exactly_its_rows(planner, lives):
    context = planner.get("/planner/", {"district": "TAIF-001"}).context

    rows = planner.get(f"/list/?{context['chosen'].query}").context["rows"]

    assert len(rows) == context["chosen"].total == 2


def test_the_totals_open_their_rows_too(planner, lives):
    answer = planner.get("/planner/")

    opened = re.findall(r'href="([^"]+)"', answer.content.decode().partition("<tfoot>")[2])[:6]
    counts = [planner.get(one.replace("&amp;", "&")).context["facets"].count for one in opened]

    assert counts == [2, 1, 0, 1, 0, 0]  # accepted, open, late, awaiting, referred, rejected


def test_the_city_of_a_past_day_is_named_with_its_day(planner, lives, clock):
    clock.at(2)

    past = sheet_of(planner.get("/planner/", {"as_of": "2026-03-01"}))

    assert "المدينة كلها" in past
    assert "كما كانت الحال في نهاية" in past
    assert "2026-03-01" in past
    assert "كما كانت" not in sheet_of(planner.get("/planner/"))
    assert "ما اخترته" in sheet_of(planner.get("/planner/", {"element": "pothole"}))


def sheet_of(answer) -> str:
    """Return the sheet's heading, up to its first number."""
    return answer.content.decode().partition('class="sheethead"')[2].partition('class="pair"')[0]


def test_the_weakest_comes_first(planner, lives):
    def codes(measure):
        context = planner.get("/planner/", {"measure": measure}).context
        return [row.code for row in context["districts"]]

    assert codes("open")[0] == "TAIF-001"
    assert codes("waiting")[0] == "TAIF-002"


def test_an_element_narrows_map_table_and_sheet_alike(planner, lives):
    context = planner.get("/planner/", {"element": "pothole"}).context

    assert (context["totals"].total, context["totals"].verified) == (1, 0)
    assert [row.code for row in context["by_element"]] == ["pothole"]


def test_a_sub_municipality_narrows_the_districts(planner, city):
    factories.district("TAIF-009", column=5, of=factories.sub_municipality("taif-south"))

    context = planner.get("/planner/", {"sub_municipality": "taif-south"}).context

    assert [row.code for row in context["districts"]] == ["TAIF-009"]


@pytest.mark.parametrize("params", [{"measure": "x"}, {"element": "x"}, {"x": "1"}])
def test_an_unreadable_question_is_refused(planner, city, params):
    assert planner.get("/planner/", params).status_code == 400


def test_more_distortions_ask_no_more_of_the_database(
    planner, lives, django_assert_max_num_queries
):
    with django_assert_max_num_queries(25) as few:
        planner.get("/planner/")
    for _ in range(5):
        factories.distortion("verified")

    with django_assert_max_num_queries(len(few)):
        planner.get("/planner/")


def test_the_map_to_take_away_is_a_download(planner, lives):
    answer = planner.get("/planner/map.html")

    assert "attachment" in answer["Content-Disposition"]
    assert "TAIF-001" in answer.content.decode()


# --- colours


def district(**counts) -> DistrictFigures:
    ground = Ground(
        pk=1,
        code="A",
        name="A",
        area_km2=1.0,
        population=None,
        shape="{}",
        label=(21.2, 40.4),
        is_approximate=False,
        sub_municipality_name="",
    )
    figures = DistrictFigures(Question.read({}), ground=ground)
    for name, count in counts.items():
        figures.standing.less("accepted" if name == "open" else name, -count)
    return figures


@pytest.mark.parametrize(
    ("verified", "open_", "shade"),
    [
        (0, 0, "cx"),
        (10, 10, "c0"),
        (0, 40, "c1"),
        (10, 30, "c2"),
        (20, 20, "c3"),
        (24, 16, "c4"),  # 60%: where a fifth begins
        (40, 0, "c5"),
    ],
)
def test_rates_are_coloured_by_fifths_on_every_map(verified, open_, shade):
    figures = district(verified=verified, open=open_)

    assert Scale.of(MEASURES["verified"], [figures]).class_of(figures) == shade
    assert rate_class(figures) == shade


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (5, 1), (6, 2), (52, 15), (77, 20), (433, 100), (1200, 250)]
)
def test_counts_are_coloured_by_round_steps_that_hold_them_all(most, step):
    districts = [district(open=most), district(open=0)]

    scale = Scale.of(MEASURES["open"], districts)

    assert scale.step == step
    assert scale.classes[-1][2] >= most
    assert scale.class_of(districts[1]) == "w0"
