"""What a backup holds. Written last: a folder without it is a backup that was never finished."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from typing import Self

from gis_app.backup.files import write_whole
from gis_app.errors import Refused

FORMAT = 1
NAME = "manifest.json"
DUMP = "database.dump"
MEDIA = "media"
FOLDERS = "20??-??-??T??????Z"  # of backups: the moment in UTC at which they began


@dataclass
class File:
    """A file of the backup; the time is that of its source, in nanoseconds."""

    sha256: str
    size: int
    mtime_ns: int


@dataclass
class Manifest:
    made_at: str
    rasd: str
    postgresql: int
    tables: dict[str, int]  # rows of each
    files: dict[str, File]  # by the path within the backup
    gone: list[str]  # deleted while the backup was made
    format: int = FORMAT

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Return what *folder* holds; Refused when that is no finished backup of this format."""
        try:
            told = json.loads((folder / NAME).read_text(encoding="utf-8"))
            files = {name: File(**facts) for name, facts in told.pop("files").items()}
            found = cls(files=files, **told)
            _check_names(files)
        except FileNotFoundError:
            raise Refused(f"{folder} is no backup, or one that was never finished.") from None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Refused(f"{folder / NAME} is damaged.") from error
        if found.format != FORMAT:
            raise Refused(f"{folder} was made by another version of Rasd ({found.rasd}).")
        return found

    def write(self, folder: Path) -> None:
        """Finish the backup in *folder*."""
        write_whole(folder / NAME, json.dumps(asdict(self), indent=1).encode())


def _check_names(names: Collection[str]) -> None:
    """Raise ValueError unless *names* are the database and files of photos, none of them elsewhere."""
    for name in {*names} - {DUMP}:
        parts = PurePosixPath(name).parts
        if parts[:1] != (MEDIA,) or ".." in parts:
            raise ValueError(name)
    if DUMP not in names:
        raise ValueError(DUMP)


def backups(folder: Path) -> list[Path]:
    """Return the finished backups in *folder*, the oldest first."""
    return [path for path in sorted(folder.glob(FOLDERS)) if (path / NAME).exists()]


def unfinished(folder: Path) -> list[Path]:
    """Return the folders of backups that were begun and never finished."""
    return [path for path in sorted(folder.glob(FOLDERS)) if not (path / NAME).exists()]


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
