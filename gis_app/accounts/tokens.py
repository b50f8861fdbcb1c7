"""Keys with which programs act for a person. The key is shown once; only its hash is kept."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import Token, User
from gis_app.errors import Refused
from gis_app.geo.prepared import ask

PREFIX = "rasd_"  # lets a scanner of published code recognise a key that got out
LONGEST_DAYS = 366
TOKEN, USER = ([field.attname for field in model._meta.concrete_fields] for model in (Token, User))
# Every request of a program begins with it. Its use is noted once a minute, not with each request:
# that would be a write a read.
GOOD = f"""
    SELECT
        coalesce(token.last_used_at < statement_timestamp() - interval '1 minute', true),
        ARRAY(SELECT district_id FROM accounts_user_districts WHERE user_id = owner.id),
        ARRAY(SELECT element_id FROM accounts_user_elements WHERE user_id = owner.id),
        {", ".join(f"token.{name}" for name in TOKEN)},
        {", ".join(f"owner.{name}" for name in USER)}
    FROM accounts_token AS token JOIN accounts_user AS owner ON owner.id = token.owner_id
    WHERE token.key_hash = %s AND token.expires_at > statement_timestamp() AND owner.is_active
"""


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
    """Return the token of *key*, its owner with her scope, or None: it opens nothing (any more)."""
    found = ask(GOOD, [_hash(key)])
    if found is None:
        return None
    is_unnoted, districts, elements, *columns = found
    token = Token.from_db("default", TOKEN, columns[: len(TOKEN)])
    token.owner = User.from_db("default", USER, columns[len(TOKEN) :])
    token.owner.district_keys, token.owner.element_keys = districts, elements
    if is_unnoted:
        Token.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
    return token


def _hash(key: str) -> str:
    # No salt and no slow hash: the key is 256 random bits, there is nothing to guess.
    return hashlib.sha256(key.encode()).hexdigest()
