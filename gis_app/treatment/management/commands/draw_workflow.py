"""Draw the life of a distortion from the MOVES table."""

from django.core.management.base import BaseCommand

from gis_app.distortions.status import Status
from gis_app.treatment.workflow import MOVES, Move

UNDONE = [Status.REPORTED, Status.ACCEPTED]  # where the undoing of a merge leads


class Command(BaseCommand):
    help = "Print the workflow as a Mermaid state diagram, from the table that the code obeys."

    def handle(self, *args, **options):
        self.stdout.write("stateDiagram-v2")
        self.stdout.write("    [*] --> reported: report")
        for name, move in MOVES.items():
            for line in lines(name, move):
                self.stdout.write(f"    {line}")
        self.stdout.write("    verified --> [*]")


def lines(name: str, move: Move) -> list[str]:
    """Return one arrow for each status that *move* leaves; moves that stay are not drawn."""
    by = " or ".join(sorted(role for role in move.by if role != "admin"))
    needs = f" ({', '.join(move.needs)})" if move.needs else ""
    ends = [move.end] if move.end else UNDONE if name == "unmerge" else []
    return [
        f"{start} --> {end}: {name}{needs} by {by}" for start in sorted(move.starts) for end in ends
    ]
