"""A figure's address asks a list for what it counted, and for nothing else."""

from datetime import date

from gis_app.distortions.addresses import days, events_query, rows_query

DAY = date(2026, 3, 31)


def test_several_codes_stand_by_comma_and_what_is_empty_is_not_asked():
    asked = rows_query(status=("treated", "verified"), district="TAIF-001", element="", team=None)

    assert asked == "status=treated,verified&district=TAIF-001"


def test_a_past_state_names_its_day_and_a_switch_says_true():
    assert rows_query(late=True, as_of=DAY) == "late=true&as_of=2026-03-31"
    assert rows_query(late=False) == ""


def test_events_name_their_days_with_open_ends_as_dots():
    period = days(date(2026, 1, 1), DAY)

    assert events_query(event="treat", day=period) == "event=treat&day=2026-01-01/2026-03-31"
    assert events_query(event=("treat", "verify"), day=days(None, DAY), district="TAIF-001") == (
        "event=treat,verify&day=../2026-03-31&district=TAIF-001"
    )
