"""Compares what must be with what people saw and what the database holds. It shares no code with the bot."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.reliability.soak.inputs import Group
from tests.reliability.soak.reckoning import FAR, Act, Must, Reckoning
from tests.reliability.soak.sky import Arrival

KINDS = ("post", "start", "thread:1d", "finish", "closing", "pause", "resume", "outage")
OTHERS = ("welcome", "digest", "direct", "review", "overdue", "certificate", "warmup", "recap", "absent", "search")
"""Kinds that are not reckoned with: they may be there, each once; nothing else may."""
LATE, SLACK = timedelta(minutes=10), timedelta(minutes=2)
EARLY = timedelta(minutes=3)
"""By how much the clock of a process may be ahead here."""
PROMPT = timedelta(minutes=30)
"""Until when a message must have arrived that nothing but passing trouble kept."""
Span = tuple[datetime, datetime]


@dataclass
class Ledger:
    """What was seen from outside: when processes looked, what was acknowledged, what was out of reach.

    Args:
        acts: acknowledged pauses and resumes by the group's number.
        facts: acknowledged check-ins and absences, as their room and what was written; True of those whose answer says
            so, False where nobody knows whether they were kept.
        blocked: when nothing could be posted in a room; "" is any.
    """

    looks: list[datetime] = field(default_factory=list)
    acts: dict[int, list[Act]] = field(default_factory=dict)
    facts: dict[str, bool] = field(default_factory=dict)
    blocked: dict[str, list[Span]] = field(default_factory=dict)
    outages: list[Span] = field(default_factory=list)
    until: datetime = FAR


@dataclass
class Verdict:
    """What was found, as counts and as sentences on everything that is wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def blame(self, count: str, said: str) -> None:
        """Note something that is wrong."""
        self.counts[count] += 1
        self.wrong.append(f"{count}: {said}")


@dataclass(frozen=True)
class Kept:
    """What the database holds: its groups by room, openings, the states of posts, facts, and how many outages.

    Args:
        wakes: when each group will be looked at next; None if never.
        settled: when the end of each unit's grace was noticed; None if it was not.
    """

    groups: dict[str, int]
    opened: dict[tuple[int, str], datetime]
    posted: dict[str, str]
    facts: list[str]
    outages: int
    wakes: dict[int, datetime | None]
    settled: dict[tuple[int, str], datetime | None]


def check(groups: Sequence[Group], ledger: Ledger, arrivals: Sequence[Arrival], kept: Kept) -> Verdict:
    """Return the verdict on a whole run."""
    found = Verdict()
    by_key: dict[str, list[Arrival]] = {}
    for one in arrivals:
        by_key.setdefault(one.key, []).append(one)
    for key, several in by_key.items():
        if len(several) > 1:
            found.blame("doubled", f"{key} at {', '.join(str(one.at) for one in several)}")
        if kept.posted.get(key) not in ("sent", "threading", "sending", "due"):
            found.blame("unknown to the database", f"{key} is {kept.posted.get(key)}")
    found.counts["sent"] = len(arrivals)
    for key, state in kept.posted.items():
        if state == "sent" and key not in by_key:
            found.blame("marked and never seen", key)
    rooms = _Rooms(by_key, kept, found)
    for group in groups:
        _check_group(group, ledger, rooms, found)
    _check_facts(ledger, kept, found)
    over = sum(ends <= ledger.until for _, ends in ledger.outages)
    if kept.outages != over:
        found.blame("outages", f"{kept.outages} noted, {over} were")
    return found


class _Rooms:
    """What was seen and what is kept, by group."""

    def __init__(self, by_key: Mapping[str, Sequence[Arrival]], kept: Kept, found: Verdict) -> None:
        self.groups, self.wakes, self.settled = kept.groups, kept.wakes, kept.settled
        self.opened = defaultdict[int, dict[str, datetime]](dict)
        for (group, unit), at in kept.opened.items():
            self.opened[group][unit] = at
        self.seen = defaultdict[int, dict[tuple[str, str], list[Arrival]]](dict)
        for key, several in by_key.items():
            of, *parts = key.split(":")
            if not of[1:].isdigit():
                continue
            if (named := _named(parts)) is not None:
                self.seen[int(of[1:])].setdefault(named, []).append(several[0])
            elif not set(parts[:2]) & set(OTHERS):
                found.blame("unexpected", f"{key} at {several[0].at}")


def _check_group(group: Group, ledger: Ledger, rooms: _Rooms, found: Verdict) -> None:
    row_id = rooms.groups.get(group.room)
    if row_id is None:
        found.blame("missing", f"{group.name} was never founded")
        return
    reckoned = Reckoning(group, ledger.looks, ledger.acts.get(group.number, []), ledger.outages)
    reckoned.run()
    opened = rooms.opened[row_id]
    if opened != dict(reckoned.opened):
        differ = dict(opened.items() ^ dict(reckoned.opened).items())
        found.blame("opened otherwise", f"{group}: {sorted(differ)[:3]} {opened} {dict(reckoned.opened)}"[:1500])
    wakes = rooms.wakes[row_id]
    if reckoned.next_at < FAR and (wakes is None or wakes > reckoned.next_at + LATE):
        found.blame("sleeps", f"{group.name} until {wakes}, and something is due at {reckoned.next_at}")
    for unit, grace in reckoned.graces:
        place, at = bisect_left(ledger.looks, grace), rooms.settled.get((row_id, unit))
        if place < len(ledger.looks) and (by := ledger.looks[place] + PROMPT) < ledger.until and not (at and at <= by):
            found.blame("settled late", f"{group.name} {unit} at {at}, its grace ended at {grace}")
    seen = rooms.seen[row_id]
    for must in sorted(reckoned.musts, key=lambda must: must.due):
        there = seen.get((must.unit, must.kind), [])
        _check_one(group, must, there.pop(0) if there else None, ledger, found)
    for (unit, kind), left in seen.items():
        for one in left:
            found.blame("unexpected", f"{group.name} {unit} {kind} at {one.at}")


def _named(parts: Sequence[str]) -> tuple[str, str] | None:
    """Return the unit and kind of a message that is reckoned with."""
    if parts[0] in ("closing", "pause", "resume"):
        return "", parts[0]
    kind = "outage" if parts[1:2] == ["outage"] else ":".join(parts[1:])
    return (parts[0], kind) if kind in KINDS else None


def _check_one(group: Group, must: Must, there: Arrival | None, ledger: Ledger, found: Verdict) -> None:
    what = f"{group.name} ({group.zone}) {must.unit} {must.kind} of {must.due:%m-%d %H:%M:%S}"
    spans = [*ledger.blocked.get("", []), *ledger.blocked.get(group.room, [])]
    if there is None:
        if must.due + PROMPT > ledger.until:
            found.counts["not yet"] += 1
        elif not _is_reachable(max(must.due, must.at), min(must.until, ledger.until), spans):
            found.counts["kept from being sent"] += 1
        else:
            found.counts["expected"] += 1
            found.blame("missing", what)
        return
    found.counts["expected"] += 1
    delay = there.at - must.due
    found.counts["late"] += there.says_late
    if delay < -EARLY:
        found.blame("early", f"{what} came {-delay} before")
    if delay > LATE + SLACK and not there.says_late:
        found.blame("late unsaid", f"{what} came {delay} after")
    since = max(must.due, must.at)
    if there.at - since > PROMPT and _is_reachable(since, there.at - PROMPT, spans):
        found.blame("late without a reason", f"{what} came {delay} after")


def _is_reachable(since: datetime, until: datetime, spans: Sequence[Span]) -> bool:
    """Whether there was half an hour on end in which the room could be reached."""
    at = since
    for begins, ends in sorted(spans):
        if ends <= at:
            continue
        if begins - at >= PROMPT:
            break
        at = ends
    return until - at >= PROMPT


def _check_facts(ledger: Ledger, kept: Kept, found: Verdict) -> None:
    held = Counter(kept.facts)
    found.counts["facts acknowledged"] = sum(ledger.facts.values())
    found.counts["facts kept"] = sum(held.values())
    for fact, is_sure in ledger.facts.items():
        if held[fact] > 1 or (is_sure and not held[fact]):
            found.blame("facts", f"{fact} is there {held[fact]} times")
    for fact in held.keys() - ledger.facts.keys():
        found.blame("facts", f"{fact} was never said")
