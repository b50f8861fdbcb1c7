"""The one way in which a distortion moves along its life."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.distortions import checks
from gis_app.distortions.content import fingerprint
from gis_app.distortions.joining import NoSuchDistortion
from gis_app.distortions.models import Distortion, Photo, Step
from gis_app.distortions.proof import prove
from gis_app.distortions.record import in_turn, record_step
from gis_app.distortions.status import PUBLIC
from gis_app.distortions.steps import ASIDE
from gis_app.errors import Conflict, Forbidden, Refused, Stale
from gis_app.language import clean_text
from gis_app.treatment import effects
from gis_app.treatment.monitoring import follow
from gis_app.treatment.notices import tell
from gis_app.treatment.routes import route
from gis_app.treatment.workflow import MOVES, Move, in_scope

MOST_COST = Decimal("99999999.99")
LIMITS = {"reason": 1000, "note": 1000, "body": 120, "reference": 60}
MISSING = {
    "reason": _("Give the reason."),
    "team": _("Choose the team."),
    "body": _("Name the body it is referred to."),
    "into": _("Give the number of the distortion it is merged into."),
    "photos": _("Add a photo taken after the treatment."),
    "quantity": _("Give the treated quantity."),
    "pause_reason": _("Say what it waits for."),
    "element": _("Choose the kind of distortion."),
}


@dataclass
class Asked:
    """What came with a move, as it was sent."""

    reason: str = ""
    note: str = ""
    body: str = ""
    reference: str = ""
    team: str = ""
    due_date: date | None = None
    into: str = ""
    quantity: float | None = None
    cost: Decimal | None = None
    photos: Sequence[str] = ()
    pause_reason: str = ""
    element: str = ""
    severity: int | None = None
    geometry: GEOSGeometry | None = None
    district: str = ""
    description: str = ""
    report: str = ""
    copies: Sequence[str] = ()
    texts: dict[str, str] = field(default_factory=dict)

    def cleaned(self, move: Move) -> "Asked":
        """Check every text and number, and that nothing needed is missing."""
        for name, limit in LIMITS.items():
            self.texts[name] = clean_text(getattr(self, name), field=name, limit=limit)
        self.quantity = checks.number(self.quantity, field="quantity", most=checks.MOST_QUANTITY)
        if self.cost is not None and not 0 <= self.cost <= MOST_COST:
            raise Refused(fields={"cost": [_("Give a cost in SAR, not negative.")]})
        given = vars(self) | self.texts
        missing = {
            need: [MISSING[need]] for need in move.needs if given[need] in (None, "", (), [])
        }
        if missing:
            raise Refused(next(iter(missing.values()))[0], fields=missing)
        return self


@transaction.atomic
def make_move(
    name: str,
    *,
    number: str,
    id: UUID,
    by,
    expected_status: str | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
    **asked: Any,
) -> tuple[Step, bool]:
    """Move the distortion *number* and return the step, and whether it is new.

    The same *id* with the same content returns the first step again. Raises Forbidden for
    the wrong role or scope, Conflict when it does not start from the current status, Refused
    when something needed is missing; then nothing has changed.
    """
    at = checks.moment(at, field="at") if at else None
    in_turn(id)
    distortion = _locked(number, into=str(asked.get("into") or ""))
    content_hash = fingerprint(move=name, number=number, at=at, **asked)
    known = recorded_before(id, content_hash)
    if known:
        return known, False

    move = MOVES.get(name)
    if move is None:
        raise Refused(fields={"move": [_("This move is not known.")]})
    now = timezone.now()
    _allow(move, distortion, by, expected_status, expected_version)
    wishes = Asked(**asked).cleaned(move)
    moment = moment_of(at, distortion, now)
    photos = uploaded(distortion, wishes.photos)
    changes = effects.of(name, distortion, wishes, at=moment, by=by)
    into = changes.pop("other", None)
    step = record_step(
        distortion,
        move=name,
        by=by,
        at=moment,
        uuid=id,
        text=wishes.texts,
        cost=wishes.cost,
        into=into,
        content_hash=content_hash,
        **changes,
    )
    prove(photos, step=step, kind=Photo.Kind.AFTER if name == "treat" else Photo.Kind.BEFORE)
    if name == "accept":
        _assign_at_once(step, wishes, by=by)
    follow(step)
    tell(step)
    return step, True


def recorded_before(id: UUID, content_hash: str) -> Step | None:
    """Return the step of that *id*; a Conflict if it was another one."""
    known = Step.objects.filter(uuid=id).first()
    if known and known.content_hash != content_hash:
        raise Conflict(_("This identifier was already used for another move."))
    return known


def _assign_at_once(accepted: Step, wishes: Asked, *, by) -> None:
    """Assign what was just accepted: to the team that was named with it, or by a rule's order."""
    distortion, team, note = accepted.distortion, wishes.team, ""
    if not team:
        rule = route(distortion, at=accepted.at)
        if rule is None or not rule.assigns:
            return
        team, note = rule.team.code, str(_("By the rule “%(rule)s”.") % {"rule": rule.name})
    make_move(
        "assign",
        number=distortion.number,
        id=uuid5(accepted.uuid, "assign"),
        by=by,
        at=accepted.at,
        team=team,
        due_date=wishes.due_date,
        note=note,
    )
    distortion.refresh_from_db()


def _locked(number: str, *, into: str) -> Distortion:
    """Lock a distortion and, for a merge or its undoing, the other one: always in the same order."""
    named = Distortion.objects.filter(number__in=[number, into]).values("pk")
    survivor = Distortion.objects.filter(number=number).values("merged_into")
    # By a union of keys, which indexes answer: one condition or the other would read the table.
    wanted = Distortion.objects.filter(pk__in=named.union(survivor)).order_by("pk")
    rows = wanted.select_for_update(no_key=True)
    while True:
        with transaction.atomic():
            locked = {row.pk: row for row in rows.all()}
            found = next((row for row in locked.values() if row.number == number), None)
            if found is None:
                raise NoSuchDistortion
            if found.merged_into_id in (None, *locked):
                return found
            transaction.set_rollback(True)  # it was merged elsewhere while its lock was waited for


def _allow(move: Move, distortion: Distortion, by, status: str | None, version: int | None) -> None:
    is_theirs = by.is_authenticated and in_scope(by, distortion)
    if not is_theirs and distortion.status not in PUBLIC:
        raise NoSuchDistortion  # what somebody may not see is not there for her
    if not is_theirs or by.role not in move.by:
        raise Forbidden
    current = {"status": distortion.status, "version": distortion.version}
    if version not in (None, distortion.version):
        raise Stale(current=current)
    if not move.starts_from(distortion) or status not in (None, "", distortion.status):
        raise Conflict(current=current)
    refusal = move.refuses and move.refuses(by, distortion)
    if refusal:
        raise Forbidden(refusal)


def moment_of(at: datetime | None, distortion: Distortion, now: datetime) -> datetime:
    """Return when it happened: not ahead of the clock, not before the step that came before it."""
    if at is None or at > now:
        return now
    previous = distortion.steps.exclude(move__in=ASIDE).latest("pk").at
    if at < previous:
        raise Refused(fields={"at": [_("This is before the step that came before it.")]})
    return at


def uploaded(distortion: Distortion, sums: Sequence[str]):
    """Return the photos that the move brings; Refused when one was not uploaded before it."""
    unclaimed = Photo.objects.filter(distortion=distortion, report=None, step=None)
    found = unclaimed.filter(sha256__in=sums).select_related("distortion__element")
    if found.count() != len(set(sums)):
        raise Refused(fields={"photos": [_("Upload each photo before the move that names it.")]})
    return found
