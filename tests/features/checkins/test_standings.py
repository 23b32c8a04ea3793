"""Standings: what is stored is what `scoring` computes, after whatever was said and however much time went by."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, select, update
from sqlalchemy.orm import Session

from bot.commands.context import Actor, Context, Place
from bot.features.checkins import scoring, standings
from bot.features.checkins.checkin_log import Scores, has_kept
from bot.features.checkins.rulings import Rulings
from bot.features.checkins.scoring import Score
from bot.features.checkins.service import Progress
from bot.features.checkins.standings import Basis, compare_all
from bot.features.checkins.tables import MemberStanding
from bot.features.groups.calendar.timeline import Timeline, load_timeline
from bot.features.groups.editing import Pausing
from bot.features.groups.service import Groups
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.groups.tables import Group, Membership, OccurrenceChange
from bot.features.people.tables import AccountRow, Tenant
from bot.features.schedule.transitions import open_slot
from bot.features.standings import leaderboard
from bot.features.standings.group_standings import Period, Roll, read_board
from bot.messages.call import Call
from bot.messages.errors import UserError
from bot.runtime.catalogue import tables
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Work
from tests.examples import examples
from tests.harness import MONDAY, World, text, world
from tests.shipped import read_courses

pytestmark = pytest.mark.long

HOUR = timedelta(hours=1)
LIBRARY = read_courses()
UNITS = LIBRARY["genai-2026"].roadmap.units
PEOPLE = ("ada", "ben", "eve")
facts = st.sampled_from(("check in", "check in", "check in", "move", "undo", "away", "back", "leave", "join", "hide"))
rulings = st.sampled_from(("excuse", "void", "lift"))
changes = st.sampled_from(("pause", "pause for long", "resume", "lengthen"))
hours = st.sampled_from((1, 5, 30, 100, 24 * 7, 24 * 15))
steps = st.one_of(
    st.tuples(facts, st.sampled_from(PEOPLE), st.integers(1, 9)),
    st.tuples(facts, st.sampled_from(PEOPLE), st.integers(1, 9)),
    st.tuples(rulings, st.sampled_from(PEOPLE), st.integers(1, 9)),
    st.tuples(changes, st.just(""), st.integers(1, 9)),
    st.tuples(st.sampled_from(("wait", "settle")), st.just(""), hours),
    st.tuples(st.just("settle"), st.just(""), hours),
)


class Life:
    """A group of three on a database in memory: facts come by the services, units open, time goes by."""

    def __init__(self, session: Session) -> None:
        self.session, self.now = session, MONDAY + HOUR
        tenant = Tenant(platform="local", external_id="local")
        session.add(tenant)
        accounts = [AccountRow(platform="local", scope="local", external_id=n, name=n, zone="UTC") for n in PEOPLE]
        session.add_all(accounts)
        session.flush()
        self.ids = {a.name: a.id for a in accounts}
        self.group = Group(
            tenant_id=tenant.id,
            room="general",
            name="Owls",
            zone="UTC",
            roadmap_id="genai-2026",
            rhythm="mon 09:00 - sun 21:00",
            pace="1 week",
            first_unit="py-data-structures",
            starts_on=MONDAY.date(),
            confirmed_at=MONDAY,
            created_by=accounts[0].id,
        )
        session.add(self.group)
        session.flush()
        self.groups = Groups(Work(session, MONDAY), LIBRARY)
        self.progress = Progress(self.groups)
        for who in PEOPLE:
            self.groups.join(self.group, self.ids[who], is_shown=True, now=self.now)
        self.settle()

    @property
    def timeline(self) -> Timeline:
        return load_timeline(self.session, self.group, LIBRARY)

    def context(self, who: str) -> Context:
        actor = Actor(self.ids[who], who, who, "UTC", self.group.id, frozenset({"anyone", "member", "moderator"}))
        return Context(actor, Place("local", "local", "general"), self.now, Call("x"))

    def settle(self) -> None:
        """Do what the schedule does: open what is out, then settle all in small steps."""
        snapshot = GroupSnapshot(self.groups, self.group, self.now)
        while (planned := snapshot.timeline.planned(self.now)) and planned[0].opens_at <= self.now:
            open_slot(snapshot, planned[0])
        while not standings.settle_some(self.session, self.timeline, self.now, 2):
            pass
        assert self.unsettled() == []

    def unsettled(self) -> list[int]:
        return [*standings.list_unsettled(self.session, self.group.id, Basis.of(self.timeline, self.now).mark, 100)]

    def wrong(self) -> list[int]:
        return standings.list_wrong(self.session, self.timeline, [*self.ids.values()], self.now)

    def compare_counts(self) -> None:
        """Compare who is counted and named as a keeper with what pure scores say, for every unit that is out."""
        members, roll = self.groups.list_members(self.group.id), Roll(self.groups, self.timeline, self.now)
        scores = Scores(self.session, self.timeline, members, self.now)
        assert roll.count_awake() == sum(not scores.by_account[a.id].is_resting for _, a in members)
        for opened in self.timeline.opened:
            unit_id = opened.slot.unit_id
            done = {a.id for _, a in members if self.outcome(scores.by_account[a.id], unit_id) in ("kept", "late")}
            kept = [(m, a) for m, a in members if a.id in done]
            assert done == {a.id for _, a in members if has_kept(self.session, self.timeline, a.id, opened, self.now)}
            assert roll.count_kept(unit_id) == len(kept)
            states = [s for a in scores.by_account.values() for s in a.states if s.unit_id == unit_id]
            assert roll.count_part(unit_id) == sum(state.took_part for state in states)
            assert roll.kept_names(unit_id, 9) == sorted(a.name for m, a in kept if m.is_shown)
            hidden = {a.id for m, a in members if not m.is_shown}
            assert roll.public.count_kept(unit_id) == len(done - hidden)
            shown = [s for a, score in scores.by_account.items() if a not in hidden for s in score.states]
            assert roll.public.count_part(unit_id) == sum(s.unit_id == unit_id and s.took_part for s in shown)
            saved = {a.id for _, a in members if unit_id in scores.by_account[a.id].freezes_spent_on}
            assert {one for one, _, _ in roll.list_saved(unit_id)} == saved

    @staticmethod
    def outcome(score: Score, unit_id: str) -> str:
        return next((state.outcome for state in score.states if state.unit_id == unit_id), "")

    def compare_boards(self) -> None:
        """Compare what each member reads with the pure board of pure scores, whether or not the rows are up to date."""
        members, timeline = self.groups.list_members(self.group.id), self.timeline
        scores, basis = Scores(self.session, timeline, members, self.now), Basis.of(timeline, self.now)
        units: dict[Period, frozenset[str]] = {
            "week": frozenset({basis.unit or ""}),
            "phase": basis.phase,
            "season": frozenset(u.id for u in UNITS),
        }
        for period, of in units.items():
            points = {a.id: scoring.sum_points(scores.by_account[a.id], of) for _, a in members}
            pure = [leaderboard.Standing(a.id, a.name, points[a.id], not m.is_shown) for m, a in members]
            for me in (None, *self.ids.values()):
                assert read_board(Roll(self.groups, timeline, self.now), period, me) == leaderboard.select_view(
                    pure, me
                )

    def do(self, what: str, who: str, much: int) -> None:
        """Do one step; what the rules refuse changes nothing."""
        if what in ("wait", "settle"):
            self.now += timedelta(hours=much)
            if what == "settle":
                self.settle()
            return
        with suppress(UserError):
            self._say(what, who, much)

    def _say(self, what: str, who: str, much: int) -> None:
        ctx = self.context(who or "ada")
        match what:
            case "check in":
                self.progress.check_in(ctx, 30, "read", None, None if much > 3 else str(much))
            case "move":
                self.progress.move(ctx, self.progress.last(ctx).id, str(1 + much % 3))
            case "undo":
                self.progress.take_back(ctx, self.progress.last(ctx).id)
            case "away":
                self.progress.go_away(ctx, ctx.today + timedelta(much - 3), ctx.today + timedelta(3 * much), "")
            case "back":
                self.progress.come_back(ctx)
            case "hide":
                membership = self.groups.find_membership(self.group.id, self.ids[who])
                assert membership is not None
                membership.is_shown = much > 4
            case "leave":
                self.groups.leave(self.group, self.ids[who], self.now)
            case "join":
                self.groups.join(self.group, self.ids[who], is_shown=True, now=self.now)
            case "excuse" | "void" | "lift":
                rules = Rulings(self.progress)
                rules.rule(ctx, rules.case(ctx, who, str(1 + much % 3)), what, "because")
            case "pause" | "pause for long":
                pausing = Pausing(self.groups)
                weeks = much if what == "pause" else None
                pausing.begin(ctx, self.timeline, pausing.proposed(ctx, self.timeline, weeks, None), "")
            case "resume":
                Pausing(self.groups).resume(ctx, self.timeline)
            case "lengthen":
                self._lengthen(much)
            case _:
                raise AssertionError(what)

    def _lengthen(self, days: int) -> None:
        for opened in self.timeline.opened[-2:]:
            insert_once(
                self.session,
                OccurrenceChange,
                group_id=self.group.id,
                unit_id=opened.slot.unit_id,
                cause=f"outage:{self.now}"[:40],
                deadline_at=opened.slot.deadline_at,
                is_held=opened.is_held,
                grace_until=max(opened.slot.grace_until, self.now + timedelta(days)),
                made_at=self.now,
            )


@examples(20)
@given(st.lists(steps, min_size=5, max_size=30))
def test_what_is_stored_is_what_is_computed_whatever_happened(life: list[tuple[str, str, int]]) -> None:
    engine = create_engine("sqlite://")
    tables().create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        lived = Life(session)
        for step in life:
            lived.do(*step)
            assert lived.wrong() == [], f"after {step}"
            lived.compare_boards()
            lived.compare_counts()
        lived.settle()
        assert lived.wrong() == []
        lived.compare_boards()
        lived.compare_counts()
    engine.dispose()


async def wrong(w: World) -> list[int]:
    """Return the accounts whose row calls itself up to date and is not what `scoring` says."""

    def look(work: Work) -> list[int]:
        timeline = load_timeline(work.session, work.session.scalars(select(Group)).one(), w.app.library)
        accounts = work.session.scalars(select(Membership.account_id)).all()
        return standings.list_wrong(work.session, timeline, accounts, w.clock.now())

    return await w.app.database.run(look, writes=False)


async def rows(w: World) -> dict[str, MemberStanding]:
    """Return the rows by the names that they stand under."""
    found = await w.app.database.run(lambda work: work.session.scalars(select(MemberStanding)).all(), writes=False)
    return {row.name: row for row in found}


async def unsettled(w: World) -> list[int]:
    def look(work: Work) -> list[int]:
        timeline = load_timeline(work.session, work.session.scalars(select(Group)).one(), w.app.library)
        mark = Basis.of(timeline, w.clock.now()).mark
        found = [*standings.list_unsettled(work.session, timeline.group.id, mark, 100)]
        assert standings.are_settled(work.session, timeline.group.id, mark) == (not found)
        return found

    return await w.app.database.run(look, writes=False)


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def test_a_check_in_is_in_the_row_before_the_schedule_looks(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "checkin 30 read two papers")
    found = await rows(w)
    assert (found["Ada"].season_points, found["Ada"].streak, found["Ada"].outcome) == (10, 1, "kept")
    assert (found["Ben"].season_points, found["Ben"].streak, found["Ben"].outcome) == (0, 0, "open")


async def test_a_row_is_out_of_date_once_a_grace_has_ended_and_not_before(w: World) -> None:
    await w.begin("ada")
    assert await unsettled(w) == []
    w.clock.move_to(w.clock.now() + timedelta(days=5))
    assert await unsettled(w) == []
    w.clock.move_to(w.clock.now() + timedelta(days=3))
    assert len(await unsettled(w)) == 1


async def test_who_leaves_or_hides_or_is_renamed_is_so_in_the_row_at_once(w: World) -> None:
    await w.begin("ada", "ben", "eve")
    await w.say("ada", "leave")
    await w.say("ben", "settings shown=no")
    await w.say("eve", "settings alias=Owl")
    found = await rows(w)
    assert (found["Ada"].is_in, found["Ben"].is_shown, found["Owl"].name_key) == (False, False, "owl")
    await w.say("eve", "settings alias=-")
    assert "Eve" in await rows(w)


async def test_who_joins_or_comes_back_has_a_row_at_once_that_is_to_be_settled(w: World) -> None:
    await w.begin("ada")
    await w.say("ben", "join")
    assert ((await rows(w))["Ben"].basis, len(await unsettled(w))) == ("", 1)
    await w.tick()
    await w.say("ben", "leave")
    assert await unsettled(w) == []
    await w.say("ben", "join")
    assert ((await rows(w))["Ben"].is_in, len(await unsettled(w))) == (True, 1)


async def test_a_row_that_is_wrong_is_found(w: World) -> None:
    await w.begin("ada", "ben")
    await w.app.database.run(lambda work: work.session.execute(update(MemberStanding).values(streak=7)))
    assert len(await wrong(w)) == 2


async def test_a_large_group_is_settled_in_several_short_steps(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.features.schedule.service.MEMBERS_AT_ONCE", 2)
    sizes: list[int] = []

    def settle(session: Session, timeline: Timeline, accounts: Sequence[int], now: datetime) -> None:
        sizes.append(len(accounts))
        usual(session, timeline, accounts, now)

    usual = standings.settle
    await w.begin(*"abcde")
    w.clock.move_to(w.clock.now() + timedelta(days=7))
    monkeypatch.setattr(standings, "settle", settle)
    await w.tick()
    assert sizes[:3] == [2, 2, 1]
    assert await unsettled(w) == []
    assert (await w.posts())[-1].title.startswith("Unit 2")


async def test_a_membership_that_was_ended_by_hand_is_found_and_mended_and_breaks_no_board(w: World) -> None:
    await w.begin("ada", "ben")
    ended = update(Membership).values(left_at=w.clock.now()).where(Membership.id == 1)
    await w.app.database.run(lambda work: work.session.connection().execute(ended))
    for period in ("week", "season"):
        assert "Leaderboard" in text(await w.say("ben", f"leaderboard period={period}"))
    assert await compare(w, repair=False) == (2, 1)
    assert await compare(w, repair=True) == (2, 1)
    assert await compare(w, repair=False) == (2, 0)
    assert "Ada" not in text(await w.say("ben", "leaderboard"))
    assert await unsettled(w) == []


async def test_a_membership_that_was_taken_up_again_by_hand_is_found_and_mended(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "leave")
    await w.after(minutes=1)
    back = update(Membership).values(left_at=None)
    await w.app.database.run(lambda work: work.session.connection().execute(back))
    assert "Ben" in text(await w.say("ben", "leaderboard"))
    assert await compare(w, repair=True) == (2, 1)
    assert await compare(w, repair=False) == (2, 0)
    assert "Ada" in text(await w.say("ben", "leaderboard"))


async def test_a_standing_that_was_lost_is_found_and_mended_and_breaks_no_board(w: World) -> None:
    await w.begin("ada", "ben")
    lost = delete(MemberStanding).where(MemberStanding.name == "Ada")
    await w.app.database.run(lambda work: work.session.connection().execute(lost))
    w.clock.move_to(w.clock.now() + timedelta(days=8))
    assert "Ben" in text(await w.say("ben", "leaderboard"))
    assert "2" in text(await w.say("mo", "report"))
    assert await compare(w, repair=True) == (2, 1)
    assert await compare(w, repair=False) == (2, 0)
    assert "Ada" in text(await w.say("ben", "leaderboard"))


async def compare(w: World, *, repair: bool) -> tuple[int, int]:
    """Return how many standings there are, and how many are wrong, as `trailmate db check` finds it."""
    return await asyncio.to_thread(
        compare_all, w.app.database, w.app.library, w.clock.now(), lambda *_: None, repair=repair
    )
