"""Bringing a backup back: everything is checked before anything is touched."""

from pathlib import Path

from tqdm import tqdm

from gis_app.backup import database as db
from gis_app.backup import files
from gis_app.backup.manifest import DUMP, MEDIA, NAME, Manifest, backups, sha256_of
from gis_app.errors import Refused


def newest(folder: Path) -> Path:
    """Return *folder* if it is a backup, else the newest finished one in it."""
    if (folder / NAME).exists():
        return folder
    found = backups(folder)
    if not found:
        raise Refused(f"{folder} is no backup, and holds none that was finished.")
    return found[-1]


def check(backup: Path) -> Manifest:
    """Return what *backup* holds; Refused when a file is missing, or is not what was written."""
    manifest = Manifest.read(backup)
    wrong = []
    for name, file in tqdm(
        manifest.files.items(), desc="checking", unit="", disable=None, leave=False
    ):
        path = backup / name
        if not path.is_file() or sha256_of(path) != file.sha256:
            wrong.append(name)
    if wrong:
        told = ", ".join(wrong[:5])
        raise Refused(
            f"Missing or damaged in {backup}: {len(wrong)} ({told}). Nothing was touched."
        )
    return manifest


def restore(
    backup: Path, *, database: db.Database, media: Path, empty_first: bool = False
) -> Manifest:
    """Bring *backup* into an empty *database* and into *media*; return what was restored.

    *empty_first* throws away what the database holds. The photos come first, the database all
    at once: until then there is nothing that could point to a photo which is not there. Photos
    that the backup does not know stay where they are.
    """
    manifest = check(backup)
    with db.connect(database) as connection:
        version = db.major_version(connection)
        if db.tables(connection) and not empty_first:
            raise Refused(
                "The database is not empty. Name another one, or throw away what it holds "
                "with --empty-first. Nothing was touched."
            )
    _restore_media(backup, media, manifest)
    if empty_first:
        with db.connect(database) as connection:
            db.drop_all(connection)
    db.load(database, backup / DUMP, version=version)
    _compare(database, manifest)
    return manifest


def _restore_media(backup: Path, media: Path, manifest: Manifest) -> None:
    names = [name for name in manifest.files if name != DUMP]
    for name in tqdm(names, desc="photos", unit="", disable=None, leave=False):
        files.copy(backup / name, media / Path(name).relative_to(MEDIA))


def _compare(database: db.Database, manifest: Manifest) -> None:
    """Refuse when the database does not hold the very rows that were counted."""
    with db.connect(database) as connection:
        counts = db.count_rows(connection)
        connection.execute("ANALYZE")  # else the first questions are answered slowly
    differ = {
        table
        for table in counts.keys() | manifest.tables.keys()
        if counts.get(table) != manifest.tables.get(table)
    }
    if differ:
        raise Refused(f"Restored, but these tables have other rows: {', '.join(sorted(differ))}.")
