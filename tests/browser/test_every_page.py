"""What holds of every page: on a phone in Arabic and a desk in English, by day and by night."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from gis_app.distortions.models import Distortion
from tests import factories

PUBLIC = (
    "/",
    "/?view=points",
    "/list/",
    "/districts/",
    "/districts/TAIF-001/",
    "/d/{verified}/",
    "/d/{reported}/",
    "/report/",
    "/about/",
    "/accounts/login/",
)
STAFF = (
    "/desk/",
    "/desk/{treated}/",
    "/desk/?queue=assign&chosen=all",
    "/desk/jobs/",
    "/desk/jobs/{job}/",
    "/desk/links/",
    "/desk/follow-up/",
    "/desk/{verified}/",
    "/planner/",
    "/planner/lasting/",
)
WAYS = {"phone": {"phone": True}, "desk": {"phone": False, "language": "en"}}
LIGHTS = ("light", "dark")


@pytest.fixture
def numbers(transactional_db, city) -> dict[str, str]:
    """The number of one distortion at each status of interest, and of a job."""
    statuses = ("reported", "accepted", "assigned", "treated", "verified")
    found = {status: factories.distortion(status).number for status in statuses}
    return found | {"job": factories.job(factories.distortion("accepted")).number}


def owed(visitor, path: str) -> list[str]:
    """What a page still owes its readers: one first heading, a width that fits, what axe finds."""
    page = visitor.open(path)
    headings = page.locator("h1").count()
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    faults = [fault for light in LIGHTS for fault in faults_in(page, light)]
    page.close()
    return [
        *([f"{path}: {headings} first headings"] if headings != 1 else []),
        *([f"{path}: {wider} px wider than the screen"] if wider > 0 else []),
        *(f"{path}: {fault}" for fault in faults),
    ]


def faults_in(page, light: str) -> list[str]:
    page.emulate_media(color_scheme=light)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        f"{light}: {rule['help']}: {', '.join(node['html'] for node in rule['nodes'][:3])}"
        for rule in found.response["violations"]
    ]


@pytest.mark.parametrize("way", WAYS)
def test_public_pages_serve_everybody(numbers, visit, way):
    visitor = visit(**WAYS[way])

    found = [debt for path in PUBLIC for debt in owed(visitor, path.format(**numbers))]

    assert found == []


@pytest.mark.parametrize("way", WAYS)
def test_staff_pages_serve_everybody(numbers, visit, triage, way):
    visitor = visit(**WAYS[way])
    visitor.sign_in(triage)

    found = [debt for path in STAFF for debt in owed(visitor, path.format(**numbers))]

    assert found == []


def test_without_scripts_the_same_can_be_read(numbers, visit):
    visitor = visit(phone=True, scripts=False)

    page = visitor.open("/")
    assert page.get_by_role("link", name="حي TAIF-001").count() >= 1
    page = visitor.open("/list/")
    assert page.locator("article.case").count() == Distortion.objects.count()
