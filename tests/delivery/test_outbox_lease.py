from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from bot.chat.platform import Gone
from bot.commands.context import Place
from bot.delivery import outbox
from bot.delivery.outbox import Announcement, OpensThread, OutboxRow, Unless, Within
from bot.delivery.outbox_lease import BATCH, _anything_due, claim, late
from bot.messages.reply import Button, Reply, Text, say
from bot.storage.unit_of_work import Database, Work
from tests.storage.sample_app import ROOM, START, Desk


class Undone(Exception):
    """Undoes a unit of work that has seen what it wants to."""


WEEK = timedelta(weeks=1)


def test_a_late_reply_begins_with_when_it_was_due() -> None:
    reply = Reply((Text("Week 1"),), (Button("Open", "https://example.org"),), "Title", "warn", "public", True)
    marked = late(reply, START)
    assert marked.plain() == "Title\n\nLate: this was due Mon 7 Dec 2026, 09:00 (UTC).\n\nWeek 1"
    assert late(say("Week 1"), START, "Asia/Tokyo").plain().startswith("Late: this was due Mon 7 Dec 2026, 18:00")
    assert (marked.buttons, marked.tone, marked.audience, marked.replaces) == (reply.buttons, "warn", "public", True)


async def test_a_post_is_marked_late_after_ten_minutes(desk: Desk) -> None:
    desk.announce("in time")
    desk.clock.move_to(START + timedelta(minutes=10))
    await desk.relay.empty()
    desk.announce("late")
    desk.clock.move_to(START + timedelta(minutes=10, seconds=1))
    await desk.relay.empty()
    assert [p.reply for p in desk.partner.posts] == [say("in time"), late(say("late"), START)]
    assert (desk.row("in time").is_late, desk.row("late").is_late) == (False, True)


async def test_a_late_post_says_its_time_in_the_zone_of_its_place(desk: Desk) -> None:
    tokyo = replace(ROOM, zone="Asia/Tokyo")
    week, word = Announcement("week", tokyo, say("Week 1"), START), say("To begin with")
    within = Announcement("start", tokyo, word, START, START + WEEK, Within("week"))
    desk.database.run_sync(
        lambda work: [outbox.announce(work, one) for one in (replace(week, thread=OpensThread("Week 1")), within)]
    )
    desk.clock.move_to(START + timedelta(hours=1))
    await desk.relay.empty()
    assert [p.reply for p in desk.partner.posts] == [
        late(say("Week 1"), START, "Asia/Tokyo"),
        late(word, START, "Asia/Tokyo"),
    ]


async def test_a_late_edit_is_not_marked_late(desk: Desk) -> None:
    desk.announce("week")
    await desk.relay.empty()
    desk.revise("week", say("edited"))
    desk.clock.move_to(START + timedelta(hours=2))
    await desk.relay.empty()
    assert desk.partner.posts[-1].reply == say("edited")


async def test_a_late_post_stays_marked_when_it_is_edited(desk: Desk) -> None:
    desk.announce("week")
    desk.clock.move_to(START + timedelta(hours=2))
    await desk.relay.empty()
    desk.revise("week", say("edited"))
    desk.clock.move_to(START + timedelta(hours=3))
    await desk.relay.empty()
    assert desk.partner.posts[-1].reply == late(say("edited"), START)


async def test_nothing_is_sent_from_its_end_on(desk: Desk) -> None:
    desk.announce("week", lasts_s=60)
    desk.clock.move_to(START + timedelta(seconds=60))
    await desk.relay.empty()
    assert (desk.partner.posts, desk.trouble) == ([], [("week", "expired")])
    assert desk.row("week").error == "I couldn't send it in time."


async def test_a_post_whose_end_passes_between_claim_and_delivery_is_not_sent(desk: Desk) -> None:
    desk.announce("week", lasts_s=60)
    last_moment = START + timedelta(seconds=59)
    moments = iter([last_moment, last_moment + timedelta(seconds=1)])
    desk.relay._clock = type("Hurried", (), {"now": lambda self: next(moments)})()
    await desk.relay.step()
    assert (desk.partner.posts, desk.trouble) == ([], [("week", "expired")])


async def test_what_may_have_arrived_says_so_when_it_expires(desk: Desk) -> None:
    desk.announce("week", lasts_s=60)
    desk.partner.lost_answers.add("week")
    await desk.relay.step()
    desk.clock.move_to(START + timedelta(seconds=60))
    await desk.relay.empty()
    assert "I tried, so it may be there" in (desk.row("week").error or "")


async def test_what_has_become_needless_by_its_end_is_no_loss_and_its_check_breaks_nothing(desk: Desk) -> None:
    def queue(work: Work) -> None:
        for key, unless in (
            ("done", Unless("is done", {"done": 1})),
            ("open", Unless("is done", {"done": 0})),
            ("odd", Unless("nobody knows it")),
        ):
            outbox.announce(
                work, Announcement(key, ROOM, say(key), START, START + timedelta(seconds=60), unless=unless)
            )

    desk.database.run_sync(queue)
    desk.clock.move_to(START + timedelta(seconds=60))
    await desk.relay.empty()
    assert desk.partner.posts == []
    assert desk.trouble == [("open", "expired"), ("odd", "expired")]
    assert desk.state("done") == "skipped"


async def test_a_check_drops_a_post_just_before_it_is_sent(desk: Desk) -> None:
    def both(work: Work) -> None:
        for key, done in (("done", True), ("open", False)):
            place = Place("discord", None, f"@{key}")
            outbox.announce(work, Announcement(key, place, say(key), START, unless=Unless("is done", {"done": done})))

    desk.database.run_sync(both)
    await desk.relay.empty()
    assert (desk.partner.keys, desk.state("done"), desk.trouble) == (["open"], "skipped", [])


async def test_a_check_that_nobody_knows_is_a_fault_and_not_a_post(desk: Desk) -> None:
    unknown = Announcement("x", ROOM, say("x"), START, unless=Unless("never heard of"))
    desk.database.run_sync(lambda work: outbox.announce(work, unknown))
    await desk.relay.empty()
    assert (desk.partner.posts, desk.state("x"), desk.row("x").error) == ([], "due", "Internal error (KeyError).")


async def test_a_post_waits_for_its_parent_and_holds_up_nobody(desk: Desk) -> None:
    def both(work: Work) -> None:
        outbox.announce(work, Announcement("child", ROOM, say("child"), START, START + WEEK, Within("parent")))
        outbox.announce(work, Announcement("parent", ROOM, say("parent"), START + timedelta(hours=1)))
        outbox.announce(work, Announcement("between", ROOM, say("between"), START + timedelta(minutes=1)))

    desk.database.run_sync(both)
    desk.clock.move_to(START + timedelta(minutes=2))
    await desk.relay.empty()
    assert desk.partner.keys == ["between"]
    desk.clock.move_to(START + timedelta(hours=1))
    await desk.relay.empty()
    assert desk.partner.keys == ["between", "parent", "child"]


async def test_what_belongs_to_a_post_that_failed_fails_too(desk: Desk) -> None:
    place = Place("discord", None, "@42")

    def family(work: Work) -> None:
        outbox.announce(work, Announcement("parent", place, say("parent"), START))
        outbox.announce(work, Announcement("child", place, say("child"), START, START + WEEK, Within("parent")))
        outbox.announce(
            work, Announcement("grandchild", place, say("grandchild"), START, START + WEEK, Within("child"))
        )
        outbox.revise(work, "parent", say("edited"), due_at=START)

    desk.database.run_sync(family)
    desk.partner.faults["parent"] = [Gone("closed")]
    await desk.relay.empty()
    assert [desk.state(k) for k in ("child", "grandchild", "parent:edit")] == ["failed", "failed", "skipped"]
    assert desk.trouble == [("parent", "failed"), ("child", "failed"), ("grandchild", "failed")]


def test_a_batch_is_the_oldest_head_of_each_room(desk: Desk) -> None:
    for number in range(BATCH + 5):
        place = Place("discord", "server", f"room {number}")
        desk.announce(f"{number} head", place, after_s=-number)
        desk.announce(f"{number} next", place)

    def take(work: Work) -> list[str]:
        claims = claim(work, "one", "discord", START, START)
        found = [work.session.get(OutboxRow, c.id) for c in claims]
        return [row.key for row in found if row]

    assert desk.database.run_sync(take) == [f"{n} head" for n in range(BATCH + 4, 4, -1)]


async def test_a_reply_of_an_unknown_version_is_a_fault_that_ends(desk: Desk) -> None:
    desk.announce("future")
    desk.database.run_sync(lambda work: work.session.execute(update(OutboxRow).values(reply={"v": 99})) and None)
    await desk.relay.empty()
    assert (desk.state("future"), desk.partner.posts) == ("due", [])


def test_a_plan_that_knows_no_values_reads_only_what_waits(desk_url: str) -> None:
    asked = _anything_due().compile(dialect=PGDialect_psycopg())  # type: ignore[no-untyped-call]
    values = {"platform": "discord", "now": START, "real": START}
    planned = re.sub(r"%\(\w+\)s", "$1", asked.construct_expanded_state(values).statement)
    planned = re.sub(r"\$1(?!::)", "$1::text", planned).replace("$1::TIMESTAMP", "$2::TIMESTAMP")

    def explain(work: Work) -> None:
        sent = {"platform": "discord", "tenant": "t", "action": "post", "reply": {}, "due_at": START, "state": "sent"}
        many = [sent | {"key": f"k{n}", "tag": f"t{n}", "room": f"r{n}", "created_at": START} for n in range(3000)]
        work.session.execute(insert(OutboxRow), many)
        work.session.execute(text("ANALYZE outbox"))
        plan = work.session.connection().exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {planned}").scalars().all()
        raise Undone("\n".join(plan))

    with Database(desk_url) as database, pytest.raises(Undone) as plan:
        database.run_sync(explain)
    assert "Seq Scan on outbox" not in str(plan.value)
