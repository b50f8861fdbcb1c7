"""How pages write numbers, days, statuses and icons. Numbers are isolated, or Arabic turns them."""

from datetime import date, datetime
from urllib.parse import urlencode

from django import template
from django.db.models import Model
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from hijridate import Gregorian

from gis_app.catalogue.models import Element
from gis_app.counting import MOST
from gis_app.distortions.status import words_for
from gis_app.exports.formats import FORMATS
from gis_app.language import active
from maps.filters import WORDS
from maps.measures import class_of_rate

register = template.Library()
MIRRORED = frozenset(
    {"st-referred", "ui-list", "ui-share", "ui-back", "ui-next", "ui-round", "ui-before-after"}
)
NOTHING = SafeString('<span aria-hidden="true">—</span>')
HIJRI_MONTHS = {
    "ar": ("محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة",
           "رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة"),
    "en": ("Muharram", "Safar", "Rabi' I", "Rabi' II", "Jumada I", "Jumada II",
           "Rajab", "Sha'ban", "Ramadan", "Shawwal", "Dhu al-Qa'dah", "Dhu al-Hijjah"),
}  # fmt: skip
HOURS_OF_A_DAY = 24
MINUTES_OF_AN_HOUR, MINUTES_OF_A_DAY = 60, 24 * 60


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Return an icon of the sprite; decoration only, the word stands beside it."""
    classes = ["icon", f"icon--{size}" if size else "", "icon--mirror" if name in MIRRORED else ""]
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        " ".join(filter(None, classes)),
        static("maps/icons.svg"),
        name,
    )


@register.simple_tag
def comma() -> str:
    """Return a comma and a space, as the active language writes them."""
    return "، " if active() == "ar" else ", "


@register.simple_tag(takes_context=True)
def status(
    context, value: str, *, late: bool = False, words: bool = True, said: str = ""
) -> SafeString:
    """Return the shape of a status with its word: for staff the desk's, else the public's; or *said*."""
    staff = bool(context.get("is_staff_page"))
    said = said or words_for(value, staff=staff)
    return format_html(
        '<span class="status s-{}{}"><span class="shape">{}</span><span{}>{}</span></span>',
        value,
        " late" if late else "",
        icon(f"st-{value}"),
        "" if words else SafeString(' class="sr"'),
        f"{said}{comma()}{_('late')}" if late and not words else said,
    )


@register.simple_tag(takes_context=True)
def status_words(context, value: str) -> str:
    """Return what a status is called to this page's reader."""
    return words_for(value, staff=bool(context.get("is_staff_page")))


@register.filter
def num(value: float | None, decimals: int | None = None) -> SafeString:
    """Return a number, isolated, with Latin digits and thousands."""
    if value is None:
        return NOTHING
    if isinstance(value, float):
        decimals = decimals if decimals is not None else (0 if value.is_integer() else 1)
    return format_html('<bdi dir="ltr">{}</bdi>', number_format(value, decimals))


@register.filter
def at_most(count: int) -> SafeString:
    """Return a number of rows that was counted up to MOST: beyond it, 10,000+."""
    if count <= MOST:
        return num(count)
    return format_html('<bdi dir="ltr">{}+</bdi>', number_format(MOST))


@register.filter
def percent(rate: float | None) -> SafeString:
    """Return a rate of 0-1 as a whole percentage; a dash when it is unknown."""
    if rate is None:
        return num(None)
    return format_html('<bdi dir="ltr">{}%</bdi>', round(rate * 100))


@register.filter
def hundredth(rate: float | None) -> int:
    """Return a rate of 0-1 as a whole number of hundredths."""
    return round((rate or 0) * 100)


@register.filter
def rate_class(figures) -> str:
    """Return the colour class of a district by its verified rate."""
    return class_of_rate(figures.verified_rate, total=figures.total)


@register.filter
def quantity(value: float | None, unit: str) -> SafeString:
    """Return a quantity with its unit; what is counted is a number alone."""
    if value is None or unit == Element.Unit.COUNT:
        return num(value)
    return format_html("<span>{} {}</span>", num(value), Element.Unit(unit).label)


@register.filter
def day(value: date | datetime | None) -> SafeString:
    """Return the Gregorian day first, then the Hijri one: 1 يوليو 2026م (16 محرم 1448هـ)."""
    if value is None:
        return num(None)
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html(
        '<time datetime="{}">{} <span class="muted nowrap">({})</span></time>',
        local.isoformat(),
        date_format(local, "DATE_FORMAT"),
        hijri(local),
    )


@register.filter
def short_day(value: date | datetime | None) -> SafeString:
    """Return the Gregorian day alone, for lists."""
    if value is None:
        return num(None)
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    text = date_format(local, "DATE_FORMAT")
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), text)


@register.filter
def hijri_day(value: datetime) -> str:
    """Return the Umm al-Qura day of a moment in Riyadh."""
    return hijri(timezone.localtime(value).date())


@register.filter
def hijri_month(value: date) -> str:
    """Return the Umm al-Qura month and year that a day lies in; a dash beyond its tables."""
    return hijri(value).partition(" ")[2] or "—"


@register.filter
def days_of(hours: float | None) -> SafeString:
    """Return hours as days, to a tenth; a dash when they are unknown."""
    return num(None if hours is None else hours / HOURS_OF_A_DAY, 1)


@register.filter
def unit_words(unit: str) -> str:
    """Return what a unit is called."""
    return str(Element.Unit(unit).label)


@register.filter
def moment(value: datetime) -> SafeString:
    """Return day and hour in Riyadh."""
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{} <bdi dir="ltr">{}</bdi></time>',
        local.isoformat(timespec="minutes"),
        date_format(local, "DATE_FORMAT"),
        date_format(local, "TIME_FORMAT"),
    )


@register.filter
def ago(value: datetime) -> SafeString:
    """Return how long ago that was, in the largest whole unit: an hour ago, 3 days ago."""
    minutes = max(0, int((timezone.now() - value).total_seconds() // 60))
    if minutes < MINUTES_OF_AN_HOUR:
        words, n = ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes), minutes
    elif minutes < MINUTES_OF_A_DAY:
        n = minutes // MINUTES_OF_AN_HOUR
        words = ngettext("%(n)s hour ago", "%(n)s hours ago", n)
    else:
        n = minutes // MINUTES_OF_A_DAY
        words = ngettext("%(n)s day ago", "%(n)s days ago", n)
    return format_html("<span>{}</span>", SafeString(words % {"n": num(n)}))


def hijri(value: date) -> str:
    """Return the Umm al-Qura date of a day, in words; a dash beyond its tables, which end in 2077."""
    try:
        found = Gregorian.fromdate(value).to_hijri()
    except OverflowError:
        return "—"
    month = HIJRI_MONTHS[active()][found.month - 1]
    era = "هـ" if active() == "ar" else " AH"
    return f"{found.day} {month} {found.year}{era}"


@register.simple_tag
def share(figures, of: int = 0) -> SafeString:
    """Return a bar of verified, claimed and open: solid, hatched, sand; *of* fills its whole length."""
    hundredth = (of or figures.total or 1) / 100
    return format_html(
        '<svg class="share" aria-hidden="true"><rect class="o" width="{0}%" height="100%"/>'
        '<rect class="t" width="{1}%" height="100%"/>'
        '<rect fill="url(#hatch)" width="{1}%" height="100%"/>'
        '<rect class="v" width="{2}%" height="100%"/></svg>',
        *(f"{count / hundredth:.2f}" for count in (figures.total, figures.done, figures.verified)),
    )


@register.simple_tag(takes_context=True)
def question(context, **changes) -> str:
    """Return the page's query string with *changes*; an empty value drops the parameter."""
    asked = {name: ",".join(texts) for name, texts in context["request"].GET.lists()}
    params = asked | {"cursor": ""} | changes
    kept = {name: value for name, value in params.items() if value not in ("", None)}
    return f"?{urlencode(kept, safe=',')}" if kept else "?"


@register.inclusion_tag("maps/parts/download.html", takes_context=True)
def download(context, layer: str) -> dict[str, object]:
    """Offer what the page shows of *layer* as files."""
    return {"layer": layer, "formats": FORMATS.values(), "asked": question(context)}


@register.simple_tag(takes_context=True)
def without(context, name: str, code: str = "") -> str:
    """Return the page's query string with *code*, or all of them, taken out of *name*."""
    codes = ",".join(context["request"].GET.getlist(name)).split(",") if code else []
    return question(context, **{name: ",".join(kept for kept in codes if kept != code)})


@register.filter
def at(counts: dict[str, int], name: str) -> int:
    """Return what *counts* holds of *name*; what was not counted is none."""
    return counts.get(name, 0)


@register.filter
def asked_as(name: str) -> str:
    """Return what its reader knows a filter as."""
    return str(WORDS.get(name, name))


@register.filter
def plural_name(model: type[Model]) -> str:
    """Return what the rows of *model* are called, to begin a line with."""
    return capfirst(model._meta.verbose_name_plural)


@register.filter
def element_icon(code: str) -> str:
    """Return the name of an element's icon; one that has no drawing shows the map's."""
    return f"el-{code}" if code in DRAWN else "ui-map"


DRAWN = frozenset(
    [
        "pothole",
        "damaged_sidewalk",
        "street_light",
        "construction_waste",
        "excavation_barrier",
        "concrete_barrier",
        "abandoned_vehicle",
        "graffiti",
        "violating_billboard",
        "guide_sign",
        "waste_container",
        "street_vendor",
        "canopy_hangar",
        "random_structure",
        "neglected_park",
    ]
)
