"""What the log says of rooms that take nothing."""

from __future__ import annotations

import logging

import pytest

from bot.commands.context import Place
from bot.delivery.suspended_channels import free_room, park_room
from bot.storage.unit_of_work import Database
from tests.storage.sample_app import START


def test_the_log_names_a_room_and_nobody(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for place in (Place.direct("discord", None, "4242"), Place("discord", "1", "77")):
        database.run_sync(lambda work, place=place: park_room(work, place, "closed", START))  # type: ignore[misc]
        database.run_sync(lambda work, place=place: free_room(work, place))  # type: ignore[misc]
    assert "4242" not in caplog.text and "room 77 on discord is held back" in caplog.text
