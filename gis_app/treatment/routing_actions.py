"""Changes of the routing rules: written by planners, tested on the past, then live."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.rights import registrars_only
from gis_app.errors import Forbidden, Refused
from gis_app.language import clean_text
from gis_app.places.models import District
from gis_app.treatment.routes import Taken, accepted_past, conditions, try_on_past
from gis_app.treatment.routing import RoutingRule

MOST_DAYS = 366  # that a test looks back on
LAST_WEEKDAY = 6


def check_rule(**values: Any) -> None:
    """Refuse what no rule can mean, with the fields that are wrong."""
    wrong: dict[str, list[object]] = {}
    begin, end = values["from_time"], values["to_time"]
    if (begin is None) != (end is None):
        wrong["to_time"] = [_("Give both hours, or neither.")]
    elif begin is not None and begin == end:
        wrong["to_time"] = [_("The hours end when they begin: leave both empty for the whole day.")]
    if any(not 0 <= day <= LAST_WEEKDAY for day in values["weekdays"]):
        wrong["weekdays"] = [_("Weekdays are 0 to 6.")]
    if values["team"].amana_id != values["amana"].pk:
        wrong["team"] = [_("This team works for another amana.")]
    elif not values["team"].is_active:
        wrong["team"] = [_("This team is no longer in service.")]
    if any(district.amana_id != values["amana"].pk for district in values["districts"]):
        wrong["districts"] = [_("One of the districts is another amana's.")]
    if wrong:
        raise Refused(fields=wrong)


def rules_of(user) -> QuerySet[RoutingRule]:
    """Return the rules of those amanas in which *user* works."""
    theirs = District.objects.in_scope_of(user).values("amana")
    return RoutingRule.objects.filter(amana__in=theirs)


def _locked(rule: RoutingRule, by) -> RoutingRule:
    """Lock *rule*; refuse whoever may not change it."""
    registrars_only(by)
    found = rules_of(by).select_for_update(of=("self",)).filter(pk=rule.pk).first()
    if found is None:
        raise Forbidden
    return found


@transaction.atomic
def save_rule(*, by, rule: RoutingRule | None = None, elements, districts, **values) -> RoutingRule:
    """Store a rule, new or changed. What was changed is no longer live: it is tested anew."""
    registrars_only(by)
    if not District.objects.in_scope_of(by).filter(amana=values["amana"]).exists():
        raise Forbidden
    check_rule(elements=elements, districts=districts, **values)
    rule = rule or RoutingRule()
    values["name"] = clean_text(values["name"], field="name", limit=120)
    for name, value in values.items():
        setattr(rule, name, value)
    rule.changed_at, rule.tested_at, rule.is_live = timezone.now(), None, False
    rule.save()
    rule.elements.set(elements)
    rule.districts.set(districts)
    return rule


@transaction.atomic
def try_rule(*, rule: RoutingRule, by, days: int) -> tuple[list[Taken], int]:
    """Return what the live rules and this one would have taken of the last *days*.

    For each rule in their order what it takes, and how many no rule takes. From now on *rule*
    counts as tested, until it is changed.
    """
    if not 1 <= days <= MOST_DAYS:
        raise Refused(fields={"days": [_("From 1 to %(most)d days.") % {"most": MOST_DAYS}]})
    rule = _locked(rule, by)
    asked = conditions(rule.amana_id, and_draft=rule)
    told = try_on_past(asked, accepted_past(rule.amana_id, days=days))
    rule.tested_at = timezone.now()
    rule.save(update_fields=["tested_at"])
    return told


@transaction.atomic
def go_live(*, rule: RoutingRule, by) -> RoutingRule:
    """Let *rule* decide from now on; Refused unless it was tested since its last change."""
    rule = _locked(rule, by)
    if rule.tested_at is None or rule.tested_at < rule.changed_at:
        raise Refused(_("Test it first: it was not tested since its last change."))
    first = hidden_by(rule)
    if first:
        told = _("“%(rule)s” is asked first and takes all that this one would.")
        raise Refused(told % {"rule": first.name})
    rule.is_live = True
    rule.save(update_fields=["is_live"])
    return rule


@transaction.atomic
def take_off(*, rule: RoutingRule, by) -> RoutingRule:
    """Let *rule* decide nothing from now on."""
    rule = _locked(rule, by)
    rule.is_live = False
    rule.save(update_fields=["is_live"])
    return rule


def hidden_by(rule: RoutingRule) -> RoutingRule | None:
    """Return the live rule before *rule* that leaves nothing to it, if there is one."""
    asked = conditions(rule.amana_id, and_draft=rule)
    place = next(index for index, condition in enumerate(asked) if condition.rule.pk == rule.pk)
    before = asked[:place]
    return next((earlier.rule for earlier in before if earlier.takes_all_of(asked[place])), None)
