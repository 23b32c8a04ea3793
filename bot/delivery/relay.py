"""The relay: carries what is due in the outbox to one platform, each message effectively once.

A row is leased, looked at a last time, delivered and marked, each in a transaction of its own. Whoever dies in between
leaves a lease that runs out; the next delivery says `again`, and the platform looks for the message's tag first.

What cannot be guaranteed:
* A message twice, where the platform cannot find the first one: it arrived unseen, and the room's history may not be
  read, has moved on too far, or lags behind its own writes.
* A message twice in a forum, where the platform drops no repetition by itself and the first one is looked for among
  the newest few of the bot's own posts: it was renamed there, or many more were opened in between.
* A message not at all: its time ran out while it was unknown whether it had arrived; such a row is expired and told.
* A delivery that began just before `expires_at` may arrive up to its time-out (15 s) after it.
* The thread: where it takes nothing (deleted, locked), what was meant for it stands in the room as a reply to its post.
* Order: posts of one room leave in order, but one that was tried in vain may turn up behind a later one of another room
  or thread; edits only wait for their post.
* `unless` is asked a moment before sending; what happens after that moment comes too late.
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
"""Deliveries of one platform side by side: with answers that take a third of a second still 48 a second."""
DELIVERY_S, LOOK_S = 15.0, 1.0
TRIES = 20
"""After about an hour of failures that nobody can explain a row is given up, so that its room goes on."""
PICTURE_TRIES = 8
"""Edits at most that add pictures to a message; the last one comes about ten minutes after the post."""
_BACK_OFF_S, _LEAST_WAIT_S = 300, 0.5
_MARK_TRIES = 5
_SYSTEM = SystemClock()
log = logging.getLogger(__name__)


REST = "show post"
"""The command that shows the other pages of a message."""
Blame = Literal["room", "thread", "message", "person"]


@dataclass(frozen=True)
class DeliveryOutcome:
    """What became of one delivery: where the message is, or why it is not there and when to try again.

    Args:
        blames: what takes no message until somebody mends it, if it is known.
        is_untouched: nothing was sent, and no try is counted.
    """

    sent: Sent | None = None
    error: str | None = None
    wait_s: float | None = None
    blames: Blame | None = None
    is_untouched: bool = False


def back_off(tries: int) -> float:
    """Return the seconds to wait after so many vain tries: 2, 4, 8 and so on, five minutes at most."""
    return float(min(2 ** min(tries, 10), _BACK_OFF_S))


async def attempt(deliver: Deliver, prepared: LeasedRow) -> DeliveryOutcome:
    """Deliver a post and return what became of it; nothing but a cancellation escapes."""
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
        return DeliveryOutcome(error="The platform did not say whether it arrived.", wait_s=wait)
    except Exception as error:  # noqa: BLE001  (one row's fault stays its own)
        log.error("delivering outbox row %d failed\n%s", prepared.claim.id, trace(error))
        return DeliveryOutcome(error=f"A fault of mine ({type(error).__name__}).", wait_s=wait)


class Relay:
    """Sends what is due on one platform; one that is slow or hangs keeps nobody but its own waiting.

    A room that takes nothing is parked, and tried again with one message after ten minutes, twenty, and so on.

    Args:
        platform: its name; what is due on one that has no relay waits.
        deliver: carries a post there.
        clock: says what is due and what is past its time.
        checks: the `unless` of posts, by name; True drops the post.
        on_trouble: told, in the marking transaction, of each row that is expired or failed or finds its reader gone, of
            the first that finds its room gone, and of one that stands beside the thread it was meant for.
        owner: unique to this process.
        real_now: the machine's clock, for leases and back-off.
        observer: told of each try, and of what has become of each row once that is kept.
        says_late: whether a post that goes out long after it was due says so.
        fits: whether one message of the platform holds a reply; of one that it doesn't hold, the first page goes out.
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
        """Carry one batch of due rows and return how many rows were touched; 0 when nothing can go out now."""
        async with self._stepping:
            closed, taken = await self._take()
            at_once = asyncio.Semaphore(AT_ONCE)
            async with asyncio.TaskGroup() as group:
                for one in taken:
                    group.create_task(self._carry(one, at_once))
            return closed + len(taken)

    async def flow(self, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Carry what is due, and what falls due meanwhile, until nothing is on its way; what is slow holds up no other.

        Args:
            goes_on: whether more may be taken; what is on its way is finished.
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
            carried |= {group.create_task(self._carry(one, at_once)) for one in taken}
            if not carried and not closed:
                return
            is_full = len(carried) >= AT_ONCE
            if carried:
                _, carried = await asyncio.wait(carried, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED)
            while is_full and len(carried) >= AT_ONCE:
                _, carried = await asyncio.wait(carried, return_when=asyncio.FIRST_COMPLETED)

    async def _take(self) -> tuple[int, list[Claim]]:
        """Return how many rows were closed, and those that are to be carried."""
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
        """Step until nothing more can go out now; return how many rows were touched."""
        touched = 0
        while count := await self.step():
            touched += count
        return touched

    async def _carry(self, taken: Claim, at_once: asyncio.Semaphore) -> None:
        """Take one row all the way; its troubles are its own."""
        async with at_once:
            with event(taken.event_id):  # what is logged of a message is found with what queued it
                await self._carried(taken)

    async def _carried(self, taken: Claim) -> None:
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
            fault = DeliveryOutcome(error=f"A fault of mine ({type(error).__name__}).", wait_s=back_off(taken.tries))
            await self._mark(taken, fault)
            return
        outcome = await attempt(self._deliver, prepared)
        self._observer.tried(self._platform, was_there=outcome.sent is not None and outcome.sent.was_there)
        self._log(taken, prepared, outcome)
        await self._mark(taken, outcome, prepared)

    def _first_page(self, prepared: LeasedRow) -> LeasedRow:
        """Return what is sent of a message: all of it, or its first page if that is too large for the platform."""
        rest = Call(REST, {"of": str(prepared.claim.id)})
        reply = turn_to(split_reply(prepared.post.reply, self._fits), 1, rest)
        return replace(prepared, post=replace(prepared.post, reply=reply))

    def _log(self, taken: Claim, prepared: LeasedRow, outcome: DeliveryOutcome) -> None:
        """Log what became of a delivery, so that a post is found from what queued it; of what it says, nothing."""
        what = taken.id, prepared.post.action, self._platform, taken.tries
        if outcome.sent is None and not outcome.is_untouched:
            log.info("outbox row %d (%s) did not get to %s, try %d", *what)
        elif outcome.sent is not None and prepared.post.action == "post":
            log.info("outbox row %d (%s) is on %s, try %d", *what)

    async def _mark(self, taken: Claim, outcome: DeliveryOutcome, prepared: LeasedRow | None = None) -> None:
        """Store what became of a row if it is still ours; one that stays unmarked is looked for when its lease ends."""
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
        """Return the row as it is left; nothing if another relay has it by now."""
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
                    complete(work.session, row, prepared.post.reply, made_at=real)
            if row.is_beside:
                claims.tell(self._on_trouble, work, row)
        elif outcome.blames is not None:
            self._store_refused(work, row, outcome.blames, outcome.error or "", real)
        elif outcome.is_untouched:
            row.tries -= 1
            _again(row, outcome, real)
        elif row.tries >= TRIES:
            self._give_up(work, row, outcome.error)
        else:
            _again(row, outcome, real)
        return [(row.platform, row.state)]

    def _store_refused(self, work: Work, row: OutboxRow, blames: Blame, reason: str, real: datetime) -> None:
        """Blame what failed and no more: park a room, let a message out beside its thread, give up one alone."""
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


def _again(row: OutboxRow, outcome: DeliveryOutcome, real: datetime) -> None:
    state: State = "threading" if row.state == "threading" else "due"
    claims.close(row, state, outcome.error)
    row.not_before = real + timedelta(seconds=outcome.wait_s or _LEAST_WAIT_S)
