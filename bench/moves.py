"""Thousands of moves by the app itself, merges and new boundaries; then everything is recounted."""

from collections import Counter
from contextlib import suppress
from functools import partial
from random import Random
from time import perf_counter
from uuid import uuid4

from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.utils import timezone
from tqdm import tqdm

from gis_app.accounts.models import User
from gis_app.distortions.models import Distortion
from gis_app.distortions.reassign import reassign
from gis_app.distortions.status import OPEN
from gis_app.errors import Refused
from gis_app.places.models import Amana, DistrictVersion
from gis_app.treatment.actions import make_move
from gis_app.treatment.models import Team

MOVES, MERGES = 10_000, 100
REASON = {"reason": "Measured."}
# From each status some moves that need no photo, and who makes them.
NEXT = {
    "reported": [("accept", "triage", {}), ("reject", "triage", REASON)],
    "accepted": [("assign", "triage", "team"), ("correct", "triage", REASON | {"quantity": 3.0})],
    "assigned": [("start", "admin", {}), ("give_back", "admin", REASON)],
    "in_progress": [
        ("pause", "admin", {"pause_reason": "material"}),
        ("give_back", "admin", REASON),
    ],
    "treated": [("verify", "verifier", {}), ("send_back", "verifier", REASON)],
    "verified": [("reopen", "verifier", REASON)],
    "reopened": [("assign", "triage", "team")],
    "referred": [("return", "triage", {})],
}


def main(moves: int = MOVES, merges: int = MERGES) -> None:
    """Print what was done and how long each part took; an error where a recount differs."""
    draw = Random(1)
    staff = {role: User.objects.filter(role=role, is_active=True).first() for role in User.Role}
    team = Team.objects.filter(is_active=True).first()
    start = perf_counter()
    done = Counter(
        name for _ in tqdm(range(moves), disable=None) if (name := _move(draw, staff, team.code))
    )
    print(f"{done.total():,} moves in {perf_counter() - start:.0f} s:", dict(done))
    start = perf_counter()
    merged = sum(_merge(draw, staff["triage"]) for _ in range(merges))
    print(f"{merged} merges in {perf_counter() - start:.0f} s")
    start = perf_counter()
    print("New boundaries:", _redraw(staff["admin"]), f"in {perf_counter() - start:.0f} s")
    start = perf_counter()
    call_command("recount", check=True)
    print(f"Everything recounted in {perf_counter() - start:.0f} s")


def _any(draw: Random, status: str) -> Distortion | None:
    """Return a distortion of that *status*, first reported at any moment of the history."""
    rows = Distortion.objects.filter(status=status).order_by("first_reported_at")
    first = Distortion.objects.earliest("first_reported_at").first_reported_at
    moment = first + draw.random() * (timezone.now() - first)
    return rows.filter(first_reported_at__gte=moment).first()


def _move(draw: Random, staff: dict, team: str) -> str | None:
    found = _any(draw, draw.choice(list(NEXT)))
    if found is None:
        return None
    name, role, needs = draw.choice(NEXT[found.status])
    asked = {"team": team} if needs == "team" else needs
    with suppress(Refused):  # such as a pause of what is paused
        make_move(name, number=found.number, id=uuid4(), by=staff[role], **asked)
        return name
    return None


def _merge(draw: Random, by: User) -> bool:
    one, other = (_any(draw, draw.choice(OPEN)) for _ in range(2))
    if one is None or other is None:  # none was reported so late
        return False
    with suppress(Refused):
        make_move("merge", number=one.number, id=uuid4(), by=by, into=other.number)
        return True
    return False


def _redraw(by: User):
    """Let the emptiest district and a neighbour trade boundaries from today on, and re-assign."""
    today = timezone.localdate()
    in_force = DistrictVersion.objects.filter(valid_to=None)
    emptiest = in_force.annotate(least=Count("district__distortions")).order_by("least")
    first, another = emptiest[:2]
    second = emptiest.filter(boundary__touches=first.boundary).first() or another
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE places_districtversion SET valid_to = %s WHERE id IN (%s, %s)",
            [today, first.pk, second.pk],
        )
    for version, other in ((first, second), (second, first)):
        DistrictVersion.objects.create(
            district=version.district,
            boundary=other.boundary,
            label_point=other.label_point,
            valid_from=today,
        )
    amana = Amana.objects.get(pk=first.district.amana_id)
    redrawn = [first.district.code, second.district.code]
    return reassign(amana=amana, redrawn=redrawn, by=by, progress=partial(tqdm, disable=None))
