"""Buddy messages: pair members when a unit opens, tell them, and ask whether they met."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import update

from bot.delivery.outbox import Announcement, Unless
from bot.delivery.scheduled_post import Effect, ScheduledPost
from bot.features.buddies import wording
from bot.features.buddies.pairing import PairingCandidate, join, pair
from bot.features.buddies.service import (
    BuddyWish,
    Pairing,
    UnitPairs,
    is_silent,
    list_pairs,
    list_past,
    list_weeks,
    list_willing,
)
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import POST_LATENESS
from bot.features.groups.direct_messages import (
    BUDDY_MESSAGE,
    Reminded,
    find_free_at,
    find_next_midnight,
    list_written_to_before,
)
from bot.features.groups.snapshot import GroupSnapshot, read_once
from bot.features.groups.tables import Group, Membership
from bot.features.people.tables import AccountRow
from bot.features.quiz.posts import mention_reviews
from bot.messages.reply import Reply
from bot.storage.insert import put
from bot.storage.read_cache import read_cached
from bot.storage.unit_of_work import Work

LEAD = timedelta(hours=12)
"""How long before its deadline a unit is over enough to ask."""
_UNREAD = {"synchronize_session": False}
"""Nothing else reads these rows in the transaction that stores a fact: loading them first would double its time."""


@read_once
def read_pairs(snapshot: GroupSnapshot) -> Mapping[str, UnitPairs]:
    """Return the buddy pairs of each open unit, by the unit's id."""
    units = [opened.slot.unit_id for opened in snapshot.timeline.open_units(snapshot.now)]
    return list_pairs(snapshot.groups.session, snapshot.group.id, units)


@dataclass(frozen=True)
class PairsStored:
    """A unit has its pairs; the group's next look tells the members.

    Args:
        resting: accounts that were silent for too long to get a buddy.
        first: the number of the first pair; the number of an existing pair adds members to it.
    """

    group_id: int
    unit_id: str
    at: datetime
    groups: tuple[tuple[int, ...], ...]
    resting: tuple[int, ...] = ()
    first: int = 1

    def store(self, work: Work) -> None:
        """Store it."""
        of = {"group_id": self.group_id, "unit_id": self.unit_id, "made_at": self.at, "answer": "", "asked_at": None}
        numbered = enumerate(self.groups, self.first)
        rows = [{**of, "account_id": account_id, "number": n} for n, pair in numbered for account_id in pair]
        put(work.session, Pairing, rows)
        theirs = (BuddyWish.group_id == self.group_id, BuddyWish.account_id.in_(self.resting))
        rest = update(BuddyWish).where(*theirs).values(rests_from=self.unit_id)
        work.session.execute(rest, execution_options=_UNREAD)
        work.session.get_one(Group, self.group_id).wake_at = self.at


@dataclass(frozen=True)
class MeetingAsked:
    """A message asks a member whether they met their buddy."""

    group_id: int
    unit_id: str
    account_id: int
    at: datetime
    by: Reminded

    def store(self, work: Work) -> None:
        """Store it."""
        self.by.store(work)
        conditions = (Pairing.unit_id == self.unit_id, Pairing.account_id == self.account_id)
        asked = update(Pairing).where(Pairing.group_id == self.group_id, *conditions)
        work.session.execute(asked.values(asked_at=self.at), execution_options=_UNREAD)


@dataclass(frozen=True)
class MeetingQuestion:
    """A question that has not been sent.

    Args:
        buddies: whom the member may have met; empty if all have left or are away for most of the unit.
        is_told: whether the member knows their buddies.
    """

    account: AccountRow
    slot: Slot
    buddies: tuple[AccountRow, ...]
    is_told: bool

    @property
    def due_at(self) -> datetime:
        """The first instant at which it may be asked."""
        return max(self.slot.opens_at, self.slot.deadline_at - LEAD)

    def by(self, snapshot: GroupSnapshot, message: Reminded) -> MeetingAsked:
        """Return the effect that asks this question with a message."""
        return MeetingAsked(snapshot.group.id, self.slot.unit_id, self.account.id, snapshot.now, message)


def make_paired_key(snapshot: GroupSnapshot, unit_id: str, account_id: int) -> str:
    """Return the key of the message that names a member's buddy; a new buddy gives a new key."""
    changed_at = read_pairs(snapshot)[unit_id].changed_at(account_id)
    again = f":{int(changed_at.timestamp())}" if changed_at is not None else ""
    return snapshot.key(unit_id, f"buddy:{account_id}{again}")


def list_unasked(snapshot: GroupSnapshot) -> Iterator[MeetingQuestion]:
    """Yield the questions of each open unit, the unit with the earliest end first."""
    for opened in snapshot.timeline.open_units(snapshot.now):
        pairs, unit_id = read_pairs(snapshot)[opened.slot.unit_id], opened.slot.unit_id
        sent_keys = snapshot.find_sent([make_paired_key(snapshot, unit_id, member) for member in pairs.members])
        for member in pairs.members.values():
            is_open = (
                member.is_in and member.asked_at is None and not member.answer and not pairs.has_met(member.account.id)
            )
            if is_open and not opened.is_held:
                is_told = make_paired_key(snapshot, unit_id, member.account.id) in sent_keys
                present = (buddy for buddy in pairs.of(member.account.id) if not snapshot.is_mostly_away(opened, buddy))
                yield MeetingQuestion(member.account, opened.slot, tuple(present), is_told)


def list_due_questions(snapshot: GroupSnapshot) -> dict[int, MeetingQuestion]:
    """Return the questions that can be asked now, by account."""
    return {
        ask.account.id: ask
        for ask in list_unasked(snapshot)
        if ask.is_told and ask.buddies and ask.due_at <= snapshot.now
    }


@dataclass(frozen=True)
class BuddyMessage:
    """The next message to a member about their buddies.

    Args:
        at: the first instant at which it may be sent.
        reply: draws it.
        ask: the question that it asks, if any.
        unless: the check that makes it needless.
    """

    account: AccountRow
    key: str
    at: datetime
    until: datetime
    reply: Callable[[], Reply]
    ask: MeetingQuestion | None = None
    unless: Unless | None = None


def plan_pairs(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Yield the pairs of a unit that has opened: members who wanted a buddy before and are present for most of it.

    A member who loses their buddy in the first half of the unit is paired again.
    """
    opened = snapshot.timeline.opened[-1] if snapshot.timeline.opened else None
    if opened is None or opened.is_held or snapshot.timeline.pause_at(snapshot.now) is not None:
        return
    pairs = read_pairs(snapshot).get(opened.slot.unit_id)
    if pairs is None or pairs.members:
        yield from _pair_again(snapshot)
        return
    if opened.slot.opens_at + POST_LATENESS <= snapshot.now:
        return
    willing = [
        (account, wish)
        for account, wish in list_willing(snapshot.groups.session, snapshot.group.id)
        if wish.since < opened.slot.opens_at
        and wish.rests_from is None
        and not snapshot.is_mostly_away(opened, account)
    ]
    ids = [account.id for account, _ in willing]
    weeks = list_weeks(snapshot.groups.session, snapshot.group.id, ids)
    silent = {account.id for account, wish in willing if is_silent(weeks.get(account.id, []), wish.since)}
    there = [_make_candidate(snapshot, account) for account, _ in willing if account.id not in silent]
    rounds = 1 + len(snapshot.timeline.planned(snapshot.now))
    groups = pair(there, list_past(snapshot.groups.session, snapshot.group.id), rounds) if len(there) > 1 else []
    if groups or silent:
        yield PairsStored(snapshot.group.id, opened.slot.unit_id, snapshot.now, tuple(groups), tuple(sorted(silent)))


def _pair_again(snapshot: GroupSnapshot) -> list[PairsStored]:
    """Return new pairs for members whose buddies have left; a single member joins a pair that hasn't met yet."""
    opened = snapshot.timeline.opened[-1]
    slot, pairs = opened.slot, read_pairs(snapshot).get(opened.slot.unit_id)
    if pairs is None or opened.is_held or snapshot.now >= slot.opens_at + (slot.deadline_at - slot.opens_at) / 2:
        return []
    present = {
        member.account.id: _make_candidate(snapshot, member.account)
        for member in pairs.members.values()
        if member.is_in and not snapshot.is_mostly_away(opened, member.account)
    }
    buddies_of = {
        account_id: [buddy.id for buddy in pairs.of(account_id) if buddy.id in present] for account_id in present
    }
    alone = [
        present[account_id] for account_id, others in buddies_of.items() if not others and not pairs.has_met(account_id)
    ]
    pairs_stored = partial(PairsStored, snapshot.group.id, slot.unit_id, snapshot.now)
    past = list_past(snapshot.groups.session, snapshot.group.id) if alone else []
    if len(alone) > 1:
        groups = pair(alone, past, 1 + len(snapshot.timeline.planned(snapshot.now)))
        return [pairs_stored(tuple(groups), first=1 + max(member.number for member in pairs.members.values()))]
    couples = [
        (account_id, others[0])
        for account_id, others in buddies_of.items()
        if len(others) == 1 and account_id < others[0]
    ]
    couples = [couple for couple in couples if not pairs.has_met(couple[0])]
    if not alone or not couples:
        return []
    host = couples[join(alone[0], [(present[account_id], present[buddy_id]) for account_id, buddy_id in couples], past)]
    return [pairs_stored(((alone[0].id,),), first=pairs.members[host[0]].number)]


def _make_candidate(snapshot: GroupSnapshot, account: AccountRow) -> PairingCandidate:
    return PairingCandidate(account.id, _get_utc_offset(snapshot, account))


def _get_utc_offset(snapshot: GroupSnapshot, account: AccountRow) -> timedelta:
    return snapshot.now.astimezone(snapshot.zone_of(account)).utcoffset() or timedelta()


def plan_buddy_messages(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Yield the due messages: who your buddy is, whether you met, and that your buddy wish rests.

    A member gets one message a day. If a reminder is due that day, the reminder asks whether they met.
    """
    due = [word for word in _list_next_messages(snapshot).values() if word.at <= snapshot.now]
    reminded = list_written_to_before(snapshot, BUDDY_MESSAGE) if due else set()
    for word in due:
        if word.account.id not in reminded:
            yield _build_effect(snapshot, word)


def find_next_message_at(snapshot: GroupSnapshot) -> datetime | None:
    """Return when the next buddy message may be sent; tomorrow for a member who gets one today."""
    upcoming = _list_next_messages(snapshot).values()
    instants = (
        w.at if w.at > snapshot.now else find_next_midnight(snapshot.now, snapshot.zone_of(w.account)) for w in upcoming
    )
    return min(instants, default=None)


def list_recipients_today(snapshot: GroupSnapshot) -> set[int]:
    """Return the accounts that get a buddy message on their current local day."""
    today = snapshot.now.astimezone
    return {
        account_id
        for account_id, word in _list_next_messages(snapshot).items()
        if word.at.astimezone(snapshot.zone_of(word.account)).date() == today(snapshot.zone_of(word.account)).date()
    }


def _build_effect(snapshot: GroupSnapshot, word: BuddyMessage) -> Effect:
    place = snapshot.groups.direct(snapshot.group, word.account)
    reply = mention_reviews(snapshot, word.account, word.reply())
    message = Announcement(word.key, place, reply, snapshot.now, word.until, unless=word.unless)
    reminded = Reminded(word.account.id, snapshot.now.astimezone(snapshot.zone_of(word.account)).date(), message)
    return reminded if word.ask is None else word.ask.by(snapshot, reminded)


def _list_next_messages(snapshot: GroupSnapshot) -> Mapping[int, BuddyMessage]:
    """Return the next message of each member who has one, by account."""
    by_account: dict[int, BuddyMessage] = {}
    asked = list(list_unasked(snapshot))
    anew = (
        {account_id for stored in _pair_again(snapshot) for members in stored.groups for account_id in members}
        if asked
        else set()
    )
    for word in (*(_build_pair_message(snapshot, ask) for ask in asked), *_list_rest_messages(snapshot)):
        if word is not None and word.account.id not in anew:
            by_account.setdefault(word.account.id, word)
    return by_account


def _build_pair_message(snapshot: GroupSnapshot, ask: MeetingQuestion) -> BuddyMessage | None:
    """Return a member's next message about their pair; None if there is nothing to say, or no time for it."""
    timeline, account, slot = snapshot.timeline, ask.account, ask.slot
    unless = Unless("parted", {"cohort": snapshot.group.id, "unit": slot.unit_id, "account": account.id})
    if not ask.buddies:
        alone = partial(wording.render_left_alone, timeline, slot, snapshot.now)
        key = snapshot.key(slot.unit_id, f"alone:{account.id}")
        word = _build_message(snapshot, account, key, slot.opens_at, slot.grace_until, alone)
        return None if snapshot.has_sent(key) else word
    if not ask.is_told:
        own_offset = _get_utc_offset(snapshot, account)
        key = make_paired_key(snapshot, slot.unit_id, account.id)
        is_changed = read_pairs(snapshot)[slot.unit_id].changed_at(account.id) is not None
        apart = [(buddy, _get_utc_offset(snapshot, buddy) - own_offset) for buddy in ask.buddies]
        reply = partial(wording.render_paired, timeline, slot, apart, is_changed=is_changed)
        return _build_message(snapshot, account, key, slot.opens_at, slot.deadline_at, reply, unless=unless)
    asked = partial(wording.asked, timeline, slot, ask.buddies)
    key = snapshot.key(slot.unit_id, f"met:{account.id}")
    return _build_message(snapshot, account, key, ask.due_at, slot.grace_until, asked, ask=ask, unless=unless)


def _list_rest_messages(snapshot: GroupSnapshot) -> Iterator[BuddyMessage | None]:
    """Yield the message to each member whose buddy wish began to rest with an open unit."""
    slots = {opened.slot.unit_id: opened.slot for opened in snapshot.timeline.open_units(snapshot.now)}
    session, group_id = snapshot.groups.session, snapshot.group.id
    willing = read_cached(
        session,
        ("resting", group_id, *slots),
        (AccountRow, BuddyWish, Membership),
        lambda: list_willing(session, group_id, BuddyWish.rests_from.in_(slots)),
    )
    resting = [(account, slots[wish.rests_from]) for account, wish in willing if wish.rests_from is not None]
    keys = {account.id: snapshot.key(slot.unit_id, f"rest:{account.id}") for account, slot in resting}
    sent = snapshot.find_sent(keys.values())
    for account, slot in resting:
        if keys[account.id] not in sent:
            reply = partial(wording.render_rest, snapshot.timeline)
            yield _build_message(snapshot, account, keys[account.id], slot.opens_at, slot.deadline_at, reply)


def _build_message(
    snapshot: GroupSnapshot,
    account: AccountRow,
    key: str,
    due_at: datetime,
    until: datetime,
    reply: Callable[[], Reply],
    ask: MeetingQuestion | None = None,
    unless: Unless | None = None,
) -> BuddyMessage | None:
    at = find_free_at(snapshot, account, max(due_at, snapshot.now), until)
    return BuddyMessage(account, key, at, until, reply, ask, unless) if at is not None else None


def is_parted(work: Work, args: Mapping[str, Any]) -> bool:
    """Whether a queued buddy message is needless: the pair has ended, or the member has answered."""
    pair = list_pairs(work.session, args["cohort"], [args["unit"]], args["account"])[args["unit"]]
    member = pair.members.get(args["account"])
    return member is None or not member.is_in or bool(member.answer) or not pair.of(member.account.id)


CHECKS = {"parted": is_parted}
"""The checks that a queued message may name in `unless`."""
POSTS: tuple[ScheduledPost[GroupSnapshot], ...] = (
    ScheduledPost("pairs", plan_pairs, lambda snapshot: snapshot.opening_at),
    ScheduledPost(BUDDY_MESSAGE, plan_buddy_messages, find_next_message_at, recipients_today=list_recipients_today),
)
