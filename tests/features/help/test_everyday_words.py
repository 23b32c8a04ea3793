"""What people ask for in everyday words, offered as the button that does it."""

from __future__ import annotations

import pytest

from tests.features.help.test_fallback import labels
from tests.harness import World


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("turn on reminders", "Remind me"),
        ("turn my reminders on", "Remind me"),
        ("turn off reminders", "Stop reminders"),
        ("turn reminders off", "Stop reminders"),
        ("hide me from the leaderboard", "Hide me"),
        ("continue my quiz", "Continue quiz"),
    ],
)
async def test_what_is_wanted_in_everyday_words_is_offered_first(w: World, line: str, label: str) -> None:
    await w.begin("ada")
    for room in ("general", "@ada"):
        reply = await w.say("ada", line, room=room)
        assert (reply.audience, labels(reply)[0]) == ("private", label)


async def test_who_wants_to_be_hidden_finds_it_chosen_in_the_settings(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "hide me from the leaderboard")
    form = await w.form("ada", w.button("ada", "Hide me").target)
    assert {f.key: f.value for f in form.fields}["visible"] == "no"


@pytest.mark.parametrize("line", ["I am away for two weeks", "I'll be away for 2 weeks"])
async def test_the_form_of_who_is_away_for_some_weeks_opens_with_the_last_day(w: World, line: str) -> None:
    await w.begin("ada")
    await w.say("ada", line)
    form = await w.form("ada", w.button("ada", "Be away").target)
    assert {f.key: f.value for f in form.fields}["until"] == "2026-03-16"


async def test_the_button_to_what_is_stored_has_a_name_that_people_use(w: World) -> None:
    await w.begin("ada")
    page = await w.say("ada", "what do you know about me?")
    assert labels(page)[0] == "See my data"
