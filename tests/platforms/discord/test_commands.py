"""What is registered, what comes back, what is suggested."""

from __future__ import annotations

import copy
from typing import Annotated, Any

from bot.core.call import Call
from bot.core.command import Choice, Param, command
from bot.core.context import Context
from bot.core.registry import Registry
from bot.core.reply import Reply, say
from bot.platforms.discord import commands
from tests.platforms.discord.world import COMMANDS, cohort_create

WANTED = commands.registration(Registry(COMMANDS))


def found(name: str) -> dict[str, Any]:
    return next(one for one in WANTED if one["name"] == name)


def test_every_shown_command_is_registered_once_and_no_hidden_one() -> None:
    assert [one["name"] for one in WANTED] == [
        "help", "hello", "shout", "refuse", "share", "crash", "checkin", "ask", "cohort",
    ]  # fmt: skip


def test_two_words_become_a_subcommand_of_their_first() -> None:
    group = found("cohort")
    assert group["description"] == "Cohort: create, end"
    assert [(o["type"], o["name"]) for o in group["options"]] == [(1, "create"), (1, "end")]


def test_options_have_the_type_of_their_kind() -> None:
    options = {o["name"]: o for o in found("cohort")["options"][0]["options"]}
    kinds = {name: option["type"] for name, option in options.items()}
    assert kinds == {"name": 3, "timezone": 3, "start": 3, "channel": 7, "lead": 6, "size": 4, "notes": 3}
    assert options["channel"]["channel_types"] == [0, 5, 15]
    assert options["notes"]["max_length"] == 600
    assert [n for n, o in options.items() if o.get("autocomplete")] == ["name", "timezone", "start"]


def test_choices_and_flags_are_offered() -> None:
    options = {o["name"]: o for o in found("checkin")["options"]}
    assert options["mood"]["choices"] == [{"name": "fine", "value": "fine"}, {"name": "tired", "value": "tired"}]
    assert options["share_it"]["type"] == 5


def test_a_command_with_a_form_requires_nothing_and_others_require_first() -> None:
    assert not any(o["required"] for o in found("checkin")["options"])
    assert [o["required"] for o in found("ask")["options"]] == [True]

    @command("mixed")
    def mixed(ctx: Context, first: str, *, kept: int) -> Reply:
        """Mix."""
        return Reply()

    assert commands.registration(Registry([mixed]))[0]["options"][0]["required"]


def test_only_what_people_would_see_counts_as_a_difference() -> None:
    held = [{**copy.deepcopy(one), "id": "1", "version": "2", "nsfw": False, "dm_permission": True} for one in WANTED]
    for one in held:
        for option in one["options"]:
            option.pop("required", None) if option.get("required") is False else None
    assert not commands.differs(WANTED, list(reversed(held)))
    held[0]["description"] = "Something else"
    assert commands.differs(WANTED, held)
    assert commands.differs(WANTED, held[1:])


def test_what_somebody_typed_comes_back_as_text() -> None:
    data = {
        "name": "cohort",
        "options": [
            {
                "type": 1,
                "name": "create",
                "options": [
                    {"name": "size", "type": 4, "value": 7},
                    {"name": "open", "type": 5, "value": True},
                    {"name": "lead", "type": 6, "value": "123"},
                    {"name": "timezone", "type": 3, "value": "eu", "focused": True},
                ],
            }
        ],
    }
    typed = commands.read(data)
    assert typed.call == Call("cohort create", {"size": "7", "open": "yes", "lead": "123", "timezone": "eu"})
    assert typed.focused == "timezone"
    assert commands.read({"name": "help"}) == commands.Typed(Call("help"))


def test_zones_lengths_and_days_are_suggested_without_a_look_up() -> None:
    @command("x")
    def x(ctx: Context, minutes: Annotated[int, Param("M")] = 1) -> Reply:
        """X."""
        return Reply()

    zone, start = cohort_create.param("timezone"), cohort_create.param("start")
    minutes = next(c for c in COMMANDS if c.name == "checkin").param("minutes")
    assert zone and start and minutes
    assert len(commands.fixed(zone, "")) == 25
    assert [c.value for c in commands.fixed(minutes, "")] == ["15", "30", "45", "60", "90", "120", "180"]
    assert commands.fixed(minutes, "1h30")[0] == Choice("1 h 30 min", "90")
    assert [c.value for c in commands.fixed(minutes, "soon")] == []
    assert [c.value for c in commands.fixed(start, "2026-12-01")] == ["2026-12-01"]
    assert commands.fixed(x.params[0], "3") == []


def test_suggestions_fit_and_one_that_would_come_back_cut_is_left_out() -> None:
    many = [Choice("L" * 200, f"v{n}") for n in range(40)]
    shown = commands.choices([Choice("long", "v" * 101), Choice("none", ""), *many])
    assert len(shown) == 25
    assert all(len(one["name"]) <= 100 for one in shown)
    assert shown[0]["value"] == "v0"


def test_a_number_carries_its_bounds() -> None:
    @command("pause")
    def pause(ctx: Context, weeks: Annotated[int, Param("How many weeks", min=1, max=26)] = 1) -> Reply:
        """Rest."""
        return say("")

    (drawn,) = commands.registration(Registry((pause,), fallback="pause", root="pause"))
    (option,) = drawn["options"]
    assert (option["type"], option["min_value"], option["max_value"]) == (4, 1, 26)
    held = [{**drawn, "id": "1", "options": [{**option, "max_value": 52}]}]
    assert commands.differs([drawn], held)
