"""Draw the life of a distortion from the MOVES table."""

from django.core.management.base import BaseCommand

from gis_app.treatment.workflow import MOVES, Move


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
    if name == "unmerge":
        ends = ("reported", "accepted")
    elif move.end is None:
        return []
    else:
        ends = (str(move.end),)
    return [
        f"{start} --> {end}: {name}{needs} by {by}" for start in sorted(move.starts) for end in ends
    ]
