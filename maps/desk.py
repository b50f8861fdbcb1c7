"""What the desk's page shows of one case, and of what lies around it."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from gis_app.catalogue.registers import level_on
from gis_app.distortions.contacts import in_full, may_look, reaches
from gis_app.distortions.duplicates import reach
from gis_app.distortions.history import timeline
from gis_app.distortions.judging import may_judge
from gis_app.distortions.models import Contact, Distortion, Photo
from gis_app.distortions.of_one import photos_of, reports_of
from gis_app.distortions.status import UNDER_WAY, Status
from gis_app.distortions.together import in_one_query, nearest, recurrences_of
from gis_app.distortions.used_before import used_before
from gis_app.treatment.monitoring import with_follow_up
from gis_app.treatment.promise import promises
from gis_app.treatment.queries import AROUND_DAYS, AROUND_METRES, neighbours
from gis_app.treatment.referral import with_referral
from gis_app.treatment.workflow import moves_of
from maps.cases import drawn_place
from maps.compare import likely_ones, parts_likely
from maps.move_forms import MoveForm, Tasks, forms_for
from maps.proof import to_look_at, with_sentences
from maps.recurrences import recurrence_context

NAMED = ("element", "district__amana", "team", "merged_into", "job")


def case_of(user: AbstractBaseUser, number: str) -> Distortion | None:
    """Return the case *number*, if *user* works on it, with what its page names."""
    rows = with_referral(with_follow_up(Distortion.objects.in_scope_of(user).described(), user))
    return rows.select_related(*NAMED).filter(number=number).first()


def case_context(
    distortion: Distortion,
    *,
    user,
    tasks: Tasks,
    form: MoveForm | None = None,
    contact: Contact | None = None,
) -> dict[str, Any]:
    """Return all that is known of *distortion*, and a form for each move that is open to *user*.

    *form* is the one that was just refused: it stands among the others with its reasons.
    *contact* is the one that *user* has just asked for: it is shown in full, this once.
    *tasks* are those of the teams that it could be given to.
    """
    reports = reports_of(distortion)
    accuracy = next((report.accuracy_m for report in reports if report.accuracy_m), None)
    parts = in_one_query(
        {"near": neighbours(distortion, user)}
        | recurrences_of(distortion, user=user)
        | parts_likely(distortion, user=user, accuracy_m=accuracy),
        user=user,
    )
    near = nearest(parts, "near")
    same = likely_ones(parts, element=distortion.element_id)
    mine = {row.number for row in (*same, *near) if row.is_mine}
    photos = with_sentences(
        photos_of(distortion, user=user, beside=[*same, *parts.get("earlier", ())]), user=user
    )
    for row in same:
        row.pictures = list(row.photos.all())[::-1]
    after_photos = [photo for photo in photos if photo.kind == Photo.Kind.AFTER]
    contacts = reaches(reports, user=user)
    if contact:
        contacts[contact.pk] = in_full(contact)
    open_moves = moves_of(user, distortion)
    return {
        "distortion": distortion,
        "reports": [(report, contacts.get(report.pk)) for report in reports],
        "before": [photo for photo in photos if photo.kind == Photo.Kind.BEFORE],
        "after": after_photos,
        "to_look_at": to_look_at(photos) if distortion.status == Status.TREATED else [],
        "used_before": used_before(distortion, user=user) if after_photos else [],
        "may_judge": may_judge(user),
        "may_look": may_look(user),
        "steps": _steps_for(user, distortion),
        **recurrence_context(parts),
        **_promise_of(distortion),
        "is_new": distortion.status == Status.REPORTED,
        "is_referred": distortion.status == Status.REFERRED,
        "near": near,
        "likely": same,
        "mine": mine,
        "survivors": {
            row.number: row.element_title
            for row in (*same, *near)
            if row.status in UNDER_WAY and row.number in mine
        },
        "around_metres": AROUND_METRES,
        "around_days": AROUND_DAYS,
        "drawn": _drawn(distortion, near, accuracy),
        "form": form,
        "is_stale": bool(form) and form.name not in open_moves,
        "forms": [
            shown
            for name in open_moves
            for shown in forms_for(name, distortion, by=user, refused=form, tasks=tasks)
        ],
    }


def _steps_for(user, distortion: Distortion) -> list[dict[str, Any]]:
    """Return what happened to *distortion*; names and notes are the desk's, not a link's."""
    steps = timeline(distortion, staff=True)
    hidden = {"by": "", "note": ""} if user.is_by_link else {}
    return [step | hidden for step in steps]


def _promise_of(distortion: Distortion) -> dict[str, Any]:
    """Return what was promised, or what would be if it were accepted today."""
    level = level_on(distortion.element_id, timezone.localdate())
    return {
        "level": level,
        "promised": level.in_words(distortion.severity),
        "promises": promises(distortion),
    }


def _drawn(distortion: Distortion, near: list[Distortion], accuracy: float | None) -> dict:
    """Return what the small map draws: the case, the ring of its accuracy, its neighbours."""
    lat, lon = distortion.geometry.centroid.y, distortion.geometry.centroid.x
    return drawn_place(distortion) | {
        "coordinates": f"{lat:.6f}, {lon:.6f}",
        "accuracy": accuracy,
        "same": reach(distortion.element, accuracy),
        "near": [
            {
                "number": row.number,
                "title": row.element_title,
                "status": row.status,
                "late": row.late,
                "place": [row.shape.centroid.y, row.shape.centroid.x],
            }
            for row in near
        ],
    }
