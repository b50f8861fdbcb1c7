"""Whether a photo of a treatment proves it: where and when it was taken, and what speaks against it.

Flags never block: a crew in a valley without GPS has treated all the same. The verifier judges.
"""

from datetime import timedelta

from django.contrib.gis.db.models.functions import Distance
from django.db.models import F, TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import User
from gis_app.distortions.exif import Hint
from gis_app.distortions.models import Distortion, Photo, Step
from gis_app.distortions.queries import PhotoQuerySet
from gis_app.distortions.status import Status
from gis_app.geo import crs

INACCURATE_METRES = 50  # a device that is less sure of its place than this proves little
EXIF_METRES = 200  # between what the device says and what the picture says
EXIF_TIME = timedelta(hours=1)
CLOCKS_DIFFER = timedelta(minutes=5)  # between a device and the server


class Flag(TextChoices):
    """What the verifier should look at, in short sentences."""

    NO_PLACE = "no_place", _("Where it was taken is not known.")
    FAR = "far", _("It was taken too far away.")
    INACCURATE = "inaccurate", _("The device was not sure of its place.")
    BEFORE_ASSIGNMENT = "before_assignment", _("It was taken before the assignment.")
    FUTURE = "future", _("Its time lies in the future.")
    EXIF_ELSEWHERE = "exif_elsewhere", _("The picture itself names another place.")
    EXIF_TIME = "exif_time", _("The picture itself names another time.")
    USED_AGAIN = "used_again", _("It looks like a photo that was used before.")


# They depend on the case, which may have been corrected or assigned anew since the upload.
OF_THE_CASE = {Flag.NO_PLACE, Flag.FAR, Flag.INACCURATE, Flag.BEFORE_ASSIGNMENT, Flag.FUTURE}
# Those who treat are not taught how a photo that was used again is found out.
UNTOLD_TO_CREWS = {Flag.USED_AGAIN}


def flags_told(photo: Photo, *, user) -> list[Flag]:
    """Return the flags of *photo* that *user* is told, the plainest first."""
    untold = UNTOLD_TO_CREWS if user.role == User.Role.CREW else set()
    return [flag for flag in Flag if flag in photo.flags and flag not in untold]


def sentences(photo: Photo, *, user) -> list[str]:
    """Return what *user* should look at in *photo*, in words; how far away it was taken in metres."""
    return [_said(photo, flag) for flag in flags_told(photo, user=user)]


def _said(photo: Photo, flag: Flag) -> str:
    match flag:
        case Flag.FAR:
            return gettext("It was taken %(metres)d m away.") % {"metres": metres_away(photo)}
        case Flag.INACCURATE:
            return gettext("The device knew its place to %(metres)d m only.") % {
                "metres": photo.accuracy_m
            }
    return str(flag.label)


def with_metres(photos: PhotoQuerySet) -> PhotoQuerySet:
    """Annotate *photos* with what `metres_away` returns, in the same query."""
    return photos.annotate(away=Distance("distortion__geometry", F("place"), spheroid=True))


def metres_away(photo: Photo) -> float | None:
    """Return how far from the nearest point of its distortion *photo* was taken, on the spheroid."""
    if photo.place is None:
        return None
    if hasattr(photo, "away"):
        return photo.away.m
    metres = Distance("geometry", photo.place, spheroid=True)
    return Distortion.objects.values_list(metres, flat=True).get(pk=photo.distortion_id).m


def flags_of(photo: Photo, hint: Hint) -> list[Flag]:
    """Return what speaks against *photo*, which is just being added; *hint* is what its bytes told."""
    return [*_of_the_case(photo), *_of_the_bytes(photo, hint)]


def prove(photos, *, step: Step, kind: str) -> None:
    """Let *step* claim *photos*, and look at them once more: the case may have changed meanwhile."""
    for photo in photos:
        photo.step, photo.kind = step, kind
        stay = [flag for flag in photo.flags if flag not in OF_THE_CASE]
        photo.flags = [*_of_the_case(photo), *stay]
        photo.save(update_fields=["step", "kind", "flags"])


def _of_the_case(photo: Photo) -> list[Flag]:
    if photo.kind != Photo.Kind.AFTER:
        return []
    taken_at = photo.taken_at or photo.added_at
    found = {
        Flag.NO_PLACE: photo.place is None,
        Flag.FAR: _is_far(photo),
        Flag.INACCURATE: (photo.accuracy_m or 0) > INACCURATE_METRES,
        Flag.BEFORE_ASSIGNMENT: _is_before_assignment(photo),
        Flag.FUTURE: taken_at > photo.added_at + CLOCKS_DIFFER,
    }
    return [flag for flag, is_so in found.items() if is_so]


def _is_far(photo: Photo) -> bool:
    metres = metres_away(photo)
    reach = photo.distortion.element.proof_metres + (photo.accuracy_m or 0)
    return metres is not None and metres > reach


def _is_before_assignment(photo: Photo) -> bool:
    """Whether it was taken before the work was given to the team that has it, or given back to it."""
    given = photo.distortion.steps.filter(to_status=Status.ASSIGNED)
    last = given.exclude(from_status=Status.ASSIGNED).last()
    if last is None or photo.taken_at is None:
        return False
    return photo.taken_at < last.at


def _of_the_bytes(photo: Photo, hint: Hint) -> list[Flag]:
    found = []
    if hint.place and photo.place and crs.metres_between(hint.place, photo.place) > EXIF_METRES:
        found.append(Flag.EXIF_ELSEWHERE)
    if hint.taken_at and photo.taken_at and abs(hint.taken_at - photo.taken_at) > EXIF_TIME:
        found.append(Flag.EXIF_TIME)
    return found
