"""Arabic is the original: no text that a reader meets may lack its Arabic, or be in doubt."""

import re
import shutil
from collections.abc import Iterator
from datetime import date

import polib
import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.core.management import call_command
from django.utils import formats, translation
from django.utils.translation import ngettext

from gis_app.accounts.models import User

CATALOGUE = settings.BASE_DIR / "locale/ar/LC_MESSAGES/django.po"
CODE = ("gis_app", "fieldapi", "maps")
SIX_FORMS = {
    0: "لا بلاغات",
    1: "بلاغ واحد",
    2: "بلاغان",
    3: "3 بلاغات",
    10: "10 بلاغات",
    11: "11 بلاغًا",
    99: "99 بلاغًا",
    100: "100 بلاغ",
    102: "102 بلاغ",
    103: "103 بلاغات",
    111: "111 بلاغًا",
}


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


@pytest.fixture
def in_the_code(tmp_path, monkeypatch, settings) -> polib.POFile:
    """What makemessages finds today, in a copy of the code: it writes beside the templates."""
    for folder in CODE:
        ignored = shutil.ignore_patterns("__pycache__", "migrations")
        shutil.copytree(settings.BASE_DIR / folder, tmp_path / folder, ignore=ignored)
    (tmp_path / "locale").mkdir()
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["ar"], verbosity=0)
    return polib.pofile(str(tmp_path / "locale/ar/LC_MESSAGES/django.po"))


def key(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def translations(catalogue: polib.POFile) -> Iterator[tuple[str, str]]:
    """Every message with each of its Arabic forms."""
    for entry in catalogue:
        for form in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            yield entry.msgid, form


def test_every_text_of_the_code_has_its_arabic(in_the_code, catalogue):
    known = {key(entry) for entry in catalogue.translated_entries()}

    assert [entry.msgid for entry in in_the_code if key(entry) not in known] == []


def test_no_arabic_is_in_doubt_or_left_over(catalogue):
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


def test_every_count_has_the_six_arabic_forms(catalogue):
    counted = [entry for entry in catalogue if entry.msgid_plural]

    assert [entry.msgid for entry in counted if len(entry.msgstr_plural) != 6] == []


def test_arabic_fills_in_the_same_values(catalogue):
    value = re.compile(r"%\(\w+\)[sdif]|%[sdif]|\{\w*\}")
    wrong = {}
    for entry in catalogue:
        asked = set(value.findall(entry.msgid)) | set(value.findall(entry.msgid_plural))
        forms = entry.msgstr_plural if entry.msgid_plural else {5: entry.msgstr}
        for number, form in forms.items():
            given = set(value.findall(form))
            # None, one and two say their number in words.
            if given != asked and not (number < 3 and given < asked):
                wrong[form] = asked ^ given

    assert wrong == {}


def test_arabic_has_latin_digits_and_no_marks_that_turn_text(catalogue):
    # Isolates stay: an address or a date inside a sentence needs them where no <bdi> can stand.
    unwanted = re.compile("[٠-٩۰-۹\u061c\u200e\u200f\u202a-\u202eـ]")

    assert [form for _, form in translations(catalogue) if unwanted.search(form)] == []


def test_arabic_is_arabic(catalogue):
    names = {"Rasd", "English", "WhatsApp", "GeoJSON", "API"}  # may stay in Latin letters
    foreign = [
        form
        for _, form in translations(catalogue)
        if not re.search("[\u0621-\u064a]", form) and re.search("[A-Za-z]{3}", form)
    ]

    assert [form for form in foreign if form not in names] == []


@pytest.mark.parametrize(("number", "words"), SIX_FORMS.items())
def test_reports_are_counted_as_in_speech(number, words):
    with translation.override("ar"):
        assert ngettext("%(n)s report", "%(n)s reports", number) % {"n": number} == words


def test_numbers_and_dates_are_written_as_in_the_city():
    with translation.override("ar"):
        assert formats.localize(1234.5) == "1,234.5"
        assert formats.localize(date(2026, 7, 1)) == "1 يوليو 2026م"
    with translation.override("en"):
        assert formats.localize(1234.5) == "1,234.5"
        assert formats.localize(date(2026, 7, 1)) == "1 July 2026"


@pytest.mark.parametrize("register", admin.site._registry.values(), ids=str)
def test_the_administration_is_labelled_in_arabic(register, rf):
    request = rf.get("/")
    request.user = User(is_superuser=True, is_active=True)
    with translation.override("ar"):
        labels = [
            label
            for part in (register, *register.get_inline_instances(request))
            for label in labels_of(part, request)
        ]

    assert [label for label in labels if not re.search("[\u0621-\u064a]", label)] == []


def labels_of(part, request) -> Iterator[str]:
    """What a form of the administration, and its list where it has one, calls its fields."""
    is_inline = hasattr(part, "get_formset")
    form = part.get_formset(request).form if is_inline else part.get_form(request)
    for name in flatten_fieldsets(part.get_fieldsets(request)):
        field = form.base_fields.get(name)
        yield str(field.label or name if field else label_for_field(name, part.model, part))
    for name in () if is_inline else part.list_display:
        yield str(label_for_field(name, part.model, part))
