"""Abbreviations and offsets that people type for a time zone, and the places that they may mean."""

from __future__ import annotations

from datetime import date

import pytest

from bot.base import zones
from bot.commands.parameter_types import parse_zone, suggest_zones, zone_names
from bot.messages.errors import BadInput

pytestmark = pytest.mark.long

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("CET", "CET has no daylight saving; Berlin is Europe/Berlin, Paris is Europe/Paris"),
        ("est", "EST has no daylight saving; New York is America/New\\_York"),
        ("IST", "IST means several places; Kolkata is Asia/Kolkata, Dublin is Europe/Dublin, Jerusalem is"),
        ("GMT+2", "GMT+2 is an offset and knows no daylight saving; Helsinki is Europe/Helsinki"),
        ("utc +5:30", "UTC +5:30 is an offset and knows no daylight saving; Kolkata is Asia/Kolkata"),
        ("pdt", "PDT names no place; Los Angeles is America/Los\\_Angeles"),
    ],
)
def test_a_slip_is_answered_with_the_places_to_choose(typed: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_zone(typed)
    assert refused.value.sentence.startswith(said)


def test_what_is_no_slip_is_read_as_ever() -> None:
    assert parse_zone("berlin") == "Europe/Berlin"
    assert parse_zone("UTC") == "UTC"
    assert zones.correction("Berln") == "" and zones.meant("+99") == ()


def test_a_slip_half_typed_suggests_its_places() -> None:
    assert suggest_zones("cet") == ["Europe/Berlin", "Europe/Paris"]


def test_every_place_is_a_zone() -> None:
    assert {z for places in zones.ABBREVIATIONS.values() for z in places} <= set(zone_names())
