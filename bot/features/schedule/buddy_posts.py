"""Buddies: who is paired with whom as a unit opens, and what each of them is written of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.delivery.outbox import Announcement, Unless
from bot.features.buddies import wording
from bot.features.buddies.pairing import PairingCandidate, join, pair
from bot.features.buddies.service import is_silent, list_pairs, list_past, list_weeks, list_willing
from bot.features.buddies.tables import BuddyWish
from bot.features.groups.calendar.timeline import POST_LATENESS
from bot.features.groups.tables import Membership
from bot.features.people.tables import AccountRow
from bot.features.schedule.group import Group
from bot.features.schedule.meeting_questions import MeetingQuestion, told_key, unasked
from bot.features.schedule.post import Effect, PairsStored, Reminded, ScheduledPost
from bot.features.schedule.reminders import free_at, midnight, reviews_due, to_be_reminded, zone_of
from bot.features.schedule.wording import reviews_beside
from bot.messages.reply import Reply
from bot.storage.read_cache import recall
from bot.storage.unit_of_work import Work


@dataclass(frozen=True)
class Word:
    """The next message to a member on their buddies.

    Args:
        at: the first instant at which it may go out.
        reply: draws it.
        ask: what it asks, if anything.
        unless: what makes it needless.
    """

    account: AccountRow
    key: str
    at: datetime
    until: datetime
    reply: Callable[[], Reply]
    ask: MeetingQuestion | None = None
    unless: Unless | None = None


def pairing(group: Group) -> Iterator[Effect]:
    """When a unit has opened, its pairs: of those who wanted a buddy before, and are there for most of it.

    Whoever loses theirs before the unit is half over is paired anew.
    """
    opened = group.timeline.opened[-1] if group.timeline.opened else None
    if opened is None or opened.is_held or group.timeline.pause_at(group.now) is not None:
        return
    pairs = group.pairs.get(opened.slot.unit_id)
    if pairs is None or pairs.members:
        yield from _anew(group)
        return
    if opened.slot.opens_at + POST_LATENESS <= group.now:
        return
    willing = [
        (account, wish)
        for account, wish in list_willing(group.cohorts.session, group.cohort.id)
        if wish.since < opened.slot.opens_at and wish.rests_from is None and not group.is_mostly_away(opened, account)
    ]
    ids = [account.id for account, _ in willing]
    weeks = list_weeks(group.cohorts.session, group.cohort.id, ids)
    silent = {account.id for account, wish in willing if is_silent(weeks.get(account.id, []), wish.since)}
    there = [_candidate(group, account) for account, _ in willing if account.id not in silent]
    rounds = 1 + len(group.timeline.planned(group.now))
    groups = pair(there, list_past(group.cohorts.session, group.cohort.id), rounds) if len(there) > 1 else []
    if groups or silent:
        yield PairsStored(group.cohort.id, opened.slot.unit_id, group.now, tuple(groups), tuple(sorted(silent)))


def _anew(group: Group) -> list[PairsStored]:
    """Return the pairs of those whose buddies are not there any more; a single one joins a pair that has not met."""
    opened = group.timeline.opened[-1]
    slot, pairs = opened.slot, group.pairs.get(opened.slot.unit_id)
    if pairs is None or opened.is_held or group.now >= slot.opens_at + (slot.deadline_at - slot.opens_at) / 2:
        return []
    there = {
        member.account.id: _candidate(group, member.account)
        for member in pairs.members.values()
        if member.is_in and not group.is_mostly_away(opened, member.account)
    }
    beside = {one: [two.id for two in pairs.of(one) if two.id in there] for one in there}
    alone = [there[one] for one, others in beside.items() if not others and not pairs.has_met(one)]
    made = partial(PairsStored, group.cohort.id, slot.unit_id, group.now)
    past = list_past(group.cohorts.session, group.cohort.id) if alone else []
    if len(alone) > 1:
        groups = pair(alone, past, 1 + len(group.timeline.planned(group.now)))
        return [made(tuple(groups), first=1 + max(member.number for member in pairs.members.values()))]
    twos = [(one, others[0]) for one, others in beside.items() if len(others) == 1 and one < others[0]]
    twos = [two for two in twos if not pairs.has_met(two[0])]
    if not alone or not twos:
        return []
    host = twos[join(alone[0], [(there[one], there[two]) for one, two in twos], past)]
    return [made(((alone[0].id,),), first=pairs.members[host[0]].number)]


def _candidate(group: Group, account: AccountRow) -> PairingCandidate:
    return PairingCandidate(account.id, _ahead_of_utc(group, account))


def _ahead_of_utc(group: Group, account: AccountRow) -> timedelta:
    return group.now.astimezone(zone_of(group, account)).utcoffset() or timedelta()


def words(group: Group) -> Iterator[Effect]:
    """To each who is in a pair: who their buddy is, and towards its end whether they met; to who rests, that they do.

    It is the one message of their day: where a reminder goes out on it, that asks whether they met.
    """
    due = [word for word in _next_words(group).values() if word.at <= group.now]
    reminded = to_be_reminded(group) if due else set()
    for word in due:
        if word.account.id not in reminded:
            yield _sent(group, word)


def next_word(group: Group) -> datetime | None:
    """When the next of them may go out; for who has one today, tomorrow."""
    found = _next_words(group).values()
    instants = (w.at if w.at > group.now else midnight(group.now, zone_of(group, w.account)) for w in found)
    return min(instants, default=None)


def to_be_written_to(group: Group) -> set[int]:
    """Return the accounts that are written to on their present day."""
    today = group.now.astimezone
    return {
        one
        for one, word in _next_words(group).items()
        if word.at.astimezone(zone_of(group, word.account)).date() == today(zone_of(group, word.account)).date()
    }


def _sent(group: Group, word: Word) -> Effect:
    place = group.cohorts.direct(group.cohort, word.account)
    reply = reviews_beside(word.reply(), reviews_due(group, word.account))
    message = Announcement(word.key, place, reply, group.now, word.until, unless=word.unless)
    reminded = Reminded(word.account.id, group.now.astimezone(zone_of(group, word.account)).date(), message)
    return reminded if word.ask is None else word.ask.by(group, reminded)


def _next_words(group: Group) -> Mapping[int, Word]:
    """Return the next word to each who has one, by account."""
    found: dict[int, Word] = {}
    asked = list(unasked(group))
    anew = {one for made in _anew(group) for two in made.groups for one in two} if asked else set()
    for word in (*(_of_pair(group, ask) for ask in asked), *_on_rest(group)):
        if word is not None and word.account.id not in anew:
            found.setdefault(word.account.id, word)
    return found


def _of_pair(group: Group, ask: MeetingQuestion) -> Word | None:
    """Return what a member is written next of their pair; None where nothing is left to be said, or no time."""
    timeline, account, slot = group.timeline, ask.account, ask.slot
    unless = Unless("parted", {"cohort": group.cohort.id, "unit": slot.unit_id, "account": account.id})
    if not ask.buddies:
        alone = partial(wording.left_alone, timeline, slot, group.now)
        key = group.key(slot.unit_id, f"alone:{account.id}")
        word = _word(group, account, key, slot.opens_at, slot.grace_until, alone)
        return None if group.has_sent(key) else word
    if not ask.is_told:
        mine = _ahead_of_utc(group, account)
        key = told_key(group, slot.unit_id, account.id)
        is_changed = group.pairs[slot.unit_id].changed_at(account.id) is not None
        apart = [(buddy, _ahead_of_utc(group, buddy) - mine) for buddy in ask.buddies]
        told = partial(wording.paired, timeline, slot, apart, is_changed=is_changed)
        return _word(group, account, key, slot.opens_at, slot.deadline_at, told, unless=unless)
    asked = partial(wording.asked, timeline, slot, ask.buddies)
    key = group.key(slot.unit_id, f"met:{account.id}")
    return _word(group, account, key, ask.due_at, slot.grace_until, asked, ask=ask, unless=unless)


def _on_rest(group: Group) -> Iterator[Word | None]:
    """Yield the word to each whose rest has begun with a unit that is open."""
    slots = {opened.slot.unit_id: opened.slot for opened in group.timeline.open_units(group.now)}
    session, cohort_id = group.cohorts.session, group.cohort.id
    found = recall(
        session,
        ("resting", cohort_id, *slots),
        (AccountRow, BuddyWish, Membership),
        lambda: list_willing(session, cohort_id, BuddyWish.rests_from.in_(slots)),
    )
    resting = [(account, slots[wish.rests_from]) for account, wish in found if wish.rests_from is not None]
    keys = {account.id: group.key(slot.unit_id, f"rest:{account.id}") for account, slot in resting}
    sent = group.sent(keys.values())
    for account, slot in resting:
        if keys[account.id] not in sent:
            reply = partial(wording.rests, group.timeline)
            yield _word(group, account, keys[account.id], slot.opens_at, slot.deadline_at, reply)


def _word(
    group: Group,
    account: AccountRow,
    key: str,
    due_at: datetime,
    until: datetime,
    reply: Callable[[], Reply],
    ask: MeetingQuestion | None = None,
    unless: Unless | None = None,
) -> Word | None:
    at = free_at(group, account, max(due_at, group.now), until)
    return Word(account, key, at, until, reply, ask, unless) if at is not None else None


def parted(work: Work, args: Mapping[str, Any]) -> bool:
    """Whether a message of a pair has become needless since it was queued: it is none any more, or has answered."""
    pair = list_pairs(work.session, args["cohort"], [args["unit"]], args["account"])[args["unit"]]
    mine = pair.members.get(args["account"])
    return mine is None or not mine.is_in or bool(mine.answer) or not pair.of(mine.account.id)


CHECKS = {"parted": parted}
"""The checks that a queued message may name in `unless`."""
PAIRING = ScheduledPost("pairs", pairing, lambda group: group.opening_at)
WORDS = ScheduledPost("words to pairs", words, next_word)
