"""Making a backup: the database as it is at one moment, then every photo.

In this order, because a photo lies on the disk before its row does: no row of the copy can lack
its photo, but for those that are deleted for good in the same minutes.
"""

import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from tqdm import tqdm

from gis_app.backup import database as db
from gis_app.backup import files
from gis_app.backup.manifest import DUMP, MEDIA, File, Manifest, backups, sha256_of

PRIVATE = 0o700  # a backup holds all that is personal


def back_up(folder: Path, *, database: db.Database, media: Path) -> tuple[Path, Manifest]:
    """Make a backup in a new folder of *folder*; return that, and what it holds.

    Photos that the last backup has already are linked to it, so that they take no room twice.
    Nothing is ever deleted.
    """
    now = datetime.now(UTC)
    earlier = backups(folder)[-1:]
    target = folder / f"{now:%Y-%m-%dT%H%M%SZ}"
    folder.mkdir(parents=True, exist_ok=True)
    target.mkdir(mode=PRIVATE)
    with db.snapshot(database) as (connection, name):
        version = db.major_version(connection)
        tables = db.count_rows(connection)
        db.dump(database, target / DUMP, snapshot=name, version=version)
    manifest = Manifest(
        made_at=now.isoformat(timespec="seconds"),
        rasd=_version(),
        postgresql=version,
        tables=tables,
        files={DUMP: _kept(target / DUMP)},
        gone=[],
    )
    _save_media(media, target, manifest, earlier=earlier[0] if earlier else None)
    manifest.write(target)
    return target, manifest


def _save_media(media: Path, target: Path, manifest: Manifest, *, earlier: Path | None) -> None:
    """Link or copy each file of *media*; what is deleted meanwhile is noted as gone."""
    known = Manifest.read(earlier).files if earlier else {}
    for name in tqdm(list(files.below(media)), desc="photos", unit="", disable=None, leave=False):
        path = f"{MEDIA}/{name}"
        try:
            facts = (media / name).stat()
            same = known.get(path)
            if (
                earlier
                and same
                and (same.size, same.mtime_ns) == (facts.st_size, facts.st_mtime_ns)
            ):
                _link(earlier / path, target / path)
                manifest.files[path] = same
            else:
                sha256 = files.copy(media / name, target / path)
                manifest.files[path] = File(sha256, facts.st_size, facts.st_mtime_ns)
        except FileNotFoundError:
            manifest.gone.append(path)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.link(source, target)


def _kept(path: Path) -> File:
    """Return what there is to know of a file that was just written; it has reached the disk."""
    with path.open("rb+") as file:
        files.to_disk(file)
    path.chmod(files.READABLE)
    facts = path.stat()
    return File(sha256_of(path), facts.st_size, facts.st_mtime_ns)


def _version() -> str:
    text = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["version"]
