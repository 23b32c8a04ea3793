"""Who and where: direct messages, and where the ids of people are unique."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.commands.context import Actor, Context, Place
from bot.messages.call import Call


def test_direct_messages_are_a_place_that_knows_its_reader() -> None:
    place = Place.direct("local", "t", "ada")
    assert place == Place("local", "t", "@ada")
    assert place.is_direct and place.reader == "ada"


def test_a_room_has_no_reader_of_its_own() -> None:
    place = Place("local", "t", "general")
    assert not place.is_direct and place.reader is None


@pytest.mark.parametrize(
    ("realm", "tenant", "scope"), [(None, "t", "t"), (None, None, ""), ("", "t", ""), ("elsewhere", "t", "t")]
)
def test_whom_a_line_points_at_belongs_to_the_tenant_unless_ids_are_the_whole_platforms(
    realm: str | None, tenant: str | None, scope: str
) -> None:
    actor, place = Actor(1, "ada", "Ada", "UTC", realm=realm), Place("local", tenant, "general")
    assert Context(actor, place, datetime(2026, 3, 2, tzinfo=UTC), Call("help")).scope == scope
