"""Keys with which programs act for a person. The key is shown once; only its hash is kept."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import Token, User
from gis_app.errors import Refused

PREFIX = "rasd_"  # lets a scanner of published code recognise a key that got out
LONGEST_DAYS = 366
USE_NOTED_EVERY = timedelta(minutes=1)  # not with each request: that would be a write a read


def issue(*, owner: User, scopes: Iterable[str], days: int, name: str = "") -> str:
    """Return a new key for *owner*, good for *days*. It cannot be shown again."""
    scopes = sorted(set(scopes))
    if not scopes or set(scopes) - set(Token.Scope.values):
        raise Refused(fields={"scopes": [_("Name at least one known scope.")]})
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(fields={"days": [_("A key is good for 1 to %d days.") % LONGEST_DAYS]})
    key = PREFIX + secrets.token_urlsafe(32)
    Token.objects.create(
        owner=owner,
        name=name,
        key_hash=_hash(key),
        scopes=scopes,
        expires_at=timezone.now() + timedelta(days=days),
    )
    return key


def owner_of(key: str) -> Token | None:
    """Return the token of *key* with its owner, or None when it opens nothing (any more)."""
    now = timezone.now()
    good = Token.objects.filter(expires_at__gt=now, owner__is_active=True)
    token = good.select_related("owner").filter(key_hash=_hash(key)).first()
    if token:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
        Token.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
    return token


def _hash(key: str) -> str:
    # No salt and no slow hash: the key is 256 random bits, there is nothing to guess.
    return hashlib.sha256(key.encode()).hexdigest()
