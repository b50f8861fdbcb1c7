"""How pages write what the server knows."""

from datetime import date

from maps.templatetags.rasd import at_most, day, hijri


def test_a_day_beyond_the_hijri_tables_is_still_a_day():
    assert hijri(date(2100, 1, 1)) == "—"
    assert "2100" in day(date(2100, 1, 1))


def test_what_is_too_much_to_count_is_said_to_be_more():
    assert "10,000<" in at_most(10_000)
    assert "10,000+" in at_most(10_001)
