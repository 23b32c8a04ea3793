"""Two roadmaps or none are installed: what is shown where no group says which."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.curriculum.track import get
from bot.messages.call import Call
from bot.messages.errors import NotFound
from tests.features.ask.statistics_track import statistics
from tests.harness import World, text

NONE = "No course is installed. Ask the bot's operator to put a course's folder into roadmaps in the data"


@pytest.fixture
def both(w: World, tmp_path: Path) -> World:
    """Install a second track."""
    library: Any = w.app.library
    library["statistics"] = statistics(tmp_path)
    return w


@pytest.fixture
def bare(w: World) -> World:
    """Take every track away."""
    library: Any = w.app.library
    library.clear()
    return w


@pytest.mark.parametrize("line", ["topic", "topic 1", "roadmap"])
async def test_without_a_group_the_roadmap_is_chosen_by_a_button_or_named(both: World, line: str) -> None:
    asks = await both.say("ada", line)
    assert text(asks).startswith(
        "Course: which course's units should I show, Mastering generative-AI engineering, Agents in eight"
    )
    shown = await both.press("ada", "Small statistics", of=asks)
    typed = await both.say("ada", f"{line} roadmap=statistics")
    assert shown.tone != "error" and text(shown) == text(typed)
    assert text(typed) != text(await both.say("ada", f"{line} roadmap=genai-2026"))


def test_a_roadmap_is_named_by_a_word_that_no_other_title_has(both: World) -> None:
    library = both.app.library
    assert get(library, "SMALL").id == get(library, "statistics").id == "statistics"
    assert get(library, "generative").id == "genai-2026"
    for named in ("weeks", "tistics", "?", "small generative"):
        with pytest.raises(NotFound):
            get(library, named)


@pytest.mark.parametrize("line", ["topic", "roadmap"])
async def test_a_group_is_shown_its_own_roadmap_and_told_why_no_other(both: World, line: str) -> None:
    await both.begin("ada", extra="roadmap=statistics")
    said = await both.say("ada", f"{line} roadmap=genai-2026")
    assert "this group learns Small statistics" in text(said)
    assert (await both.say("ada", f"{line} roadmap=statistics")).tone != "error"


async def suggested(w: World, command: str, **args: str) -> list[str]:
    found = w.app.registry.find(command)
    param = found.param("unit" if command == "topic" else "first_unit") if found else None
    assert param is not None
    choices = await w.app.dispatcher.suggest(w.invocation("mo", Call(command, args)), param, "")
    return [choice.label for choice in choices]


@pytest.mark.parametrize("command", ["topic", "cohort create"])
async def test_units_are_suggested_of_the_roadmap_that_is_being_typed(both: World, command: str) -> None:
    small = await suggested(both, command, roadmap="statistics")
    assert small and set(small).isdisjoint(await suggested(both, command, roadmap="genai-2026"))
    assert await suggested(both, command) == []


@pytest.mark.parametrize("line", ["topic", "topic 2", "roadmap", "ask why?", "cohort create name=Owls timezone=UTC"])
async def test_where_no_roadmap_is_installed_each_command_says_so(bare: World, line: str) -> None:
    assert text(await bare.say("mo", line)).startswith(NONE)
    assert await suggested(bare, "topic") == []


async def test_where_no_roadmap_is_installed_health_and_the_doctor_say_so(bare: World) -> None:
    assert NONE in text(await bare.say("mo", "doctor"))
    assert (await bare.app.health({}))["fixes"][0].startswith("No course is installed.")


async def test_after_the_first_unit_a_group_may_name_its_own_roadmap_by_title_too(both: World) -> None:
    await both.begin("ada", extra="roadmap=statistics")
    for named in ("statistics", "Small statistics"):
        assert (await both.say("mo", f'cohort edit name=Owls roadmap="{named}"')).title == "Change Night owls?"
    said = await both.say("mo", "cohort edit roadmap=genai-2026")
    assert "can't change" in text(said)


async def test_a_member_of_two_groups_is_suggested_units_once_the_group_is_named(both: World) -> None:
    for name, room, track in (("Owls", "general", "genai-2026"), ("Larks", "second", "statistics")):
        await both.start(name=name, room=room, extra=f"roadmap={track}")
        await both.say("ada", "join", room=room)
    found = both.app.registry.find("topic")
    unit = found.param("unit") if found else None
    assert unit is not None

    async def offered(**args: str) -> list[str]:
        asked = both.invocation("ada", Call("topic", args), room="@ada")
        return [choice.label for choice in await both.app.dispatcher.suggest(asked, unit, "")]

    owls, larks = await offered(cohort="Owls"), await offered(cohort="Larks")
    assert owls and larks and set(owls).isdisjoint(larks)
    assert await offered() == []
