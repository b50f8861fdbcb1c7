"""What an import must know of the city: its elements and their promises, its teams and districts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from gis_app.catalogue.clock import DAY_S, ZONE_S, Clock
from gis_app.catalogue.models import DANGEROUS, Element
from gis_app.errors import Refused
from gis_app.imports.mapping import IGNORE, Mapping
from gis_app.places.models import District
from gis_app.treatment.lives import NOBODY, Clocks
from gis_app.treatment.models import Team
from gis_app.treatment.promise import HOUR_S

UNKNOWN, IGNORED = -1, -2  # in columns of indexes
EPOCH = date(1970, 1, 1)
FAR_AHEAD = (date.max - EPOCH).days
SEVERITIES = range(1, DANGEROUS + 1)


@dataclass(frozen=True)
class Promise:
    """What is promised for some cases, one column each; times in seconds."""

    clock: np.ndarray  # index into the city's clocks
    working: np.ndarray
    notice: np.ndarray


class Levels:
    """The service levels of *elements*: by element, by level from the first one on, by severity."""

    def __init__(self, elements: Sequence[Element]):
        own = [list(one.service_levels.order_by("valid_from")) for one in elements]
        shape = (len(own), max(map(len, own)))
        self._starts = np.full(shape, FAR_AHEAD)
        self._severity, self._notice = np.zeros(shape, dtype=int), np.zeros(shape, dtype=int)
        self._hours = np.zeros((*shape, DANGEROUS), dtype=int)
        for element, levels in enumerate(own):
            for number, level in enumerate(levels):
                self._starts[element, number] = (level.valid_from - EPOCH).days
                self._severity[element, number] = level.severity
                self._notice[element, number] = level.notice_days
                self._hours[element, number] = level.hours
        calendars = [[one.calendar_for(severity) for severity in SEVERITIES] for one in elements]
        different = sorted({one for row in calendars for one in row}, key=lambda one: one.pk)
        self.clocks = [calendar.clock for calendar in different]
        self._clock = np.array([[different.index(one) for one in row] for row in calendars])

    def severity(self, element: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Return the severity of what was reported *at* those moments."""
        return self._severity[element, self._level(element, at)]

    def promise(self, element: np.ndarray, severity: np.ndarray, at: np.ndarray) -> Promise:
        """Return what promise.begin promises when its clock begins *at* those moments."""
        level = self._level(element, at)
        return Promise(
            clock=self._clock[element, severity - 1],
            working=self._hours[element, level, severity - 1] * HOUR_S,
            notice=self._notice[element, level] * DAY_S,
        )

    def _level(self, element: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Return which level holds on that day in Riyadh; before the first one, the first."""
        day = (at + ZONE_S) // DAY_S
        return np.maximum((self._starts[element] <= day[:, None]).sum(axis=1) - 1, 0)


class City:
    """The city in the words of *mapping*, on the day *today*; Refused when they mean nothing."""

    def __init__(self, mapping: Mapping, *, today: date):
        elements = list(
            Element.objects.active_on(today).select_related("calendar", "danger_calendar")
        )
        if not elements:
            raise Refused("There is no catalogue: run load_catalogue first.")
        self.element_keys = np.array([element.pk for element in elements])
        self.kinds = [element.geometries for element in elements]
        self.is_private = np.array([element.is_private for element in elements], dtype=bool)
        self.visit_days = [sorted(set(element.visit_days)) for element in elements]
        self.levels = Levels(elements)
        self._elements = _element_words(elements, mapping)
        self._others = IGNORED if mapping.element.others == IGNORE else UNKNOWN

        teams = list(Team.objects.select_related("calendar"))
        self.amana_of_team = {team.pk: team.amana_id for team in teams}
        self._teams, self._default_team = _team_words(teams, mapping)
        self.clocks = Clocks(self.levels.clocks, _clocks_of(teams))

        districts = District.objects.select_related("amana")
        self.amanas = {district.pk: district.amana for district in districts}

    def elements_of(self, texts: Sequence[str]) -> np.ndarray:
        """Return the index of the element that each text means, else UNKNOWN or IGNORED."""
        return np.array([self._elements.get(folded(text), self._others) for text in texts])

    def teams_of(self, texts: Sequence[str]) -> np.ndarray:
        """Return the key of the team that each text means; NOBODY where it is not known."""
        known, default = self._teams, self._default_team
        return np.array([known.get(folded(text), NOBODY) if text else default for text in texts])


def folded(word: str) -> str:
    """Return *word* without regard to capitals and spaces."""
    return " ".join(word.split()).casefold()


def _element_words(elements: Sequence[Element], mapping: Mapping) -> dict[str, int]:
    """Return the index of the element of each word: codes, names and aliases, then the mapping's."""
    by_code = {element.code: number for number, element in enumerate(elements)}
    words = {
        folded(word): by_code[element.code]
        for element in elements
        for word in (element.name_ar, element.name_en, *element.aliases, element.code)
        if word
    }
    for word, code in mapping.element.values.items():
        if code not in by_code:
            raise Refused(f"[element.values]: the catalogue has no element “{code}” in force.")
        words[folded(word)] = by_code[code]
    return words | {folded(word): IGNORED for word in mapping.element.ignore}


def _team_words(teams: Sequence[Team], mapping: Mapping) -> tuple[dict[str, int], int]:
    by_code = {team.code: team.pk for team in teams} | {"": NOBODY}
    for code in (*mapping.team.values.values(), mapping.team.default):
        if code not in by_code:
            raise Refused(f"[team]: there is no team “{code}”.")
    words = {folded(word): by_code[code] for word, code in mapping.team.values.items()}
    codes = {folded(code): pk for code, pk in by_code.items()}
    return codes | words, by_code[mapping.team.default]


def _clocks_of(teams: Sequence[Team]) -> dict[int, Clock]:
    return {team.pk: team.calendar.clock for team in teams if team.calendar}
