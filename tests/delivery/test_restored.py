"""After an older database came back its numbers are given again: what has one anew is not what had it before."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from bot.chat.platform import DeliveryUnknown
from bot.delivery.outbox import OutboxRow, tag_of
from bot.delivery.outbox_lease import Restoration, era
from bot.storage.unit_of_work import Work
from tests.storage.sample_app import ROOM, START, Desk

HOUR = timedelta(hours=1)


def restore(desk: Desk, *afters: timedelta) -> None:
    """Have backups been put back at these times after the start."""

    def put(work: Work) -> None:
        work.session.add_all(Restoration(made_at=START - HOUR, restored_at=START + after) for after in afters)

    desk.database.run_sync(put)


def lose(desk: Desk, key: str) -> None:
    """Have the database know nothing of a message."""
    desk.database.run_sync(lambda work: work.session.execute(delete(OutboxRow).where(OutboxRow.key == key)))


async def test_what_falls_due_after_it_has_another_mark_than_what_had_its_number_before(desk: Desk) -> None:
    restore(desk, timedelta(), HOUR)
    found = desk.database.run_sync(lambda work: [era(work.session, START + n * HOUR) for n in (-1, 0, 1, 2)])
    assert found[0] == found[1] == "" and len({*found}) == 3
    assert tag_of("week", "") == tag_of("week") != tag_of("week", found[2]) != tag_of("week", found[3])
    assert all(len(tag_of("week", mark)) == 20 for mark in found)


async def test_the_second_try_of_a_new_message_does_not_take_the_post_of_a_lost_one_for_its_own(desk: Desk) -> None:
    desk.announce("c7:welcome")
    await desk.relay.empty()
    lost = desk.partner.messages["m1"]
    lose(desk, "c7:welcome")
    restore(desk, HOUR)
    desk.clock.move_to(START + 2 * HOUR)
    desk.machine.pass_s(7200)
    desk.announce("c7:welcome", after_s=7200)
    desk.partner.faults["c7:welcome"] = [DeliveryUnknown()]
    await desk.relay.empty()
    desk.machine.pass_s(60)
    await desk.relay.empty()
    assert desk.partner.agains == [False, False, True]
    assert [message.place for message in desk.partner.messages.values()] == [ROOM, ROOM], (
        "it stands there beside the old one"
    )
    assert desk.partner.messages["m2"].tag != lost.tag


async def test_what_was_due_before_it_is_found_where_it_stands(desk: Desk) -> None:
    desk.announce("c7:welcome")
    await desk.relay.empty()
    lose(desk, "c7:welcome")
    restore(desk, HOUR)
    desk.clock.move_to(START + 2 * HOUR)
    desk.announce("c7:welcome")
    await desk.relay.empty()
    assert (len(desk.partner.messages), desk.row("c7:welcome").sent_ref) == (1, "m1")
