"""The formula of the index is data: dated, begun as a copy, and never changed once in force."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from gis_app.catalogue.formula_actions import begin_formula, load_formulas
from gis_app.catalogue.models import Element, IndexFormula
from gis_app.errors import Forbidden
from tests.progress.weighing import FORMULA

pytestmark = pytest.mark.django_db


@pytest.fixture
def formula(city):
    load_formulas([FORMULA])
    return IndexFormula.objects.get()


def test_the_files_formula_names_every_element_of_the_catalogue(db):
    call_command("load_catalogue", verbosity=0)
    call_command("load_index")
    call_command("load_index")

    assert IndexFormula.objects.get().weights.count() == Element.objects.count()


def test_a_new_version_is_begun_by_planners_alone(formula, planner, crew):
    made = begin_formula(like=formula, by=planner.user)

    assert (made.version, made.is_to_come) == (2, True)
    assert made.weights.count() == Element.objects.count()
    with pytest.raises(Forbidden):
        begin_formula(like=formula, by=crew.user)


def test_a_formula_is_changed_only_before_it_begins(formula, admin):
    admin.user.is_staff = admin.user.is_superuser = True
    admin.user.save()
    listed = reverse("admin:catalogue_indexformula_changelist")
    of_the_past = reverse("admin:catalogue_indexformula_change", args=[formula.pk])

    answer = admin.post(listed, {"action": "begin_next", "_selected_action": [formula.pk]})
    assert admin.post(of_the_past, {"cap_days": 1}).status_code == 403

    assert 'name="cap_days"' in admin.get(answer["Location"]).content.decode()
    assert 'name="cap_days"' not in admin.get(of_the_past).content.decode()
