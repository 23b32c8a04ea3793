"""What people say in a room stays talk, also where it begins with a command's name."""

from __future__ import annotations

import pytest

from bot.runtime.catalogue import registry
from bot.understanding.intents import overhear, remark

REGISTRY = registry()


@pytest.mark.parametrize(
    "line",
    [
        "undo that please",
        "join us at eight!",
        "leave it be, Ada",
        "progress bar is stuck at 99% for me",
        "report is due tomorrow",
        "roadmap looks good to me",
        "cohort end is near",
        "topic for tonight?",
        "help me with this please",
        "away from my keyboard",
        "settings on my laptop are broken",
        "excuse me, Ben, what did you say?",
        "void is a C keyword",
        "lift the mood, everybody",
        "ask me anything",
    ],
)
def test_a_sentence_that_begins_with_a_command_is_said_to_people_with_a_word_aside(line: str) -> None:
    assert overhear(REGISTRY, line) is None
    aside = remark(REGISTRY, line)
    assert aside is not None and aside.name == "heard"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("undo", "undo"),
        ("undo.", "undo"),
        ("join", "join"),
        ("join Night owls", "join"),
        ("progress", "progress"),
        ("progress @ben", "progress"),
        ("progress ben", "progress"),
        ("topic 7", "unit"),
        ("topic attention", "unit"),
        ("away friday", "away"),
        ("away until=friday", "away"),
        ("settings Europe/Berlin", "settings"),
        ("leaderboard week", "leaderboard"),
        ("checkin read two papers", "checkin"),
        ("pledge tomorrow at 18:00 I rank ten sentences", "plan"),
        ("excuse @ben 7 was ill", "manage excuse"),
        ("ask when does a set beat a list", "ask"),
        ("ask attention heads", "ask"),
        ("plan read two papers, Sat 7pm", "plan"),
        ("help checkin", "help"),
        ("help all", "help"),
        ("cohort create Night owls", "manage create"),
        ("cohort pause 2", "manage pause"),
        ("preview 2", "manage preview"),
    ],
)
def test_a_line_that_gives_what_the_command_takes_is_for_the_bot(line: str, name: str) -> None:
    found = overhear(REGISTRY, line)
    assert found is not None and found.name == name
