"""Values that are suggested without a look-up, within Discord's limits."""

from __future__ import annotations

from typing import Annotated

from bot.commands.command import Param, SuggestedValue, command
from bot.commands.context import Context
from bot.messages.reply import Reply
from bot.platforms.discord import listen
from tests.platforms.discord.world import COMMANDS, group_create


def test_zones_lengths_and_days_are_suggested_without_a_look_up() -> None:
    @command("x")
    def x(ctx: Context, minutes: Annotated[int, Param("M")] = 1) -> Reply:
        """X."""
        return Reply()

    zone, start = group_create.param("timezone"), group_create.param("start")
    minutes = next(c for c in COMMANDS if c.name == "checkin").param("minutes")
    assert zone and start and minutes
    assert len(listen.suggest_fixed(zone, "")) == 25
    assert [c.value for c in listen.suggest_fixed(minutes, "")] == ["15", "30", "45", "60", "90", "120", "180"]
    assert listen.suggest_fixed(minutes, "1h30")[0] == SuggestedValue("1 h 30 min", "90")
    assert [c.value for c in listen.suggest_fixed(minutes, "soon")] == []
    assert [c.value for c in listen.suggest_fixed(start, "2026-12-01")] == ["2026-12-01"]
    assert listen.suggest_fixed(x.params[0], "3") == []


def test_suggestions_fit_and_one_that_would_come_back_cut_is_left_out() -> None:
    many = [SuggestedValue("L" * 200, f"v{n}") for n in range(40)]
    shown = listen.draw_choices([SuggestedValue("long", "v" * 101), SuggestedValue("none", ""), *many])
    assert len(shown) == 25
    assert all(len(one["name"]) <= 100 for one in shown)
    assert shown[0]["value"] == "v0"
