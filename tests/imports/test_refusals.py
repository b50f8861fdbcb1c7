"""Each fault of a row is named, the row is kept as it was, and the good ones land all the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis_app.distortions.models import Distortion, Report
from gis_app.treatment.models import Team
from tests import factories
from tests.factories import inside
from tests.imports.files import Run, at, row

pytestmark = pytest.mark.django_db
SOON = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%d %H:%M")
PLACEHOLDERS = ('lat = "lat"', 'lat = "lat"\nplaceholders = [[-77, 39]]')


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"id": ""}, "Its number in the other system is missing or unreadable"),
        ({"id": "9" * 41}, "Its number in the other system is missing or unreadable"),
        ({"kind": "Flood"}, "The kind of distortion is not known"),
        ({"status": "Lost"}, "The status is not known"),
        ({"lon": "", "lat": ""}, "No coordinates"),
        ({"lon": "forty"}, "Unreadable coordinates"),
        ({"lon": ""}, "Unreadable coordinates"),
        ({"lat": "121.27"}, "Unreadable coordinates"),
        ({"lon": "nan"}, "Unreadable coordinates"),
        ({"lon": "-77.0", "lat": "39"}, "Placeholder coordinates"),
        ({"lon": str(inside(7)["lon"])}, "Outside the city"),
        ({"opened": ""}, "When it was reported is missing"),
        ({"opened": "yesterday"}, "Unreadable date"),
        ({"closed": "31/31/2024"}, "Unreadable date"),
        ({"opened": "1875-01-01"}, "Unreadable date"),
        ({"opened": SOON, "closed": SOON}, "A date lies in the future"),
        ({"closed": SOON}, "A date lies in the future"),
        ({"closed": at(-1)}, "Closed before it was reported"),
        ({"closed": ""}, "Closed, but without a date"),
        ({"text": "x" * 2001}, "A text is too long or has control characters"),
        ({"text": "a\x01b"}, "A text is too long or has control characters"),
    ],
)
def test_a_faulty_row_is_refused_with_its_reason_and_kept_as_it_was(city, tmp_path, facts, reason):
    faulty = row(2, **facts)

    run = Run(tmp_path, [row(1), faulty, row(3)], changes=[PLACEHOLDERS])

    assert run.reasons == [reason]
    assert run.refused[0].items() >= faulty.items()
    assert run.refused[0]["Row"] == "2"
    assert set(Report.objects.values_list("external_number", flat=True)) == {"18-0001", "18-0003"}
    assert (run.count("Landed"), run.count("Refused"), run.count(reason)) == (2, 1, 1)


def test_of_two_rows_with_one_number_the_first_lands(city, tmp_path):
    run = Run(tmp_path, [row(1), row(1, text="Another")])

    assert Report.objects.get().description == "On the wall"
    assert run.reasons == ["Its number stands in an earlier row of the file"]


def test_a_place_that_too_many_rows_have_is_none(city, tmp_path):
    crowd = [row(number) for number in range(1, 5)]
    alone = row(5, lon=str(inside(1)["lon"]))
    broken = row(6, lon="40\0")

    run = Run(
        tmp_path,
        [*crowd, alone, broken],
        changes=[('lat = "lat"', 'lat = "lat"\nmost_at_one_place = 3')],
    )

    assert run.reasons == [
        *["Too many rows have exactly these coordinates"] * 4, "Unreadable coordinates"
    ]  # fmt: skip
    assert Report.objects.get().external_number == "18-0005"


def test_dates_out_of_order_are_refused(city, tmp_path):
    rows = [row(1, assigned=at(9)), row(2, assigned=at(1))]

    run = Run(
        tmp_path, rows, changes=[('opened = "opened"', 'opened = "opened"\nassigned = "assigned"')]
    )

    assert run.reasons == ["Its dates are out of order"]
    assert run.refused[0]["Value"] == "treated < assigned"


def test_a_row_with_more_columns_than_the_first_is_refused(city, tmp_path):
    run = Run(tmp_path, [row(1)])
    torn = tmp_path / "torn.csv"
    lines = run.path.read_text().splitlines()
    torn.write_text("\n".join([*lines, lines[1].replace("18-0001", "18-0002") + ",,,", "one"]))

    run = Run(tmp_path, torn)

    assert run.reasons == ["The row has more or fewer columns than the first one"] * 2
    assert run.count("Already there") == 1


def test_what_had_no_known_team_is_refused(city, tmp_path):
    rows = [row(1, team="treatment-1"), row(2, team="Nobody's"), row(3, team="Ours")]
    teams = '[team]\ncolumn = "team"\n[team.values]\n"Ours" = "treatment-1"\n'

    run = Run(tmp_path, rows, changes=[('[team]\ndefault = "treatment-1"\n', teams)])

    assert run.reasons == ["No known team had it"]
    assert set(Distortion.objects.values_list("team__code", flat=True)) == {"treatment-1"}


def test_a_team_of_another_amana_is_refused_as_such(city, tmp_path):
    Team.objects.filter(code="treatment-1").update(amana=factories.amana("jeddah", prefix="JD"))

    run = Run(tmp_path, [row()])

    assert run.reasons == ["Its team is of another amana than its district"]


def test_an_impossible_quantity_or_contact_is_refused(city, tmp_path):
    rows = [
        row(1, size="-3", phone=""),
        row(2, size="12,5x", phone=""),
        row(3, size="", phone="12"),
        row(4, size="1,250.5", phone="0551234567"),
    ]
    more = 'description = "text"\nquantity = "size"\n[contact]\nphone = "phone"\n'

    run = Run(tmp_path, rows, changes=[('description = "text"\n', more)])

    assert run.reasons == [*["Unreadable or impossible quantity"] * 2, "Unreadable contact"]
    report = Report.objects.get()
    assert (report.quantity, report.contact.phone) == (1250.5, "+966551234567")


@pytest.mark.parametrize(
    ("written", "quantity"),
    [
        ("1,234", 1234),
        ("12,345.5", 12_345.5),
        ("12,5", 12.5),
        ("١٢٫٥", 12.5),
        ("1,2,3", None),
    ],
)
def test_a_comma_stands_between_threes_or_for_the_decimals(city, tmp_path, written, quantity):
    more = 'description = "text"\nquantity = "size"\n'

    run = Run(tmp_path, [row(size=written)], changes=[('description = "text"\n', more)])

    assert list(Report.objects.values_list("quantity", flat=True)) == [quantity] * bool(quantity)
    assert run.reasons == ([] if quantity else ["Unreadable or impossible quantity"])


def test_words_that_the_mapping_leaves_out_are_neither_refused_nor_landed(city, tmp_path):
    run = Run(tmp_path, [row(1, kind="snow ", lon="nowhere"), row(2)])

    assert run.count("Left out by the mapping") == 1
    assert run.refused == []
    assert not run.bad.exists()


def test_what_is_not_named_can_be_left_out_altogether(city, tmp_path):
    run = Run(
        tmp_path, [row(1, kind="Flood"), row(2)],
        changes=[('column = "kind"', 'column = "kind"\nothers = "ignore"')],
    )  # fmt: skip

    assert (run.count("Left out by the mapping"), run.count("Landed")) == (1, 1)


def test_reasons_are_told_in_the_language_that_is_asked_for(city, tmp_path):
    run = Run(tmp_path, [row(1, kind="Flood")], "--language=en")

    assert list(run.refused[0])[:3] == ["Row", "Reason", "Value"]
    assert run.refused[0]["Value"] == "Flood"


def test_a_mended_file_of_refused_rows_can_be_read_again(city, tmp_path):
    run = Run(tmp_path, [row(1), row(2, lon="")])
    mended = tmp_path / "mended.csv"
    mended.write_text(
        run.bad.read_text(encoding="utf-8-sig").replace(",,21.", f",{inside()['lon']},21."),
        encoding="utf-8",
    )

    again = Run(tmp_path, mended)

    assert again.count("Landed") == 1
    assert Report.objects.count() == 2
