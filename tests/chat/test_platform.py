"""What sending can come to, and looking at a room through whichever platform runs."""

from __future__ import annotations

from typing import Any, cast

from bot.chat.platform import Finding, Findings, Gone, Inspector, Later, Platform, Sent, ThreadFailed
from bot.commands.context import Place

ROOM = Place("slack", "T1", "C1")
WELL = (Finding(True, "I may post here"),)


class Looked:
    """A platform of which only `inspect` is asked."""

    def __init__(self, found: Findings | Exception) -> None:
        self._found = found

    async def inspect(self, place: Place) -> Findings:
        """Return what was prepared."""
        if isinstance(self._found, Exception):
            raise self._found
        return self._found


def inspector(found: Findings | Exception) -> Inspector:
    """Return an inspector of one platform."""
    return Inspector({"slack": cast(Platform, cast(Any, Looked(found)))})


async def test_a_room_is_looked_at_through_its_own_platform() -> None:
    assert await inspector(WELL).look(ROOM) == WELL


async def test_what_could_not_be_looked_at_is_not_well() -> None:
    (found,) = await inspector(WELL).look(Place("discord", "1", "2"))
    assert not found.ok
    assert not (await inspector(RuntimeError("away")).look(ROOM))[0].ok
    assert "discord is not connected" in found.what


async def test_a_platform_that_cannot_say_is_told_by_kind_and_never_by_its_text() -> None:
    (found,) = await inspector(RuntimeError("xoxb-secret")).look(ROOM)
    assert "RuntimeError" in found.what
    assert "secret" not in found.what + found.fix


def test_each_way_that_sending_fails_says_what_is_to_be_done() -> None:
    assert Gone("Invite me again.").reason == str(Gone("Invite me again.")) == "Invite me again."
    assert (Later(7).after_s, str(Later(7)), str(Later(7, "busy"))) == (7, "later, in 7 s", "busy")
    failed = ThreadFailed(Sent("m1"), "no permission")
    assert (failed.sent, failed.reason) == (Sent("m1"), "no permission")
