"""Files, copied whole and onto the disk: a power cut leaves the old one or the new one."""

import os
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

BLOCK = 1024 * 1024
READABLE = 0o640  # by the owner and the group alone: there are faces in photos


def below(folder: Path) -> Iterator[str]:
    """Return the files of *folder* and its folders, as paths within it, in order."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            yield str((Path(place) / name).relative_to(folder))


def copy(source: Path, target: Path) -> str:
    """Copy *source* with its time, and return the SHA-256 of what was copied."""
    digest = sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    with source.open("rb") as reading, part.open("wb") as writing:
        while block := reading.read(BLOCK):
            digest.update(block)
            writing.write(block)
        to_disk(writing)
    shutil.copystat(source, part)
    part.chmod(READABLE)
    part.replace(target)
    return digest.hexdigest()


def write_whole(target: Path, data: bytes) -> None:
    """Write *data* so that *target* is never half there, and stays there."""
    part = target.with_name(f"{target.name}.part")
    with part.open("wb") as file:
        file.write(data)
        to_disk(file)
    part.chmod(READABLE)
    part.replace(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def to_disk(file) -> None:
    """Wait until what was written to *file* has reached the disk."""
    file.flush()
    os.fsync(file.fileno())
