"""What the address asks of the list, in the words of its reader."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from gis_app.catalogue.models import Element
from gis_app.distortions.models import Source
from gis_app.distortions.status import words_for
from gis_app.language import active
from gis_app.places.filters import codes_of
from gis_app.places.models import Amana, District, SubMunicipality
from gis_app.sites.models import Park
from gis_app.treatment.filters import RESULTS
from gis_app.treatment.models import Team

WORDS = {
    "as_of": _("At the end of"),
    "day": _("Days"),
    "days": _("Period"),
    "from": _("From"),
    "to": _("To"),
    "event": _("What happened"),
    "number": _("Report number"),
    "q": _("Search"),
    "status": _("Status"),
    "element": _("Kind of distortion"),
    "source": _("Source"),
    "district": _("District"),
    "late": _("Late only"),
    "park": _("Park"),
    "amana": _("amana"),
    "sub_municipality": _("Sub-municipality"),
    "bbox": _("Place"),
    "observed": _("First reported"),
    "treated": _("Treated"),
    "verified": _("Verified"),
    "recurrence": _("Recurrences only"),
    "relapsed": _("Came back later"),
    "team": _("Team"),
    "second_check": _("Second check"),
    "checked": _("Checked again"),
    "checked_team": _("Team checked again"),
}
SWITCHES = ("late", "recurrence", "relapsed")  # on or off: their name says all
OF_THE_FORM = ("q", "status", "element", "district", "late", "as_of")
PLACES = {
    "district": District,
    "element": Element,
    "park": Park,
    "amana": Amana,
    "sub_municipality": SubMunicipality,
    "team": Team,
    "checked_team": Team,
}


def beside_the_form(
    params: Mapping[str, str], form: Collection[str] = OF_THE_FORM
) -> list[tuple[str, str, str]]:
    """Return each filter of *params* that the *form* has no field for: name, what was sent, words."""
    others = {name: text for name, text in params.items() if name not in form}
    return [(name, text, _in_words(name, text)) for name, text in others.items()]


def all_in_words(params: Mapping[str, str]) -> list[str]:
    """Return every filter of distortions in *params*, those of the form too."""
    return [_in_words(name, text) for name, text in params.items()]


def in_words(fields: Mapping[str, list[str]]) -> list[tuple[object, str]]:
    """Return what was wrong with each filter, under the name that its reader knows."""
    return [(WORDS.get(name, name), text) for name, texts in fields.items() for text in texts]


def _in_words(name: str, text: str) -> str:
    codes = [code for code in text.strip().split(",") if code]  # as CodesField reads them
    if name in PLACES:
        names = codes_of(PLACES[name])()
        return _listed(names[code] for code in codes if code in names)
    if name == "status":
        return _listed(words_for(code, staff=False) for code in codes)
    if name == "second_check":
        return f"{WORDS[name]}: {dict(RESULTS)[text]}"
    if name == "source":
        return _listed(str(Source(code).label) for code in codes)
    word = WORDS.get(name, name)
    # Isolated: beside Arabic words the parts of a day would stand the other way round.
    return str(word) if name in SWITCHES else f"{word} \u2068{text}\u2069"


def _listed(words: Iterable[str]) -> str:
    return ("، " if active() == "ar" else ", ").join(words)
