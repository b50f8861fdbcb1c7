"""Which distortions, reports and photos there are for whom. The one rule of visibility.

Every door starts here: feeds, pages, exports and printed maps show the same rows.
"""

import re
from datetime import date
from typing import Any

from django.apps import apps
from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Distance, GeometryDistance
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast, Now

from gis_app.accounts.models import User
from gis_app.distortions.as_of import as_they_were
from gis_app.distortions.status import COUNTED, OPEN, PUBLIC, PUBLISHED, Status
from gis_app.geo import crs
from gis_app.language import named
from gis_app.places.models import District

# What a step keeps: so it can be told of any day.
SHOWN = (
    "status", "district", "element", "team", "quantity", "due_at", "treated_at", "verified_at",
)  # fmt: skip
LATE = Q(status__in=OPEN, due_at__lt=Now(), paused_at=None)
# Cleared photos and words of published distortions.
PUBLISHED_PHOTO = Q(
    cleared_at__isnull=False,
    withheld_at__isnull=True,
    erased_at__isnull=True,
    distortion__status__in=PUBLISHED,
)
PUBLISHED_TEXT = Q(
    text_cleared_at__isnull=False, text_withheld_at__isnull=True, distortion__status__in=PUBLISHED
)

CLEARERS = {User.Role.TRIAGE, User.Role.VERIFIER, User.Role.ADMIN}  # of photos and words
CONTACT_READERS = {User.Role.TRIAGE, User.Role.ADMIN}  # never those who treat


def sees_everything(user) -> bool:
    """Whether *user* works for the whole city: staff with no narrower scope."""
    return (
        user.is_authenticated
        and user.is_city_staff
        and user.role != User.Role.CREW
        and not user.is_limited_to_places
        and not user.element_keys
    )


def statuses_seen_by(user) -> tuple[str, ...] | None:
    """The statuses that *user* sees wherever they lie; None where that depends on the row."""
    if sees_everything(user):
        return tuple(Status.values)
    return None if user.is_authenticated and user.is_city_staff else PUBLIC


def scope_of(user, prefix: str = "") -> Q:
    """The distortions that *user* works on: by role, team, place and element."""
    if not (user.is_authenticated and user.is_city_staff):
        return Q(pk__in=[])
    scope = Q()
    if user.role == User.Role.CREW:
        scope &= Q(**{f"{prefix}team": user.team_id}) if user.team_id else Q(pk__in=[])
    if user.is_limited_to_places:
        # Not a join: it would repeat what else is seen for each jurisdiction its district ever had.
        theirs = District.objects.in_scope_of(user).values("pk")
        scope &= Q(**{f"{prefix}district__in": theirs})
    if user.element_keys:
        scope &= Q(**{f"{prefix}element__in": user.element_keys})
    return scope


def _behind(track: str, path: str) -> Q:
    """The rows of one private address; none when *track* cannot be one."""
    return Q(**{path: track}) if re.fullmatch(r"[A-Za-z0-9_-]{1,32}", track) else Q(pk__in=[])


def seen_by(user, prefix: str = "") -> Q:
    """The distortions that *user* sees who does not see all: the public ones, and his own work."""
    return Q(**{f"{prefix}status__in": PUBLIC}) | scope_of(user, prefix)


class DistortionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows that *user* may see, with `shape`: the exact place or the public one."""
        if sees_everything(user):
            return self.annotate(shape=F("geometry"))
        return self.filter(seen_by(user)).annotate(shape=F("public_geometry"))

    def in_scope_of(self, user):
        """Rows that *user* works on, with the exact place."""
        return self.filter(scope_of(user)).annotate(shape=F("geometry"))

    def survivor_of(self, number: str, user):
        """What the distortion *number* was merged into in the end, if *user* may see it, or None."""
        merged: Any = self.filter(number=number, merged_into__isnull=False).first()
        return self.visible_to(user).filter(pk=merged.survivor().pk).first() if merged else None

    def open(self):
        return self.filter(status__in=OPEN)

    def counted(self):
        """What every rate is a share of."""
        return self.filter(status__in=COUNTED)

    def with_late(self):
        """Annotate `late`, open although its promised time has passed, and `paused`."""
        return self.annotate(
            late=Case(When(LATE, then=True), default=False, output_field=BooleanField()),
            paused=ExpressionWrapper(Q(paused_at__isnull=False), output_field=BooleanField()),
        )

    def late(self):
        """Open ones whose promised time has passed, and that do not wait for others."""
        return self.filter(LATE)

    def described(self):
        """Annotate what every list shows, in the active language, in the same query.

        What lists show and ask of a past day too has a name of its own: see as_of.py.
        """
        return self.with_late().annotate(
            **{f"shown_{name}": F(name) for name in SHOWN},
            element_code=F("element__code"),
            element_name=named("element__name"),
            element_title=named("element__title"),
            unit=F("element__unit"),
            district_code=F("district__code"),
            district_name=named("district__name"),
            team_code=F("team__code"),
            team_name=named("team__name"),
        )

    def as_of(self, day: date, *, user):
        """Of `described` rows that *user* may see now those that he might see at the end of *day*
        in Riyadh, described as they were then.
        """
        rows = as_they_were(self, day)
        return rows if sees_everything(user) else rows.filter(seen_by(user, "shown_"))

    def recurring(self):
        """Those that are back where one of the same element was treated before."""
        return self.filter(recurrence_of__isnull=False)

    def relapsed(self):
        """Those that came back after they were treated; a recurrence that was rejected is none."""
        again = self.model._default_manager.exclude(status=Status.REJECTED)
        return self.filter(Exists(again.filter(recurrence_of=OuterRef("pk"))))

    def of_kind(self, element):
        """Those of *element*, where a place is asked for too: their index holds both."""
        # Django writes small numbers as integers, for which an index on bigints and places is none.
        return self.filter(element=Cast(Value(element.pk), BigIntegerField()))

    def within(self, metres: float, *, of):
        """Rows whose `shape`, as the reader may know it, is no farther than *metres* from the
        stored geometry *of*: the nearest first, with `distance` on a sphere.
        """
        reach = crs.degrees(metres, lat=of.centroid.y)
        near = self.filter(shape__dwithin=(of, reach)).annotate(distance=Distance("shape", of))
        return near.filter(distance__lte=metres).order_by("distance", "number")

    def nearest(self, most: int, *, of):
        """The *most* nearest to *of*, which an index yields one by one, in no order of metres.

        Chosen by degrees: in the city one to the east or west counts for 7 % more than it is.
        """
        return self.order_by(GeometryDistance("shape", of))[:most]

    def newest_first(self):
        return self.order_by("-first_reported_at", "-number")

    def with_flagged(self):
        """Annotate `flagged`: something speaks against a photo of its treatment."""
        claimed = apps.get_model("distortions", "Photo").objects.filter(step__isnull=False)
        odd = claimed.filter(distortion=OuterRef("pk"), kind="after").exclude(flags=[])
        return self.annotate(flagged=Exists(odd))

    def with_both_photos(self):
        """Those that anybody can see as they were before their treatment and after it."""
        photos = apps.get_model("distortions", "Photo").objects.published()
        before, after = (
            Exists(photos.filter(distortion=OuterRef("pk"), kind=kind))
            for kind in ("before", "after")
        )
        return self.filter(before, after)


class ReportQuerySet(models.QuerySet):
    def from_token(self, token: str):
        """The report behind a private address, with what its page needs."""
        return self.select_related("distortion__element", "distortion__district", "element").get(
            track_token=token
        )

    def visible_to(self, user, track: str = ""):
        """What *user* sent or works on, and the one behind the private address *track*."""
        if sees_everything(user):
            return self
        own = _behind(track, "track_token")
        if user.is_authenticated:
            own |= Q(by=user)
        return self.filter(own | scope_of(user, "distortion__"))

    def about(self, distortion):
        """What was said about it, oldest first; a merge has moved here what was said elsewhere."""
        return self.filter(distortion=distortion).order_by("received_at", "pk")

    def texts_for(self, user):
        """Reports whose words *user* may read, oldest first; staff read all in their scope."""
        rows = self.exclude(description="").order_by("received_at", "pk")
        if sees_everything(user):
            return rows
        return rows.filter(PUBLISHED_TEXT | scope_of(user, "distortion__"))

    def with_uncleared_text(self):
        """Reports whose words wait for somebody on the desk."""
        return self.filter(text_cleared_at=None, text_withheld_at=None).exclude(description="")


class ContactQuerySet(models.QuerySet):
    def shown_to(self, user):
        """How to reach reporters: for those on the desk who answer them, nobody else."""
        if not user.is_authenticated or user.role not in CONTACT_READERS:
            return self.none()
        return self.filter(scope_of(user, "report__distortion__"))


class ContactLookQuerySet(models.QuerySet):
    def shown_to(self, user):
        """Who looked at contacts: for those who may look themselves, in their scope."""
        if not user.is_authenticated or user.role not in CONTACT_READERS:
            return self.none()
        return self.filter(scope_of(user, "report__distortion__"))

    def about(self, distortion):
        """Looks at the contacts of its reports, oldest first."""
        return self.filter(report__distortion=distortion).order_by("pk")


class PhotoQuerySet(models.QuerySet):
    def about(self, distortion):
        """Its photos; a merge has moved here those of what was merged into it."""
        return self.filter(distortion=distortion)

    def published(self):
        """What anybody may see."""
        return self.filter(PUBLISHED_PHOTO)

    def uncleared(self):
        """Photos that wait for somebody on the desk."""
        return self.filter(cleared_at__isnull=True, withheld_at__isnull=True, erased_at=None)

    def with_original(self):
        """Those whose picture as it was sent must be kept: it is shown, or can be blurred anew."""
        return self.filter(erased_at=None, original_dropped_at=None)

    def originals_for(self, user):
        """Those that *user* may see without what was blurred: who judges them, in her scope."""
        if not user.is_authenticated or user.role not in CLEARERS:
            return self.none()
        return self.with_original().filter(scope_of(user, "distortion__"))

    def shown_to(self, user):
        """What *user* sees on a distortion's page: the published; staff all in their scope."""
        kept = self.filter(erased_at=None)
        if sees_everything(user):
            return kept
        return kept.filter(PUBLISHED_PHOTO | scope_of(user, "distortion__"))

    def visible_to(self, user, track: str = ""):
        """What *user* may open, also what she sent herself; annotated with `is_public`.

        A withheld photo is not even its sender's to open: she could hand on the address.
        """
        own = _behind(track, "report__track_token")
        if user.is_authenticated:
            own |= Q(report__by=user)
        own &= Q(withheld_at__isnull=True, erased_at__isnull=True)
        seen = Q(pk__in=self.shown_to(user).values("pk")) | own
        return self.filter(seen).annotate(
            is_public=ExpressionWrapper(PUBLISHED_PHOTO, output_field=BooleanField())
        )
