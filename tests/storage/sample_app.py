"""A database with its relay and a chat platform that keeps what it was sent, as short sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.base.clock import MovableClock
from bot.base.observer import NOBODY, Observer
from bot.chat.platform import Post, Sent
from bot.commands.context import Place
from bot.delivery import outbox
from bot.delivery.outbox import Announcement, OutboxRow, find_row
from bot.delivery.relay import Relay
from bot.messages.reply import Reply, say
from bot.runtime.catalogue import build_metadata
from bot.storage import engine as engines
from bot.storage.unit_of_work import Database, Work

START = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
ROOM = Place("discord", "server", "study")
OTHER_ROOM = Place("discord", "server", "lobby")


def make_tables(url: str) -> None:
    """Create this layer's tables and no feature's."""
    engine = engines.single(url)
    build_metadata().create_all(engine)
    engine.dispose()


class MachineClock:
    """The machine's clock, moved by hand."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Partner:
    """A chat platform that keeps what it was sent; `faults` are raised, one a delivery, by key or for any."""

    faults: dict[str, list[BaseException]] = field(default_factory=dict)
    lost_answers: set[str] = field(default_factory=set)
    posts: list[Post] = field(default_factory=list)
    agains: list[bool] = field(default_factory=list)
    messages: dict[str, Post] = field(default_factory=dict)

    async def deliver(self, post: Post, again: bool) -> Sent:
        self.posts.append(post)
        self.agains.append(again)
        if self.faults.get(post.key):
            raise self.faults[post.key].pop(0)
        known = next((ref for ref, kept in self.messages.items() if again and kept.tag == post.tag), None)
        ref = post.ref or post.sent_ref or known or f"m{len(self.messages) + 1}"
        if post.action == "delete":
            del self.messages[ref]
        else:
            self.messages[ref] = post
        if post.key in self.lost_answers:
            self.lost_answers.discard(post.key)
            raise ConnectionResetError
        return Sent(ref, f"t-{ref}" if post.thread_title else None, known is not None)

    @property
    def keys(self) -> list[str]:
        return [post.key for post in self.posts]


class Desk:
    """A database with its relay, as short sentences."""

    def __init__(self, database: Database, partner: Partner, clock: MovableClock, machine: MachineClock) -> None:
        self.database, self.partner, self.clock, self.machine = database, partner, clock, machine
        self.trouble: list[tuple[str, str]] = []
        self.relay = self.make_relay("one")

    def make_relay(self, owner: str, platform: str = "discord", observer: Observer = NOBODY) -> Relay:
        return Relay(
            self.database,
            platform,
            self.partner.deliver,
            clock=self.clock,
            checks={"is done": lambda work, args: bool(args["done"])},
            on_trouble=lambda work, row: self.trouble.append((row.key, row.state)),
            owner=owner,
            real_now=self.machine.now,
            observer=observer,
        )

    def announce(self, key: str, place: Place = ROOM, *, after_s: float = 0, lasts_s: float | None = None) -> bool:
        due_at = START + timedelta(seconds=after_s)
        expires_at = None if lasts_s is None else due_at + timedelta(seconds=lasts_s)
        return self.database.run_sync(
            lambda work: outbox.announce(work, Announcement(key, place, say(key), due_at, expires_at))
        )

    def revise(self, parent_key: str, reply: Reply) -> bool:
        return self.database.run_sync(lambda work: outbox.revise(work, parent_key, reply, due_at=START))

    def row(self, key: str) -> OutboxRow:
        def find(work: Work) -> OutboxRow:
            row = find_row(work.session, key)
            assert row is not None
            return row

        return self.database.run_sync(find, writes=False)

    def state(self, key: str) -> str:
        return self.row(key).state
