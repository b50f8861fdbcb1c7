"""What the desk's page shows: the queue at its side, one case, and what lies around it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone

from gis_app.catalogue.models import Element
from gis_app.distortions.contacts import in_full, may_look, reaches
from gis_app.distortions.duplicates import reach
from gis_app.distortions.history import timeline
from gis_app.distortions.judging import may_judge
from gis_app.distortions.models import Contact, Distortion, Photo, Report
from gis_app.distortions.status import UNDER_WAY, Status
from gis_app.distortions.used_before import used_before
from gis_app.places.models import District
from gis_app.treatment.bulk import MOST_AT_ONCE
from gis_app.treatment.monitoring import VISITORS
from gis_app.treatment.promise import promises
from gis_app.treatment.queries import (
    AROUND_DAYS,
    AROUND_METRES,
    neighbours,
)
from gis_app.treatment.queues import ORDERS, QUEUES, after, lengths, queues_of, waiting
from gis_app.treatment.referral import with_referral
from gis_app.treatment.workflow import moves_open_to
from maps.asked import one_of
from maps.bulk import bulk_context
from maps.cases import drawn_place
from maps.compare import likely_ones
from maps.follow_up import waiting_count
from maps.move_forms import MoveForm, forms_for
from maps.proof import to_look_at, with_sentences
from maps.recurrences import recurrence_context

PAGE = 30  # rows of a queue shown at once
DANGEROUS = 4  # a severity that the queue says


def queue_context(request: HttpRequest) -> dict[str, Any]:
    """Return the queue that *request* asks for, a page of its rows, and the other queues' lengths."""
    params = request.GET.dict()
    last = params.pop("after", "")
    are_chosen = params.pop("chosen", "") == "all"
    length = MOST_AT_ONCE if are_chosen else PAGE
    order = one_of(ORDERS, name="order", value=params.pop("order", "severity"))
    mine = queues_of(request.user)
    name = one_of(QUEUES, name="queue", value=params.pop("queue", mine[0]))
    name = name if name in mine else mine[0]  # a colleague of another role sent the link
    rows = after(waiting(name, request.user, params, order=order), last, order=order)
    page = list(rows[: length + 1])
    counts = lengths(request.user)
    kept = {"queue": name, "order": order, **{key: value for key, value in params.items() if value}}
    return {
        "queue": name,
        "queues": [(mine_, QUEUES[mine_].label, counts[mine_]) for mine_ in mine],
        "order": order,
        "params": params,
        "rows": page[:length],
        "more": page[length - 1].number if len(page) > length else "",
        "are_chosen": are_chosen,
        "is_filtered": any(params.values()),
        "kept": urlencode(kept, safe=","),
        "elements": Element.objects.active_on(timezone.localdate()).in_scope_of(request.user),
        "district_names": District.objects.in_scope_of(request.user).described().order_by("name"),
        "dangerous": DANGEROUS,
        "follows_up": request.user.role in VISITORS,
        "follow_up_count": waiting_count(request.user),
        "is_staff_page": True,
        **bulk_context(request.user, name),
    }


def case_of(user: AbstractBaseUser, number: str) -> Distortion | None:
    """Return the case *number*, if *user* works on it, with what its page names."""
    rows = with_referral(Distortion.objects.in_scope_of(user).described())
    return (
        rows.select_related("element", "district__amana", "team", "merged_into", "job")
        .filter(number=number)
        .first()
    )


def case_context(
    distortion: Distortion,
    *,
    user,
    form: MoveForm | None = None,
    contact: Contact | None = None,
) -> dict[str, Any]:
    """Return all that is known of *distortion*, and a form for each move that is open to *user*.

    *form* is the one that was just refused: it stands among the others with its reasons.
    *contact* is the one that *user* has just asked for: it is shown in full, this once.
    """
    near = list(neighbours(distortion, user))
    reports = list(Report.objects.about(distortion))
    accuracy = next((report.accuracy_m for report in reports if report.accuracy_m), None)
    same = likely_ones(distortion, user=user, accuracy_m=accuracy)
    mine = {
        row.number
        for row in Distortion.objects.in_scope_of(user).filter(
            pk__in=[row.pk for row in (*same, *near)]
        )
    }
    photos = with_sentences(Photo.objects.shown_to(user).about(distortion), user=user)
    after_photos = [photo for photo in photos if photo.kind == Photo.Kind.AFTER]
    contacts = reaches(reports, user=user)
    if contact:
        contacts[contact.pk] = in_full(contact)
    open_moves = moves_open_to(user, distortion)
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
        **recurrence_context(distortion, user=user),
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
            for shown in forms_for(name, distortion, by=user, refused=form)
        ],
    }


def _steps_for(user, distortion: Distortion) -> list[dict[str, Any]]:
    """Return what happened to *distortion*; names and notes are the desk's, not a link's."""
    steps = timeline(distortion, staff=True)
    hidden = {"by": "", "note": ""} if user.is_by_link else {}
    return [step | hidden for step in steps]


def _promise_of(distortion: Distortion) -> dict[str, Any]:
    """Return what was promised, or what would be if it were accepted today."""
    level = distortion.element.level_on(timezone.localdate())
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
