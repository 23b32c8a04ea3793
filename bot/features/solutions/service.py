"""Solutions that members show each other, and the feedback on them."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, or_, select, update

from bot.commands.context import Context
from bot.curriculum.content import CoursePart, Roadmap, Unit
from bot.delivery import outbox
from bot.delivery.outbox import OutboxRow
from bot.features.buddies.service import list_pairs
from bot.features.checkins import sharing
from bot.features.checkins.checkin_log import CheckinState, list_standing
from bot.features.checkins.service import NextStep
from bot.features.groups import message_keys
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.direct_messages import queue_sentence
from bot.features.groups.service import Groups, ShownNames, lock_group
from bot.features.groups.tables import Group, Membership
from bot.features.people.tables import AccountRow, Notice
from bot.features.solutions import wording
from bot.features.solutions.tables import Audience, Solution, SolutionFeedback
from bot.features.solutions.wording import GivenFeedback, ShownSolution
from bot.features.thanks.service import Thanks
from bot.messages import markup
from bot.messages.errors import NotAllowed, NotFound
from bot.messages.picture import Drawing, Picture, Unknown
from bot.messages.reply import Button, Reply
from bot.storage.unit_of_work import Database, Work

WAITS = timedelta(days=3)
"""After so long without feedback a solution is offered to those who finished its unit."""
PICTURES_LAST = timedelta(days=365)
"""How long pictures are stored after the end of a group."""
CLOSING_MOST = 3
"""Solutions that the post at a part's end shows."""


@dataclass(frozen=True)
class SolutionDraft:
    """What a member shares.

    Args:
        picture: a PNG; None keeps the one before.
    """

    text: str
    link: str | None
    picture: bytes | None
    seen_by: Audience
    in_closing: bool


def list_criteria(unit: Unit) -> tuple[str, ...]:
    """Return what another member can check of a unit's exercise."""
    exercise = unit.exercise
    return exercise.criteria or ((exercise.done_when,) if exercise.done_when else ())


def has_exercise(unit: Unit) -> bool:
    """Whether there is something to solve."""
    return bool(unit.exercise.task or list_criteria(unit))


class Solutions(NextStep, ShownNames):
    """The solutions of groups, in one unit of work."""

    def __init__(self, groups: Groups, thanks: Thanks) -> None:
        self.groups, self._thanks = groups, thanks
        self._session = groups.session

    # read

    def find_checkin(self, timeline: Timeline, account_id: int, unit: Unit) -> CheckinState | None:
        """Return a member's newest check-in for a unit that stands; None without one."""
        heir, standing = timeline.roadmap.heir, list_standing(self._session, timeline.group.id, [account_id])
        return next((state for state in reversed(standing) if heir(state.unit_id) == unit.id), None)

    def find_own(self, timeline: Timeline, account_id: int, unit: Unit) -> Solution | None:
        """Return a member's solution to a unit, or None."""
        chosen = select(Solution).where(
            Solution.group_id == timeline.group.id,
            Solution.account_id == account_id,
            Solution.unit_id.in_(_list_ids(timeline.roadmap, unit)),
        )
        return self._session.scalars(chosen).first()

    def list_visible(self, ctx: Context, timeline: Timeline, unit: Unit) -> list[ShownSolution]:
        """Return the solutions that the caller may see after a check-in: their own, then those without feedback."""
        rows = self._list_rows(ctx, timeline, [unit])
        feedback = self._list_feedback([row.id for row, _, is_answered in rows if is_answered])
        names = self.groups.names(timeline.group).shown()
        shown = [self._show(ctx, row, member, names, feedback) for row, member, _ in rows]
        return sorted(shown, key=lambda solution: (not solution.is_own, bool(solution.feedback), -solution.row.id))

    def count_visible(self, ctx: Context, timeline: Timeline, units: Collection[Unit]) -> Mapping[str, int]:
        """Return how many solutions the caller may see after a check-in, by unit."""
        heir = timeline.roadmap.heir
        return Counter(heir(row.unit_id) for row, _, _ in self._list_rows(ctx, timeline, units))

    def get_visible(self, ctx: Context, timeline: Timeline, solution_id: int) -> tuple[Unit, ShownSolution]:
        """Return a solution that the caller may see now, with its unit; NotFound for any other."""
        row = self._session.get(Solution, solution_id)
        if row is not None and row.group_id == timeline.group.id and timeline.roadmap.knows(row.unit_id):
            unit = timeline.roadmap.unit(timeline.roadmap.heir(row.unit_id))
            if self.may_look(ctx, timeline, unit):
                for solution in self.list_visible(ctx, timeline, unit):
                    if solution.row.id == solution_id:
                        return unit, solution
        raise NotFound("You can't see this solution, or its author has removed it.")

    def may_look(self, ctx: Context, timeline: Timeline, unit: Unit) -> bool:
        """Whether the caller may see others' solutions: they have checked in for the unit, or moderate the group."""
        return "moderator" in ctx.actor.roles or self.find_checkin(timeline, ctx.actor.account_id, unit) is not None

    def list_waiting(self, ctx: Context, timeline: Timeline) -> list[Unit]:
        """Return the units that the caller has checked in for, whose solutions by others wait for feedback."""
        heir = timeline.roadmap.heir
        standing = list_standing(self._session, timeline.group.id, [ctx.actor.account_id])
        units = [unit for unit in timeline.roadmap.units if unit.id in {heir(state.unit_id) for state in standing}]
        rows = self._list_rows(ctx, timeline, units) if units else []
        waiting = {heir(row.unit_id) for row, _, is_answered in rows if self._waits(ctx, row, is_answered=is_answered)}
        return [unit for unit in units if unit.id in waiting]

    def list_closing(self, timeline: Timeline, part: CoursePart) -> Sequence[str]:
        """Return the newest solutions of a part, a line each, whose shown authors agreed."""
        ids = {unit_id for unit in part.units for unit_id in _list_ids(timeline.roadmap, unit)}
        chosen = (
            select(Solution, AccountRow)
            .join(AccountRow, AccountRow.id == Solution.account_id)
            .join(Membership, _OF_AUTHOR)
            .where(Solution.group_id == timeline.group.id, Solution.unit_id.in_(ids), Solution.in_closing)
            .where(Solution.seen_by == "group", Membership.is_shown)
            .order_by(Solution.id.desc())
        )
        newest = {row.account_id: (row, account) for row, account in reversed(self._session.execute(chosen).all())}
        latest = sorted(newest.values(), key=lambda pair: pair[0].id, reverse=True)[:CLOSING_MOST]
        return [
            wording.format_closing_line(
                sharing.format_member(self.groups, timeline.group, account),
                timeline.roadmap.unit(row.unit_id),
                row,
            )
            for row, account in latest
        ]

    def offer_next(self, ctx: Context, timeline: Timeline, unit_id: str) -> tuple[str, Button] | None:
        """Return how many solutions of a unit others have shared, with the button that shows them; None for none."""
        unit = timeline.roadmap.unit(timeline.roadmap.heir(unit_id))
        rows = self._list_rows(ctx, timeline, [unit]) if has_exercise(unit) else []
        others = sum(row.account_id != ctx.actor.account_id for row, _, _ in rows)
        waiting = sum(self._waits(ctx, row, is_answered=is_answered) for row, _, is_answered in rows)
        return wording.render_offer(timeline.group, unit, others, waiting) if others else None

    def _list_rows(
        self, ctx: Context, timeline: Timeline, units: Collection[Unit]
    ) -> list[tuple[Solution, Membership, bool]]:
        """Return current members' solutions that the caller may see, with the author's membership.

        The last value is whether the solution has feedback.
        """
        me, group_id = ctx.actor.account_id, timeline.group.id
        ids = [unit_id for unit in units for unit_id in _list_ids(timeline.roadmap, unit)]
        chosen = (
            select(Solution, Membership, exists().where(SolutionFeedback.solution_id == Solution.id))
            .join(Membership, _OF_AUTHOR)
            .where(Solution.group_id == group_id, Solution.unit_id.in_(ids))
            .where(or_(Solution.account_id == me, Solution.seen_by != "nobody"))
            .order_by(Solution.id)
        )
        rows = [(row, member, is_answered) for row, member, is_answered in self._session.execute(chosen)]
        for_buddy = {row.unit_id for row, _, _ in rows if row.seen_by == "buddy" and row.account_id != me}
        buddies = {
            (unit_id, buddy.id)
            for unit_id, pairs in (list_pairs(self._session, group_id, for_buddy, me) if for_buddy else {}).items()
            if me in pairs.members
            for buddy in pairs.of(me)
        }
        return [
            (row, member, is_answered)
            for row, member, is_answered in rows
            if row.seen_by != "buddy" or row.account_id == me or (row.unit_id, row.account_id) in buddies
        ]

    def _list_feedback(
        self, solution_ids: Collection[int]
    ) -> dict[int, list[tuple[SolutionFeedback, Membership | None, AccountRow]]]:
        chosen = (
            select(SolutionFeedback, Membership, AccountRow)
            .join(Solution, Solution.id == SolutionFeedback.solution_id)
            .join(AccountRow, AccountRow.id == SolutionFeedback.author_id)
            .outerjoin(
                Membership,
                and_(Membership.group_id == Solution.group_id, Membership.account_id == SolutionFeedback.author_id),
            )
            .where(SolutionFeedback.solution_id.in_(solution_ids))
            .order_by(SolutionFeedback.id)
        )
        found: dict[int, list[tuple[SolutionFeedback, Membership | None, AccountRow]]] = {}
        for row, member, account in self._session.execute(chosen) if solution_ids else ():
            found.setdefault(row.solution_id, []).append((row, member, account))
        return found

    def _show(
        self,
        ctx: Context,
        row: Solution,
        member: Membership,
        names: dict[int, str],
        feedback: dict[int, list[tuple[SolutionFeedback, Membership | None, AccountRow]]],
    ) -> ShownSolution:
        me = ctx.actor.account_id
        given = tuple(
            GivenFeedback(answer, _format_name(author, names, account.id), answer.author_id == me)
            for answer, author, account in feedback.get(row.id, ())
        )
        return ShownSolution(row, _format_name(member, names, row.account_id), row.account_id == me, given)

    @staticmethod
    def _waits(ctx: Context, row: Solution, *, is_answered: bool) -> bool:
        is_others = row.account_id != ctx.actor.account_id
        return is_others and not is_answered and row.shared_at + WAITS <= ctx.now

    # write

    def share(self, ctx: Context, timeline: Timeline, unit: Unit, draft: SolutionDraft) -> Solution:
        """Store the caller's solution to a unit, or change it."""
        lock_group(self._session, timeline.group.id)
        row = self.find_own(timeline, ctx.actor.account_id, unit)
        if row is None:
            row = Solution(group_id=timeline.group.id, account_id=ctx.actor.account_id, unit_id=unit.id)
            row.shared_at = ctx.now
            self._session.add(row)
        else:
            withdraw_lines(self.groups.work, row.group_id, [row])
        if row.picture_key is not None:  # so that those who may no longer see the picture don't know its address
            row.picture_key = secrets.token_urlsafe(16)
        row.text, row.link = markup.clean(draft.text), draft.link
        row.seen_by, row.in_closing = draft.seen_by, draft.in_closing
        if draft.picture is not None:
            row.picture, row.picture_key = draft.picture, secrets.token_urlsafe(16)
        self._session.flush()
        return row

    def remove(self, timeline: Timeline, account_id: int, unit: Unit) -> None:
        """Delete a member's solution to a unit, with its feedback; NotFound without one."""
        row = self.find_own(timeline, account_id, unit)
        if row is None:
            raise NotFound("There is no solution to remove.")
        withdraw_lines(self.groups.work, row.group_id, [row])
        self._session.execute(delete(Solution).where(Solution.id == row.id))

    def hide_name(self, group_id: int, account_id: int) -> None:
        """Take a member's solutions out of the posts at the ends of parts."""
        chosen = select(Solution).where(Solution.group_id == group_id, Solution.account_id == account_id)
        withdraw_lines(self.groups.work, group_id, self._session.scalars(chosen).all())

    def tell_removed(self, ctx: Context, group: Group, account_id: int, unit: Unit) -> None:
        """Tell a member with their next answer that a moderator removed their solution."""
        key = message_keys.make_key(group.id, "solution removed", unit.id, int(ctx.now.timestamp()))
        queue_sentence(self.groups, group, account_id, key, wording.render_removed_notice(unit), ctx.now)

    def give_feedback(
        self, ctx: Context, timeline: Timeline, solution_id: int, ticked: Sequence[str], sentence: str
    ) -> tuple[Unit, ShownSolution]:
        """Store the caller's feedback, or change it, and tell the author about the first with their next answer."""
        lock_group(self._session, timeline.group.id)
        unit, solution = self.get_visible(ctx, timeline, solution_id)
        if solution.is_own:
            raise NotAllowed("This is your own solution. Others give you feedback.")
        me = ctx.actor.account_id
        row = next((given.row for given in solution.feedback if given.is_own), None)
        if is_new := row is None:
            row = SolutionFeedback(solution_id=solution_id, author_id=me)
            self._session.add(row)
        assert row is not None
        row.ticked, row.sentence, row.given_at = "\n".join(ticked), markup.clean(sentence), ctx.now
        self._session.flush()
        if is_new:
            _, shown = self.get_visible(ctx, timeline, solution_id)
            giver = next(given.who for given in shown.feedback if given.is_own)
            counts = (len(ticked), len(list_criteria(unit)))
            notice = wording.render_feedback_notice(giver, unit, counts, row.sentence)
            key = _make_feedback_key(timeline.group.id, row.id)
            queue_sentence(self.groups, timeline.group, solution.row.account_id, key, notice, ctx.now)
        return unit, solution

    def thank(self, ctx: Context, timeline: Timeline, solution_id: int) -> list[tuple[str, bool]]:
        """Thank the author, or as the author everybody who gave feedback; return each name and whether it is new."""
        unit, solution = self.get_visible(ctx, timeline, solution_id)
        receivers = [(solution.row.account_id, solution.who)]
        if solution.is_own:
            receivers = [(given.row.author_id, given.who) for given in solution.feedback]
        about, notice = f"solution:{solution_id}", wording.render_thanks_notice(unit, is_author=solution.is_own)
        return [
            (who, self._thanks.give_about(ctx, timeline.group, account_id, who, about, notice))
            for account_id, who in receivers
        ]


_OF_AUTHOR = and_(
    Membership.group_id == Solution.group_id,
    Membership.account_id == Solution.account_id,
    Membership.left_at.is_(None),
)


def _format_name(member: Membership | None, names: dict[int, str], account_id: int) -> str:
    """Return the name under which others see a member, small Markdown; a hidden or former one has none."""
    if member is None or not member.is_shown or account_id not in names:
        return wording.SOMEBODY
    return markup.escape(names[account_id], 40)


def _list_ids(roadmap: Roadmap, unit: Unit) -> list[str]:
    """Return a unit's id, and those of the units that were merged into it."""
    return [unit.id, *(retired.id for retired in roadmap.retired if retired.into == unit.id)]


def draw_uploads(database: Database) -> Drawing:
    """Return what finds the stored picture that an Image names by its key."""

    def find(work: Work, key: str) -> bytes | None:
        return work.session.scalar(select(Solution.picture).where(Solution.picture_key == key))

    def draw(data: Mapping[str, str]) -> Picture:
        png = database.run_sync(lambda work: find(work, data.get("key", "")), writes=False)
        if png is None:
            raise Unknown
        return Picture(png)

    return draw


def withdraw_lines(work: Work, group_id: int, rows: Collection[Solution]) -> None:
    """Take solutions of one member out of the posts at the ends of parts, also out of their stored texts."""
    excerpts = {wording.format_excerpt(row) for row in rows if row.in_closing}
    prefix = message_keys.make_prefix(group_id)
    chosen = select(OutboxRow).where(
        OutboxRow.key.startswith(prefix, autoescape=True),
        or_(OutboxRow.key.endswith(":finish"), OutboxRow.key.endswith(":finish:edit")),
    )
    stored = {post.key: post for post in work.session.scalars(chosen)} if excerpts else {}
    names = _list_names(work, group_id, rows) if stored else []
    for key, post in stored.items():
        before = Reply.from_json(post.reply)
        after = wording.remove_closing_lines(before, names, excerpts)
        if key.endswith(":edit") or after == before:
            continue
        newest = Reply.from_json(stored.get(f"{key}:edit", post).reply)
        edited = wording.remove_closing_lines(newest, names, excerpts)
        outbox.revise(work, key, edited, due_at=post.due_at, every_s=0)
        post.reply = after.to_json()


def _list_names(work: Work, group_id: int, rows: Collection[Solution]) -> list[str]:
    """Return the forms in which posts name the author of these solutions, each up to what can change in it."""
    account = work.session.get_one(AccountRow, next(iter(rows)).account_id)
    chosen = select(Membership.alias).where(Membership.group_id == group_id, Membership.account_id == account.id)
    alias = work.session.scalar(chosen)
    on_platform = markup.name(account.external_id, "").removesuffix(markup.CLOSE)
    return [on_platform, *([f"{markup.escape(alias)}**"] if alias else [])]


def _make_feedback_key(group_id: int, feedback_id: int) -> str:
    return message_keys.make_key(group_id, "feedback", feedback_id)


def take_back(work: Work, account_id: int) -> None:
    """Take a person's solutions out of posts, and their feedback out of notices, before their rows go."""
    given = select(Solution.group_id, SolutionFeedback.id).join(Solution, Solution.id == SolutionFeedback.solution_id)
    keys = [
        _make_feedback_key(*ids) for ids in work.session.execute(given.where(SolutionFeedback.author_id == account_id))
    ]
    work.session.execute(delete(Notice).where(Notice.key.in_(keys)))
    by_group: dict[int, list[Solution]] = {}
    for row in work.session.scalars(select(Solution).where(Solution.account_id == account_id)):
        by_group.setdefault(row.group_id, []).append(row)
    for group_id, rows in by_group.items():
        withdraw_lines(work, group_id, rows)


def sweep(work: Work, now: datetime) -> int:
    """Delete the pictures of groups that ended long ago; return how many."""
    ended = select(Group.id).where(Group.ended_at <= now - PICTURES_LAST)
    old = update(Solution).where(Solution.picture_key.is_not(None), Solution.group_id.in_(ended))
    return len(work.session.scalars(old.values(picture=None, picture_key=None).returning(Solution.id)).all())
