"""What waits for the desk before it is published, and what does not, as the catalogue says."""

import pytest

from gis_app.distortions.models import Photo, Report
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def unmoderated(city):
    kind = factories.element("pothole")
    kind.is_moderated = False
    kind.save()
    return kind


def test_what_residents_send_waits_for_the_desk(city, client):
    report = factories.report(description="A hole.")
    photo = factories.photo(report=report)
    factories.move("accept", report.distortion)

    assert not Photo.objects.published().exists()
    assert list(Photo.objects.uncleared()) == [photo]
    assert list(Report.objects.with_uncleared_text()) == [report]
    assert "A hole." not in client.get(f"/d/{report.distortion.number}/").content.decode()


def test_where_the_catalogue_says_so_it_is_published_with_its_distortion(unmoderated, client):
    report = factories.report(code="pothole", description="A hole.")
    photo = factories.photo(report=report)
    assert not Photo.objects.published().exists()

    factories.move("accept", report.distortion)

    assert list(Photo.objects.published()) == [photo]
    assert "A hole." in client.get(f"/d/{report.distortion.number}/").content.decode()
    assert not Photo.objects.uncleared().exists()
