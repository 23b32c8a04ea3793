"""What was ever put on a button or stored can be read for ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.messages.call import DRAFT, INSTEAD, MORE, WRONG, Call
from bot.messages.reply import Reply
from bot.platforms.discord import render as discord_render
from bot.platforms.slack import render as slack_render
from bot.runtime.catalogue import registry
from tests.tour import tour

GOLDEN = Path(__file__).parent / "golden"
CALLS = [line for line in (GOLDEN / "calls.txt").read_text().splitlines() if line and not line.startswith("#")]
REPLIES = sorted((GOLDEN / "replies").glob("*.json"))
REGISTRY = registry()


def shape(call: Call) -> tuple[str, tuple[str, ...], bool, bool]:
    """Return what a Call looks like, whatever its values."""
    return call.name, tuple(sorted(call.args)), call.ask, call.group is not None


def test_a_call_that_was_ever_on_a_button_still_leads_somewhere() -> None:
    for packed in CALLS:
        call = Call.unpack(packed)
        command = REGISTRY.find(call.name)
        assert command is not None, f"{packed}: a command was renamed without formerly="
        for key in call.args:
            assert key in {DRAFT, INSTEAD, MORE, WRONG} or command.param(key) is not None, (
                f"{packed}: {key} was renamed without formerly="
            )


def test_a_call_is_still_packed_as_it_was() -> None:
    assert [Call.unpack(packed).pack() for packed in CALLS] == CALLS


@pytest.mark.xdist_group("tour")
def test_every_shape_of_call_that_buttons_have_now_is_kept_here() -> None:
    kept = {shape(Call.unpack(packed)) for packed in CALLS}
    missing = {shape(call): call.pack() for call in tour().calls if shape(call) not in kept}
    assert not missing, "add to tests/golden/calls.txt: " + " ".join(missing.values())


@pytest.mark.parametrize("path", REPLIES, ids=lambda p: p.stem)
def test_a_reply_that_was_ever_stored_can_be_read_and_drawn(path: Path) -> None:
    stored = json.loads(path.read_text())
    reply = Reply.from_json(stored)
    assert reply.plain()
    assert discord_render.message(reply)
    assert slack_render.render(reply).blocks


@pytest.mark.parametrize("path", REPLIES, ids=lambda p: p.stem)
def test_a_reply_is_still_stored_as_it_was(path: Path) -> None:
    stored = json.loads(path.read_text())
    assert Reply.from_json(stored).to_json() == stored


@pytest.mark.xdist_group("tour")
def test_every_kind_of_block_that_replies_have_is_kept_here() -> None:
    kept = {type(b) for path in REPLIES for b in Reply.from_json(json.loads(path.read_text())).blocks}
    assert {type(b) for _, reply in tour().replies for b in reply.blocks} <= kept
