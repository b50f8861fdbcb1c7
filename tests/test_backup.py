"""A backup holds every row and every photo of one moment, and nothing is restored that is not whole."""

import json
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from psycopg.sql import SQL, Identifier

from gis_app.backup import database as db
from gis_app.backup import files, saving
from gis_app.backup.manifest import Manifest
from gis_app.distortions.models import Distortion, Photo
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def elsewhere(transactional_db):
    """A second, empty database on the same server."""
    here = django_settings.DATABASES["default"]
    name = f"{here['NAME']}_restored"
    with db.connect(here) as connection:
        connection.autocommit = True
        database = Identifier(name)
        connection.execute(SQL("DROP DATABASE IF EXISTS {}").format(database))
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(database))
        yield here | {"NAME": name}
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(database))


@pytest.fixture
def life(city):
    """Something in many tables, with photos of both kinds."""
    factories.photo(report=factories.report(description="كتابة على الجدار"))
    for status in ("verified", "merged", "reopened"):
        factories.distortion(status, contact={"phone": "0555123456"})


def make(folder: Path) -> Path:
    call_command("backup", folder)
    return max(path for path in folder.iterdir())


def restore_to(elsewhere, backup: Path, media: Path, **options) -> None:
    """Run the command with the second database and another folder as its settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(django_settings.DATABASES, "default", elsewhere)
        patch.setattr(django_settings, "MEDIA_ROOT", media)
        call_command("restore", backup, **options)


def contents(database) -> dict[str, str]:
    """Hash all rows of each table, in an order that only they decide."""
    hashed = "SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM {} AS t"
    with db.connect(database) as connection:
        return {
            ".".join(table): connection.execute(SQL(hashed).format(Identifier(*table))).fetchone()[
                0
            ]
            for table in db.tables(connection)
        }


def pictures(media: Path) -> dict[str, bytes]:
    return {name: (media / name).read_bytes() for name in files.below(media)}


def test_every_table_and_every_photo_comes_back(life, elsewhere, tmp_path, settings):
    backup = make(tmp_path / "backups")

    restore_to(elsewhere, backup, tmp_path / "restored")

    here = contents(settings.DATABASES["default"])
    assert contents(elsewhere) == here
    assert len(here) > 30
    assert pictures(tmp_path / "restored") == pictures(settings.MEDIA_ROOT)
    assert len(pictures(settings.MEDIA_ROOT)) >= 4


def test_the_owner_of_a_database_need_not_be_a_superuser(life, elsewhere, tmp_path):
    backup = make(tmp_path / "backups")
    with db.connect(elsewhere) as connection:
        connection.execute("CREATE EXTENSION postgis")
        connection.execute("CREATE ROLE plain_owner LOGIN")
        name = Identifier(elsewhere["NAME"])
        connection.execute(SQL("ALTER DATABASE {} OWNER TO plain_owner").format(name))
    try:
        as_owner = elsewhere | {"USER": "plain_owner"}

        restore_to(as_owner, backup, tmp_path / "restored")
        restore_to(as_owner, backup, tmp_path / "restored", empty_first=True)
    finally:
        with db.connect(elsewhere) as connection:
            connection.execute("REASSIGN OWNED BY plain_owner TO CURRENT_USER")
            connection.execute("DROP OWNED BY plain_owner")
            connection.execute("DROP ROLE plain_owner")


def test_the_restored_database_goes_on_where_it_was(life, elsewhere, tmp_path):
    backup = make(tmp_path / "backups")

    restore_to(elsewhere, backup, tmp_path / "restored")

    with db.connect(elsewhere) as connection:
        with pytest.raises(psycopg.errors.IntegrityError, match="Steps are history"):
            connection.execute("DELETE FROM distortions_step")
        connection.rollback()
        serial = connection.execute("SELECT nextval('distortion_serial')").fetchone()[0]
    assert Distortion.objects.filter(number__endswith=f"{serial:06d}").count() == 0


def test_a_row_that_comes_meanwhile_is_whole_in_the_next_one(life, tmp_path, monkeypatch):
    dump = db.dump

    def dump_late(*args, **kwargs):
        factories.distortion("accepted")
        dump(*args, **kwargs)

    monkeypatch.setattr(db, "dump", dump_late)
    before = Distortion.objects.count()

    backup = make(tmp_path / "backups")

    assert Manifest.read(backup).tables["public.distortions_distortion"] == before


def test_what_was_counted_and_what_was_dumped_are_of_one_moment(
    life, elsewhere, tmp_path, monkeypatch
):
    dump = db.dump

    def dump_late(*args, **kwargs):
        factories.distortion("accepted")
        dump(*args, **kwargs)

    monkeypatch.setattr(db, "dump", dump_late)

    restore_to(elsewhere, make(tmp_path / "backups"), tmp_path / "restored")  # compares the rows


def test_a_photo_that_is_deleted_meanwhile_is_named(life, tmp_path, monkeypatch, settings):
    copy, photos = files.copy, sorted(files.below(settings.MEDIA_ROOT))

    def copy_after_deleting(source, target):
        (settings.MEDIA_ROOT / photos[-1]).unlink(missing_ok=True)
        return copy(source, target)

    monkeypatch.setattr(saving.files, "copy", copy_after_deleting)

    manifest = Manifest.read(make(tmp_path / "backups"))

    assert manifest.gone == [f"media/{photos[-1]}"]
    assert len(manifest.files) == len(photos)  # one less, and the dump


@pytest.mark.parametrize("damaged", ["database.dump", "media"])
def test_one_wrong_byte_is_refused_before_anything_is_touched(life, elsewhere, tmp_path, damaged):
    backup = make(tmp_path / "backups")
    path = backup / damaged
    if path.is_dir():
        path = next(path.rglob("*.jpg"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)

    with pytest.raises(CommandError, match="Nothing was touched"):
        restore_to(elsewhere, backup, tmp_path / "restored")

    assert contents(elsewhere) == {}
    assert not (tmp_path / "restored").exists()


def test_a_missing_photo_is_refused(life, elsewhere, tmp_path):
    backup = make(tmp_path / "backups")
    next(backup.rglob("*.jpg")).unlink()

    with pytest.raises(CommandError, match="Missing or damaged"):
        call_command("restore", backup, check=True)


def test_a_backup_that_was_never_finished_is_recognised(life, elsewhere, tmp_path, capsys):
    backup = make(tmp_path / "backups")
    (backup / "manifest.json").unlink()

    with pytest.raises(CommandError, match="none that was finished"):
        restore_to(elsewhere, tmp_path / "backups", tmp_path / "restored")

    make_again = tmp_path / "backups"
    backup.rename(make_again / "2026-01-01T000000Z")
    call_command("backup", make_again)
    assert "Never finished: " in capsys.readouterr().out


@pytest.mark.parametrize("text", ["{", "[]", '{"files": {}}', '{"files": {"a": {}}}'])
def test_a_damaged_manifest_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)

    with pytest.raises(CommandError, match="damaged"):
        call_command("restore", tmp_path, check=True)


def test_a_database_that_is_not_empty_is_refused_unless_it_is_told_to_go(
    life, elsewhere, tmp_path, settings
):
    backup = make(tmp_path / "backups")
    restore_to(elsewhere, backup, tmp_path / "restored")
    with db.connect(elsewhere) as connection:
        connection.execute("CREATE TABLE left_over (id int)")

    with pytest.raises(CommandError, match="not empty"):
        restore_to(elsewhere, backup, tmp_path / "restored")

    restore_to(elsewhere, backup, tmp_path / "restored", empty_first=True)
    assert contents(elsewhere) == contents(settings.DATABASES["default"])


def test_an_unchanged_photo_takes_no_room_twice(life, tmp_path, settings):
    folder = tmp_path / "backups"
    first = make(folder)
    first = first.rename(folder / "2026-01-01T000000Z")
    factories.photo(report=factories.report(), data=factories.picture("#123456"))

    second = make(folder)

    old = next(first.rglob("*.jpg"))
    assert (second / old.relative_to(first)).samefile(old)
    new = set(files.below(second / "media")) - set(files.below(first / "media"))
    assert len(new) == 2  # large and small
    call_command("restore", second, check=True)


def test_rows_that_differ_from_the_count_are_told(life, elsewhere, tmp_path):
    backup = make(tmp_path / "backups")
    told = json.loads((backup / "manifest.json").read_text())
    told["tables"]["public.distortions_photo"] = Photo.objects.count() + 1
    (backup / "manifest.json").write_text(json.dumps(told))

    with pytest.raises(CommandError, match="distortions_photo"):
        restore_to(elsewhere, backup, tmp_path / "restored")


def test_nobody_else_can_read_a_backup(life, tmp_path):
    backup = make(tmp_path / "backups")

    assert backup.stat().st_mode & 0o077 == 0
    assert (backup / "database.dump").stat().st_mode & 0o007 == 0


@pytest.mark.parametrize(
    "name", ["media/../../planted", "/etc/planted", "planted", "media/photos/../../../planted"]
)
def test_a_file_that_would_lie_elsewhere_is_refused(life, elsewhere, tmp_path, name):
    backup = make(tmp_path / "backups")
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["files"][name] = next(iter(manifest["files"].values()))
    (backup / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(CommandError, match="damaged"):
        restore_to(elsewhere, backup, tmp_path / "restored" / "media")

    assert not (tmp_path / "restored").exists()


def test_a_backup_without_its_database_throws_nothing_away(life, elsewhere, tmp_path):
    backup = make(tmp_path / "backups")
    restore_to(elsewhere, backup, tmp_path / "restored")
    before = contents(elsewhere)
    manifest = json.loads((backup / "manifest.json").read_text())
    del manifest["files"]["database.dump"]
    (backup / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(CommandError, match="damaged"):
        restore_to(elsewhere, backup, tmp_path / "restored", empty_first=True)

    assert contents(elsewhere) == before
