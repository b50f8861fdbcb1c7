"""The ground in squares of 200 m, and what was seen of it: where nobody looked, nobody reported.

A square is one of the grid of its UTM zone. Its number is made of zone, column and row, by the SQL
function `rasd_square_of`: 37_01792_11759 lies 1,792 squares east and 11,759 north of zone 37's origin.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

SQUARE_METRES = 200  # of a side; as in the function


class GroundSquare(models.Model):
    """The part of a square that lies in a district. The database lays them with each boundary."""

    version = models.ForeignKey("places.DistrictVersion", models.CASCADE, related_name="squares")
    square = models.BigIntegerField()
    area_m2 = models.FloatField(help_text="of that part, measured in UTM")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["version", "square"], name="one_part_of_a_square"),
        )

    def __str__(self) -> str:
        return f"{self.version}: {self.square}"


class Sight(models.Model):
    """Somebody was in a square on a day. Insert-only; the database writes it with each step.

    The same may stand here twice: whoever reports never waits for another who reports there.
    """

    class Kind(models.TextChoices):
        REPORT = "report", _("Report")
        VISIT = "visit", _("Visit")
        TREATMENT = "treat", _("Treatment")

    square = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    day = models.DateField()

    class Meta:
        indexes = (models.Index(fields=["square", "kind", "day"], name="sight_last"),)

    def __str__(self) -> str:
        return f"{self.square} {self.kind} {self.day}"
