"""What people read about streaks and lateness: no text threatens, scolds or shames."""

from __future__ import annotations

import ast
import re
from itertools import product
from pathlib import Path

import pytest

import bot.features
from bot.features.checkins.wording import describe_line
from bot.messages.reply import Reply, Text
from tests.features.checkins.test_scoring import story
from tests.harness import World

THREATS = re.compile(
    r"\b(?:los(?:e|es|ing)|lost|(?:at )?stake|at risk|danger\w*|threat\w*|last chance|too late|hurry|behind(?! us)"
    r"|sham\w+|lazy|disappoint\w*|punish\w*|penalt\w+|guilt\w*|about to|don't (?:break|miss)|fail(?:s|ed|ure|ing)?"
    r"|broke\w*|still not|forgot\w*)\b",
    re.IGNORECASE,
)
"""Words that press or scold; each of them has a kinder fact beside it that can be told instead."""
FOLDER = Path(bot.features.__path__[0])
TOLD_IN = (
    *sorted(
        (
            *FOLDER.glob("checkins/*.py"),
            *FOLDER.glob("standings/*.py"),
            *FOLDER.glob("units/*.py"),
            *FOLDER.glob("plans/*.py"),
        )
    ),
    *(FOLDER / one for one in ("schedule/wording.py", "groups/wording.py", "groups/commands.py")),
    *(FOLDER / one for one in ("help/commands.py", "report/commands.py")),
)
_IS_PATTERN = re.compile(r"\(\?|\\[bWws]")


def written(file: Path) -> list[str]:
    """Return the texts in a file's code, without what explains it and without patterns of what people say."""
    tree = ast.parse(file.read_text())
    explains = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    texts = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and " " in n.value)
    return [str(n.value) for n in texts if id(n) not in explains and not _IS_PATTERN.search(str(n.value))]


@pytest.mark.parametrize("file", TOLD_IN, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_text_about_streaks_and_lateness_threatens(file: Path) -> None:
    assert [one for one in written(file) if THREATS.search(one)] == []


def test_no_line_of_a_record_threatens() -> None:
    told = {describe_line(line) for letters in product("klc-epa", repeat=3) for line in story("".join(letters)).ledger}
    assert len(told) > 8
    assert [one for one in told if THREATS.search(one)] == []


async def test_no_message_of_a_missed_season_threatens(w: World) -> None:
    await w.begin("ada")
    said: list[Reply] = [await w.say("ada", "settings reminders=yes"), await w.say("ada", "checkin 30 read")]
    for line in ("home", "progress"):
        await w.after(days=12)
        said.append(await w.say("ada", line))
    said += await w.posts("@ada")
    told = [f"{one.title} {block.markdown}" for one in said for block in one.blocks if isinstance(block, Text)]
    assert len(told) > 10
    assert [one for one in told if THREATS.search(one)] == []
