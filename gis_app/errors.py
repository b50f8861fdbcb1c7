"""What the domain says no to. Only what a user can cause is Refused; real bugs crash."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """The domain says no. `status` is the HTTP answer; `str()` is a translated reason.

    `fields` names what was wrong where: {"description": ["too long"]}. `extra` is shown to machines.
    """

    status = 422
    reason = _("This is not possible.")

    def __init__(
        self,
        reason: object = None,
        *,
        fields: Mapping[str, Sequence[object]] | None = None,
        **extra: object,
    ) -> None:
        super().__init__(reason)
        if reason is not None:
            self.reason = reason  # type: ignore[assignment]
        self.fields = {
            name: [str(text) for text in texts] for name, texts in (fields or {}).items()
        }
        self.extra = extra

    def __str__(self) -> str:
        return str(self.reason)

    def in_full(self) -> str:
        """Return what was wrong in each field or, where none is named, the reason: on one line."""
        return "; ".join(text for texts in self.fields.values() for text in texts) or str(self)


class Unreadable(Refused):
    """A question that cannot be read: an unknown or malformed parameter."""

    status = 400
    reason = _("A filter could not be read.")


class Forbidden(Refused):
    status = 403
    reason = _("Your role may not do this.")


class Conflict(Refused):
    """The state has changed, or an identifier was used for something else."""

    status = 409
    reason = _("This was changed by somebody else meanwhile. Look at it again.")


class Stale(Refused):
    """A change was asked for on condition of a version that is no longer the current one."""

    status = 412
    reason = Conflict.reason


class TooMany(Refused):
    """Too many writes, or sign-ins, from one client; `extra["retry_after"]` is in seconds."""

    status = 429
    reason = _("Too many attempts came from here. Please try again a little later.")
