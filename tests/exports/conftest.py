"""Files of the tests' own."""

import pytest


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.RASD_EXPORTS = tmp_path / "exports"
