"""Moderators' rulings and corrections: append-only rows, and the notices to the member."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import select

from bot.commands.context import Context
from bot.features.checkins import wording
from bot.features.checkins.checkin_log import CheckinState, MemberView, Scores, list_valid_rulings
from bot.features.checkins.service import Progress, is_out
from bot.features.checkins.standings import settle
from bot.features.checkins.tables import CheckinChange, Ruling
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.direct_messages import notify_member
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group, Membership
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.messages.errors import BadInput, NotFound


def make_notice_key(ruling_id: int) -> str:
    """Return the key of the message that tells a member of a ruling."""
    return f"ruling:{ruling_id}"


@dataclass(frozen=True)
class RuledCheckin:
    """A member's check-in that a moderator looks at."""

    timeline: Timeline
    membership: Membership
    account: AccountRow
    scores: Scores
    opened: Opened
    checkin: CheckinState

    def number(self, checkin: CheckinState) -> int:
        """Return the number of a check-in's unit, which a button can carry."""
        return self.timeline.roadmap.unit(checkin.unit_id).number


class Corrections:
    """Corrects members' check-ins, and tells them."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._session = progress, progress.session

    def find(self, ctx: Context, named: str, unit: str) -> RuledCheckin:
        """Return the member's newest check-in for a unit."""
        groups = self._progress.groups
        timeline = groups.here(ctx)
        membership, account = groups.find_member(timeline.group, named)
        opened = self._progress.named(ctx, timeline, unit, "There is nothing to correct before then.")
        scores = Scores(self._session, timeline, [(membership, account)], ctx.now)
        theirs = [fact for fact in scores.facts(account.id) if fact.unit_id == opened.slot.unit_id]
        if not theirs:
            who, label = markup.name(account.external_id, account.name), markup.escape(timeline.label(opened.slot))
            raise NotFound(f"{who} has no check-in for **{label}**.", field="unit")
        return RuledCheckin(timeline, membership, account, scores, opened, max(theirs, key=lambda their: their.id))

    def changed(self, ctx: Context, target: RuledCheckin, minutes: int | None, unit: str | None) -> CheckinState:
        """Return the corrected check-in; BadInput if the correction isn't possible."""
        after = target.checkin
        if unit is not None:
            opened = self._progress.named(ctx, target.timeline, unit, "Check-ins can't count for it before then.")
            if not is_out(opened, after.at):
                raise BadInput("**Unit**: that unit wasn't open yet when they checked in.", field="to")
            after = replace(after, unit_id=opened.slot.unit_id)
        if minutes is not None:
            view = MemberView(target.timeline, target.membership, target.account, target.scores)
            self._progress.bound(view, minutes, after.day, without=after.id)
            after = replace(after, minutes=minutes)
        return after

    def keep(self, ctx: Context, target: RuledCheckin, after: CheckinState, reason: str) -> str:
        """Store the correction and notify the member; return a sentence on when they will hear of it."""
        made = {"author_id": ctx.actor.account_id, "made_at": ctx.now}
        self._session.add(
            CheckinChange(
                checkin_id=after.id,
                kind="correct",
                unit_id=after.unit_id,
                minutes=after.minutes,
                note=after.note,
                link=after.link,
                **made,
            )
        )
        group = target.timeline.group
        row = Ruling(
            group_id=group.id,
            account_id=target.account.id,
            unit_id=after.unit_id,
            kind="correct",
            reason=markup.clean(reason),
            **made,
        )
        self._session.add(row)
        self._session.flush()
        settle(self._session, target.timeline, [target.account.id], ctx.now)
        self._progress.groups.wake(group, ctx.now)
        was, now = self.differ(target, after)
        label = markup.escape(target.timeline.label(target.opened.slot))
        sentence = wording.render_correction_notice(label, was, now, reason)
        return tell_ruled(self._progress.groups, group, target.account, make_notice_key(row.id), sentence, ctx.now)

    def differ(self, target: RuledCheckin, after: CheckinState) -> tuple[str, str]:
        """Return the old and the new values where they differ."""
        before, pairs = target.checkin, list[tuple[str, str]]()
        if before.minutes != after.minutes:
            pairs.append((wording.format_minutes(before.minutes), wording.format_minutes(after.minutes)))
        if before.unit_id != after.unit_id:
            labels = [markup.escape(target.timeline.roadmap.unit(checkin.unit_id).label) for checkin in (before, after)]
            pairs.append((labels[0], labels[1]))
        return " and ".join(was for was, _ in pairs), " and ".join(now for _, now in pairs)


Kind = Literal["excuse", "void", "lift"]

KINDS: frozenset[str] = frozenset(get_args(Kind))


@dataclass(frozen=True)
class Case:
    """A member's unit that a moderator looks at, with its valid rulings."""

    timeline: Timeline
    account: AccountRow
    opened: Opened
    standing: tuple[str, ...]

    @property
    def label(self) -> str:
        """The unit's name, escaped."""
        return markup.escape(self.timeline.label(self.opened.slot))


class Rulings:
    """Rules about members' units, and tells them."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._groups: Groups = progress.groups
        self._session = progress.session

    def case(self, ctx: Context, named: str, unit: str) -> Case:
        """Return the unit that is meant, with its valid kinds of ruling."""
        timeline = self._groups.here(ctx)
        _, account = self._groups.find_member(timeline.group, named)
        opened = self._progress.named(ctx, timeline, unit, "You can't rule on it before then.")
        chosen = select(Ruling).where(
            Ruling.group_id == timeline.group.id,
            Ruling.account_id == account.id,
            Ruling.unit_id == opened.slot.unit_id,
        )
        rows = self._session.scalars(chosen.order_by(Ruling.id)).all()
        standing = tuple(r.kind for r in list_valid_rulings(rows) if r.kind in KINDS)
        return Case(timeline, account, opened, standing)

    def rule(self, ctx: Context, case: Case, kind: Kind, reason: str) -> str:
        """Store the ruling and notify the member; return a sentence on when they will hear of it."""
        group = case.timeline.group
        row = Ruling(
            group_id=group.id,
            account_id=case.account.id,
            unit_id=case.opened.slot.unit_id,
            kind=kind,
            reason=markup.clean(reason),
            author_id=ctx.actor.account_id,
            made_at=ctx.now,
        )
        self._session.add(row)
        self._session.flush()
        settle(self._session, case.timeline, [case.account.id], ctx.now)
        self._groups.wake(group, ctx.now)
        sentence = wording.render_ruling_notice(kind, case.label, reason)
        return tell_ruled(self._groups, group, case.account, make_notice_key(row.id), sentence, ctx.now)


def tell_ruled(groups: Groups, group: Group, account: AccountRow, key: str, sentence: str, now: datetime) -> str:
    """Notify a member of a ruling; return a sentence on when they will hear of it."""
    message = wording.render_message(group, sentence)
    at = notify_member(groups, group, account, key, message, now, sentence=sentence)
    return wording.render_told(at, now, group.zone)
