"""`trailmate roadmap` begins a roadmap in the data directory, where check, doctor and the bot find it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.doctor import _check_roadmaps
from bot.features.checkins.tables import PaceRow
from bot.features.groups.tables import Group
from bot.messages.call import Call
from bot.runtime import settings as settings_of
from bot.runtime.roadmap_paths import installed
from bot.storage.unit_of_work import Work
from tests.curriculum.test_track import track
from tests.features.custom_courses.test_bare_outline import FOUR, outlined
from tests.harness import world

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a verb in the test's folder, where one roadmap is shipped; gives the exit code and what was said."""
    track(tmp_path / "shipped" / "small")
    monkeypatch.setattr("bot.runtime.roadmap_paths.bundled", lambda _: tmp_path / "shipped")
    monkeypatch.setenv("TRAILMATE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def words(*given: str) -> tuple[int, str, str]:
        code = main(["roadmap", *given])
        said = capsys.readouterr()
        return code, said.out, said.err

    return words


def test_a_new_roadmap_passes_the_check_at_once_and_one_is_told_what_comes_next(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("new", "sql-club", "--title", "SQL on Tuesdays")
    folder = tmp_path / "data" / "roadmaps" / "sql-club"
    assert code == 0 and out.startswith(f"Wrote {folder / 'roadmap.yaml'}.\n\nStill to do")
    for said in ("trailmate roadmap check", "trailmate roadmap reload", 'manage create name="..." course=sql-club'):
        assert f"\n  {said}  " in out
    code, out, _ = run("check")
    assert code == 0 and out.endswith("2 roadmaps, 0 faults\n") and "  to do      no summary: the course" in out
    given = settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=tmp_path / "data")
    assert [one.title for one in installed(given).values()] == ["Small", "SQL on Tuesdays"]
    assert [(roadmap.ok, roadmap.what) for roadmap in _check_roadmaps(given)] == [
        (True, "Course small: 1 unit, 0 faults, 1 thing still to do"),
        (True, "Course sql-club: 1 unit, 0 faults, 7 things still to do"),
    ]


def test_an_outline_becomes_a_roadmap_from_a_file_or_a_pipe(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "club.md").write_text(FOUR, encoding="utf-8")
    code, out, err = run("new", "club", "--from", "club.md", "--in", "elsewhere")
    assert (code, err) == (0, "") and "TRAILMATE_ROADMAP_DIR=elsewhere" in out
    monkeypatch.setenv("TRAILMATE_ROADMAP_DIR", "elsewhere")
    monkeypatch.setattr("sys.stdin", io.StringIO("title;hours\nOne;99\n"))
    code, out, err = run("new", "piped", "--from", "-")
    assert code == 0 and err == "-:2: shortened: A unit can have 40 hours, not 99. I used 40.\n"
    assert {one.title for one in installed(settings_of.load()).values()} == {"Small", "Our book club", "Piped"}
    monkeypatch.setattr("sys.stdin", io.StringIO("# Odd\n## Empty\n## Part\n- One\n"))
    assert run("new", "odd", "--from", "-", "--in", "odd")[2] == "-:2: left out: “Empty” has no unit.\n"
    monkeypatch.setenv("TRAILMATE_ROADMAP_DIR", str(tmp_path / "data" / "roadmaps"))
    assert installed(settings_of.load()).refused == (), "one place by two names is one place"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["new", "SQL Club"], "at most 32 characters. Example: trailmate roadmap new sql-club"),
        (["new", "small"], "The roadmap small already exists in "),
        (["new", "mine", "--from", "empty.md"], "empty.md:1: fault: I found no units."),
        (["new", "mine", "--from", "/dev/zero"], "/dev/zero:1: fault: The outline is larger than 100 kB"),
        (
            ["new", "mine", "--from", "nowhere.md"],
            "I can't read nowhere.md: no such file or directory.\n",
        ),
    ],
)
def test_what_cannot_be_begun_is_a_sentence_and_nothing_is_written(
    run: Run, tmp_path: Path, words: list[str], sentence: str
) -> None:
    (tmp_path / "empty.md").write_text("nothing", encoding="utf-8")
    code, out, err = run(*words)
    assert code != 0 and out == "" and sentence in err
    assert not (tmp_path / "data").exists()


def test_check_and_doctor_name_what_cannot_be_used_and_reload_says_where_no_bot_runs(run: Run, tmp_path: Path) -> None:
    outlined(tmp_path / "data" / "roadmaps" / "small")
    (outlined(tmp_path / "data" / "roadmaps" / "club") / "roadmap.yaml").write_text("id: club\n", encoding="utf-8")
    code, out, _ = run("reload")
    assert code == 1 and out.startswith("No bot runs on this data directory. The next start will read the roadmaps.")
    assert "/club/roadmap.yaml:1: fault: A course needs the key “title”." in out
    assert "/small/roadmap.yaml:1: fault: The id “small” is already used by “shipped/small”" in out
    wrong = [roadmap.what for roadmap in _check_roadmaps(settings_of.load()) if not roadmap.ok]
    assert [one.split(":")[0] for one in wrong] == ["Course small", "Course club"]
    assert "not loaded: club/roadmap.yaml, line 1: A course needs the key “title”" in wrong[1]


async def test_a_servers_own_is_written_as_files_that_pass_the_check(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export")[0] == 2  # there is no database yet
    (tmp_path / "data").mkdir()
    async with world(tmp_path / "data") as w:
        await w.call("mo", Call("outline add", {"text": FOUR, "confirm": "yes"}))
        await w.start(extra="roadmap=own-1")

        def finish(work: Work) -> None:
            first = work.session.get_one(Group, 1).first_unit
            work.session.add(PaceRow(group_id=1, unit_id=first, kept=4, finishers=5))

        await w.app.database.run(finish)
    listed, one = await asyncio.to_thread(run, "export"), await asyncio.to_thread(run, "export", "own-9")
    assert (listed[0], one[0]) == (0, 2) and listed[1] == one[1]
    assert listed[1].endswith("Courses made by servers:\n  own-1  Our book club  (local local)\n")
    assert (await asyncio.to_thread(run, "export", "own-1", "out"))[0] == 0
    assert (Path("out/own-1/pace.yaml").read_text(encoding="utf-8")).startswith("finishers: 5\nkept:\n  ")
    code, out, _ = await asyncio.to_thread(run, "check", "out/own-1")
    assert code == 0 and "1 roadmap, 0 faults" in out
    assert "already exists" in (await asyncio.to_thread(run, "export", "own-1", "out"))[2]
