"""The house rules, as tests. A rule that nobody checks is a wish."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = settings.BASE_DIR
DOORS = (ROOT / "fieldapi", ROOT / "maps")
HOUSE = (ROOT / "gis_app", *DOORS)
MOST_LINES = {".py": 300, ".css": 400, ".html": 300, ".js": 200}
MOST_LINES_OF_A_FUNCTION = 55  # of its body: some actions are asked with twenty names
SRIDS = {4326, 3857, 20437, 32637, 32638, 9357}
CDNS = r"cdn\.|cdnjs|jsdelivr|unpkg|googleapis|gstatic|openstreetmap|arcgisonline|cartocdn"
# They belong to a machine of one's own: bin/up and bin/test set them.
NOT_FOR_PRODUCTION = {"DEBUG", "SECURE_COOKIES", "RASD_EMBEDDED"}


def files(*suffixes: str, of=HOUSE) -> list[Path]:
    """The files of the house with one of these suffixes, migrations apart."""
    return sorted(
        path
        for folder in of
        for path in folder.rglob("*")
        if path.suffix in suffixes and "migrations" not in path.parts
    )


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def found(pattern: str, paths: list[Path], flags=0) -> list[str]:
    """Every place in *paths* that the pattern matches, as file:line: what stands there."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(text(path).splitlines(), start=1)
        if re.search(pattern, line, flags)
    ]


# --- who may do what


@pytest.mark.parametrize("door", ["fieldapi", "maps"])
def test_only_the_domain_owns_tables(door):
    assert list(apps.get_app_config(door).get_models()) == []


def test_the_doors_never_write_to_the_database():
    deeds = r"save|a?create|(a?get|update)_or_create|a?bulk_(create|update)|delete|record_step"
    by_orm = rf"\.({deeds})\(|\bobjects\b.*\.update\(|\)\.update\("
    by_sql = r"\b(INSERT INTO|DELETE FROM|UPDATE \w+ SET)\b|connection\.cursor"

    assert found(f"{by_orm}|{by_sql}", files(".py", of=DOORS)) == []


def test_only_one_file_knows_an_srid():
    known = "|".join(map(str, SRIDS))
    used = re.compile(rf"^(EPSG:)?({known})$|ST_\w+\([^)]*\b({known})\b")  # prose may name them

    def knows(path: Path) -> bool:
        nodes = ast.walk(ast.parse(text(path)))
        return any(used.search(str(node.value)) for node in nodes if isinstance(node, ast.Constant))

    assert [str(path.relative_to(ROOT)) for path in files(".py") if knows(path)] == [
        "gis_app/geo/crs.py"
    ]


# --- reading


def test_files_can_be_read_in_one_sitting():
    everywhere = files(*MOST_LINES, of=(*HOUSE, ROOT / "tests"))
    long = {
        str(path.relative_to(ROOT)): lines
        for path in everywhere
        if (lines := text(path).count("\n")) > MOST_LINES[path.suffix]
    }

    assert long == {}


def test_functions_can_be_read_in_one_glance():
    long = {
        f"{path.relative_to(ROOT)}: {node.name}": lines
        for path in files(".py")
        for node in ast.walk(ast.parse(text(path)))
        if isinstance(node, ast.FunctionDef)
        and (lines := node.end_lineno - _begins(node) + 1) > MOST_LINES_OF_A_FUNCTION
    }

    assert long == {}


def _begins(function: ast.FunctionDef) -> int:
    """The first line after the signature and the docstring."""
    first, *rest = function.body
    return (rest[0] if rest and ast.get_docstring(function) else first).lineno


def test_nothing_is_left_for_later():
    later = r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"

    assert found(later, files(".py", ".css", ".html", ".js", of=(*HOUSE, ROOT / "tests"))) == []


def test_every_file_says_what_it_is():
    silent = [
        str(path.relative_to(ROOT))
        for path in files(".py")
        if text(path).strip()
        and "commands" not in path.parts  # a command's `help` says it
        and not ast.get_docstring(ast.parse(text(path)))
    ]

    assert silent == []


# --- pages


def test_the_sides_of_a_page_follow_its_direction():
    # Leaflet's own panes lie left to right in both languages: what mends them stands in one file.
    sheets = [path for path in files(".css", of=(ROOT / "maps",)) if path.name != "leaflet.css"]
    physical = r"(^|[\s;{-])(left|right)(-\w+)?\s*:|(text-align|float|clear)\s*:\s*(left|right)"

    assert found(physical, sheets) == []


def test_templates_hold_no_script_and_no_style():
    pages = [path for path in files(".html") if "atlas" not in path.parts]  # a file of its own

    assert found(r"\sstyle=|<style|<script(?![^>]*\bsrc=)|\son[a-z]+=", pages, re.IGNORECASE) == []


def test_nothing_is_asked_of_somebody_elses_server():
    shown = files(".html", ".css", ".js", ".svg")
    elsewhere = r"""(src|href|url|from|import)\s*[=(]?\s*["']?(https?:)?//"""

    assert found(elsewhere, shown) == []
    assert found(CDNS, [*shown, *files(".py")], re.IGNORECASE) == []


# --- settings


def test_every_setting_from_the_environment_is_explained():
    asked = set(re.findall(r'env\.\w+\(\s*"(\w+)"', text(ROOT / "gis_app/settings.py")))
    explained = set(re.findall(r"^(\w+)=", text(ROOT / ".env.example"), re.MULTILINE))

    assert asked - explained - NOT_FOR_PRODUCTION == set()
