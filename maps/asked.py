"""What an address asks for: read strictly, never guessed."""

from collections.abc import Collection

from gis_app.errors import Unreadable


def one_of(known: Collection[str], *, name: str, value: str) -> str:
    """Return *value*, if it is one of the *known*; else Unreadable, with those named."""
    if value not in known:
        raise Unreadable(fields={name: [", ".join(known)]})
    return value
