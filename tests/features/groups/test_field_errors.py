"""A refusal names the field that it is about as the form labels it, so that a platform can show it there."""

from __future__ import annotations

import pytest

from tests.harness import World, text


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("rhythm=sometime", "Weekly post and deadline: "),
        ("start=2026-02-02", "Date of the first post: that day is over"),
        ("channel=#$%", "Channel: I don't know"),
    ],
)
async def test_what_a_service_refuses_is_headed_by_the_fields_label(w: World, typed: str, label: str) -> None:
    reply = await w.say("mo", f"cohort create name=Owls timezone=UTC {typed}")
    assert reply.tone == "error"
    assert text(reply).startswith(label)


async def test_settings_name_their_fields_too(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    assert text(await w.say("ada", "settings quiet=late")).startswith("Quiet hours: type two times")
    await w.say("ben", "join")
    assert text(await w.say("ada", "settings alias=Ben")).startswith("Leaderboard name: someone here")
