"""The catalogue as pages read it, kept in memory: see registers/kept.py."""

from datetime import date

from gis_app.catalogue.models import Element, ServiceLevel, WorkingCalendar
from gis_app.registers.kept import Kept

CLOCK = ("hours", "holidays", "breaks")


@Kept
def calendars() -> list[WorkingCalendar]:
    """Return all working calendars, with what their clocks are made of."""
    return list(WorkingCalendar.objects.prefetch_related(*CLOCK))


@Kept
def _elements() -> dict[int, Element]:
    """All elements in the catalogue's order, with their levels and calendars."""
    rows = Element.objects.select_related("calendar", "danger_calendar")
    return {row.pk: row for row in rows.prefetch_related("service_levels")}


def all_elements() -> list[Element]:
    """Return all elements that ever were, in the catalogue's order."""
    return list(_elements().values())


def elements_on(day: date, *, user=None) -> list[Element]:
    """Return the elements that are counted on *day*, of *user* those that she works on."""
    keys = user.element_keys if user else []
    return [row for row in all_elements() if row.is_active_on(day) and (not keys or row.pk in keys)]


def element_on(code: str, day: date) -> Element | None:
    """Return the element of that *code*, if it is counted on *day*."""
    return next((row for row in elements_on(day) if row.code == code), None)


def level_on(element: int, day: date) -> ServiceLevel:
    """Return what is promised for the element of that key on *day*: see Element.level_on."""
    return _elements()[element].level_on(day)
