from __future__ import annotations

import pytest

from bot.commands.command import Command, ParamSpec, SuggestedValue
from bot.platforms.web.autocomplete import LineCompletion, complete, dissect
from tests.platforms.local import Local

REGISTRY = Local().registry


async def nothing(command: Command, param: ParamSpec, typed: str) -> list[SuggestedValue]:
    return []


async def echo(command: Command, param: ParamSpec, typed: str) -> list[SuggestedValue]:
    return [SuggestedValue(f"{param.key} {typed}", "two words"), SuggestedValue("short", "short")]


async def labels(text: str) -> list[str]:
    return [o.label for o in (await complete(REGISTRY, text, nothing)).options]


async def test_a_beginning_is_completed_to_the_names_of_commands() -> None:
    found = await complete(REGISTRY, "c", nothing)
    assert [o.label for o in found.options] == ["checkin", "cohort create"]
    assert found.options[0].line == "checkin "
    assert found.options[0].note == "Log what you did for this week's topic."
    assert await labels("/un") == ["undo"]
    assert "remove" not in await labels("")


async def test_free_text_is_left_alone() -> None:
    assert await complete(REGISTRY, "why do gradients vanish", nothing) == LineCompletion()


async def test_the_usage_marks_the_parameter_at_hand() -> None:
    async def now(text: str) -> list[str]:
        return [word for word, is_now in (await complete(REGISTRY, text, nothing)).usage if is_now]

    assert await now("checkin ") == ["MINUTES"]
    assert await now("checkin 4") == ["MINUTES"]
    assert await now("checkin 45 ") == ["NOTE"]
    assert await now("checkin 45 read two pa") == ["NOTE"]
    assert await now("checkin 45 read unit=") == ["[unit=]"]


async def test_optional_parameters_are_offered_by_name_until_they_are_given() -> None:
    assert await labels("checkin ") == ["link=", "unit="]
    assert await labels("checkin 45 read u") == ["unit="]
    assert await labels("checkin 45 read unit=3 ") == ["link="]
    assert await labels("checkin 45 read unit=") == []


async def test_values_are_suggested_and_quoted_where_they_have_spaces() -> None:
    found = await complete(REGISTRY, "checkin 45 read unit=back", echo)
    assert [(o.line, o.label) for o in found.options] == [
        ('checkin 45 read unit="two words" ', "unit back"),
        ("checkin 45 read unit=short ", "short"),
    ]
    ordered = await complete(REGISTRY, "leaderboard we", echo)
    assert ordered.options[1].line == "leaderboard short "
    assert ordered.options[0].label == "period we"


async def test_a_command_of_two_words_is_known_once_both_are_there() -> None:
    half = dissect(REGISTRY, "cohort create Night owls")
    assert half is not None
    assert (half.command.name, half.param.key if half.param else None) == ("cohort create", "name")
    assert dissect(REGISTRY, "cohort cre") is None


@pytest.mark.parametrize("text", ["checkin =", "checkin ==", 'checkin "', "checkin " * 50, "/", " ", "checkin \x00"])
async def test_odd_lines_do_no_harm(text: str) -> None:
    await complete(REGISTRY, text, echo)
