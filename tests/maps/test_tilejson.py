"""TileJSON: what is in the tiles of a layer, and where they are."""

import pytest

from gis_app import tiles
from gis_app.distortions.status import Status
from tests import factories

pytestmark = pytest.mark.django_db
FIRST_WITH_FEATURES = 16


def test_tilejson_tells_what_the_numbers_mean(city, client, triage):
    told = client.get("/tiles/distortions.json?element=graffiti").json()

    assert told["tilejson"] == "3.0.0"
    assert "/tiles/distortions/{z}/{x}/{y}.mvt?element=graffiti" in told["tiles"][0]
    west, south, _east, _north = told["bounds"]
    assert (west, south) == (factories.WEST, factories.SOUTH)
    cells, features, about = told["vector_layers"]
    assert (cells["id"], features["id"], about["id"]) == ("cells", "distortions", "about")
    assert features["minzoom"] == FIRST_WITH_FEATURES
    assert set(cells["fields"]) == {"reported", "open", "treated", "verified"}
    codes = {row["code"] for row in told["elements"].values()}
    assert "graffiti" in codes
    assert [row["code"] for row in told["statuses"].values()] == Status.values
    of_staff = triage.get("/tiles/distortions.json").json()["vector_layers"][0]
    assert "rejected" in of_staff["fields"]


@pytest.mark.parametrize("layer", tiles.FEATURES)
def test_every_layer_has_a_tilejson(city, client, layer):
    told = client.get(f"/tiles/{layer}.json").json()

    assert told["vector_layers"][0]["fields"]


def test_the_address_of_tiles_is_another_after_each_step(city, client):
    before = client.get("/tiles/distortions.json").json()["tiles"]
    factories.distortion()

    after = client.get("/tiles/distortions.json").json()["tiles"]

    assert before != after
    path = after[0].partition("/tiles/")[2].replace("{z}/{x}/{y}", "0/0/0")
    kept = client.get(f"/tiles/{path}")
    assert kept["Cache-Control"] == "public, max-age=21600"
