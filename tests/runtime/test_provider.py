"""What commands are handed: looked at when the app starts, built once in a unit of work."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.commands.command import Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.ports import Show
from bot.features.checkins.service import Progress
from bot.features.groups.service import Groups
from bot.features.people.service import People
from bot.messages.reply import Reply, say
from bot.runtime.composition import ServiceProvider
from bot.storage.unit_of_work import Database, Work
from tests.harness import MONDAY, World

SHOW = cast(Show, None)


class Letters:
    """A service that two others build on."""

    def __init__(self, work: Work, start: int) -> None:
        self.work, self.start = work, start


class Words:
    """A service on a service."""

    def __init__(self, letters: Letters) -> None:
        self.letters = letters


def unit() -> Work:
    return Work(cast(Any, None), MONDAY)


def test_two_services_of_one_unit_of_work_share_what_they_build_on() -> None:
    supply, work = ServiceProvider({int: 3}, (Letters, Words)), unit()
    given = supply({"words": Words, "letters": Letters}, work, SHOW)
    assert given["words"].letters is given["letters"]
    assert (given["letters"].work, given["letters"].start) == (work, 3)
    assert supply({"letters": Letters}, work, SHOW)["letters"] is given["letters"]
    assert supply({"letters": Letters}, unit(), SHOW)["letters"] is not given["letters"]


def test_a_service_that_needs_what_nothing_supplies_is_refused_at_the_start() -> None:
    with pytest.raises(TypeError, match="the service Letters needs a int, and nothing supplies one"):
        ServiceProvider({}, (Letters,))


def test_a_command_that_needs_what_nothing_supplies_is_refused_at_the_start() -> None:
    @command("odd")
    def odd(ctx: Context, *, letters: Letters) -> Reply:
        """Look odd."""
        return say(str(letters))

    def suggest(ctx: Context, typed: str, *, letters: Letters) -> list[SuggestedValue]:
        return []

    with pytest.raises(TypeError, match="the command odd needs letters, and nothing supplies a Letters"):
        ServiceProvider({}, ()).check([odd])
    ServiceProvider({int: 3}, (Letters,)).check([odd])


def test_a_suggestion_and_a_form_are_looked_at_as_well() -> None:
    def suggest(ctx: Context, typed: str, *, letters: Letters) -> list[SuggestedValue]:
        return []

    def initial(ctx: Context, *, words: Words) -> dict[str, str]:
        return {}

    from typing import Annotated

    def odd(ctx: Context, word: str = "") -> Reply:
        """Look odd."""
        return say(word)

    odd.__annotations__["word"] = Annotated[str, Param("Word", suggest=suggest)]
    with pytest.raises(TypeError, match="nothing supplies a Letters"):
        ServiceProvider({}, ()).check([command("odd")(odd)])
    with pytest.raises(TypeError, match="nothing supplies a Words"):
        ServiceProvider({int: 3}, (Letters,)).check([command("odd", initial=initial)(odd)])


def test_a_slow_command_is_handed_no_service() -> None:
    @command("odd", slow=True)
    async def odd(ctx: Context, *, letters: Letters) -> Reply:
        """Look odd."""
        return say(str(letters))

    with pytest.raises(TypeError, match="odd"):
        ServiceProvider({int: 3}, (Letters,)).check([odd])


async def test_a_running_bot_hands_over_its_services_on_one_set_of_groups(w: World) -> None:
    supply = w.app.dispatcher._supply
    needs: dict[str, type] = {"progress": Progress, "cohorts": Groups, "people": People, "database": Database}
    given = await w.app.database.run(lambda work: supply(needs, work, SHOW), writes=False)
    assert given["progress"].groups is given["cohorts"]
    assert given["database"] is w.app.database
