"""How a layer is taken away: at once, or ordered."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.rights import rights_of
from gis_app.accounts.throttle import spend
from gis_app.errors import Refused
from gis_app.exports.formats import Format
from gis_app.exports.models import UNFINISHED, Export, State
from gis_app.exports.streams import STREAMS, Blocks, Place, of_file
from gis_app.exports.tasks import write_exports
from gis_app.exports.writing import write_file
from gis_app.language import active
from gis_app.layers import Layer

HOUR = 3600  # seconds
AS_GOOD_AS_NEW = timedelta(minutes=10)  # the same question within it gets the same file


class TooLarge(Refused):
    """More rows than are written while somebody waits, or than the format can hold."""


def take(*, layer: Layer, format: Format, question: Mapping[str, str], by, client: str) -> Blocks:
    """Return the file in blocks, which the caller closes.

    Raises TooLarge when it has to be ordered, Busy when too many are on their way.
    """
    rows = layer.rows(by, question)
    most = settings.RASD_EXPORT_AT_ONCE
    if not format.is_streamed and count(layer, rows, question, most=most + 1) > most:
        raise TooLarge
    _count_against(client)
    place = Place()
    try:
        if format.is_streamed:
            return Blocks(STREAMS[format.name](layer, rows), place)
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"{layer.name}.{format.name}"
            write_file(layer, rows, format, path)
            return of_file(path.open("rb"), place)  # which outlives its name
    except BaseException:
        place.leave()
        raise


def take_ready(export: Export) -> Blocks:
    """Return an ordered file in blocks, which the caller closes; FileNotFoundError once it is gone."""
    file = export.path.open("rb")
    return of_file(file, Place())


@transaction.atomic
def order(*, layer: Layer, format: Format, question: Mapping[str, str], by, client: str) -> Export:
    """Have a file prepared; the same question again gets the same one while it is fresh."""
    rows = layer.rows(by, question)
    most = format.most_rows
    if most and count(layer, rows, question, most=most + 1) > most:
        raise TooLarge(
            _("%(format)s holds %(most)s rows at most. Narrow the filters, or take CSV.")
            % {"format": format.label, "most": f"{most:,}"}
        )
    asked = {
        "layer": layer.name,
        "format": format.name,
        "question": dict(question),
        "language": active(),
        "rights": rights_of(by),
        "by": by if by.is_authenticated else None,
    }
    known = _fresh(Export.objects.filter(**asked))
    if known:
        return known
    _count_against(client)
    kept = timedelta(hours=settings.RASD_EXPORT_HOURS)
    made = Export.objects.create(**asked, expires_at=timezone.now() + kept)
    write_exports.defer()
    return made


def count(layer: Layer, rows: QuerySet, question: Mapping[str, str], *, most: int) -> int:
    """Return how many there are; no more than *most* are looked at."""
    with layer.bounded(question):
        return rows.order_by()[:most].count()


def _fresh(exports: QuerySet[Export]) -> Export | None:
    since = timezone.now() - AS_GOOD_AS_NEW
    states = (*UNFINISHED, State.READY)
    return exports.filter(ordered_at__gt=since, state__in=states).order_by("-ordered_at").first()


def _count_against(client: str) -> None:
    spend("export", client=client, limit=settings.RASD_EXPORTS_PER_HOUR, seconds=HOUR)
