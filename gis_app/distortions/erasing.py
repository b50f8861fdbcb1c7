"""Taking pictures away for good: at the end of their time, or when nothing needs a file any more.

A file is deleted after the transaction, when it is certain that its row was given up; what a
crash leaves behind is found by `sweep`.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from time import time

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.distortions import photos
from gis_app.distortions.likeness import forget
from gis_app.distortions.models import Photo, Report
from gis_app.distortions.record import in_turn
from gis_app.errors import Refused

A_DAY = 24 * 3600  # seconds: an upload writes its files some moments before its row
MOST = 10_000  # files in one run

Progress = Callable[[Iterable[Path]], Iterable[Path]]


@transaction.atomic
def erase_photos(report: Report, *, keep_published: bool = False) -> int:
    """Erase the photos of *report* and return how many; its distortion is locked by the caller.

    With *keep_published* those that everybody may see stay, without person, place and time.

    The rows stay as tombstones, because steps and moves point to them: without person, place
    and time, and with the SHA-256, which tells nothing to whoever has not the picture. What
    they look like is forgotten. The pictures go, unless another photo, of the same bytes, still
    needs them.
    """
    published = Photo.objects.published() if keep_published else Photo.objects.none()
    kept: QuerySet[Photo] = published.filter(report=report)
    locked = report.photos.filter(erased_at=None).select_for_update(of=("self",), no_key=True)
    found = list(locked.exclude(pk__in=kept))
    for photo in found:
        _delete_after_commit(photo)
    forget(found)
    report.photos.filter(erased_at=None).update(
        by=None, place=None, accuracy_m=None, taken_at=None, flags=[]
    )
    report.photos.filter(pk__in=[photo.pk for photo in found]).update(
        erased_at=timezone.now(), blurs=[]
    )
    return len(found)


@transaction.atomic
def drop_original(photo: Photo) -> None:
    """Keep of *photo* only what was blurred; Refused when nothing was: it is shown as it is."""
    locked = Photo.objects.with_original().select_for_update(no_key=True).get(pk=photo.pk)
    if not locked.blurs:
        raise Refused(_("Nothing is blurred in this photo."))
    locked.original_dropped_at = timezone.now()
    locked.save(update_fields=["original_dropped_at"])
    transaction.on_commit(partial(remove_unused, locked.sha256), robust=True)


def sweep(*, most: int = MOST, progress: Progress = iter) -> int:
    """Delete files that no row needs, a day after they were written; return how many.

    No more than about *most*, so that a mistake elsewhere does not empty the store in one
    night. *progress* is told of the folders, as tqdm is.
    """
    folders = sorted(path for path in settings.MEDIA_ROOT.glob("*/*") if path.is_dir())
    deleted = 0
    for folder in progress(folders):
        for remove in _removals(folder, _old_files(folder)):
            if deleted >= most:
                return deleted
            deleted += remove()
    return deleted


def _old_files(folder: Path) -> list[Path]:
    before = time() - A_DAY
    return sorted(file for file in folder.iterdir() if file.stat().st_mtime < before)


@transaction.atomic
def remove_unused(sha256: str) -> int:
    """Delete the picture of that SHA-256 unless a photo needs it; return how many files."""
    in_turn(f"photo {sha256}")
    if Photo.objects.with_original().filter(sha256=sha256).exists():
        return 0
    return _delete(photos.path(sha256, size) for size in photos.SIZES)


@transaction.atomic
def remove_unused_blur(token: str, mark: str) -> int:
    """Delete the photo at *token* as blurred under *mark*, unless that is how it is shown."""
    in_turn(f"photo {token}")
    if (token, mark) in _shown_blurs([token]):
        return 0
    return _delete(photos.blurred_path(token, mark, size) for size in photos.SIZES)


def _removals(folder: Path, files: list[Path]) -> Iterator[Callable[[], int]]:
    """Return what deletes those of *files* that seem unused; each looks again, under a lock."""
    half_written = [file for file in files if file.suffix != ".jpg"]
    names = {tuple(file.name.split(".")[:-2]) for file in files if file.suffix == ".jpg"}
    yield from (partial(_delete, [file]) for file in half_written)
    if folder.parent.name == "blurred":
        shown = _shown_blurs(token for token, _mark in names)
        yield from (partial(remove_unused_blur, *name) for name in sorted(names - shown))
    else:
        kept = Photo.objects.with_original().filter(sha256__in=[sha256 for (sha256,) in names])
        needed = set(kept.values_list("sha256"))
        yield from (partial(remove_unused, *name) for name in sorted(names - needed))


def _shown_blurs(tokens: Iterable[str]) -> set[tuple[str, str]]:
    kept = Photo.objects.filter(token__in=list(tokens), erased_at=None)
    return {(photo.token, photo.mark) for photo in kept}


def _delete(files: Iterable[Path]) -> int:
    found = [file for file in files if file.exists()]
    for file in found:
        file.unlink(missing_ok=True)
    return len(found)


def _delete_after_commit(photo: Photo) -> None:
    # `robust`: what is erased stays erased, also where its file cannot be deleted just now.
    transaction.on_commit(partial(remove_unused, photo.sha256), robust=True)
    if photo.mark:
        transaction.on_commit(partial(remove_unused_blur, photo.token, photo.mark), robust=True)
