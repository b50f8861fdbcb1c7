"""The same figures otherwise than by district: of elements, larger areas and teams."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from gis_app.errors import Unreadable
from gis_app.language import named
from gis_app.places.models import Amana, Jurisdiction, SubMunicipality
from gis_app.progress import state
from gis_app.progress.figures import Figures, asked_of, by_element, fill
from gis_app.progress.question import Question
from gis_app.treatment.models import Team


@dataclass(kw_only=True)
class NamedFigures(Figures):
    """Of one amana, sub-municipality or team."""

    code: str = ""
    name: str = ""


def by_team(params: Mapping[str, str]) -> list[NamedFigures]:
    """Return the figures of every team, by name: of the whole city, as a team works all over it."""
    question = Question.read(params)
    if question.is_of_a_place or "source" in question.codes:
        told = [_("Teams are told of the whole city.")]
        raise Unreadable(fields={name: told for name in question.codes if name != "element"})
    figures = _named(Team, question, "team")
    asked = state.Asked(elements=question.codes.get("element"))
    fill(figures, Figures(question), by="team", asked=asked, question=question)
    return list(figures.values())


def by_amana(params: Mapping[str, str]) -> list[NamedFigures]:
    """Return the figures of every amana, by name."""
    question = Question.read(params)
    members = dict(question.districts().values_list("pk", "amana"))
    return _by_area(Amana, "amana", members, question)


def by_sub_municipality(params: Mapping[str, str]) -> list[NamedFigures]:
    """Return the figures of every sub-municipality, by name: of the districts that it had that day."""
    question = Question.read(params)
    theirs = Jurisdiction.objects.in_force(question.past).filter(district__in=question.districts())
    members = dict(theirs.values_list("district", "sub_municipality"))
    return _by_area(SubMunicipality, "sub_municipality", members, question)


def _by_area(
    model, name: str, members: Mapping[int, int], question: Question
) -> list[NamedFigures]:
    """Return the figures of the areas, whose *members* are districts: {its key: the area's}."""
    figures = _named(model, question, name)
    of_districts = {key: figures[area] for key, area in members.items()}
    fill(
        of_districts, Figures(question), by="district", asked=asked_of(question), question=question
    )
    return [found for key, found in figures.items() if key in members.values()]


def _named(model, question: Question, name: str) -> dict[int, NamedFigures]:
    return {
        pk: NamedFigures(question, {name: code}, code=code, name=told)
        for pk, code, told in model.objects.order_by(named()).values_list("pk", "code", named())
    }


# What the figures can be told by, and how: each has a code and a name.
BY: dict[str, Callable[[Mapping[str, str]], Sequence[Figures]]] = {
    "element": by_element,
    "sub_municipality": by_sub_municipality,
    "amana": by_amana,
    "team": by_team,
}
