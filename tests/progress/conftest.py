"""The index has a formula."""

import pytest

from gis_app.catalogue.formula_actions import load_formulas
from gis_app.catalogue.models import IndexFormula
from tests.progress.weighing import FORMULA


@pytest.fixture
def formula(city):
    load_formulas([FORMULA])
    return IndexFormula.objects.get()
