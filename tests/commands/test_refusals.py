"""What people are told when something cannot be done."""

from __future__ import annotations

from bot.commands.refusals import busy, on_field, refused
from bot.messages.errors import BadInput
from bot.messages.reply import Button
from tests.commands.sample_commands import checkin


def test_a_refusal_is_private_and_keeps_its_ways_out() -> None:
    way = Button("Read", "https://example.org")
    reply = refused(BadInput("no", buttons=(way,)))
    assert (reply.audience, reply.tone, reply.buttons) == ("private", "error", (way,))


def test_a_refusal_is_headed_by_the_label_of_its_field_once() -> None:
    assert on_field(checkin, BadInput("say more", field="note")) == "**What you did**: say more"
    assert on_field(checkin, BadInput("**Note**: say more", field="note")) == "**What you did**: say more"


def test_a_refusal_of_no_field_stays_as_it_is() -> None:
    assert on_field(checkin, BadInput("say more")) == "say more"
    assert on_field(checkin, BadInput("say more", field="gone")) == "say more"


def test_a_busy_database_changes_nothing_and_says_so() -> None:
    assert "haven't changed anything" in busy().sentence
