"""Who asks for the board in other words than its name gets it."""

from __future__ import annotations

import pytest

from bot.messages.call import Call
from bot.runtime.catalogue import registry
from bot.understanding.intents import hear

REGISTRY = registry()


@pytest.mark.parametrize("line", ["show me the board", "give us the ranking"])
def test_the_board_is_shown_to_who_asks_to_see_it(line: str) -> None:
    assert hear(REGISTRY, line, "mention") == Call("leaderboard")


@pytest.mark.parametrize("line", ["who is first author of the paper?", "who leads the project"])
def test_other_leads_are_none_of_the_board(line: str) -> None:
    assert hear(REGISTRY, line, "mention").name != "leaderboard"
