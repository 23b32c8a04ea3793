"""What `trailmate doctor` says of a database that nothing could be kept in."""

from __future__ import annotations

import time
from argparse import Namespace
from pathlib import Path

import pytest
from sqlalchemy import Index

from bot.chat.platform import Finding
from bot.cli.doctor import _check_database, _check_embedder, _summarize_differences, database_finding, doctor
from bot.maintenance import migrate
from bot.maintenance.schema_differences import BACKUP, UPGRADE, Difference
from bot.runtime import settings as settings_of
from bot.storage.lock import Lock
from tests.harness import World


def database(folder: Path) -> Path:
    migrate.upgrade(f"sqlite:///{folder / 'trailmate.db'}")
    return folder / "trailmate.db"


def test_a_damaged_file_is_not_up_to_date(tmp_path: Path) -> None:
    path = database(tmp_path)
    given = settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=tmp_path)
    assert database_finding(given).what == "Database: up to date"
    content = bytearray(path.read_bytes())
    for page in range(3, len(content) // 4096):
        content[page * 4096 : page * 4096 + 8] = b"\xff" * 8
    path.write_bytes(content)
    found = database_finding(given)
    assert (found.ok, found.what) == (False, "Database: damaged")
    assert "restore a backup" in found.fix


def test_a_folder_that_may_not_be_written_is_not_called_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database(tmp_path)
    # the tests may run as root, who may write everywhere but on a read-only disk
    monkeypatch.setattr("bot.storage.write_probe.os.access", lambda path, mode: False)
    found = database_finding(settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=tmp_path))
    assert (found.ok, found.what) == (False, "Database: read-only")


@pytest.mark.parametrize("named", [{}, {"TRAILMATE_DATABASE_URL": "sqlite:///{}/new/other.db"}])
def test_a_folder_in_which_no_first_file_can_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: dict[str, str]
) -> None:
    filled = {name: value.format(tmp_path) for name, value in named.items()}
    given = settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=tmp_path, **filled)
    assert database_finding(given).what.startswith("Database: none yet; the first start creates one in")
    monkeypatch.setattr("bot.cli.doctor.os.access", lambda path, mode: False)
    found = database_finding(given)
    assert (found.ok, "I can't create one" in found.what, "mounted read-only" in found.fix) == (False, True, True)
    assert not [*tmp_path.iterdir()]


def test_a_file_that_was_moved_away_from_a_running_bot_is_not_called_the_first_start(tmp_path: Path) -> None:
    path = database(tmp_path)
    given = settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=tmp_path)
    with Lock(given.url):
        path.rename(tmp_path / "elsewhere.db")
        found = database_finding(given)
        assert (found.ok, found.what) == (False, "Database: moved away")
        assert "Put the same file back" in found.fix
    assert database_finding(given).what.startswith("Database: none yet")
    assert not path.exists()


async def test_a_group_whose_roadmap_is_not_installed_is_named(
    w: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await w.start(name="Night_owls")
    assert [found.what for found in _check_database(w.app.settings)] == ["Database: up to date"]
    monkeypatch.setattr("bot.runtime.roadmap_paths.bundled", lambda name: tmp_path / "nothing")
    _, group = _check_database(w.app.settings)
    assert (group.ok, group.fix) == (
        False,
        "restore or fix the folder genai-2026, then run trailmate roadmap reload.",
    )
    assert group.what == "Group: Night_owls can't continue: its course genai-2026 is missing or unusable."


def test_a_file_that_does_not_answer_is_not_called_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=tmp_path)
    monkeypatch.setattr("bot.cli.doctor.DATABASE_S", 0.01)
    monkeypatch.setattr("bot.cli.doctor.database_finding", lambda settings: time.sleep(1))
    [found] = _check_database(given)
    assert (found.ok, found.what) == (False, "Database: no answer in 0 s")
    assert "server" not in found.fix and "URL" not in found.fix


def test_who_left_the_embedder_out_has_nothing_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.doctor.find_install_command", lambda _: "pip install onnxruntime")
    found = _check_embedder()
    assert (found.ok, found.fix) == (True, "")
    assert found.what.startswith("Search: only by words, without onnxruntime (pip install onnxruntime installs it")


def test_a_finding_and_its_mend_are_two_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [Finding(False, "Database: no answer in 30 s", "look again"), Finding(True, "Search: by words")]
    monkeypatch.setattr("bot.cli.doctor.examine", lambda _: found)
    assert doctor(settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=tmp_path), Namespace(live=None)) == 1
    assert capsys.readouterr().out == "FIX  Database: no answer in 30 s. Look again.\nok   Search: by words\n"


def test_what_differs_is_named_with_the_line_that_mends_it() -> None:
    index = Difference("index a of b is missing", index=Index("a"))
    column = Difference("column b.c is missing", BACKUP, hides=True)
    behind = Difference("revision x, the newest is y", UPGRADE, hides=True)
    said = [_summarize_differences(one).sentences for one in ([index], [index, column], [behind, column, column])]
    assert said == [
        "Database: index a of b is missing. Run `trailmate db check --repair`.",
        "Database: index a of b is missing, and 1 more. Run `trailmate db check` to see each with its fix.",
        "Database: revision x, the newest is y, and 2 more. Run `trailmate db upgrade`.",
    ]
