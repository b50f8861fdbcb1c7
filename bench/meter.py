"""What a server and its children use: CPU time and memory, from /proc.

CPU time hardly depends on what else a machine does; wall time does.
"""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
PARENT, USER, SYSTEM, ENDED_USER, ENDED_SYSTEM = 1, 11, 12, 13, 14  # after the name, from proc(5)


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds of *pid*, its children, and those that have ended under them."""
    return (
        sum(
            int(stat[column])
            for stat in family(pid).values()
            for column in (USER, SYSTEM, ENDED_USER, ENDED_SYSTEM)
        )
        / TICKS
    )


def memory_mib(pid: int) -> float:
    """Return the memory of *pid* and its children in MiB; what they share is counted once (PSS)."""
    return sum(map(_pss_kib, family(pid))) / 1024


def family(pid: int) -> dict[int, list[str]]:
    """Return *pid* and all its descendants, each with the columns of its stat file."""
    stats = {int(path.name): stat for path in PROC.glob("[0-9]*") if (stat := _stat(path))}
    children: dict[int, list[int]] = {}
    for child, stat in stats.items():
        children.setdefault(int(stat[PARENT]), []).append(child)
    found, unseen = {}, [pid]
    while unseen:
        one = unseen.pop()
        if one in stats:
            found[one] = stats[one]
            unseen += children.get(one, [])
    return found


def _stat(process: Path) -> list[str]:
    try:
        text = (process / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return []
    return text.rpartition(")")[2].split()  # the name before it may hold spaces


def _pss_kib(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
