from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.base.event import event, present
from bot.base.observer import Observer
from bot.chat.platform import (
    Declined,
    DeliveryUnknown,
    Gone,
    Later,
    Post,
    Sent,
    ThreadFailed,
    ThreadGone,
    TokenRejected,
)
from bot.commands.context import Place
from bot.delivery import outbox
from bot.delivery import outbox_lease as claims
from bot.delivery import relay as relays
from bot.delivery.outbox import Announcement, OpensThread, Unless, Within, tag_of
from bot.delivery.relay import PICTURE_TRIES, TRIES, back_off
from bot.delivery.suspended_channels import free_room, list_parked, try_rooms
from bot.messages.reply import say
from bot.storage import faults
from bot.storage.faults import StorageTrouble
from bot.storage.unit_of_work import Work
from tests.storage.sample_app import OTHER_ROOM, ROOM, START, Desk

DIRECT = Place("discord", None, "@42")


class Killed(BaseException):
    """The process dies here."""


async def die(desk: Desk) -> None:
    with pytest.raises(BaseExceptionGroup) as group:
        await desk.relay.step()
    assert group.group_contains(Killed)


async def test_what_is_due_is_sent_once_with_its_tag(desk: Desk) -> None:
    desk.announce("week")
    desk.announce("tomorrow", after_s=86_400)
    assert await desk.relay.empty() == 1
    post = desk.partner.posts[0]
    assert (post.key, post.tag, post.place, post.reply) == ("week", tag_of("week"), ROOM, say("week"))
    row = desk.row("week")
    assert (row.state, row.sent_ref, row.sent_at, row.lease_owner) == ("sent", "m1", START, None)
    assert desk.partner.agains == [False]


async def test_an_idle_look_leaves_the_only_writer_to_others(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.announce("week")
    desk.announce("tomorrow", after_s=86_400, lasts_s=60)
    desk.announce("elsewhere", Place("slack", "team", "C1"))
    await desk.relay.empty()
    run, writers = desk.database.run, []

    async def noted(fn: Callable[[Work], Any], *, writes: bool = True, within_s: float | None = None) -> Any:
        writers.append(writes)
        return await run(fn, writes=writes, within_s=within_s)

    monkeypatch.setattr(desk.database, "run", noted)
    assert [await desk.relay.step() for _ in range(3)] == [0, 0, 0]
    assert writers == [False] * 3
    desk.clock.move_to(START + timedelta(days=1))
    assert await desk.relay.step() == 1
    assert desk.partner.keys == ["week", "tomorrow"]


async def test_a_post_that_comes_to_be_earlier_waits_while_another_relay_carries_one_to_its_room(desk: Desk) -> None:
    desk.announce("week")
    desk.announce("elsewhere", OTHER_ROOM, after_s=-5)
    deliver, goes_on, heir = desk.partner.deliver, asyncio.Event(), desk.make_relay("two")

    async def slow(post: Post, again: bool) -> Sent:
        if post.key == "week":
            await goes_on.wait()
        return await deliver(post, again)

    desk.partner.deliver = slow  # type: ignore[method-assign]
    first = asyncio.create_task(desk.make_relay("one").step())
    while desk.state("week") != "sending" or desk.state("elsewhere") != "sent":
        await asyncio.sleep(0.005)
    desk.announce("news", after_s=-10)
    assert await heir.step() == 0
    goes_on.set()
    await first
    assert await heir.step() == 1
    assert desk.partner.keys == ["elsewhere", "week", "news"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_two_relays_carry_each_post_once_and_those_of_a_room_one_after_the_other(desk: Desk) -> None:
    rooms = [Place("discord", "server", f"room{n}") for n in range(4)]
    for n in range(24):
        desk.announce(f"{n:02}", rooms[n % 4], after_s=-60 + n)
    busy, met = set[str](), list[str]()

    async def deliver(post: Post, again: bool) -> Sent:
        met.extend([post.key] if post.place.room in busy or again else [])
        busy.add(post.place.room)
        await asyncio.sleep(0.004)
        busy.discard(post.place.room)
        desk.partner.posts.append(post)
        return Sent(post.key)

    desk.partner.deliver = deliver  # type: ignore[method-assign]
    relays = [desk.make_relay(owner) for owner in ("one", "two")]
    while len(desk.partner.posts) < 24:
        await asyncio.gather(*(relay.step() for relay in relays))
    assert met == []
    for room in rooms:
        keys = [post.key for post in desk.partner.posts if post.place == room]
        assert keys == sorted(keys) and len(keys) == 6


async def test_killed_before_delivery_the_post_goes_out_when_the_lease_has_run_out(desk: Desk) -> None:
    desk.announce("week")
    desk.partner.faults["week"] = [Killed()]
    await die(desk)
    heir = desk.make_relay("two")
    assert await heir.step() == 0
    desk.machine.pass_s(61)
    assert await heir.step() == 1
    assert (desk.state("week"), list(desk.partner.messages), desk.partner.agains) == ("sent", ["m1"], [False, True])


async def test_killed_between_delivery_and_mark_the_post_is_looked_up_and_not_repeated(desk: Desk) -> None:
    desk.announce("week")
    deliver = desk.partner.deliver

    async def deliver_and_die(post: Post, again: bool) -> Sent:
        await deliver(post, again)
        raise Killed

    desk.partner.deliver = deliver_and_die  # type: ignore[method-assign]
    desk.relay = desk.make_relay("one")
    await die(desk)
    desk.partner.deliver = deliver  # type: ignore[method-assign]
    desk.machine.pass_s(61)
    await desk.make_relay("two").step()
    assert (desk.state("week"), desk.row("week").sent_ref, list(desk.partner.messages)) == ("sent", "m1", ["m1"])


async def test_killed_while_claiming_nothing_is_lost(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.announce("week")

    def claim_and_die(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(claims, "claim", claim_and_die)
        with pytest.raises(Killed):
            await desk.relay.step()
    assert await desk.make_relay("two").step() == 1
    assert desk.partner.agains == [False]


async def test_killed_before_the_last_look_the_post_goes_out_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.announce("week")

    def prepare_and_die(*args: object, **how: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(claims, "prepare", prepare_and_die)
        await die(desk)
    desk.machine.pass_s(61)
    await desk.make_relay("two").step()
    assert (desk.state("week"), desk.partner.keys) == ("sent", ["week"])


async def test_a_cancelled_step_leaves_a_lease_that_runs_out(desk: Desk) -> None:
    desk.announce("week")
    reached, deliver = asyncio.Event(), desk.partner.deliver

    async def hang(post: Post, again: bool) -> Sent:
        reached.set()
        await asyncio.Event().wait()
        raise AssertionError

    desk.partner.deliver = hang  # type: ignore[method-assign]
    step = asyncio.create_task(desk.make_relay("one").step())
    await reached.wait()
    step.cancel()
    with pytest.raises(asyncio.CancelledError):
        await step
    desk.partner.deliver = deliver  # type: ignore[method-assign]
    desk.machine.pass_s(61)
    await desk.make_relay("two").step()
    assert (desk.state("week"), desk.partner.agains) == ("sent", [True])


async def test_a_relay_that_was_overtaken_does_not_mark(desk: Desk) -> None:
    desk.announce("week")
    deliver = desk.partner.deliver
    heir = desk.make_relay("two")

    async def slowly(post: Post, again: bool) -> Sent:
        desk.machine.pass_s(61)
        await heir.step()
        return Sent("phantom")

    desk.partner.deliver = slowly  # type: ignore[method-assign]
    slow = desk.make_relay("one")
    heir._deliver = deliver
    await slow.step()
    assert (desk.row("week").sent_ref, list(desk.partner.messages)) == ("m1", ["m1"])


async def test_two_relays_side_by_side_deliver_nothing_twice(desk: Desk) -> None:
    for number in range(40):
        desk.announce(f"{number}", Place("discord", "server", f"room {number % 10}"), after_s=-number % 7)
    desk.clock.move_to(START + timedelta(seconds=60))
    first, second = desk.make_relay("one"), desk.make_relay("two")
    while sum(await asyncio.gather(first.empty(), second.empty())):
        pass
    assert sorted(desk.partner.keys, key=int) == [str(n) for n in range(40)]
    assert not any(desk.partner.agains)


async def test_posts_of_one_room_leave_in_order(desk: Desk) -> None:
    for key, after_s in (("third", 30), ("first", 10), ("second", 20), ("second too", 20)):
        desk.announce(key, after_s=after_s)
    desk.clock.move_to(START + timedelta(seconds=60))
    await desk.relay.empty()
    assert desk.partner.keys == ["first", "second", "second too", "third"]


async def test_a_retrying_post_holds_up_its_own_room_and_no_other(desk: Desk) -> None:
    desk.announce("first")
    desk.announce("second", after_s=1)
    desk.announce("elsewhere", OTHER_ROOM, after_s=2)
    desk.clock.move_to(START + timedelta(seconds=5))
    desk.partner.faults["first"] = [DeliveryUnknown(), DeliveryUnknown()]
    await desk.relay.empty()
    assert sorted(desk.partner.messages[ref].key for ref in desk.partner.messages) == ["elsewhere"]
    desk.machine.pass_s(2)
    await desk.relay.empty()
    assert desk.state("second") == "due"
    desk.machine.pass_s(4)
    await desk.relay.empty()
    assert [p.key for p in desk.partner.messages.values()] == ["elsewhere", "first", "second"]
    assert desk.partner.agains == [False, False, True, True, False]


def test_the_wait_doubles_up_to_five_minutes() -> None:
    assert [back_off(n) for n in (1, 2, 3, 8, 9, 5000)] == [2, 4, 8, 256, 300, 300]


async def test_an_answer_that_got_lost_is_found_again(desk: Desk) -> None:
    desk.announce("week")
    desk.partner.lost_answers.add("week")
    await desk.relay.step()
    assert desk.state("week") == "due"
    desk.machine.pass_s(2)
    await desk.relay.step()
    assert (desk.row("week").sent_ref, list(desk.partner.messages)) == ("m1", ["m1"])


async def test_a_platform_that_never_answers_is_given_up_on_and_asked_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.announce("week")
    monkeypatch.setattr(relays, "DELIVERY_S", 0.02)
    deliver = desk.partner.deliver

    async def hang(post: Post, again: bool) -> Sent:
        await asyncio.Event().wait()
        raise AssertionError

    desk.partner.deliver = hang  # type: ignore[method-assign]
    relay = desk.make_relay("one")
    await relay.step()
    assert desk.state("week") == "due"
    relay._deliver = deliver
    desk.machine.pass_s(2)
    await relay.step()
    assert (desk.state("week"), desk.partner.agains) == ("sent", [True])


async def test_later_waits_as_long_as_asked_and_is_no_try(desk: Desk) -> None:
    desk.announce("week")
    desk.partner.faults["week"] = [Later(30), Later(0)]
    await desk.relay.empty()
    desk.machine.pass_s(29)
    assert await desk.relay.step() == 0
    desk.machine.pass_s(1)
    assert await desk.relay.empty() == 1
    desk.machine.pass_s(1)
    await desk.relay.empty()
    assert (desk.state("week"), desk.partner.agains) == ("sent", [False, False, False])


async def test_later_does_not_forget_an_earlier_doubt(desk: Desk) -> None:
    desk.announce("week")
    desk.partner.faults["week"] = [DeliveryUnknown(), Later(1)]
    for _ in range(3):
        await desk.relay.empty()
        desk.machine.pass_s(10)
    assert (desk.state("week"), desk.partner.agains) == ("sent", [False, True, True])


async def test_what_is_due_on_a_platform_that_is_not_there_waits(desk: Desk) -> None:
    desk.announce("week", Place("slack", "T1", "C1"))
    assert await desk.relay.empty() == 0
    await desk.make_relay("two", "slack").empty()
    assert desk.state("week") == "sent"


async def test_a_platform_that_hangs_keeps_no_other_waiting(desk: Desk) -> None:
    for number in range(50):
        desk.announce(f"slack {number}", Place("slack", "T1", f"C{number}"))
    desk.announce("week")
    deliver, asked = desk.partner.deliver, asyncio.Event()

    async def hang(post: Post, again: bool) -> Sent:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    desk.partner.deliver = hang  # type: ignore[method-assign]
    hanging = asyncio.create_task(desk.make_relay("one", "slack").step())
    await asked.wait()
    desk.partner.deliver = deliver  # type: ignore[method-assign]
    await desk.make_relay("one").step()
    assert (desk.state("week"), desk.state("slack 49"), hanging.done()) == ("sent", "sending", False)
    hanging.cancel()


async def test_a_fault_of_ours_is_retried_then_given_up_so_that_the_room_goes_on(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.announce("broken")
    desk.announce("next", after_s=1)
    desk.clock.move_to(START + timedelta(seconds=5))
    desk.partner.faults["broken"] = [ValueError("a secret text") for _ in range(TRIES)]
    with caplog.at_level(logging.DEBUG):
        for _ in range(TRIES):
            await desk.relay.empty()
            desk.machine.pass_s(301)
    assert desk.trouble == [("broken", "failed")]
    assert (desk.state("next"), desk.row("broken").error) == ("sent", "Internal error (ValueError).")
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


async def test_a_room_that_is_gone_is_parked_told_once_and_resumed(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot.delivery.suspended_channels")
    desk.announce("first", lasts_s=60)
    desk.announce("second", after_s=1)
    desk.announce("elsewhere", OTHER_ROOM)
    desk.clock.move_to(START + timedelta(seconds=5))
    desk.partner.faults["first"] = [Gone("Give me Send Messages in #study.")]
    await desk.relay.empty()
    assert (desk.state("first"), desk.state("second"), desk.state("elsewhere")) == ("parked", "due", "sent")
    parked = desk.database.run_sync(lambda work: list_parked(work, "discord", "server"))
    assert [p.reason for p in parked] == ["Give me Send Messages in #study."]
    assert desk.trouble == [("first", "parked")]
    desk.database.run_sync(lambda work: free_room(work, ROOM))
    await desk.relay.empty()
    assert desk.partner.keys[-2:] == ["first", "second"]
    assert not any(desk.partner.agains)
    held, free = (record.getMessage() for record in caplog.records if record.name == "bot.delivery.suspended_channels")
    assert held == f"room {ROOM.room} on discord is held back; doctor says why, and it is tried again"
    assert free == f"room {ROOM.room} on discord is held back no more"


async def test_a_parked_room_is_tried_again_with_one_message_after_ever_longer_waits(desk: Desk) -> None:
    desk.announce("first")
    desk.announce("second", after_s=1)
    desk.clock.move_to(START + timedelta(seconds=5))
    desk.partner.faults["first"] = [Gone("gone")] * 20
    await desk.relay.empty()
    assert desk.partner.keys == ["first"]
    now = 0
    for minute in (10, 20, 40, 80, 160, 320, 560, 800, 1040, 1280, 1520, 1760):
        for looked_at, more in ((minute - 1, 0), (minute, 1), (minute, 0)):  # what is due stays so until it is tried
            desk.machine.pass_s(60 * (looked_at - now))
            now, known = looked_at, len(desk.partner.posts)
            await desk.relay.empty()
            assert (looked_at, len(desk.partner.posts) - known) == (looked_at, more)
    assert (set(desk.partner.keys), desk.trouble) == ({"first"}, [("first", "parked")])
    desk.partner.faults.clear()
    desk.machine.pass_s(4 * 3600)
    await desk.relay.empty()
    assert (desk.state("first"), desk.state("second")) == ("sent", "sent")
    assert desk.database.run_sync(lambda work: list_parked(work, "discord", "server"), writes=False) == []


@pytest.mark.parametrize(("ready", "states"), [("discord", ["sent", "sent", "due"]), ("slack", ["due"] * 3)])
async def test_messages_that_wait_for_a_token_go_once_their_platform_is_ready(
    desk: Desk, ready: str, states: list[str]
) -> None:
    desk.announce("week")
    desk.announce("dm", DIRECT)
    desk.announce("slowed", OTHER_ROOM)
    desk.clock.move_to(START + timedelta(seconds=5))
    desk.partner.faults |= {"week": [TokenRejected()], "dm": [TokenRejected()], "slowed": [Later(300)]}
    await desk.relay.empty()
    assert [desk.state(key) for key in ("week", "dm", "slowed")] == ["due"] * 3
    for _ in range(2):
        desk.database.run_sync(lambda work: try_rooms(work, Place(ready, None, ""), desk.machine.now()))
        await desk.relay.empty()
    assert [desk.state(key) for key in ("week", "dm", "slowed")] == states
    assert desk.trouble == []


async def test_a_mended_room_goes_on_without_anybody_asking(desk: Desk) -> None:
    desk.announce("first")
    desk.announce("second", after_s=1)
    desk.clock.move_to(START + timedelta(seconds=5))
    desk.partner.faults["first"] = [Gone("gone"), Gone("not yet")]
    await desk.relay.empty()
    for states in (["parked", "due"], ["sent", "sent"]):
        desk.database.run_sync(lambda work: try_rooms(work, ROOM, desk.machine.now()))
        await desk.relay.empty()
        assert [desk.state("first"), desk.state("second")] == states
    assert (desk.partner.keys, desk.trouble) == (["first", "first", "first", "second"], [("first", "parked")])


async def test_a_parked_room_is_told_once_even_when_what_waits_there_expires(desk: Desk) -> None:
    desk.announce("first", lasts_s=60)
    desk.announce("second", after_s=1)
    desk.clock.move_to(START + timedelta(seconds=5))
    desk.partner.faults["first"] = [Gone("gone")]
    await desk.relay.empty()
    desk.clock.move_to(START + timedelta(seconds=60))
    await desk.relay.empty()
    assert desk.trouble == [("first", "parked"), ("first", "expired")]
    assert (desk.state("second"), desk.partner.keys) == ("due", ["first"])


async def test_a_closed_direct_message_fails_alone(desk: Desk) -> None:
    desk.announce("dm", DIRECT)
    desk.announce("next dm", DIRECT, after_s=1)
    desk.clock.move_to(START + timedelta(seconds=5))
    desk.partner.faults["dm"] = [Gone("closed")]
    await desk.relay.empty()
    assert (desk.state("dm"), desk.state("next dm"), desk.trouble) == ("failed", "sent", [("dm", "failed")])


async def test_an_edit_whose_message_is_gone_does_not_park_the_room(desk: Desk) -> None:
    desk.announce("week")
    await desk.relay.step()
    desk.revise("week", say("1 of 60"))
    desk.announce("next")
    desk.partner.faults["week:edit"] = [Gone("unknown message")]
    await desk.relay.empty()
    assert (desk.state("week:edit"), desk.state("next"), desk.trouble) == ("failed", "sent", [])


async def test_a_thread_that_failed_is_opened_later_without_a_second_message(desk: Desk) -> None:
    def both(work: Work) -> None:
        outbox.announce(work, Announcement("week", ROOM, say("week"), START, thread=OpensThread("Week 1")))
        outbox.announce(
            work, Announcement("prompt", ROOM, say("prompt"), START, START + timedelta(days=7), Within("week"))
        )

    desk.database.run_sync(both)
    desk.announce("next", after_s=1)
    desk.clock.move_to(START + timedelta(seconds=5))
    desk.partner.faults["week"] = [ThreadFailed(Sent("m1"), "no"), ThreadFailed(Sent("m1"), "no"), Later(5)]
    await desk.relay.empty()
    assert (desk.state("week"), desk.state("prompt"), desk.state("next")) == ("threading", "due", "sent")
    for _ in range(4):
        desk.machine.pass_s(10)
        await desk.relay.empty()
    assert [p.sent_ref for p in desk.partner.posts if p.key == "week"] == [None, "m1", "m1", "m1"]
    assert desk.partner.posts[-1].place == Place("discord", "server", "study", "t-m1")
    assert (desk.state("week"), desk.row("week").sent_thread, desk.state("prompt")) == ("sent", "t-m1", "sent")


def announce_thread(desk: Desk) -> None:
    """Queue a post with a thread, and what belongs into it."""

    def both(work: Work) -> None:
        end = START + timedelta(seconds=60)
        outbox.announce(work, Announcement("week", ROOM, say("w"), START, end, OpensThread("Week *1*")))
        outbox.announce(work, Announcement("prompt", ROOM, say("p"), START, START + timedelta(days=7), Within("week")))

    desk.database.run_sync(both)


async def test_a_thread_that_is_never_opened_is_told_and_its_posts_stand_beside_it(desk: Desk) -> None:
    announce_thread(desk)
    desk.partner.faults["week"] = [ThreadFailed(Sent("m1"), "no")]
    await desk.relay.empty()
    desk.clock.move_to(START + timedelta(seconds=60))
    await desk.relay.empty()
    assert desk.trouble == [("week", "sent"), ("prompt", "sent")]
    assert (desk.partner.posts[-1].reply_to, desk.partner.posts[-1].place) == ("m1", ROOM)


@pytest.mark.parametrize("tried", [[], [DeliveryUnknown()]])
async def test_a_thread_that_is_gone_is_not_the_rooms_fault(desk: Desk, tried: list[BaseException]) -> None:
    announce_thread(desk)
    desk.announce("next")
    desk.partner.faults["prompt"] = [*tried, ThreadGone("The thread is gone.")]
    await desk.relay.empty()
    desk.machine.pass_s(30)
    await desk.relay.empty()
    assert (desk.state("prompt"), desk.state("next"), desk.trouble) == ("sent", "sent", [("prompt", "sent")])
    assert desk.database.run_sync(lambda work: list_parked(work, "discord", "server"), writes=False) == []
    post = next(p for p in reversed(desk.partner.posts) if p.key == "prompt")
    assert (post.place, post.reply_to, post.reply.plain()) == (ROOM, "m1", "For the thread “Week *1*”:\n\np")


async def test_beside_the_thread_the_rooms_own_error_parks_the_room(desk: Desk) -> None:
    announce_thread(desk)
    desk.partner.faults["prompt"] = [ThreadGone("The thread is gone."), Gone("channel gone")]
    await desk.relay.empty()
    assert (desk.state("prompt"), desk.trouble) == ("parked", [("prompt", "parked")])


async def test_a_message_that_is_declined_fails_alone(desk: Desk) -> None:
    desk.announce("rude")
    desk.announce("next", after_s=1)
    desk.clock.move_to(START + timedelta(seconds=5))
    desk.partner.faults["rude"] = [Declined("AutoMod blocks it.")]
    await desk.relay.empty()
    assert (desk.state("rude"), desk.state("next"), desk.trouble) == ("failed", "sent", [("rude", "failed")])


async def test_what_belongs_to_a_post_that_was_never_sent_fails_and_is_told(desk: Desk) -> None:
    announce_thread(desk)
    desk.partner.faults["week"] = [Declined("no")]
    await desk.relay.empty()
    assert desk.trouble == [("week", "failed"), ("prompt", "failed")]
    assert desk.row("prompt").error == "The post it belongs to wasn't sent."


async def test_edits_are_spaced_and_the_last_one_wins(desk: Desk) -> None:
    desk.announce("week")
    desk.revise("week", say("1"))
    await desk.relay.empty()
    desk.revise("week", say("2"))
    desk.revise("week", say("3"))
    assert await desk.relay.empty() == 0
    desk.machine.pass_s(59)
    assert await desk.relay.empty() == 0
    desk.machine.pass_s(1)
    await desk.relay.empty()
    edits = [p for p in desk.partner.posts if p.action == "edit"]
    assert [(p.ref, p.tag, p.reply) for p in edits] == [("m1", tag_of("week"), say(n)) for n in ("1", "3")]


async def test_pictures_that_were_not_ready_are_added_to_a_late_post_by_an_edit(desk: Desk) -> None:
    desk.announce("week")
    desk.clock.move_to(START + timedelta(minutes=11))
    deliver, waiting = desk.partner.deliver, [True, True, False]

    async def slow(post: Post, again: bool) -> Sent:
        return replace(await deliver(post, again), is_incomplete=waiting.pop(0))

    desk.partner.deliver = slow  # type: ignore[method-assign]
    relay = desk.make_relay("one")
    await relay.empty()
    desk.machine.pass_s(60)
    await relay.empty()
    desk.machine.pass_s(600)
    assert await relay.empty() == 0 and not waiting
    post, *edits = desk.partner.posts
    assert "Late" in post.reply.plain()
    assert [(edit.action, edit.ref, edit.reply) for edit in edits] == [("edit", "m1", post.reply)] * 2
    assert (desk.state("week"), desk.state("week:edit")) == ("sent", "sent")


async def test_pictures_that_never_come_are_given_up(desk: Desk) -> None:
    desk.announce("week")
    deliver = desk.partner.deliver

    async def slow(post: Post, again: bool) -> Sent:
        return replace(await deliver(post, again), is_incomplete=True)

    desk.partner.deliver = slow  # type: ignore[method-assign]
    relay = desk.make_relay("one")
    for _ in range(20):
        await relay.empty()
        desk.machine.pass_s(300)
    assert len(desk.partner.posts) == 1 + PICTURE_TRIES and desk.state("week:edit") == "sent"


async def test_a_change_of_a_post_adds_its_pictures_too(desk: Desk) -> None:
    desk.announce("week")
    desk.revise("week", say("1"))
    deliver = desk.partner.deliver

    async def slow(post: Post, again: bool) -> Sent:
        return replace(await deliver(post, again), is_incomplete=post.action == "post")

    desk.partner.deliver = slow  # type: ignore[method-assign]
    await desk.make_relay("one").empty()
    assert [post.reply for post in desk.partner.posts] == [say("week"), say("1")]


async def test_an_edit_changed_while_it_is_sent_is_sent_again(desk: Desk) -> None:
    desk.announce("week")
    await desk.relay.empty()
    desk.revise("week", say("1"))
    deliver = desk.partner.deliver

    async def meanwhile(post: Post, again: bool) -> Sent:
        if post.reply == say("1"):
            await asyncio.to_thread(desk.revise, "week", say("2"))
        return await deliver(post, again)

    desk.partner.deliver = meanwhile  # type: ignore[method-assign]
    relay = desk.make_relay("one")
    await relay.empty()
    assert (desk.state("week:edit"), desk.partner.messages["m1"].reply) == ("due", say("1"))
    desk.machine.pass_s(60)
    await relay.empty()
    assert (desk.state("week:edit"), desk.partner.messages["m1"].reply) == ("sent", say("2"))


async def test_when_the_database_is_busy_at_the_mark_it_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.commands.refusals import busy

    desk.announce("week")
    store, refusals = desk.relay._store, [busy()]

    def stubborn(*args: object) -> None:
        if refusals:
            raise refusals.pop()
        store(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.relay, "_store", stubborn)
    await desk.relay.step()
    assert (desk.state("week"), desk.partner.keys) == ("sent", ["week"])


async def test_a_report_that_fails_undoes_nothing(desk: Desk) -> None:
    def fail(work: Work, row: object) -> None:
        raise LookupError

    desk.relay._on_trouble = fail
    desk.announce("dm", DIRECT)
    desk.partner.faults["dm"] = [Gone("closed")]
    await desk.relay.step()
    assert desk.state("dm") == "failed"


class Noting(Observer):
    """Notes what it is told of messages."""

    def __init__(self) -> None:
        self.tries: list[bool] = []
        self.states: list[tuple[str, str]] = []

    def tried(self, platform: str, *, was_there: bool) -> None:
        self.tries.append(was_there)

    def closed(self, platform: str, state: str) -> None:
        self.states.append((platform, state))


async def test_each_try_is_told_once_and_so_is_what_became_of_a_message(desk: Desk) -> None:
    noting = Noting()
    relay = desk.make_relay("one", observer=noting)
    for key, fault in (("gone", Gone("It was deleted.")), ("unfit", Declined("It is too long."))):
        desk.partner.faults[key] = [fault]
        desk.announce(key, Place("discord", "server", key))
    desk.partner.lost_answers.add("lost")
    desk.announce("lost")
    desk.announce("late", OTHER_ROOM, lasts_s=-1)
    await relay.empty()
    assert sorted(noting.states) == [
        ("discord", state) for state in ("due", "expired", "failed", "parked")
    ]  # one whose answer was lost is due again
    desk.machine.pass_s(10)
    await relay.empty()
    assert (noting.states[4:], noting.tries) == ([("discord", "sent")], [False, False, False, True])


async def test_what_is_not_needed_any_more_is_told_without_a_try(desk: Desk) -> None:
    noting = Noting()
    desk.database.run_sync(
        lambda work: outbox.announce(
            work, Announcement("week", ROOM, say("week"), START, unless=Unless("is done", {"done": 1}))
        )
    )
    await desk.make_relay("one", observer=noting).empty()
    assert (noting.states, noting.tries) == ([("discord", "skipped")], [])


async def test_one_that_hangs_holds_up_no_other_and_the_rest_flows(desk: Desk) -> None:
    for n in range(3 * relays.AT_ONCE):
        desk.announce(f"{n:02}", Place("discord", "server", f"room{n}"))
    deliver, goes_on = desk.partner.deliver, asyncio.Event()

    async def slow(post: Post, again: bool) -> Sent:
        if post.key == "00":
            await goes_on.wait()
        return await deliver(post, again)

    desk.partner.deliver = slow  # type: ignore[method-assign]
    flowing = asyncio.create_task(desk.make_relay("one").flow())
    async with asyncio.timeout(10):
        while len(desk.partner.posts) < 3 * relays.AT_ONCE - 1:
            await asyncio.sleep(0.005)
        desk.announce("news", OTHER_ROOM)
        while "news" not in desk.partner.keys:
            await asyncio.sleep(0.005)
        assert not flowing.done()
        goes_on.set()
        await flowing
    assert "00" in desk.partner.keys


async def test_a_flow_goes_on_where_all_that_was_due_was_closed(desk: Desk) -> None:
    desk.announce("old", lasts_s=1)
    desk.clock.move_to(START + timedelta(minutes=1))
    await desk.relay.flow()
    assert desk.row("old").state == "expired" and not desk.partner.posts


async def test_a_flow_that_cannot_look_says_why(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise StorageTrouble(faults.FULL)

    monkeypatch.setattr(desk.database, "run", refuse)
    with pytest.raises(StorageTrouble):
        await desk.relay.flow()


async def test_a_flow_that_is_to_end_finishes_what_is_on_its_way_and_takes_no_more(desk: Desk) -> None:
    for n in range(claims.BATCH + 10):
        desk.announce(f"{n:02}", Place("discord", "server", f"room{n}"))
    await desk.relay.flow(lambda: not desk.partner.posts)
    assert len(desk.partner.posts) == claims.BATCH


async def test_a_delivery_is_logged_under_the_event_that_queued_the_message(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    def mark(record: logging.LogRecord) -> bool:
        record.event_id = present()
        return True

    caplog.handler.addFilter(mark)
    with event() as queued:
        desk.announce("week")
    with event() as changed:
        desk.revise("week", say("more"))
    desk.partner.faults["week"] = [RuntimeError("what it says: week")]
    await desk.relay.empty()
    desk.machine.pass_s(60)
    await desk.relay.empty()
    caplog.handler.removeFilter(mark)
    told = {(record.getMessage().split("\n")[0], record.__dict__["event_id"]) for record in caplog.records}
    number = desk.row("week").id
    assert told >= {
        (f"delivering outbox row {number} failed", queued),
        (f"outbox row {number} (post) did not get to discord, try 1", queued),
        (f"outbox row {number} (post) is on discord, try 2", queued),
    }
    assert (desk.row("week").event_id, desk.row("week:edit").event_id) == (queued, changed)
    assert "what it says" not in caplog.text


async def test_a_delivery_that_no_event_queued_is_an_event_of_its_own(desk: Desk) -> None:
    seen: list[str] = []
    usual = desk.partner.deliver

    async def deliver(post: Post, again: bool) -> Sent:
        seen.append(present())
        return await usual(post, again)

    desk.relay._deliver = deliver
    desk.announce("week")
    desk.announce("month", Place("discord", "guild", "other"))
    await desk.relay.empty()
    assert len({*seen}) == 2 and all(seen) and desk.row("week").event_id is None
