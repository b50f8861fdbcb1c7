"""Rectangles as people give them: four numbers each, in percent of the picture."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gis_app.distortions.models import Photo
from maps.fields import NumberField

SIDES = ("left", "top", "width", "height")
EMPTY_ROWS = 2  # offered to those whose browser runs no script
_NUMBER = NumberField(required=False)


class BlurForm(forms.Form):
    """As many rectangles as were sent: each side comes as often as there are rectangles."""

    def __init__(self, data: QueryDict):
        super().__init__(data)
        columns = [data.getlist(side) for side in SIDES]
        self.rows = [row for row in zip(*columns, strict=False) if any(row)]
        self.rectangles: list[list[float]] = []

    @classmethod
    def of(cls, photo: Photo) -> "BlurForm":
        """Return the form as it would have been sent for what is blurred in *photo* now."""
        data = QueryDict(mutable=True)
        for shares in photo.blurs:
            for side, share in zip(SIDES, shares, strict=True):
                data.appendlist(side, f"{share * 100:.2f}".rstrip("0").rstrip("."))
        return cls(data)

    @property
    def offered(self) -> list[tuple[str, ...]]:
        """The rows to fill in: what was sent, and some empty ones."""
        return [*self.rows, *[("",) * len(SIDES)] * EMPTY_ROWS]

    @property
    def question(self) -> str:
        """The rectangles as the question of an address."""
        return urlencode([pair for row in self.rows for pair in zip(SIDES, row, strict=True)])

    def clean(self) -> dict[str, Any]:
        for position, row in enumerate(self.rows, start=1):
            try:
                self.rectangles.append([self._share(text) for text in row])
            except forms.ValidationError:
                told = _("Rectangle %(n)d: give four numbers from 0 to 100.")
                raise forms.ValidationError(told % {"n": position}) from None
        return {}

    def _share(self, text: str) -> float:
        percent = _NUMBER.clean(text)
        if percent is None or not 0 <= percent <= 100:  # noqa: PLR2004 (percent)
            raise forms.ValidationError("")
        return float(percent) / 100
