"""What a door answers, read back by the programs that people use."""

import json
from pathlib import Path

import geopandas
import pyogrio

from gis_app.exports.formats import FORMATS

BINARY = [one.name for one in FORMATS.values() if not one.is_streamed]


def taken(client, address: str) -> bytes:
    """The body of a file that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return b"".join(answer.streaming_content)


def leave(answer) -> None:
    """Go away after the first block."""
    next(answer.streaming_content)
    # Not answer.close(), which would close the connection that the test's transaction is on.
    answer._iterator.close()


def features(client, address: str) -> dict[str, dict]:
    """The features of a GeoJSON file, by their id."""
    return {found["id"]: found for found in json.loads(taken(client, address))["features"]}


def fed(client, layer: str, question: str = "") -> dict[str, dict]:
    """The features of the feed, by their id."""
    answer = client.get(f"/api/v1/{layer}?limit=1000&{question}", headers={"accept-language": "ar"})
    return {found["id"]: found for found in answer.json()["features"]}


def frame(body: bytes, format: str, folder: Path):
    """A table of a binary file, as geopandas or GDAL reads it."""
    path = folder / f"read.{format}"
    path.write_bytes(body)
    if format == "parquet":
        return geopandas.read_parquet(path)
    rows = pyogrio.read_dataframe(path)
    is_guessed = rows.columns[0] == "Field1"  # GDAL takes the head of an empty sheet for a row
    return rows.iloc[1:] if is_guessed else rows
