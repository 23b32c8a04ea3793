"""What the bot hands to Slack to carry comes back as it was, or not at all."""

from __future__ import annotations

import pytest

from bot.platforms.slack.decode import SEAL_LENGTH, StateSigner

TEXT = '{"call":"1:checkin","route":{"user":"U1"}}'


def test_a_text_comes_back_from_behind_its_seal_in_any_process_of_the_app() -> None:
    closed = StateSigner("xoxb-1").close(TEXT)
    assert len(closed) == SEAL_LENGTH + len(TEXT)
    assert StateSigner("xoxb-1").open(closed) == TEXT


@pytest.mark.parametrize(
    "forged",
    [
        "",
        TEXT,
        "x" * 22 + TEXT,
        StateSigner("xoxb-2").close(TEXT),
        StateSigner("xoxb-1").close(TEXT).replace("U1", "U2"),
        "\ud800" * 30,
    ],
    ids=["nothing", "none", "noise", "of another", "changed", "no text"],
)
def test_a_text_that_the_bot_did_not_close_is_not_opened(forged: str) -> None:
    with pytest.raises(ValueError, match="not ours"):
        StateSigner("xoxb-1").open(forged)
