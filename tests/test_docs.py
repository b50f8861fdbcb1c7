"""What the guides say of the code is what the code says; what they point to exists."""

import re
from io import StringIO
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import override

from gis_app.distortions.status import Status
from gis_app.treatment.workflow import ADMIN, ANY_BUT_MERGED, MOVES, Move

ROOT = Path(settings.BASE_DIR)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
GUIDES = ("residents", "desk", "planners")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)  # in the guides: a page's own words
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("maps", "gis_app")
    for suffix in ("html", "py")
    for path in (ROOT / folder).rglob(f"*.{suffix}")
)
TRANSLATIONS = {
    entry.msgid: entry.msgstr
    for entry in polib.pofile(str(ROOT / "locale/ar/LC_MESSAGES/django.po"))
}
WORKFLOW = (ROOT / "docs/workflow.md").read_text(encoding="utf-8")


def quoted(guide: str, language: str) -> list[str]:
    """Return the words of the pages that a guide quotes; they may run over the end of a line."""
    text = (ROOT / f"docs/{guide}.{language}.md").read_text(encoding="utf-8")
    return [" ".join(words.split()) for words in BOLD.findall(text)]


def ids(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_the_diagram_is_what_the_command_draws():
    drawn = StringIO()

    call_command("draw_workflow", stdout=drawn)

    assert f"```mermaid\n{drawn.getvalue()}```" in WORKFLOW


@pytest.mark.parametrize("name", MOVES)
def test_the_table_of_moves_is_the_code_s(name):
    assert row_of(name, MOVES[name]) in WORKFLOW


def row_of(name: str, move: Move) -> str:
    """Return the row of docs/workflow.md that tells of a move."""
    starts = [start for start in Status.values if start in move.starts]
    with override("en"):
        cells = (
            f"`{name}`",
            str(move.label),
            "any but merged" if move.starts == ANY_BUT_MERGED else ", ".join(starts),
            move.end or "as before",
            ", ".join(sorted(move.by - {ADMIN})),
            ", ".join(move.needs) or "—",
            ", ".join(move.offers) or "—",
        )
    return "| " + " | ".join(cells) + " |"


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_what_a_page_points_to_exists(page):
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    files = [
        target.split("#")[0] for target in targets if not re.match(r"https?:|mailto:|#", target)
    ]

    assert [file for file in files if not (page.parent / file).exists()] == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_refusal_of_the_start_is_told_to_operators(language):
    checks = (ROOT / "gis_app/checks.py").read_text(encoding="utf-8")
    guide = (ROOT / f"docs/operators.{language}.md").read_text(encoding="utf-8")

    refusals = set(re.findall(r"rasd\.E\d{3}", checks))

    assert refusals
    assert refusals <= set(re.findall(r"rasd\.E\d{3}", guide))


@pytest.mark.parametrize("guide", GUIDES)
def test_what_a_guide_quotes_stands_on_the_pages(guide):
    words = quoted(guide, "en")

    assert words
    assert sorted({word for word in words if word not in SOURCES}) == []


@pytest.mark.parametrize("guide", GUIDES)
def test_both_languages_of_a_guide_quote_the_same_words(guide):
    english, arabic = quoted(guide, "en"), quoted(guide, "ar")

    translated = {TRANSLATIONS[word] for word in english if TRANSLATIONS.get(word)}
    assert sorted(translated.difference(arabic)) == []
