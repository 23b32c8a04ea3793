"""`trailmate doctor --live`: what it does in a channel, and what it leaves to a person."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.chat.platform import Gone, Post, Sent
from bot.cli.live_check import LiveReport, _Round, parse_link
from bot.commands.context import Place
from bot.platforms.discord.factory import LIVE_CHECK


class Channel:
    """A channel that takes each post, but for events, and finds again what was posted."""

    def __init__(self) -> None:
        self.there: dict[str, str] = {}
        self.actions: list[str] = []

    async def deliver(self, post: Post, again: bool) -> Sent:
        self.actions.append(post.action)
        if post.key.endswith(":event"):
            raise Gone("I may not create events.")
        ref = post.ref or self.there.setdefault(post.key, f"{len(self.there) + 1}")
        if post.action == "delete":
            self.there = {key: value for key, value in self.there.items() if value != ref}
        return Sent(ref, ref if post.thread_title else None, was_there=again)


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ("https://discord.com/channels/11/22", Place("discord", "11", "22")),
        ("https://club.slack.com/archives/C0123ABC", Place("slack", None, "C0123ABC")),
    ],
)
def test_the_link_of_a_channel_names_the_channel(link: str, place: Place) -> None:
    assert parse_link(link)[1] == place


def test_another_link_is_refused_with_the_way_to_the_right_one() -> None:
    with pytest.raises(SystemExit, match="Copy link"):
        parse_link("https://example.org/channels/11/22")


@pytest.mark.parametrize("is_asking", [True, False])
async def test_a_round_posts_reads_back_names_faults_and_leaves_nothing_where_somebody_answers(
    is_asking: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "")
    channel, report = Channel(), LiveReport(is_asking)
    await _Round(cast(Any, channel), Place("discord", "11", "22"), LIVE_CHECK, report).run()
    printed = capsys.readouterr().out
    assert "ok   The message was found again by its tag" in printed
    assert "FIX  An event was not created in the server's list. Give me Create Events." in printed
    assert report.faults == 2 and channel.actions[:5] == ["post", "post", "post", "edit", "post"]
    assert (channel.there == {}, len(report.open)) == ((True, 0) if is_asking else (False, len(LIVE_CHECK.looks)))
