"""The files of an exercise: a starter to begin with, and the solution after a check-in or on request."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

from bot.base.files import bundled
from bot.curriculum.exercises import ExerciseFiles
from bot.messages.reply import Reply
from tests.harness import World, text

FOLDER = bundled("roadmap") / "genai-2026/exercises/tf-attention"


def give_files(w: World) -> None:
    """Give the first unit the files of another one."""
    library: Any = w.app.library
    track = library["genai-2026"]
    library["genai-2026"] = replace(
        track, exercises={**track.exercises, track.roadmap.units[0].id: ExerciseFiles(FOLDER, 75)}
    )


def labels(reply: Reply) -> list[str]:
    return [button.label for button in reply.all_buttons]


async def test_a_unit_hands_out_its_starter_with_the_checks_and_the_runner(w: World) -> None:
    await w.begin("ada")
    unit = await w.say("ada", "unit tf-attention")
    assert "The exercise has a starter with a checker. It takes about 75 minutes." in unit.plain()
    given = await w.press("ada", "Get the starter")
    assert given.audience == "private" and "run python check.py tf-attention" in text(given)
    (file,) = given.files
    assert file.name == "tf-attention.zip"
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert archive.namelist() == ["check.py", "tf-attention/starter.py", "tf-attention/checks.py"]
        assert archive.read("tf-attention/starter.py") == (FOLDER / "starter.py").read_bytes()


async def test_the_solution_asks_once_before_the_check_in(w: World) -> None:
    give_files(w)
    await w.begin("ada")
    await w.say("ada", "unit 1")
    await w.press("ada", "Get the starter")
    early = await w.press("ada", "Show solution")
    assert early.files == () and early.audience == "private"
    assert "You haven't checked in for Python data structures yet. Show the solution anyway?" in text(early)
    shown = await w.press("ada", "Show solution")
    assert shown.audience == "private"
    assert [file.data for file in shown.files] == [(FOLDER / "solution.py").read_bytes()]


async def test_the_solution_is_shown_at_once_after_the_check_in(w: World) -> None:
    give_files(w)
    await w.begin("ada")
    await w.say("ada", "checkin 45 wrote attention")
    shown = await w.say("ada", "unit 1 files=solution")
    assert [file.name for file in shown.files] == ["py-data-structures-solution.py"]
    assert (await w.say("ada", "unit 2 files=solution")).files == ()


async def test_files_can_be_had_without_a_group(w: World) -> None:
    await w.say("ada", "unit tf-attention course=genai-2026")
    assert (await w.press("ada", "Get the starter")).files
    await w.press("ada", "Show solution")
    assert (await w.press("ada", "Show solution")).files


async def test_a_unit_without_files_offers_none(w: World) -> None:
    await w.say("ada", "unit st-averages course=everyday-statistics")
    assert "Get the starter" not in labels(w.last["ada"]) and "starter" not in text(w.last["ada"])
    assert "has no files" in text(await w.say("ada", "unit st-averages course=everyday-statistics files=starter"))


async def test_an_exercise_without_code_lists_what_another_member_can_check(w: World) -> None:
    said = (await w.say("ada", "unit st-averages course=everyday-statistics")).plain()
    assert "Another member can check:\n- All thirty numbers are on the drawing, with their unit\n" in said
    assert said.index("Done when:") < said.index("Another member can check:") < said.index("For the capstone:")
