"""Which edition of the registers is in force."""

from django.db import models


class Edition(models.Model):
    """One row. Its mark is new whenever a register has changed, whoever changed it.

    The registers are what seldom changes: districts, elements, calendars, teams, rules …; triggers
    on their tables write the mark (migrating.py). It is random, never used again: what was read
    under a mark is what is read under it in every process, also after a change was undone.
    """

    mark = models.UUIDField()

    def __str__(self) -> str:
        return str(self.mark)
