"""Fields as people fill them: numbers with any digits, several photos at once."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from gis_app.language import latin_digits

_SIGNS = str.maketrans("٫٬،", ".,,")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?")  # 1,500: as the pages write it


class NumberField(forms.DecimalField):
    """A number in Latin or Arabic digits: 1,500 and 1500 are the same, 1,5 and 1.5 too."""

    widget = forms.TextInput

    def to_python(self, value):
        text = latin_digits(str(value or "")).translate(_SIGNS).strip()
        return super().to_python(text.replace(",", "" if _GROUPED.fullmatch(text) else "."))


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to *most* files; whether they are pictures is for `add_photo` to say, one by one."""

    widget = PhotosInput

    def __init__(self, *, most: int | None = None, **options):
        super().__init__(**options)
        self.most = most

    def clean(self, data, initial=None):
        files = [file for file in data or [] if file]
        if self.required and not files:
            raise forms.ValidationError(_("Choose a photo first."))
        if self.most and len(files) > self.most:
            raise forms.ValidationError(_("A report can have at most %d photos.") % self.most)
        return files
