"""The relay delivers due outbox rows to one platform, each message effectively once.

A row is leased, checked, delivered and marked, each in its own transaction. If a process dies in between, the lease
expires. The next delivery passes `again`, and the platform first looks for the message's tag.

Limits:
* A message may arrive twice if the platform can't find the first one: the room's history is unreadable, has moved on
  too far, or lags behind its own writes.
* A message may arrive twice in a forum, because the first is only looked for among the bot's newest posts there: it may
  have been renamed, or many posts were opened in between.
* A message may be lost if it expires while it is unknown whether it arrived; the row is expired and reported.
* A delivery that began just before `expires_at` may arrive up to its time-out (15 s) later.
* If a thread takes nothing (deleted, locked), its message goes to the room as a reply to the post.
* Posts of one room leave in order, but a retried post may arrive after a later one of another room or thread. Edits
  wait only for their post.
* `unless` is checked just before sending; later changes are missed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.base.clock import Clock, SystemClock
from bot.base.event import event
from bot.base.observer import NOBODY, Observer
from bot.base.safe_traceback import trace
from bot.chat.platform import (
    Declined,
    Deliver,
    DeliveryUnknown,
    Gone,
    Later,
    PersonGone,
    Sent,
    ThreadFailed,
    ThreadGone,
)
from bot.delivery import outbox_lease as claims
from bot.delivery.outbox import OutboxRow, State, complete
from bot.delivery.outbox_lease import Check, Claim, Closed, LeasedRow, OnTrouble
from bot.delivery.suspended_channels import free_room, park_room
from bot.messages.call import Call
from bot.messages.errors import TryLater
from bot.messages.paging import Fits, split_reply, turn_to
from bot.storage.unit_of_work import Database, Work

AT_ONCE = 16
"""Concurrent deliveries of one platform: 48 a second if a response takes a third of a second."""
DELIVERY_S, LOOK_S = 15.0, 1.0
TRIES = 20
"""Attempts before a row is given up, about an hour, so that its room goes on."""
PICTURE_TRIES = 8
"""Most edits that add pictures to a message; the last one comes about ten minutes after the post."""
_BACK_OFF_S, _LEAST_WAIT_S = 300, 0.5
_MARK_TRIES = 5
_SYSTEM = SystemClock()
log = logging.getLogger(__name__)


REST = "show post"
"""The name of the command that shows the other pages of a message."""
Blame = Literal["room", "thread", "message", "person"]


@dataclass(frozen=True)
class DeliveryOutcome:
    """The result of one delivery: the location of the message, or the error and the time of the next attempt.

    Args:
        blames: the room, thread, message or person that caused the failure, if known.
        is_untouched: whether nothing was sent and the attempt doesn't count.
    """

    sent: Sent | None = None
    error: str | None = None
    wait_s: float | None = None
    blames: Blame | None = None
    is_untouched: bool = False


def back_off(tries: int) -> float:
    """Return the exponential back-off in seconds: 2, 4, 8 and so on, at most five minutes."""
    return float(min(2 ** min(tries, 10), _BACK_OFF_S))


async def attempt(deliver: Deliver, prepared: LeasedRow) -> DeliveryOutcome:
    """Deliver a post and return the result; raises nothing but cancellation."""
    wait = back_off(prepared.claim.tries)
    try:
        async with asyncio.timeout(DELIVERY_S):
            return DeliveryOutcome(sent=await deliver(prepared.post, prepared.again))
    except ThreadFailed as failed:
        return DeliveryOutcome(sent=failed.sent, error=failed.reason, wait_s=wait)
    except Later as later:
        return DeliveryOutcome(error=str(later), wait_s=max(later.after_s, _LEAST_WAIT_S), is_untouched=True)
    except PersonGone as left:
        return DeliveryOutcome(error=left.reason, blames="person")
    except Gone as gone:
        return DeliveryOutcome(error=gone.reason, blames="room")
    except ThreadGone as gone:
        return DeliveryOutcome(error=gone.reason, blames="thread")
    except Declined as declined:
        return DeliveryOutcome(error=declined.reason, blames="message")
    except (DeliveryUnknown, TimeoutError):
        return DeliveryOutcome(error="The platform didn't confirm that it arrived.", wait_s=wait)
    except Exception as error:  # noqa: BLE001  (one row's fault stays its own)
        log.error("delivering outbox row %d failed\n%s", prepared.claim.id, trace(error))
        return DeliveryOutcome(error=f"Internal error ({type(error).__name__}).", wait_s=wait)


class Relay:
    """Sends due posts on one platform; a slow platform delays only its own posts.

    A failing room is parked, and retried with one message after ten minutes, twenty, and so on.

    Args:
        platform: the platform's name; posts of a platform without a relay wait.
        deliver: sends a post.
        clock: decides what is due and what has expired.
        checks: the `unless` checks by name; True drops the post.
        on_trouble: called in the marking transaction for each row that expired, failed, or found its reader gone, for
            the first row that found its room gone, and for a row sent to the room instead of its thread.
        owner: unique to this process.
        real_now: the machine's clock, for leases and back-off.
        observer: counts attempts, and the final states of rows after the commit.
        says_late: whether a late post says so.
        fits: whether one message holds a reply; otherwise only the first page is sent.
    """

    def __init__(
        self,
        database: Database,
        platform: str,
        deliver: Deliver,
        *,
        clock: Clock,
        checks: Mapping[str, Check] | None = None,
        on_trouble: OnTrouble | None = None,
        owner: str,
        real_now: Callable[[], datetime] = _SYSTEM.now,
        observer: Observer = NOBODY,
        says_late: bool = True,
        fits: Fits = lambda _: True,
    ) -> None:
        self._database, self._platform, self._deliver, self._clock = database, platform, deliver, clock
        self._says_late, self._fits = says_late, fits
        self._checks, self._on_trouble = checks or {}, on_trouble
        self._owner, self._real_now, self._observer = owner, real_now, observer
        self._stepping = asyncio.Lock()

    async def step(self) -> int:
        """Deliver one batch of due rows; return the number of changed rows, 0 if nothing can be sent now."""
        async with self._stepping:
            closed, taken = await self._take()
            at_once = asyncio.Semaphore(AT_ONCE)
            async with asyncio.TaskGroup() as group:
                for row in taken:
                    group.create_task(self._carry(row, at_once))
            return closed + len(taken)

    async def flow(self, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Deliver due rows until none is left, including those that become due meanwhile; slow ones delay no others.

        Args:
            goes_on: whether more rows may be taken; running deliveries are finished.
        """
        try:
            async with self._stepping, asyncio.TaskGroup() as group:
                await self._flow(group, goes_on)
        except ExceptionGroup as several:
            if len(several.exceptions) > 1:
                raise
            raise several.exceptions[0] from None  # a look that failed, after what it had taken before

    async def _flow(self, group: asyncio.TaskGroup, goes_on: Callable[[], bool]) -> None:
        at_once = asyncio.Semaphore(AT_ONCE)
        carried: set[asyncio.Task[None]] = set()
        while goes_on():
            closed, taken = await self._take()
            carried |= {group.create_task(self._carry(row, at_once)) for row in taken}
            if not carried and not closed:
                return
            is_full = len(carried) >= AT_ONCE
            if carried:
                _, carried = await asyncio.wait(carried, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED)
            while is_full and len(carried) >= AT_ONCE:
                _, carried = await asyncio.wait(carried, return_when=asyncio.FIRST_COMPLETED)

    async def _take(self) -> tuple[int, list[Claim]]:
        """Return the number of closed rows, and the claims to deliver."""
        now, real = self._clock.now(), self._real_now()

        def look(work: Work) -> bool:
            return claims.is_anything_due(work, self._platform, now, real)

        def take(work: Work) -> tuple[list[Closed], list[Claim]]:
            closed = claims.sweep(work, now, real, self._checks, self._on_trouble)
            return closed, claims.claim(work, self._owner, self._platform, now, real)

        if self._database.fault is None and not await self._database.run(look, writes=False):
            return 0, []  # the only writer is for those who have something to write; a fault ends by one that works
        closed, taken = await self._database.run(take)
        self._count(closed)
        return len(closed), taken

    async def empty(self) -> int:
        """Step until nothing more can be sent now; return the number of changed rows."""
        touched = 0
        while count := await self.step():
            touched += count
        return touched

    async def _carry(self, taken: Claim, at_once: asyncio.Semaphore) -> None:
        """Deliver one row completely; log any error."""
        async with at_once:
            with event(taken.event_id):  # what is logged of a message is found with what queued it
                await self._deliver_claimed(taken)

    async def _deliver_claimed(self, taken: Claim) -> None:
        try:
            prepared = await self._database.run(
                lambda work: claims.prepare(
                    work,
                    self._owner,
                    taken,
                    self._clock.now(),
                    self._real_now(),
                    self._checks,
                    self._on_trouble,
                    says_late=self._says_late,
                )
            )
            if not isinstance(prepared, LeasedRow):
                self._count([prepared] if prepared else [])
                return
            prepared = self._first_page(prepared)
        except TryLater:
            log.warning("outbox row %d waits for its lease: the database is busy", taken.id)
            return
        except Exception as error:  # noqa: BLE001  (one row's fault stays its own)
            log.error("preparing outbox row %d failed\n%s", taken.id, trace(error))
            fault = DeliveryOutcome(error=f"Internal error ({type(error).__name__}).", wait_s=back_off(taken.tries))
            await self._mark(taken, fault)
            return
        outcome = await attempt(self._deliver, prepared)
        self._observer.tried(self._platform, was_there=outcome.sent is not None and outcome.sent.was_there)
        self._log(taken, prepared, outcome)
        await self._mark(taken, outcome, prepared)

    def _first_page(self, prepared: LeasedRow) -> LeasedRow:
        """Return the row with the whole message, or its first page if it is too large for the platform."""
        rest = Call(REST, {"of": str(prepared.claim.id)})
        reply = turn_to(split_reply(prepared.post.reply, self._fits), 1, rest)
        return replace(prepared, post=replace(prepared.post, reply=reply))

    def _log(self, taken: Claim, prepared: LeasedRow, outcome: DeliveryOutcome) -> None:
        """Log the result of a delivery with the event that queued it, never its text."""
        what = taken.id, prepared.post.action, self._platform, taken.tries
        if outcome.sent is None and not outcome.is_untouched:
            log.info("outbox row %d (%s) did not get to %s, try %d", *what)
        elif outcome.sent is not None and prepared.post.action == "post":
            log.info("outbox row %d (%s) is on %s, try %d", *what)

    async def _mark(self, taken: Claim, outcome: DeliveryOutcome, prepared: LeasedRow | None = None) -> None:
        """Store the result of a row if the claim still holds; an unmarked row is delivered again after its lease."""
        for patience in range(_MARK_TRIES):
            try:
                self._count(await self._database.run(lambda work: self._store(work, taken, outcome, prepared)))
                return
            except TryLater:
                await asyncio.sleep(0.2 * (patience + 1))
            except Exception as error:  # noqa: BLE001  (its lease runs out, and the row comes again)
                log.error("marking outbox row %d failed\n%s", taken.id, trace(error))
                return
        log.error("outbox row %d could not be marked: the database is busy", taken.id)

    def _count(self, closed: Iterable[Closed]) -> None:
        for platform, state in closed:
            self._observer.closed(platform, state)

    def _store(self, work: Work, taken: Claim, outcome: DeliveryOutcome, prepared: LeasedRow | None) -> list[Closed]:
        """Store the result and return the closed row; empty if another relay holds it now."""
        row = claims.find_leased(work, self._owner, taken)
        if row is None:
            log.warning("outbox row %d was taken over before it was marked", taken.id)
            return []
        real = self._real_now()
        if outcome.sent is not None and prepared is not None:
            _store_sent(row, outcome, prepared.revision, real)
            if row.action == "post":
                free_room(work, row.place)
                if outcome.sent.is_incomplete:
                    complete(work.session, row, made_at=real)
            if row.is_beside:
                claims.tell(self._on_trouble, work, row)
        elif outcome.blames is not None:
            self._store_refused(work, row, outcome.blames, outcome.error or "", real)
        elif outcome.is_untouched:
            row.tries -= 1
            _schedule_retry(row, outcome, real)
        elif row.tries >= TRIES:
            self._give_up(work, row, outcome.error)
        else:
            _schedule_retry(row, outcome, real)
        return [(row.platform, row.state)]

    def _store_refused(self, work: Work, row: OutboxRow, blames: Blame, reason: str, real: datetime) -> None:
        """Handle a refusal by cause: park the room, send the message to the room instead of the thread, or give up."""
        if row.action != "post":
            claims.close(row, "failed", reason)
        elif blames == "person" and row.place.is_direct:
            claims.close(row, "left", reason)
            claims.tell(self._on_trouble, work, row)
        elif blames == "thread" and row.in_thread and row.state != "threading":
            claims.close(row, "due", reason)
            row.in_thread, row.thread = False, None
            row.tries -= 1
        elif blames != "room" or row.place.is_direct:
            self._give_up(work, row, reason)
        else:
            claims.close(row, "parked", reason)
            row.tries -= 1
            if park_room(work, row.place, reason, real):
                claims.tell(self._on_trouble, work, row)

    def _give_up(self, work: Work, row: OutboxRow, reason: str | None) -> None:
        claims.close(row, "sent" if row.state == "threading" else "failed", reason)
        claims.tell(self._on_trouble, work, row)


def _store_sent(row: OutboxRow, outcome: DeliveryOutcome, revision: int, real: datetime) -> None:
    assert outcome.sent is not None
    was_threading = row.state == "threading"
    row.sent_ref, row.sent_thread = outcome.sent.ref, outcome.sent.thread
    row.sent_at = row.sent_at if was_threading else real
    if outcome.error is not None:
        claims.close(row, "threading", outcome.error)
        row.tries = row.tries if was_threading else 0
        row.not_before = real + timedelta(seconds=back_off(max(row.tries, 1)))
    elif row.action == "edit" and row.revision != revision:
        claims.close(row, "due")
        row.tries, row.not_before = 0, real + timedelta(seconds=row.every_s)
    elif row.action == "edit" and outcome.sent.is_incomplete and row.tries < PICTURE_TRIES:
        claims.close(row, "due")
        row.not_before = real + timedelta(seconds=back_off(row.tries))
    else:
        claims.close(row, "sent")


def _schedule_retry(row: OutboxRow, outcome: DeliveryOutcome, real: datetime) -> None:
    state: State = "threading" if row.state == "threading" else "due"
    claims.close(row, state, outcome.error)
    row.not_before = real + timedelta(seconds=outcome.wait_s or _LEAST_WAIT_S)
