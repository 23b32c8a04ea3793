"""The same role has the same file name on every platform, as the table in docs/platforms.md says."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.platforms import NAMES
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.slack.adapter import SlackPlatform
from bot.platforms.terminal import adapter as terminal
from bot.platforms.web.adapter import LocalPage

ROOT = Path(__file__).parents[2]
PLATFORMS = sorted(p.name for p in (ROOT / "bot/platforms").iterdir() if (p / "__init__.py").exists())
EVERYWHERE = {"adapter", "decode", "listen", "answer", "render", "limits"}
"""What no chat platform does without."""


def files(platform: str) -> set[str]:
    """Return the names of a platform's files."""
    return {p.stem for p in (ROOT / "bot/platforms" / platform).glob("*.py")} - {"__init__"}


def told() -> dict[str, set[str]]:
    """Return the roles of the documented table, each with the platforms that play it."""
    table = (ROOT / "docs/platforms.md").read_text().partition("| Role |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]*) \|$", table, re.MULTILINE)
    return {role: set(where.split(", ")) for role, where in rows}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_file_of_a_platform_is_named_by_its_role(platform: str) -> None:
    roles = {role for role, where in told().items() if platform in where}
    own = {name for name, count in Counter(n for p in PLATFORMS for n in files(p)).items() if count == 1}
    assert roles <= files(platform)
    assert files(platform) - roles <= own, "two platforms have this file, so it is a role: put it into the table"


def test_people_are_named_by_the_platforms_that_there_are() -> None:
    assert {DiscordPlatform.name, SlackPlatform.name, LocalPage.name} == NAMES
    assert terminal.PLATFORM in NAMES


def test_no_chat_platform_lacks_what_each_of_them_does() -> None:
    assert told().keys() >= EVERYWHERE
    for platform in {"discord", "slack", "web"}:
        assert files(platform) >= EVERYWHERE
