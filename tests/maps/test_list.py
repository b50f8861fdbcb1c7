"""The list: the map's rows and filters, for those who read instead of looking."""

import re
from urllib.parse import parse_qsl

import pytest

from gis_app.distortions.status import PUBLIC
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db


def page(client, question: str = "") -> str:
    answer = client.get(f"/list/{question}")
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(html: str) -> list[str]:
    return re.findall(r'<h3><a href="/d/([^/]+)/"', html)


def test_it_shows_what_the_public_may_see(city, client):
    seen = {factories.distortion(status).number for status in PUBLIC}
    for status in ("rejected", "referred", "merged"):
        factories.distortion(status)

    assert seen <= set(numbers(page(client)))
    assert numbers(page(client, "?status=rejected,referred,merged")) == []


def test_filters_of_the_form_and_of_the_address_are_the_same(city, client):
    treated = factories.distortion("treated")
    factories.distortion("verified", code="pothole")
    factories.distortion("accepted")

    assert numbers(page(client, "?status=treated,verified&element=graffiti&q=")) == [treated.number]
    assert numbers(page(client, "?status=treated&status=verified&element=graffiti")) == [
        treated.number
    ]


def test_each_choice_says_how_many_it_has(city, client):
    for status in ("treated", "treated", "accepted"):
        factories.distortion(status)

    html = page(client, "?status=treated")

    assert re.search(r'value="treated" checked.*?<bdi dir="ltr">2</bdi>', html)
    assert re.search(r'value="accepted">.*?<bdi dir="ltr">1</bdi>', html)


QUESTIONS = (
    "", "status=treated,rejected", "element=pothole", "district=TAIF-001&status=accepted",
    "as_of=2026-03-01", "as_of=2026-03-01&district=TAIF-001", "late=true", "bbox=40,21,41,22",
)  # fmt: skip


@pytest.mark.parametrize("most", [0, 10_000])
@pytest.mark.parametrize("who", ["public", "planner", "crew"])
def test_what_is_counted_is_what_is_listed(
    city, client, planner, crew, clock, monkeypatch, who, most
):
    lives = [factories.distortion(status) for status in ("accepted", "reported", "treated")]
    factories.distortion("rejected", **inside(1), code="pothole")
    clock.at(2)
    factories.move("assign", lives[0])
    factories.move("reject", lives[1])
    factories.distortion("treated", **inside(1), code="pothole")
    monkeypatch.setattr("maps.facets.MOST", most)
    reader = {"public": client, "planner": planner, "crew": crew}[who]

    for question in QUESTIONS:
        context = reader.get(f"/list/?{question}").context
        told = context["facets"]
        assert told.count == len(context["rows"]) or told.count > told.most
        for name, counts in {"status": told.by_status, "element": told.by_element}.items():
            for value in (counts or {}).keys() & {"treated", "rejected", "pothole", "graffiti"}:
                asked = dict(parse_qsl(question)) | {name: value}
                assert counts[value] == len(reader.get("/list/", asked).context["rows"])
        if not question and who != "crew":
            assert told.by_status  # however many there are


def test_a_case_is_found_by_its_number_as_it_is_said_on_the_telephone(city, client):
    found = factories.distortion()
    factories.distortion()

    spoken = found.number[-4:].translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    assert numbers(page(client, f"?q={spoken}")) == [found.number]


def test_the_pages_follow_each_other_without_gaps(city, client, monkeypatch):
    monkeypatch.setattr("maps.listing.PAGE", 2)
    sent = [factories.distortion().number for _ in range(5)]
    seen, question = [], "?element=graffiti"

    while question:
        html = page(client, question)
        seen += numbers(html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        question = following[1].replace("&amp;", "&") if following else ""

    assert sorted(seen) == sorted(sent)
    assert len(seen) == len(sent)


def test_nothing_found_says_what_to_do(city, client):
    html = page(client, "?status=verified")

    assert 'class="empty"' in html
    assert 'href="/report/"' in html


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("status=gone", "الحالة"),
        ("unknown=1", "unknown"),
        ("cursor=guess", "cursor"),
        ("q=" + "x" * 81, "بحث"),
        ("source=gone", "المصدر"),
        ("unknown=1&element=gone", "نوع التشوه"),
    ],
)
def test_what_cannot_be_read_is_told_above_the_form(city, client, question, word):
    factories.distortion()

    answer = client.get(f"/list/?{question}&late=true")

    assert answer.status_code == 400
    html = answer.content.decode()
    assert word in html.split('role="alert"', 1)[1].split("</ul>")[0]
    assert 'name="late" value="true" checked' in html
    assert numbers(html) == []


def test_a_filter_without_a_field_is_named_kept_and_removable(city, client):
    there = factories.district("TAIF-009", column=4, of=factories.sub_municipality("taif-east"))
    factories.distortion()
    found = factories.distortion(code="pothole", **inside(4))

    html = page(client, "?sub_municipality=taif-east&source=resident&status=reported")

    assert numbers(html) == [found.number]
    assert there.jurisdictions.get().sub_municipality.name in html
    assert '<input type="hidden" name="sub_municipality" value="taif-east">' in html
    assert 'href="?source=resident&amp;status=reported"' in html


def test_days_beside_arabic_words_keep_their_order(city, client):
    html = page(client, "?verified=2026-01-01/2026-03-31&amana=taif&source=resident,field")

    assert "\u20682026-01-01/2026-03-31\u2069" in html
    assert "، " in html.split('class="cluster chosen"')[1].split("</p>")[0]


def test_a_past_day_is_named_and_can_be_left(city, client, clock):
    found = factories.distortion("accepted")
    clock.at(2)
    factories.move("refer", factories.distortion())
    factories.move("assign", found)

    html = page(client, "?as_of=2026-03-01&status=accepted")

    assert numbers(html) == [found.number]
    assert "2026-03-01" in html.split("<h1", 1)[1].split('class="cluster chosen"')[0]
    assert 'href="?status=accepted"' in html
    assert 'name="as_of" type="date" max="2026-03-02" value="2026-03-01"' in html


def test_queries_of_a_past_day_do_not_grow_with_its_rows(city, clock, queries_of):
    factories.distortion("accepted")
    clock.at(2)
    few = queries_of("/list/?as_of=2026-03-01&status=accepted")

    clock.at(1)
    for _ in range(4):
        factories.distortion("accepted")
    clock.at(2)

    assert queries_of("/list/?as_of=2026-03-01&status=accepted") == few <= 10


@pytest.mark.parametrize("path", ["/list/", "/list/events/", "/exports/distortions/"])
@pytest.mark.parametrize("codes", ["source=field,", "source=%20field", "source=,"])
def test_codes_between_which_nothing_stands_are_told_in_words(city, client, path, codes):
    assert client.get(f"{path}?{codes}").status_code == 200


@pytest.mark.parametrize("codes", ["accepted,", "%20accepted", ","])
def test_so_are_statuses_of_a_file_to_take_away(city, client, codes):
    assert client.get(f"/exports/distortions/?status={codes}").status_code == 200
