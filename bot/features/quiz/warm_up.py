"""Warm-ups: one question from earlier units, for the whole group, below a unit's post."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, select

from bot.curriculum.bank import BankItem, SingleChoice
from bot.curriculum.content import Unit
from bot.curriculum.track import Track
from bot.features.groups.calendar.timeline import Opened
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.quiz import reviews
from bot.features.quiz.attempt import Posed
from bot.features.quiz.reviews import rate
from bot.features.quiz.strengths import PEOPLE, list_most_missed
from bot.features.quiz.tables import QuizAnswer, WarmUpRow
from bot.storage.insert import insert_once
from bot.storage.read_cache import read_cached
from bot.storage.unit_of_work import Work

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class WarmUp:
    """A unit's warm-up as it stands.

    Args:
        unit_id: of the unit below whose post it is asked.
        about: the unit that the question is on.
        counts: how many chose each letter.
        id: of its row; None until it is stored.
    """

    group_id: int
    unit_id: str
    track: Track
    posed: Posed
    about: Unit
    counts: Mapping[str, int] = field(default_factory=dict)
    id: int | None = None

    @property
    def answered(self) -> int:
        """Return how many have answered."""
        return sum(self.counts.values())

    @property
    def spread(self) -> tuple[tuple[str, int], ...]:
        """Return the count of each choice, in the order shown; empty while it could reveal who chose what."""
        if self.answered < PEOPLE:
            return ()
        return tuple((letter, self.counts.get(letter, 0)) for letter in self.posed.letters)


class WarmUps:
    """Chooses warm-ups, and stores answers; each member answers once."""

    def __init__(self, work: Work) -> None:
        self._session = work.session

    def find(self, group_id: int, track: Track, unit_id: str) -> WarmUp | None:
        """Return a unit's warm-up; None if there was none, or its question is gone."""

        def read() -> Sequence[tuple[int, str, str | None, int]]:
            chosen = (
                select(WarmUpRow.id, WarmUpRow.item_id, QuizAnswer.given, func.count(QuizAnswer.id))
                .outerjoin(QuizAnswer, QuizAnswer.warm_up_id == WarmUpRow.id)
                .where(WarmUpRow.group_id == group_id, WarmUpRow.unit_id == unit_id)
                .group_by(WarmUpRow.id, WarmUpRow.item_id, QuizAnswer.given)
            )
            spread = self._session.execute(chosen)
            return [(row_id, item_id, given, count) for row_id, item_id, given, count in spread]

        spread = read_cached(self._session, ("warm-up", group_id, unit_id), (WarmUpRow, QuizAnswer), read)
        if not spread:
            return None
        row_id, item_id, *_ = spread[0]
        candidate = next(
            (candidate for candidate in _list_candidates(track, [u.id for u in track.roadmap.units], item_id)), None
        )
        counts = {given: count for _, _, given, count in spread if given is not None}
        return _build_warm_up(group_id, unit_id, track, *candidate, counts, row_id) if candidate else None

    def choose(self, group_id: int, track: Track, unit_id: str, before: Sequence[str]) -> WarmUp | None:
        """Return the warm-up for a unit: the group's most missed question, or else the one asked longest ago.

        Args:
            before: the ids of the units that opened before it; empty means no warm-up.
        """
        asked, of = ("to ask", group_id, track.origin, unit_id, *before), (WarmUpRow, QuizAnswer)
        return read_cached(self._session, asked, of, lambda: self._chosen(group_id, track, unit_id, before))

    def _chosen(self, group_id: int, track: Track, unit_id: str, before: Sequence[str]) -> WarmUp | None:
        candidates = list(_list_candidates(track, before))
        if not candidates:
            return None
        asked_at = select(WarmUpRow.item_id, func.max(WarmUpRow.asked_at)).where(WarmUpRow.group_id == group_id)
        asked = {item_id: at for item_id, at in self._session.execute(asked_at.group_by(WarmUpRow.item_id))}  # noqa: C416
        fresh = [candidate for candidate in candidates if candidate[1].id not in asked] or candidates
        by_id = {item.id: (unit, item) for unit, item in fresh}
        missed = (question.item.id for question in list_most_missed(self._session, group_id, track, most=None))
        chosen = next((by_id[item_id] for item_id in missed if item_id in by_id and item_id not in asked), None)
        if chosen is None:
            answered_at = select(QuizAnswer.item_id, func.max(QuizAnswer.at)).where(
                QuizAnswer.group_id == group_id, QuizAnswer.roadmap_id == track.origin
            )
            answers = self._session.execute(answered_at.group_by(QuizAnswer.item_id))
            heard = {item_id: at for item_id, at in answers}  # noqa: C416

            def rank(candidate: tuple[Unit, BankItem]) -> tuple[datetime, datetime, datetime]:
                unit, item = candidate
                return _find_last(asked, track, unit), asked.get(item.id, _NEVER), heard.get(item.id, _NEVER)

            chosen = min(fresh, key=rank)
        return _build_warm_up(group_id, unit_id, track, *chosen)

    def given(self, warm_up: WarmUp, account_id: int) -> str | None:
        """Return what somebody has answered; None if they have not."""
        chosen = select(QuizAnswer.given).where(
            QuizAnswer.warm_up_id == warm_up.id, QuizAnswer.account_id == account_id
        )
        return self._session.scalar(chosen)

    def answer(self, warm_up: WarmUp, account_id: int, letter: str, now: datetime) -> bool:
        """Store an answer; False if there is one already, which stays."""
        is_right = warm_up.posed.accepts(letter)
        answer_id = insert_once(
            self._session,
            QuizAnswer,
            account_id=account_id,
            group_id=warm_up.group_id,
            attempt_id=None,
            warm_up_id=warm_up.id,
            roadmap_id=warm_up.track.origin,
            item_id=warm_up.posed.item.id,
            given=letter,
            is_right=is_right,
            rating=reviews.GOOD if is_right else reviews.AGAIN,
            at=now,
        )
        if answer_id is not None:
            rate(self._session, account_id, warm_up.track.origin, warm_up.posed.item.id)
        return answer_id is not None


def _list_candidates(track: Track, unit_ids: Sequence[str], item_id: str = "") -> Sequence[tuple[Unit, BankItem]]:
    """Return the questions of units that suit a warm-up: one right choice, and no code."""
    units = [track.roadmap.unit(unit_id) for unit_id in unit_ids if unit_id in track.banks]
    return [
        (unit, item)
        for unit in units
        for item in track.banks[unit.id].items
        if isinstance(item.form, SingleChoice) and (item.id == item_id if item_id else not item.code)
    ]


def _find_last(asked: Mapping[str, datetime], track: Track, unit: Unit) -> datetime:
    """Return when a unit's question was last a warm-up."""
    return max((asked[item.id] for item in track.banks[unit.id].items if item.id in asked), default=_NEVER)


def _build_warm_up(
    group_id: int,
    unit_id: str,
    track: Track,
    about: Unit,
    item: BankItem,
    counts: Mapping[str, int] | None = None,
    row_id: int | None = None,
) -> WarmUp:
    """Return a warm-up; its choices have the same order for everybody."""
    posed = Posed(item, zlib.crc32(f"{group_id}:{unit_id}".encode()), 1)
    return WarmUp(group_id, unit_id, track, posed, about, counts or {}, row_id)


@dataclass(frozen=True)
class Warmed:
    """A unit's post asks this warm-up from now on."""

    warm_up: WarmUp
    at: datetime

    def store(self, work: Work) -> None:
        """Store it."""
        asked = self.warm_up
        insert_once(
            work.session,
            WarmUpRow,
            group_id=asked.group_id,
            unit_id=asked.unit_id,
            roadmap_id=asked.track.origin,
            item_id=asked.posed.item.id,
            asked_at=self.at,
        )


def find_asked_warm_up(snapshot: GroupSnapshot, opened: Opened) -> WarmUp | None:
    """Return the warm-up that a unit's post asks."""
    return WarmUps(snapshot.groups.work).find(snapshot.group.id, snapshot.track, opened.slot.unit_id)


def find_warm_up(snapshot: GroupSnapshot, opened: Opened) -> WarmUp | None:
    """Return the warm-up that a unit's post asks, or will ask once it is out."""
    unit_id = opened.slot.unit_id
    if (asked := find_asked_warm_up(snapshot, opened)) is not None or snapshot.has_sent(snapshot.key(unit_id, "post")):
        return asked
    if not snapshot.group.has_warm_ups:
        return None
    before = [snapshot.timeline.roadmap.heir(earlier.slot.unit_id) for earlier in snapshot.list_before(opened)]
    return WarmUps(snapshot.groups.work).choose(snapshot.group.id, snapshot.track, unit_id, before)
