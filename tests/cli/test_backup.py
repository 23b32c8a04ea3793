"""`trailmate backup`, `trailmate restore` and `trailmate db move`, as whoever runs the bot types them."""

from __future__ import annotations

import errno
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import String, func, select, text, update

from bot.chat.platform import Post, Sent
from bot.cli import backup as keep
from bot.features.feature import Features
from bot.features.groups.tables import Membership
from bot.features.people.tables import AccountRow
from bot.features.privacy.forget import Forgotten
from bot.maintenance import migrate, schema_compatibility
from bot.maintenance.backup import Archive, BackupError
from bot.runtime import settings as settings_of
from bot.runtime.catalogue import FEATURES
from bot.storage import engine as engines
from bot.storage.lock import Lock
from bot.storage.unit_of_work import Database, Work
from tests.command_line import here
from tests.harness import MONDAY, World, world
from tests.storage.filling import EACH, everything, fill, quickly
from tests.storage.fixtures import run_alone

__all__ = ["quickly"]
pytestmark = pytest.mark.usefixtures("quickly")
KEPT = Features(FEATURES).personal_data.kept
WHO, SECRET = 2, "wombat-7"


async def test_a_backup_of_a_running_bot_is_put_back_and_who_was_forgotten_since_stays_so(tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    own = tmp_path / "roadmaps" / "mine" / "roadmap.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    async with world(tmp_path) as w:
        await w.begin("ada", "ben")
        await w.say("ada", "checkin 30 read two papers")
        own.unlink()
        own.write_text("mine")
        made = here(tmp_path, "backup", str(file))
        assert made.returncode == 0 and "and verified it" in made.stdout, made.stderr
        await w.say("ben", "checkin 20 later")
        await w.say("ben", "privacy forget confirm=yes")
    (tmp_path / "forgotten.txt").unlink()  # as where the process that did it had a folder of its own
    own.unlink()
    refused, done = (here(tmp_path, "restore", str(file), *more) for more in ([], ["--replace", "--yes"]))
    assert refused.returncode == 1 and "is not empty. Use --replace to restore anyway." in refused.stderr
    assert done.returncode == 0, done.stderr
    assert "People whose data I deleted again: 1." in done.stdout
    assert "Restored 1 file of courses." in done.stdout and own.read_text() == "mine"
    (kept,) = tmp_path.glob("trailmate.db.before-*")
    assert f"The old data is in {kept}." in done.stdout
    told = {dict(row)["name"] for row in everything(f"sqlite:///{tmp_path / 'trailmate.db'}")["account"]}
    assert "Ada" in told and "Ben" not in told
    assert len((tmp_path / "forgotten.txt").read_text().split()) == 4


def names_somebody(work: Work) -> None:
    """Have every row of one person say a word that stands nowhere else."""
    for kept in KEPT:
        table = kept.whose.class_.__table__
        mine = table.c.id == WHO if kept.spelled else kept.whose == kept.key(WHO)
        if kept.spelled:
            work.session.execute(update(table).where(mine).values({kept.whose.key: kept.key(WHO)}))
        elif kept.forgotten == "deleted":
            texts = (column for column in table.columns if isinstance(column.type, String) and not column.primary_key)
            values = {text.name: SECRET for text in texts if text.type.length is None or text.type.length > len(SECRET)}
            if values:
                work.session.execute(update(table).where(mine).values(values))


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)])
def test_who_stands_in_every_table_of_a_backup_and_was_forgotten_leaves_no_row_and_no_word(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'trailmate.db'}"
    if engine == "postgresql":
        run_alone(url := request.getfixturevalue("postgres_url"), "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    settings = {"TRAILMATE_DATABASE_URL": url} if engine == "postgresql" else {}
    fill(url)
    with Database(url) as database:
        database.run_sync(names_somebody)
        account = database.run_sync(lambda work: work.session.get_one(AccountRow, WHO), writes=False)
        Forgotten.beside(tmp_path).add(account, database.real_now())
    assert here(tmp_path, "backup", "b.zip", **settings).returncode == 0
    done = here(tmp_path, "restore", "b.zip", "--replace", "--yes", **settings)
    assert done.returncode == 0 and "People whose data I deleted again: 1." in done.stdout, done.stderr
    migrate.upgrade(url)  # as a start does
    with engines.snapshot(url) as connection:
        for kept in KEPT:
            assert not connection.execute(select(kept.whose).where(kept.whose == kept.key(WHO))).all(), str(kept.whose)
        assert {connection.scalar(select(func.count()).select_from(one)) for one in (AccountRow, Membership)} == {
            EACH - 1
        }
    assert SECRET not in repr(everything(url))
    if engine == "sqlite":
        assert SECRET.encode() not in (tmp_path / "trailmate.db").read_bytes()


def test_a_file_that_is_there_is_replaced_by_force_alone(tmp_path: Path) -> None:
    fill(f"sqlite:///{tmp_path / 'trailmate.db'}")
    file = tmp_path / "b.zip"
    file.write_text("precious")
    refused, done = (here(tmp_path, "backup", str(file), *more) for more in ([], ["--force"]))
    assert (refused.returncode, done.returncode) == (1, 0)
    assert refused.stderr == f"{file} already exists. Choose another file, or replace it with --force.\n"
    nowhere = here(tmp_path, "backup", "nowhere/b.zip")
    assert nowhere.stderr.endswith("No backup was made: make the folder nowhere, or name another place.\n")


def test_the_newest_backups_of_a_folder_are_kept(tmp_path: Path) -> None:
    fill(f"sqlite:///{tmp_path / 'trailmate.db'}", is_empty=True)
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("trailmate-20260101-000000.zip", "trailmate-20260102-000000.zip", "mine.zip"):
        (folder / name).touch()
    done = here(tmp_path, "backup", str(folder), "--keep", "2")
    left = sorted(one.name for one in folder.iterdir())
    assert done.returncode == 0 and left[:2] == ["mine.zip", "trailmate-20260102-000000.zip"] and len(left) == 3
    assert (
        "--keep needs a folder of backups" in here(tmp_path, "backup", str(folder / "mine.zip"), "--keep", "2").stderr
    )


def test_a_name_without_a_suffix_or_with_a_slash_is_a_folder(tmp_path: Path) -> None:
    fill(f"sqlite:///{tmp_path / 'trailmate.db'}", is_empty=True)
    for name in ("backups", "copies.d/"):
        assert here(tmp_path, "backup", name).returncode == 0
        [file] = (tmp_path / name).iterdir()
        assert file.suffix == ".zip"
    (tmp_path / "old").write_text("precious")
    refused, taken = here(tmp_path, "backup", "old/"), here(tmp_path, "backup", "old")
    assert "old is not a folder" in refused.stderr and "old already exists" in taken.stderr


def test_nothing_is_backed_up_of_nothing(tmp_path: Path) -> None:
    assert here(tmp_path, "backup", "b.zip").stderr == f"There is no database {tmp_path / 'trailmate.db'}.\n"
    (tmp_path / "trailmate.db").touch()
    assert here(tmp_path, "backup", "b.zip").stderr == f"{tmp_path / 'trailmate.db'} has no Trailmate data.\n"


def test_a_damaged_database_is_not_backed_up(tmp_path: Path) -> None:
    fill(f"sqlite:///{tmp_path / 'trailmate.db'}")
    file = tmp_path / "trailmate.db"
    content = file.read_bytes()
    pages = [content[at : at + 4096] for at in range(0, len(content), 4096)]
    leaf, of_rows = 13, [bool(at and b"CREATE" not in page) for at, page in enumerate(pages)]
    spoil = (b"\xff" * 4096 if one and page[0] == leaf else page for page, one in zip(pages, of_rows, strict=True))
    file.write_bytes(b"".join(spoil))
    done = here(tmp_path, "backup", "b.zip")
    assert (
        done.returncode == 1
        and "trailmate.db is damaged, and nothing was written. Restore a backup with trailmate restore FILE --replace"
        in done.stderr
    )
    assert not (tmp_path / "b.zip").exists()


def test_what_is_no_backup_is_told_with_what_to_name(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    empty, gone = here(tmp_path, "restore", "kept"), here(tmp_path, "restore", "gone.zip")
    for name in ("trailmate-20260101-000000.zip", "trailmate-20260102-000000.zip", "zoo.zip"):
        (folder / name).touch()
    filled = here(tmp_path, "restore", "kept")
    assert empty.stderr == "kept is a folder. Choose a backup file.\n"
    newest = "kept/trailmate-20260102-000000.zip"
    assert filled.stderr == f"kept is a folder. Choose a backup file, such as the newest one, {newest}.\n"
    assert gone.stderr == "There is no file gone.zip. Name a backup.\n"
    with pytest.raises(BackupError, match=r"cannot be read: is a directory\. Name a backup that"):
        Archive(folder)


def test_a_full_disk_is_a_sentence_whatever_verb_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(keep, "backup", full)
    done = here(tmp_path, "backup", "b.zip")
    assert (done.returncode, done.stderr) == (1, "The database's disk is full. Free some space.\n")


def test_nothing_is_put_back_under_a_running_bot_or_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'trailmate.db'}"
    fill(url)
    here(tmp_path, "backup", "b.zip")
    with Lock(url):
        running = here(tmp_path, "restore", "b.zip", "--replace", "--yes")
    assert running.returncode == 1 and "already running on this database" in running.stderr
    asked = here(tmp_path, "restore", "b.zip", "--replace")
    assert asked.returncode == 1 and asked.stderr.endswith("Nothing was changed.\n")
    monkeypatch.setattr(keep, "_is_confirmed", lambda *_: True)
    assert here(tmp_path, "restore", "b.zip", "--replace").returncode == 0


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(f"sqlite:///{tmp_path / 'trailmate.db'}", is_empty=True)
    here(tmp_path, "backup", "b.zip")
    monkeypatch.setattr(migrate, "is_known", lambda _: False)
    assert "was made by a newer version (0." in here(tmp_path, "restore", "b.zip").stderr
    assert "A newer version has used this database" in here(tmp_path, "backup", "c.zip").stderr


@pytest.mark.nightly
def test_a_file_of_a_retired_migration_names_the_commit_that_can_restore_it(tmp_path: Path) -> None:
    url, retired = f"sqlite:///{tmp_path / 'trailmate.db'}", min(schema_compatibility.RETIRED)
    fill(url, is_empty=True)
    here(tmp_path, "backup", "b.zip")
    with ZipFile(tmp_path / "b.zip") as backup, ZipFile(tmp_path / "old.zip", "w") as old:
        for name in backup.namelist():
            old.writestr(name, backup.read(name).replace(migrate.head().encode(), retired.encode()))
    with migrate.connected(url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :retired"), {"retired": retired})
        connection.commit()
    for asked in (("restore", "old.zip"), ("backup", "c.zip"), ("db", "check"), ("db", "upgrade")):
        said = here(tmp_path, *asked).stderr
        assert f"revision {retired}, which is too old" in said
        assert f"commit {schema_compatibility.LAST_COMMIT_WITH_RETIRED} of the project" in said


async def test_what_may_have_gone_out_since_the_backup_is_looked_for_before_it_is_sent(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.start(extra="start=today")
        assert here(tmp_path, "backup", "b.zip").returncode == 0
        first = listened(w)
        await w.to(MONDAY + timedelta(hours=2))
        await w.tick()
    assert first and not any(first.values())
    assert here(tmp_path, "restore", "b.zip", "--replace", "--yes").returncode == 0
    async with world(tmp_path, at=MONDAY + timedelta(hours=3)) as w:
        then = listened(w)
        await w.tick()
    assert then.keys() & first.keys() and all(then.values())


def listened(w: World) -> dict[str, bool]:
    """Return, of each message that is delivered from now on, whether it is looked for first."""
    relay, looked = w.app.relays["local"], dict[str, bool]()
    deliver = relay._deliver

    async def heard(post: Post, again: bool) -> Sent:
        looked[post.key] = again
        return await deliver(post, again)

    relay._deliver = heard
    return looked


@pytest.mark.nightly
def test_a_database_is_moved_and_the_next_step_is_told(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_alone(postgres_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    fill(url := f"sqlite:///{tmp_path / 'trailmate.db'}")
    before = everything(url)
    moved = here(tmp_path, "db", "move", "trailmate.db", postgres_url)
    assert moved.returncode == 0, moved.stderr
    assert "Set TRAILMATE_DATABASE_URL=postgresql" in moved.stdout and "***" in moved.stdout
    assert everything(postgres_url) == before
    again = here(tmp_path, "db", "move", "trailmate.db", postgres_url)
    assert (again.returncode, "is not empty. Choose an empty database." in again.stderr) == (1, True)
    assert (
        f"Source and target are both {tmp_path / 'trailmate.db'}."
        in here(tmp_path, "db", "move", "trailmate.db", f"sqlite:///{tmp_path}/./trailmate.db").stderr
    )
    monkeypatch.setattr(keep, "_identify_database", str)  # as where a host has two names
    assert (
        ". Choose an empty database as the target."
        in here(tmp_path, "db", "move", postgres_url, f"{postgres_url}&connect_timeout=9").stderr
    )
    assert "A file name also works" in here(tmp_path, "db", "move", "mysql://x", "y.db").stderr
    assert "There is no database" in here(tmp_path, "db", "move", "gone.db", "y.db").stderr


def test_the_setting_that_a_move_asks_for_is_one_that_works(tmp_path: Path) -> None:
    given = settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=tmp_path)
    own, other = (f"sqlite:///{tmp_path}/{name}" for name in ("./trailmate.db", "b.db"))
    steps = {
        own: "Remove TRAILMATE_DATABASE_URL from the settings",
        other: f"Set TRAILMATE_DATABASE_URL={other}",
        "postgresql://me@host/db": "Set TRAILMATE_DATABASE_URL=postgresql://me@host/db",
        "postgresql://me:x@host/db": "Set TRAILMATE_DATABASE_URL=postgresql://me:***@host/db (with its password)",
    }
    assert [keep._describe_next_step(given, url) for url in steps] == [
        f"{step}, then start the bot." for step in steps.values()
    ]
    assert settings_of.load(_env_file=None, TRAILMATE_DATABASE_URL=other).url == other
    assert keep._identify_database("postgresql://me:x@host/db") == keep._identify_database(
        "postgresql+psycopg://you@host:5432/db"
    )
