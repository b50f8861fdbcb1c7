"""A rectangle of cells: what a map tile shows, or a screen."""

from dataclasses import dataclass
from typing import Self

from django.contrib.gis.geos import Polygon

from gis_app.cells.models import COARSEST, FINEST
from gis_app.geo import crs, mvt

LEVELS_IN_A_TILE = 5  # 32 × 32 cells
DEEPEST_TILE = FINEST - LEVELS_IN_A_TILE  # beyond it, a tile shows each distortion


@dataclass(frozen=True)
class Area:
    """Cells of one level: columns from the west, rows from the north, the last ones included."""

    level: int
    columns: tuple[int, int]
    rows: tuple[int, int]

    @classmethod
    def of_tile(cls, tile: mvt.Address) -> Self:
        """Return the cells of a tile; of the finest level where it lies deeper than DEEPEST_TILE."""
        level = min(tile.z + LEVELS_IN_A_TILE, FINEST)
        side = 2 ** (level - tile.z)
        return cls(
            level,
            (tile.x * side, (tile.x + 1) * side - 1),
            (tile.y * side, (tile.y + 1) * side - 1),
        )

    @classmethod
    def of_box(cls, box: Polygon, *, level: int, most: int) -> Self:
        """Return the cells that a stored *box* touches: coarser ones than of *level* where these
        would be more than *most* in a row."""
        west, south, east, north = box.extent
        left, top = crs.to_world(lon=west, lat=north)
        right, bottom = crs.to_world(lon=east, lat=south)
        level = max(COARSEST, min(level, FINEST))
        while level > COARSEST and max(right - left, bottom - top) * 2**level > most:
            level -= 1
        return cls(level, _cells(left, right, level), _cells(top, bottom, level))

    @property
    def box(self) -> Polygon:
        """The stored box that the cells fill."""
        count = 2**self.level
        west, north = crs.from_world(self.columns[0] / count, self.rows[0] / count)
        east, south = crs.from_world((self.columns[1] + 1) / count, (self.rows[1] + 1) / count)
        return crs.box(west, south, east, north)


WHOLE_WORLD = Area.of_tile(mvt.Address(0, 0, 0))


def _cells(first: float, last: float, level: int) -> tuple[int, int]:
    """Return the first and the last cell between two shares of the world's side."""
    end = 2**level - 1
    return min(int(first * 2**level), end), min(int(last * 2**level), end)
