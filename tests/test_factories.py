"""The factories themselves: what other tests stand on must hold."""

import pytest

from tests import factories


@pytest.mark.parametrize("status", factories.LIVES)
def test_a_distortion_reaches_each_status_by_real_moves(city, status):
    found = factories.distortion(status)

    assert found.status == status
    assert found.district == city.west
