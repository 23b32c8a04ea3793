"""Questions that are being answered: in one conversation each waits for the one before it, to go on with its answer.

What was asked and answered where, kept for a while so that a question can go on with it.

A thread is one conversation of all who write in it, a direct message one of its reader. A reply goes on with the answer
that it replies to, and with what that one went on with. Anything else in a channel begins anew.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, false, or_, select, true, update

from bot.answers.compose.turns import ANSWERED_MAX, ASKED_MAX, Earlier, leans
from bot.base.clock import Clock
from bot.commands.context import Context, ConversationRef, Invocation, Place
from bot.features.ask.question_log import Retention
from bot.features.ask.tables import Exchange
from bot.messages import markup
from bot.storage.unit_of_work import Database, Work
from bot.understanding import free_text

REMEMBERED = 5
"""Turns that a question may go on with; of older ones only that is kept which says what the conversation is about."""


def new_key() -> str:
    """Return a key for a turn to come."""
    return secrets.token_urlsafe(6)


def conversation(place: Place, strand: ConversationRef) -> Place | None:
    """Return the thread or the direct message in which an answer will stand; None for one beside others in a room."""
    thread = _find_thread(place, strand)
    return replace(place, thread=thread or None) if thread or place.is_direct else None


class Listening:
    """Says whether a line goes on with an answer although it does not name the bot."""

    def __init__(self, database: Database, clock: Clock, retention: Retention) -> None:
        self._database, self._clock, self._retention = database, clock, retention

    async def __call__(self, invocation: Invocation) -> bool:
        """Whether the line stands in a thread that an answer of the last hour opened."""
        place, strand, now = invocation.place, invocation.strand, self._clock.now()
        retention = self._retention
        return await self._database.run(
            lambda work: Transcript(work, retention).is_open(place, strand, now), writes=False
        )


class Transcript:
    """The conversations that are kept, in one unit of work."""

    def __init__(self, work: Work, retention: Retention) -> None:
        self._session, self._kept = work.session, retention.conversation

    def before(self, ctx: Context) -> Sequence[Earlier]:
        """Return the turns that a question asked here and now goes on with, oldest first.

        What was answered to one person alone stays between them and the bot: it is read again only where the answer to
        come is for that person alone too.
        """
        return self._list_before(ctx, is_private=ctx.place.is_direct)

    def before_alone(self, ctx: Context) -> Sequence[Earlier]:
        """Return the same for a question whose answer is for the asker alone."""
        return self._list_before(ctx, is_private=True)

    def keep(self, ctx: Context, key: str, asked: str, answered: str, *, is_private: bool = False) -> None:
        """Keep a turn whose answer stands where it was asked, or that only its asker sees there."""
        self._store(ctx, key, asked, answered, is_private=is_private or ctx.place.is_direct)

    def keep_alone(self, ctx: Context, key: str, asked: str, answered: str) -> None:
        """Keep a turn whose answer was for the asker alone, where anything could go on with it."""
        if _find_thread(ctx.place, ctx.strand) or ctx.place.is_direct:
            self._store(ctx, key, asked, answered, is_private=True)

    def asker(self, key: str) -> int | None:
        """Return the account that asked a turn, in whatever room; None if the turn is not kept."""
        return self._session.scalar(select(Exchange.account_id).where(Exchange.key == key))

    def forget(self, ctx: Context, key: str) -> None:
        """Forget a turn whose answer is taken away from this room."""
        self._session.execute(delete(Exchange).where(Exchange.key == key, *_match_room(ctx.place)))

    def is_open(self, place: Place, strand: ConversationRef, now: datetime) -> bool:
        """Whether a thread began with an answer of the bot, and somebody has asked in it within the hour."""
        if place.thread is None:
            return False
        opened = and_(Exchange.thread == place.thread, Exchange.begins)
        heads = and_(Exchange.key == strand.turn, ~Exchange.is_private) if strand.begins else false()
        chosen = select(Exchange.id).where(*self._match_fresh(place, now), or_(opened, heads)).limit(1)
        return self._session.scalars(chosen).first() is not None

    def _list_before(self, ctx: Context, *, is_private: bool) -> Sequence[Earlier]:
        place, strand = ctx.place, ctx.strand
        anchor = _match_conversation(place, strand)
        if anchor is None:
            return []
        chains = select(Exchange.chain).where(*self._match_fresh(place, ctx.now), anchor)
        own = and_(Exchange.is_private, Exchange.account_id == ctx.actor.account_id) if is_private else false()
        chosen = select(Exchange).where(
            *self._match_fresh(place, ctx.now), Exchange.chain.in_(chains), or_(~Exchange.is_private, own)
        )
        if place.thread is None and strand.turn:
            # what was asked after the answer that is replied to is another branch
            followed = select(Exchange.id).where(Exchange.key == strand.turn).scalar_subquery()
            chosen = chosen.where(Exchange.id <= followed)
        newest = _select_remembered(
            self._session.scalars(chosen.order_by(Exchange.id.desc()).limit(2 * REMEMBERED)).all()
        )
        turns = [*newest[:1], *(turn for turn in newest[1:] if not free_text.read(turn.asked).disputes_only)]
        return [Earlier(turn.asked, turn.answered) for turn in turns][::-1]

    def _store(self, ctx: Context, key: str, asked: str, answered: str, *, is_private: bool) -> None:
        if not self._kept:
            return
        place, strand = ctx.place, ctx.strand
        anchor = _match_conversation(place, strand)
        chain, begins = key, strand.begins
        if anchor is not None:
            chosen = (
                select(Exchange).where(*self._match_fresh(place, ctx.now), anchor).order_by(Exchange.id.desc()).limit(1)
            )
            if (last := self._session.scalars(chosen).first()) is not None:
                chain, begins = last.chain, begins or (last.begins and last.thread == place.thread)
        self._session.add(
            Exchange(
                key=key,
                chain=chain,
                platform=place.platform,
                tenant=place.tenant or "",
                room=place.room,
                thread=_find_thread(place, strand),
                begins=begins and not is_private,
                account_id=ctx.actor.account_id,
                is_private=is_private,
                asked=markup.clip(asked, ASKED_MAX),
                answered=markup.clip(answered, ANSWERED_MAX),
                at=ctx.now,
            )
        )
        self._session.flush()
        if chain != key:
            self._forget_oldest(chain)

    def _match_fresh(self, place: Place, now: datetime) -> tuple[ColumnElement[bool], ...]:
        return (*_match_room(place), Exchange.at > now - self._kept)

    def _forget_oldest(self, chain: str) -> None:
        turns = self._session.scalars(
            select(Exchange).where(Exchange.chain == chain).order_by(Exchange.id.desc())
        ).all()
        remembered = _select_remembered(turns)
        for turn in turns:
            if turn not in remembered:
                self._session.delete(turn)


def set_thread(work: Work, turn: str, ref: str) -> None:
    """Note the id of an answer that stands in no thread: a thread on it has the same, and goes on with it."""
    stands_alone = (Exchange.key == turn, Exchange.thread == "", ~Exchange.is_private)
    work.session.execute(update(Exchange).where(*stands_alone).values(thread=ref, begins=True))


def _select_remembered(turns: Sequence[Exchange]) -> Sequence[Exchange]:
    """Return the turns of a conversation to keep, newest first, with the newest turn that names its subject."""

    def names_it(turn: Exchange) -> bool:
        return not (free_text.read(turn.asked).objects or leans(turn.asked))

    newest, older = turns[:REMEMBERED], turns[REMEMBERED:]
    return newest if any(map(names_it, newest)) else [*newest, *list(filter(names_it, older))[:1]]


def _find_thread(place: Place, strand: ConversationRef) -> str:
    return place.thread or strand.thread or ""


def _match_room(place: Place) -> tuple[ColumnElement[bool], ...]:
    return (
        Exchange.platform == place.platform,
        Exchange.tenant == (place.tenant or ""),
        Exchange.room == place.room,
    )


def _match_conversation(place: Place, strand: ConversationRef) -> ColumnElement[bool] | None:
    """Return the condition for the turns that a line continues; None if the line begins a conversation."""
    followed = Exchange.key == strand.turn
    if place.thread is not None and not place.is_direct:
        return or_(Exchange.thread == place.thread, followed) if strand.turn else Exchange.thread == place.thread
    if strand.turn:
        return followed
    return true() if place.is_direct else None


class Underway:
    """The conversations in which something is being answered, in memory."""

    def __init__(self) -> None:
        self._locks: dict[Place, asyncio.Lock] = {}
        self._waiting = Counter[Place]()

    @asynccontextmanager
    async def turn(self, place: Place, strand: ConversationRef) -> AsyncIterator[None]:
        """Wait for earlier questions in the same conversation; a new conversation waits for nothing."""
        where = conversation(place, strand)
        if where is None:
            yield
            return
        self._waiting[where] += 1
        try:
            async with self._locks.setdefault(where, asyncio.Lock()):
                yield
        finally:
            self._waiting[where] -= 1
            if not self._waiting[where]:
                del self._waiting[where], self._locks[where]
