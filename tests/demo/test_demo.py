"""The demo: loaded once, on an empty embedded database, with pictures and sign-ins."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from gis_app.accounts.models import User
from gis_app.demo import pictures
from gis_app.demo.people import PASSWORD, ROLES
from gis_app.demo.showcase import SHOWN
from gis_app.distortions.models import Distortion, Photo
from gis_app.distortions.photos import read, sha256_of
from gis_app.places.models import District
from gis_app.sites.models import KioskSite, Park
from gis_app.treatment.models import Job, RoutingRule


def said(command: str, **options) -> str:
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_the_demo_is_loaded_once(settings, client):
    settings.RASD_EMBEDDED = True

    said("load_demo", distortions=120)
    again = said("load_demo", distortions=120)

    assert "nothing was changed" in again
    assert Distortion.objects.count() == 120
    assert District.objects.described().filter(is_approximate=True).count() == 31
    assert (Park.objects.count(), KioskSite.objects.count()) == (25, 30)
    shown = Distortion.objects.filter(photos__kind="after").filter(photos__kind="before")
    assert shown.distinct().count() == SHOWN
    assert Photo.objects.values("sha256").distinct().count() == 2 * SHOWN
    assert not Photo.objects.uncleared().exists()
    people = User.objects.filter(is_by_link=False)
    assert set(people.values_list("username", flat=True)) == set(ROLES)
    for username in ROLES:
        assert username in said("demo_sign_ins")
        assert client.login(username=username, password=PASSWORD)
    assert "/crew/" not in said("demo_sign_ins")
    address = said("demo_sign_ins", link=True).split()[-1]
    assert client.post(address).status_code == 302
    assert RoutingRule.objects.filter(is_live=True).count() == 4
    assert Job.objects.get().distortions.exists()


@pytest.mark.django_db
def test_the_demo_is_not_loaded_on_a_server_of_the_citys_own(settings):
    settings.RASD_EMBEDDED = False

    with pytest.raises(CommandError, match="embedded"):
        said("load_demo")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_without_demo_accounts_no_sign_ins_are_printed():
    assert said("demo_sign_ins") == ""


@pytest.mark.parametrize("element", pictures.SCENES)
def test_a_picture_is_the_same_each_time_and_shows_the_treatment(element):
    before = pictures.draw(element, seed=3, treated=False)
    after = pictures.draw(element, seed=3, treated=True)

    assert before == pictures.draw(element, seed=3, treated=False)
    assert before != after
    picture = read(before, sha256=sha256_of(before))
    assert (picture.width, picture.height) == (1200, 900)
