"""Pages that begin where the last one ended, at the same cost wherever that is."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, F, Func, Value


class Beyond(Func):
    """Whether a row follows the one whose *key* has these *values*, in the order of that key.

    Compared as a whole, so that an index on the key is entered in the right place: with
    "later, or at the same time and …" the database would read all that came before.
    """

    template = "%(expressions)s"
    output_field = BooleanField()

    def __init__(self, key: Sequence[str], values: Sequence[Any], *, newest_first: bool) -> None:
        last = Func(*map(Value, values), function="ROW")
        sign = " < " if newest_first else " > "
        super().__init__(Func(*map(F, key), function="ROW"), last, arg_joiner=sign)
