from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands.context import Place
from bot.delivery import outbox
from bot.delivery.outbox import Announcement, Within, list_trouble, tag_of
from bot.delivery.suspended_channels import (
    Queue,
    count_parked,
    free_room,
    lag,
    list_parked,
    park_room,
    queues,
    try_rooms,
)
from bot.messages.reply import say
from bot.storage.unit_of_work import Work
from tests.storage.sample_app import OTHER_ROOM, ROOM, START, Desk


def test_a_tag_is_twenty_url_safe_characters_made_of_the_key() -> None:
    assert tag_of("cohort:1") == tag_of("cohort:1") != tag_of("cohort:2")
    assert len(tag_of("é" * 200)) == 20
    assert not set(tag_of("cohort:1")) & set("+/=~?&")


def test_the_same_key_is_queued_once(desk: Desk) -> None:
    assert desk.announce("week:1")
    assert not desk.announce("week:1", OTHER_ROOM)
    assert desk.row("week:1").place == ROOM


def test_a_post_is_queued_only_if_its_transaction_commits(desk: Desk) -> None:
    def fail(work: Work) -> None:
        outbox.announce(work, Announcement("lost", ROOM, say("x"), START))
        raise LookupError

    with pytest.raises(LookupError):
        desk.database.run_sync(fail)
    assert desk.announce("lost")


def test_a_post_into_a_thread_has_an_end() -> None:
    with pytest.raises(ValueError, match="must have an end"):
        Announcement("k", ROOM, say("x"), START, thread=Within("week"))


def test_a_direct_message_without_a_tenant_keeps_its_place(desk: Desk) -> None:
    place = Place("discord", None, "@42")
    desk.announce("dm", place)
    assert desk.row("dm").place == place


async def test_edits_that_wait_become_one(desk: Desk) -> None:
    desk.announce("week")
    assert desk.revise("week", say("1 of 60"))
    assert desk.revise("week", say("2 of 60"))
    assert not desk.revise("week", say("2 of 60"))
    await desk.relay.empty()
    assert [p.reply for p in desk.partner.posts] == [say("week"), say("2 of 60")]


def test_what_was_never_queued_cannot_be_edited_or_taken_back(desk: Desk) -> None:
    assert not desk.revise("nothing", say("x"))
    assert not desk.database.run_sync(lambda work: outbox.withdraw(work, "nothing"))


async def test_a_post_that_was_never_tried_is_taken_back_silently(desk: Desk) -> None:
    desk.announce("week")
    desk.revise("week", say("edited"))
    assert desk.database.run_sync(lambda work: outbox.withdraw(work, "week"))
    assert await desk.relay.empty() == 0
    assert (desk.state("week"), desk.state("week:edit"), desk.partner.posts) == ("skipped", "skipped", [])


async def test_a_sent_post_is_taken_back_once_and_then_no_longer_edited(desk: Desk) -> None:
    desk.announce("week")
    await desk.relay.step()
    assert desk.database.run_sync(lambda work: outbox.withdraw(work, "week"))
    assert not desk.database.run_sync(lambda work: outbox.withdraw(work, "week"))
    assert not desk.revise("week", say("too late"))
    await desk.relay.empty()
    assert [(p.action, p.ref, p.tag) for p in desk.partner.posts[1:]] == [("delete", "m1", tag_of("week"))]
    assert not desk.partner.messages


def test_lag_is_the_wait_of_the_oldest_post_that_could_go_out(desk: Desk) -> None:
    later = START + timedelta(seconds=90)

    def seconds() -> float:
        return desk.database.run_sync(lambda work: lag(work, later), writes=False)

    assert seconds() == 0
    desk.announce("future", after_s=100)
    assert seconds() == 0
    desk.announce("old", after_s=10)
    desk.announce("elsewhere", OTHER_ROOM, after_s=30)
    assert seconds() == 80
    waiting = desk.database.run_sync(lambda work: queues(work, later), writes=False)
    assert waiting == {"discord": Queue(2, 80)}
    desk.database.run_sync(lambda work: park_room(work, ROOM, "gone", START))
    assert seconds() == 60
    assert desk.database.run_sync(count_parked, writes=False) == {"discord": 1}


async def test_trouble_is_listed_for_its_own_tenant_only(desk: Desk) -> None:
    desk.announce("a", lasts_s=10)
    desk.announce("b", Place("discord", "another", "study"), lasts_s=10)
    desk.clock.move_to(START + timedelta(seconds=10))
    await desk.relay.empty()
    rows = desk.database.run_sync(lambda work: list_trouble(work.session, "discord", "server"))
    assert [(row.key, row.state) for row in rows] == [("a", "expired")]
    since = START + timedelta(seconds=1)
    assert not desk.database.run_sync(lambda work: list_trouble(work.session, "discord", "server", since=since))


def test_a_room_is_parked_once_and_freed_once(desk: Desk) -> None:
    def both(work: object) -> tuple[bool, bool]:
        return park_room(work, ROOM, "gone", START), park_room(work, ROOM, "gone", START)  # type: ignore[arg-type]

    assert desk.database.run_sync(both) == (True, False)
    parked = desk.database.run_sync(lambda work: list_parked(work, "discord", "server"))
    assert [(p.room, p.reason) for p in parked] == [("study", "gone")]
    assert desk.database.run_sync(lambda work: free_room(work, ROOM))
    assert not desk.database.run_sync(lambda work: free_room(work, ROOM))


@pytest.mark.parametrize(
    ("place", "tried"),
    [
        (ROOM, ["study"]),
        (Place("discord", "server", "elsewhere"), []),
        (Place("discord", "server", ""), ["lobby", "study"]),
        (Place("discord", "another", ""), ["hall"]),
        (Place("discord", None, ""), ["hall", "lobby", "study"]),
        (Place("slack", None, ""), []),
    ],
)
def test_a_mended_room_is_tried_at_once_and_so_are_all_of_a_mended_server(
    desk: Desk, place: Place, tried: list[str]
) -> None:
    def park(work: Work) -> None:
        for room in (ROOM, OTHER_ROOM, Place("discord", "another", "hall")):
            park_room(work, room, "gone", START)

    def list_tried(work: Work) -> list[str]:
        rooms = [*list_parked(work, "discord", "server"), *list_parked(work, "discord", "another")]
        return sorted(p.room for p in rooms if p.next_try_at == START)

    desk.database.run_sync(park)
    assert desk.database.run_sync(lambda work: try_rooms(work, place, START), writes=False) == bool(tried)
    assert desk.database.run_sync(list_tried) == []
    desk.database.run_sync(lambda work: try_rooms(work, place, START))
    assert desk.database.run_sync(list_tried) == tried
