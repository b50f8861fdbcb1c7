"""How a distortion travels to its end, as one table. `bin/manage draw_workflow` draws it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import User
from gis_app.catalogue.models import DANGEROUS
from gis_app.distortions.models import Distortion
from gis_app.distortions.of_one import steps_of
from gis_app.distortions.queries import scope_of
from gis_app.distortions.status import OPEN, UNDER_WAY, Status

Role = User.Role
ADMIN = Role.ADMIN  # may make every move, and is bound by the same refusals
DESK = {Role.TRIAGE, ADMIN}
CREW = {Role.CREW, ADMIN}
VERIFIERS = {Role.VERIFIER, ADMIN}

REASON, TEAM, BODY, INTO, AFTER_PHOTO, QUANTITY, PAUSE_REASON, ELEMENT = (
    "reason",
    "team",
    "body",
    "into",
    "photos",
    "quantity",
    "pause_reason",
    "element",
)
SEVERITIES = range(1, DANGEROUS + 1)
ANY_BUT_MERGED = frozenset(Status) - {Status.MERGED}
BEFORE_TREATMENT = frozenset(UNDER_WAY)


def treated_by_same_person(user, distortion: Distortion) -> Promise | None:
    """Whoever treated it may not be the one who confirms or refuses the treatment."""
    if any(step.move == "treat" and step.by_id == user.pk for step in steps_of(distortion)):
        return _("You recorded a treatment of it: somebody else verifies.")
    return None


def is_paused(distortion: Distortion) -> bool:
    return distortion.paused_at is not None


def is_running(distortion: Distortion) -> bool:
    return distortion.paused_at is None


@dataclass(frozen=True, kw_only=True)
class Move:
    """One row of the table: from where, to where, by whom, with what."""

    label: Promise
    starts: frozenset[Status]
    end: Status | None  # None: the status stays, or returns to what it was
    by: set[Role]
    needs: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()  # asked for as well, but not required
    refuses: Callable[[User, Distortion], Promise | None] | None = None
    fits: Callable[[Distortion], bool] | None = None  # what else must be so, beside the status

    def starts_from(self, distortion: Distortion) -> bool:
        """Whether it can be made now, whoever makes it."""
        return distortion.status in self.starts and (self.fits is None or self.fits(distortion))


def _from(*starts: Status) -> frozenset[Status]:
    return frozenset(starts)


MOVES = {
    "accept": Move(
        label=_("Accept"),
        starts=_from(Status.REPORTED),
        end=Status.ACCEPTED,
        by=DESK,
        offers=("team", "due_date"),  # with a team it is assigned at once, by a step of its own
    ),
    "assign": Move(
        label=_("Assign"),
        starts=_from(Status.ACCEPTED, Status.REOPENED),
        end=Status.ASSIGNED,
        by=DESK,
        needs=(TEAM,),
        offers=("due_date",),
    ),
    "start": Move(
        label=_("Start treatment"),
        starts=_from(Status.ASSIGNED),
        end=Status.IN_PROGRESS,
        by=CREW,
        fits=is_running,
    ),
    "treat": Move(
        label=_("Record treatment"),
        starts=_from(Status.ASSIGNED, Status.IN_PROGRESS),
        end=Status.TREATED,
        by=CREW,
        needs=(AFTER_PHOTO, QUANTITY),
        offers=("cost", "note"),
    ),
    "pause": Move(
        label=_("Pause"),
        starts=frozenset(OPEN),
        end=None,
        by=CREW | DESK,
        needs=(PAUSE_REASON,),
        offers=("note",),
        fits=is_running,
    ),
    "resume": Move(
        label=_("Resume"),
        starts=frozenset(OPEN),
        end=None,
        by=CREW | DESK,
        offers=("note",),
        fits=is_paused,
    ),
    "verify": Move(
        label=_("Verify treatment"),
        starts=_from(Status.TREATED),
        end=Status.VERIFIED,
        by=VERIFIERS,
        refuses=treated_by_same_person,
    ),
    "send_back": Move(
        label=_("Send back to the team"),
        starts=_from(Status.TREATED),
        end=Status.ASSIGNED,
        by=VERIFIERS,
        needs=(REASON,),
        refuses=treated_by_same_person,
    ),
    "give_back": Move(
        label=_("Give back"),
        starts=_from(Status.ASSIGNED, Status.IN_PROGRESS),
        end=Status.ACCEPTED,
        by=CREW | DESK,
        needs=(REASON,),
    ),
    "reopen": Move(
        label=_("Reopen"),
        starts=_from(Status.VERIFIED, Status.REJECTED),
        end=Status.REOPENED,
        by=DESK | VERIFIERS,
        needs=(REASON,),
    ),
    "refer": Move(
        label=_("Refer"),
        starts=BEFORE_TREATMENT,
        end=Status.REFERRED,
        by=DESK,
        needs=(BODY,),
        offers=("reference",),
    ),
    "return": Move(
        label=_("Returned by the other body"),
        starts=_from(Status.REFERRED),
        end=Status.ACCEPTED,
        by=DESK,
        offers=("note",),
    ),
    "merge": Move(
        label=_("Merge"), starts=BEFORE_TREATMENT, end=Status.MERGED, by=DESK, needs=(INTO,)
    ),
    "unmerge": Move(
        label=_("Undo merge"), starts=_from(Status.MERGED), end=None, by=DESK, needs=(REASON,)
    ),
    "reject": Move(
        label=_("Reject"),
        starts=_from(Status.REPORTED),
        end=Status.REJECTED,
        by=DESK,
        needs=(REASON,),
    ),
    "split": Move(
        label=_("Split"),
        starts=BEFORE_TREATMENT,
        end=None,
        by=DESK,
        needs=(ELEMENT, REASON),
        offers=("place", "quantity", "description", "report", "copies"),
    ),
    "correct": Move(
        label=_("Correct"),
        starts=ANY_BUT_MERGED,
        end=None,
        by=DESK | {Role.PLANNER},
        needs=(REASON,),
        offers=("element", "severity", "place", "district", "quantity"),
    ),
}


def in_scope(user, distortion: Distortion) -> bool:
    """Whether *distortion* is of the part of the city, and of the team, that *user* works for."""
    return Distortion.objects.filter(scope_of(user), pk=distortion.pk).exists()


def moves_open_to(user, distortion: Distortion) -> list[str]:
    """Name the moves that *user* may make on *distortion* now: the buttons to show."""
    if not user.is_authenticated or not in_scope(user, distortion):
        return []
    return moves_of(user, distortion)


def moves_of(user, distortion: Distortion) -> list[str]:
    """Name the moves open to *user* on a *distortion* that is known to be in her scope."""
    return [
        name
        for name, move in MOVES.items()
        if move.starts_from(distortion)
        and user.role in move.by
        and not (move.refuses and move.refuses(user, distortion))
    ]
