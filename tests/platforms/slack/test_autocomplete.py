"""Suggestions as the options of a select."""

from __future__ import annotations

import json

from bot.commands.command import SuggestedValue
from bot.platforms.slack.form import draw_suggestions, suggest_time_zones


def test_suggestions_are_bounded_and_never_cut_into_other_values() -> None:
    choices = [
        SuggestedValue("L" * 100, "v"),
        SuggestedValue("long", "v" * 151),
        *(SuggestedValue(str(n), str(n)) for n in range(200)),
    ]
    drawn = draw_suggestions(choices)
    assert len(drawn) == 100 and len(drawn[0]["text"]["text"]) == 75
    assert all(len(o["value"]) <= 150 for o in drawn) and "v" * 150 not in json.dumps(drawn)
    assert [z.value for z in suggest_time_zones("kolk")] == ["Asia/Kolkata"]
