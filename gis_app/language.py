"""Two languages in one row: names, folding for search, and text that people type."""

import unicodedata
from functools import cached_property

from django.db.models import CharField, F, Func, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gis_app.errors import Refused

_ARABIC_INDIC = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_BIDI_CONTROLS = dict.fromkeys(
    map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)


class Fold(Func):
    """Text as search compares it: no tashkeel, one form of alef, yeh and heh, Latin digits.

    The SQL function lives in the first migration of places, so that columns and questions
    are folded by the same code.
    """

    function = "rasd_fold"
    output_field = TextField()


def active() -> str:
    """Return the language of this request: "ar" or "en"."""
    return "en" if (get_language() or "").startswith("en") else "ar"


def named(path: str = "name") -> Coalesce:
    """Select *path* in the active language, or in Arabic where there is no translation."""
    return Coalesce(
        NullIf(F(f"{path}_{active()}"), Value("")), F(f"{path}_ar"), output_field=CharField()
    )


def in_language(row: object, field: str, language: str) -> str:
    """Return *field* of a row in that language, or in Arabic where there is no translation."""
    return getattr(row, f"{field}_{language}") or getattr(row, f"{field}_ar")


def latin_digits(text: str) -> str:
    """Return *text* with Arabic-Indic digits as Latin ones."""
    return text.translate(_ARABIC_INDIC)


def clean_text(text: str, *, field: str, limit: int) -> str:
    """Return *text* trimmed and harmless; Refused when it holds control characters or is too long.

    Line breaks and tabs stay. Controls of text direction are dropped: they can turn the
    sentence around them, and nobody types them on purpose.
    """
    text = text.replace("\r\n", "\n").translate(_BIDI_CONTROLS).strip()
    if len(text) > limit:  # first: each character of a short text is looked at
        raise Refused(fields={field: [_("At most %(limit)d characters.") % {"limit": limit}]})
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text):
        raise Refused(fields={field: [_("Control characters are not allowed.")]})
    return text


class Named:
    """A row with name_ar and name_en that prints in the active language."""

    name_ar: str
    name_en: str

    @cached_property  # not a property: a queryset may have selected the name already
    def name(self) -> str:
        return (self.name_en if active() == "en" else self.name_ar) or self.name_ar

    def __str__(self) -> str:
        return self.name
