"""A name goes out of stored posts where the bot put it, and stays where it is a word."""

from __future__ import annotations

import pytest

from bot.core import markup
from bot.db.unnaming import Known

WILL = Known("discord", "42", "", frozenset({"Will", "on _x_", "W" * 60}))


@pytest.mark.parametrize(
    "told",
    [
        "_Unit 3 was kept by Will, Ada and 3 more; two had pledged it._", "_Unit 3 was kept by Ada, Will._",
        "_Thanks went to Will and 2 more._", "- Will: 5 in a row", "**Longest streaks**\n- Will: 5 in a row",
        "**Will** worked 30 minutes:", "Will", "Will (you)", "Will thanks you for sets.", "From Will: how are you?",
        "_Will, who moderates Owls, asked me to send you this._", f"**{markup.escape('on _x_')}** asks the group",
        markup.clip("W" * 60, 24), f"**{markup.name('42', 'Will')}** asks", f"{markup.ping('42', 'Will')} and Ada",
    ],
)  # fmt: skip
def test_a_name_that_the_bot_wrote_is_gone(told: str) -> None:
    left = WILL.out_of(told)
    assert "Will" not in left and "on \\_x" not in left and "WW" not in left and "42" not in left
    assert "somebody" in left


@pytest.mark.parametrize(
    "told",
    ["Will you come?", "Who will, and who Will not?", "**Goodwill** counts", "Free Will is a topic", "willing, able"],
)
def test_a_word_that_is_also_a_name_stays(told: str) -> None:
    assert WILL.out_of(told) == told
