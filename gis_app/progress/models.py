"""The ledger of progress. The database itself writes `Delta`; `ledger` folds it into balances."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from gis_app.catalogue.models import Element
from gis_app.places.models import District
from gis_app.treatment.models import Team


def _key(to: type[models.Model], **options) -> models.ForeignKey:
    # Steps were checked already: a constraint here would check each of them again.
    return models.ForeignKey(
        to, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False, **options
    )


class Delta(models.Model):
    """What a statement's steps added to a measure on a day: −1 where they left, +1 where they came.

    Insert-only for whoever writes; only the fold takes from it.
    """

    day = models.DateField()
    district = _key(District)
    element = _key(Element)
    team = _key(Team, null=True)
    measure = models.CharField(max_length=12)
    count = models.IntegerField()
    amount = models.BigIntegerField(help_text="thousandths of the element's unit, or of a riyal")

    def __str__(self) -> str:
        return f"{self.day} {self.measure} {self.count:+d}"


class Coming(models.Model):
    """How many become late on a day to come, if nothing more happens."""

    day = models.DateField()
    district = _key(District)
    element = _key(Element)
    team = _key(Team, null=True)
    count = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["day", "district", "element", "team"],
                name="one_count_of_a_day_to_come",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.count:+d}"


class Balance(models.Model):
    """All totals at the end of a day, in the order of `measures`; of every day since the first."""

    day = models.DateField()
    element = _key(Element)
    counts = ArrayField(models.IntegerField())
    amounts = ArrayField(models.BigIntegerField())

    class Meta:
        abstract = True


class DistrictBalance(Balance):
    pk = models.CompositePrimaryKey("day", "district_id", "element_id")
    district = _key(District)

    def __str__(self) -> str:
        return f"{self.day} {self.district_id} {self.element_id}"


class TeamBalance(Balance):
    pk = models.CompositePrimaryKey("day", "team_id", "element_id")
    team = _key(Team)

    def __str__(self) -> str:
        return f"{self.day} {self.team_id} {self.element_id}"


class Folded(models.Model):
    """One row: how many deltas were ever taken from the queue. With those in it, a number that grows."""

    deltas = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.deltas)
