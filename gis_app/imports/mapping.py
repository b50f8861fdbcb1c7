"""What the columns and words of another system's file mean here: a TOML file, read and checked.

docs/examples/import_mapping.toml shows all of it, with the reasons.
"""

import codecs
import re
import tomllib
from collections.abc import Mapping as Words
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gis_app.distortions.models import Source
from gis_app.distortions.status import Status
from gis_app.errors import Refused

HIJRI = "hijri"  # in the place of a format of dates
CLOSED, IGNORE, REFUSE = "closed", "ignore", "refuse"
# Merged would need the other one, reopened a life before it.
STATUSES = {*Status.values, CLOSED} - {Status.MERGED, Status.REOPENED}
ENDS = (Status.TREATED, Status.VERIFIED)
MOMENTS = (
    "opened", "accepted", "assigned", "started", "treated", "verified",
    "rejected", "referred", "closed",
)  # fmt: skip

COMMON: dict[str, Any] = {"formats": [], "zone": "Asia/Riyadh"}  # of all moments

Section = TypeVar("Section")


@dataclass(frozen=True)
class FileSection:
    encoding: str = ""
    delimiter: str = ""
    layer: str = ""


@dataclass(frozen=True)
class SourceSection:
    way: str
    id: str
    id_prefix: str = ""


@dataclass(frozen=True)
class PlaceSection:
    crs: str = ""
    lon: str = ""
    lat: str = ""
    wkt: str = ""
    placeholders: list[list[float]] = field(default_factory=list)
    most_at_one_place: int = 0


@dataclass(frozen=True)
class ElementSection:
    column: str
    values: Words[str, str] = field(default_factory=dict)
    ignore: list[str] = field(default_factory=list)
    others: str = REFUSE


@dataclass(frozen=True)
class StatusSection:
    column: str = ""
    values: Words[str, str] = field(default_factory=dict)
    ignore: list[str] = field(default_factory=list)
    closed: str = Status.TREATED.value
    reason: str = ""
    body: str = ""


@dataclass(frozen=True)
class MomentColumn:
    column: str
    formats: list[str]
    zone: ZoneInfo


@dataclass(frozen=True)
class TeamSection:
    column: str = ""
    values: Words[str, str] = field(default_factory=dict)
    default: str = ""


@dataclass(frozen=True)
class TextSection:
    description: list[str] = field(default_factory=list)
    place_note: list[str] = field(default_factory=list)
    quantity: str = ""
    treated_quantity: str = ""


@dataclass(frozen=True)
class ContactSection:
    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Mapping:
    """The sections of the file; `moments` by their name here."""

    file: FileSection
    source: SourceSection
    place: PlaceSection
    element: ElementSection
    status: StatusSection
    moments: dict[str, MomentColumn]
    team: TeamSection
    text: TextSection
    contact: ContactSection

    @property
    def columns(self) -> set[str]:
        """All columns that it names."""
        place, text, contact = self.place, self.text, self.contact
        return {
            self.source.id, self.element.column, self.status.column, self.status.reason,
            self.status.body, self.team.column, place.lon, place.lat, place.wkt,
            *text.description, *text.place_note, text.quantity, text.treated_quantity,
            contact.name, contact.phone, contact.email,
            *(moment.column for moment in self.moments.values()),
        } - {""}  # fmt: skip


def read_mapping(path: Path) -> Mapping:
    """Return what the file at *path* says; Refused where it says something unknown."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"The mapping cannot be read: {error}") from error
    return mapping_of(told)


def mapping_of(told: dict[str, Any]) -> Mapping:
    """Return the mapping of an already parsed file."""
    kinds = {column.name: column.type for column in fields(Mapping)}
    _known(told, kinds, "the mapping")
    sections: dict[str, Any] = {
        name: _section(kind, told.get(name, {}), name)
        for name, kind in kinds.items()
        if isinstance(kind, type) and name != "moments"
    }
    found = Mapping(**sections, moments=_moments(told.get("moments", {})))
    _one_of(found.source.way, Source.values, "source.way")
    _one_of(found.element.others, (IGNORE, REFUSE), "element.others")
    _one_of(found.status.closed, ENDS, "status.closed")
    for word in found.status.values.values():
        _one_of(word, STATUSES, "status.values")
    if len(found.file.delimiter) > 1:
        raise Refused("[file] delimiter must be one character.")
    if found.file.encoding and not _is_encoding(found.file.encoding):
        raise Refused(f"[file] the encoding “{found.file.encoding}” is not known.")
    place = found.place
    if bool(place.lon) != bool(place.lat) or (place.lon and place.wkt):
        raise Refused("[place] needs lon and lat, or wkt, or none of them.")
    if not all(map(_is_pair, place.placeholders)):
        raise Refused("[place] placeholders must be pairs of numbers: [[0, 0]].")
    if (place.lon or place.wkt) and not place.crs:
        raise Refused("[place] must name the coordinate system: crs, such as EPSG:4326.")
    return found


def _is_encoding(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def _is_pair(told: Any) -> bool:
    numbers = [isinstance(part, int | float) for part in told] if isinstance(told, list) else []
    return numbers == [True, True]


def _section(kind: type[Section], told: dict[str, Any], name: str) -> Section:
    columns: Any = fields(kind)  # type: ignore[arg-type]
    _known(told, [column.name for column in columns], f"[{name}]")
    for column in columns:
        needed = column.default is MISSING and column.default_factory is MISSING
        if needed and column.name not in told:
            raise Refused(f"[{name}] lacks “{column.name}”.")
    given = {
        column.name: _typed(told[column.name], column, name)
        for column in columns
        if column.name in told
    }
    return kind(**given)


def _typed(value: Any, column, section: str) -> Any:
    """Return *value*, one text as a list of one; Refused when it is of another type."""
    if column.type is str:
        wanted: type = str
    elif column.type is int:
        wanted = int
    elif column.default_factory is dict:
        wanted = dict
    else:
        wanted, value = list, [value] if isinstance(value, str) else value
    if not isinstance(value, wanted):
        raise Refused(f"[{section}] {column.name} must be {wanted.__name__}.")
    texts: Any = value if column.type == list[str] else []
    if not all(isinstance(text, str) for text in texts):
        raise Refused(f"[{section}] {column.name} must be texts.")
    return value


def _moments(told: dict[str, Any]) -> dict[str, MomentColumn]:
    _known(told, [*MOMENTS, *COMMON], "[moments]")
    common: dict[str, Any] = {name: told.get(name, usual) for name, usual in COMMON.items()}
    if "opened" not in told:
        raise Refused("[moments] lacks “opened”.")
    found = {}
    for name in MOMENTS:
        if name in told:
            own = {"column": told[name]} if isinstance(told[name], str) else told[name]
            _known(own, ["column", *common], f"[moments] {name}")
            facts = common | own
            if not isinstance(facts.get("column"), str):
                raise Refused(f"[moments] {name} must name its column.")
            formats = _formats(facts["formats"], f"[moments] {name}")
            found[name] = MomentColumn(facts["column"], formats, _zone(facts["zone"]))
    return found


def _formats(told: Any, where: str) -> list[str]:
    formats: Any = [told] if isinstance(told, str) else told
    try:
        for form in formats:
            if form != HIJRI:  # as strptime reads them: the same part twice is an error
                datetime.strptime("", form)
    except (TypeError, re.error) as error:
        raise Refused(f"{where}: “{told}” are no formats.") from error
    except ValueError as error:
        if "does not match format" not in str(error):
            raise Refused(f"{where}: “{told}” are no formats.") from error
    return list(formats)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a folder of zones is none
        raise Refused(f"The time zone “{name}” is not known.") from error


def _known(told: Any, names, where: str) -> None:
    if not isinstance(told, dict):
        raise Refused(f"{where} must be a section.")
    unknown = sorted(set(told) - set(names))
    if unknown:
        raise Refused(f"{where} has no “{unknown[0]}”, only: {', '.join(names)}.")


def _one_of(word: str, words, where: str) -> None:
    if word not in words:
        raise Refused(f"{where}: “{word}” is none of {', '.join(sorted(words))}.")
