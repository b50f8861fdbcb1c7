"""Distortions counted by the cells of a grid, by their public place. Triggers keep it (migrations).

A level L cuts the world of the web map into 2^L × 2^L cells, from the north-west; a tile of zoom z
shows 32 × 32 cells of level z + 5. Sums of places are in steps of 1/2^32 of the world's side
(under a centimetre in the city): whole numbers, so that what is taken away leaves nothing behind.
"""

from django.db import models

COARSEST, FINEST = 5, 20  # a cell of the finest level is about 36 m wide at 21° N
ALL = 0  # stands for all elements together; no element has this key


class Counted(models.Model):
    """Distortions of one status in one cell: how many, and the sums of their places and keys.

    Where there is one alone, its sums are its place and its key.
    """

    element = models.IntegerField(help_text="The key of the element, or 0.")
    x = models.IntegerField(help_text="Column of the cell, from the west.")
    y = models.IntegerField(help_text="Row of the cell, from the north.")
    status = models.CharField(max_length=12)
    count = models.IntegerField()
    sum_x = models.BigIntegerField()
    sum_y = models.BigIntegerField()
    sum_pk = models.BigIntegerField()

    class Meta:
        abstract = True


class Cell(Counted):
    """What a cell holds of one element, and of all together."""

    pk = models.CompositePrimaryKey("level", "element", "x", "y", "status")
    level = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.level}/{self.x}/{self.y} {self.status}: {self.count}"


class Delta(Counted):
    """What came (+) to a cell of the finest level, or left it (−), and is in no `Cell` yet."""

    def __str__(self) -> str:
        return f"{self.x}/{self.y} {self.status}: {self.count:+}"
