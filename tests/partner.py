"""A chat platform without a wire: it keeps what it was sent, and fails where a test wants it to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from bot.core.context import Account, Place
from bot.core.platform import Desk, Finding, Findings, Limits, Post, ReportState, Sent
from bot.core.registry import Registry
from bot.core.reply import Reply
from bot.core.sight import View

ROOM, OTHER = "C0123456", "C0654321"
"""Two rooms as Slack names them."""


@dataclass
class Partner:
    """Keeps posts.

    Args:
        troubles: raised for every delivery to a room, until the test takes them away.
        thread_trouble: raised for every delivery into a thread, until the test takes it away.
        faults: raised for every delivery whose key ends so, until the test takes them away.
        findings: what a look at a room finds; all is well where there are none.
    """

    name: str = "slack"
    prefix: str = "/study "
    limits: Limits = field(default_factory=lambda: Limits(3000, 25, 75, 100, 10, 48, 24))
    troubles: dict[str, Exception] = field(default_factory=dict)
    thread_trouble: Exception | None = None
    faults: dict[str, Exception] = field(default_factory=dict)
    findings: dict[str, Findings] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    sent: list[Post] = field(default_factory=list)
    looked_at: list[Place] = field(default_factory=list)
    prepared: list[Place] = field(default_factory=list)

    async def run(self, registry: Registry, dispatcher: Desk, report: ReportState) -> None:
        report("ready")
        await asyncio.Event().wait()

    async def deliver(self, post: Post, again: bool) -> Sent:
        if post.place.room in self.troubles:
            raise self.troubles[post.place.room]
        if post.place.thread is not None and self.thread_trouble is not None:
            raise self.thread_trouble
        for end, fault in self.faults.items():
            if post.key.endswith(end):
                raise fault
        self.sent.append(post)
        ref = post.ref or post.sent_ref or f"m{len(self.sent)}"
        return Sent(ref, f"t-{ref}" if post.thread_title else None)

    def is_room(self, text: str) -> bool:
        return any(c.isdigit() for c in text)

    async def prepare(self, place: Place) -> None:
        self.prepared.append(place)

    async def inspect_role(self, place: Place, role_id: str) -> Findings:
        return ()

    async def inspect(self, place: Place) -> Findings:
        self.looked_at.append(place)
        return self.findings.get(place.room, (Finding(True, "I can post here"),))

    async def sees(self, account: Account, rooms: frozenset[Place]) -> View:
        tenants = {room.tenant or "" for room in rooms} if account.id in self.absent else set[str]()
        return View(seen=rooms, absent=frozenset(tenants))

    def posts(self, room: str = ROOM, action: Literal["post", "edit", "delete"] = "post") -> list[Reply]:
        """Return what was sent to a room itself, oldest first."""
        return [p.reply for p in self.sent if p.place.room == room and p.action == action and not p.place.thread]
