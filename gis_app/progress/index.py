"""The visual-distortion index: how much that is open stands in each district, and for how long.

Each open distortion counts weight of its element × factor of its severity × size × days standing.
Size is its quantity as a multiple of the usual one, within bounds; unknown is 1. Days are those from
its first report to the end of the day, up to a cap. All these numbers are data: IndexFormula.

Open is what was accepted and not yet treated. A report that nobody has judged could be anything, and
a claim is no proof: neither is in the index, but what each would add stands beside it, so that
slow triage and quick claims flatter nobody.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.catalogue.models import IndexFormula
from gis_app.distortions.addresses import rows_query
from gis_app.distortions.status import OPEN, Status
from gis_app.errors import Refused
from gis_app.progress.asked import districts, past_day
from gis_app.progress.coverage import Coverage, coverage
from gis_app.progress.index_question import Question, Rules, Weighed, weighed
from gis_app.progress.standing import loads

RESIDENTS = 1000


class NoFormula(Refused):
    reason = _("There is no formula of the index: bin/manage load_index brings one.")


@dataclass
class IndexFigures:
    """Of a district, or of several together. A point is a day of a distortion that counts 1."""

    code: str = ""
    name: str = ""
    area_km2: float = 0.0
    population: int | None = None
    label: tuple[float, float] | None = None  # lat, lon
    coverage: Coverage | None = None
    parts: dict[str, float] = field(default_factory=dict)  # points of what is open, by element
    in_force: float = 0.0  # points of the same by the formula in force
    awaiting: float = 0.0  # what awaits triage would add
    claimed: float = 0.0  # what is treated and not verified yet would add
    rank: int | None = None  # 1 has most points per km²
    query: str = ""  # of the rows behind `points`

    @property
    def points(self) -> float:
        return sum(self.parts.values())

    @property
    def per_km2(self) -> float | None:
        return self.points / self.area_km2 if self.area_km2 else None

    @property
    def per_1000(self) -> float | None:
        """Points for each 1,000 residents; None where their number is not known."""
        return RESIDENTS * self.points / self.population if self.population else None

    @property
    def in_force_per_km2(self) -> float | None:
        return self.in_force / self.area_km2 if self.area_km2 else None

    def add(self, *, status: str, element: str, points: float, in_force: float) -> None:
        match status:
            case Status.REPORTED:
                self.awaiting += points
            case Status.TREATED:
                self.claimed += points
            case _:
                self.parts[element] = self.parts.get(element, 0.0) + points
                self.in_force += in_force


@dataclass(frozen=True)
class Index:
    """The figures of a day, with the formula in force then and the *rules* that were asked for."""

    day: date
    formula: IndexFormula
    rules: Rules
    is_what_if: bool
    elements: list[Weighed]
    districts: list[IndexFigures]
    totals: IndexFigures


def index(params: Mapping[str, str]) -> Index:
    """Return the index of every district in force that *params* ask for, and of them together.

    *params*: as_of, element, district, amana, sub_municipality, and what if: `weight.pothole`,
    `severity.3`, `cap_days`. Another one, or a number out of its bounds, is Unreadable.
    """
    past = past_day(params)
    day = past or timezone.localdate()
    formula = IndexFormula.objects.in_force_on(day)
    if formula is None:
        raise NoFormula
    elements = weighed(formula, day)
    usual = Rules.of(formula, elements)
    question = Question.read(params, usual=usual)
    figures = _begun(question, past, coverage(day))
    codes = {element.key: element.code for element in elements}
    for load in loads(past, formula=formula, cap_days=question.rules.cap_days, elements=elements):
        code = codes[load.element]
        if load.district not in figures or code not in (question.elements or [code]):
            continue
        figures[load.district].add(
            status=load.status,
            element=code,
            points=load.days * question.rules.factor(code, load.severity),
            in_force=load.days_in_force * usual.factor(code, load.severity),
        )
    found = list(figures.values())
    totals = _together(found, query=_query(question, past))
    _rank(found, formula)
    return Index(day, formula, question.rules, question.rules != usual, elements, found, totals)


def _begun(
    question: Question, past: date | None, seen: Mapping[int, Coverage]
) -> dict[int, IndexFigures]:
    """Return the districts that are asked for by their keys, still without points."""
    rows = districts(question.params, on=past).values_list(
        "pk", "code", "name", "area_km2", "population", "label_point"
    )
    return {
        key: IndexFigures(
            code=code,
            name=name,
            area_km2=area_km2,
            population=population,
            label=(spot.y, spot.x),
            coverage=seen.get(key),
            query=_query(question, past, district=code),
        )
        for key, code, name, area_km2, population, spot in rows
    }


def _together(districts: list[IndexFigures], *, query: str) -> IndexFigures:
    parts: Counter = Counter()  # of floats: it adds them all the same
    for district in districts:
        parts.update(district.parts)
    return IndexFigures(
        area_km2=sum(row.area_km2 for row in districts),
        population=sum(row.population or 0 for row in districts) or None,
        parts=dict(parts),
        in_force=sum(row.in_force for row in districts),
        awaiting=sum(row.awaiting for row in districts),
        claimed=sum(row.claimed for row in districts),
        query=query,
    )


def _query(question: Question, past: date | None, **of: str) -> str:
    return rows_query(**{**question.listed(), **of}, status=OPEN, as_of=past)


def _rank(districts: list[IndexFigures], formula: IndexFormula) -> None:
    """Number the districts by points per km²; not those of which too little is known, or too small."""
    ranked = [
        district
        for district in districts
        if district.coverage
        and not district.coverage.is_thin
        and district.area_km2 >= formula.least_km2
    ]
    ordered = sorted((district.per_km2 or 0 for district in ranked), reverse=True)
    for district in ranked:
        district.rank = ordered.index(district.per_km2 or 0) + 1
