"""Who talks in a thread: what people say to each other there is not for the bot."""

from __future__ import annotations

from bot.commands.context import Place
from bot.platforms import reply_channel
from bot.platforms.reply_channel import ThreadParticipants

HERE, THERE = Place("slack", "T1", "C1", "1.1"), Place("slack", "T1", "C1", "2.2")


def test_who_speaks_after_somebody_else_may_well_speak_to_them() -> None:
    some = ThreadParticipants()
    some.note(HERE, "ben")
    assert some.are_talking(HERE, "ada") and not some.are_talking(HERE, "ben")
    assert not some.are_talking(THERE, "ada")


def test_an_answer_of_the_bot_makes_it_the_one_who_spoke_last() -> None:
    some = ThreadParticipants()
    some.note(HERE, "ben")
    some.clear(HERE)
    assert not some.are_talking(HERE, "ada")


def test_the_oldest_threads_are_forgotten() -> None:
    some = ThreadParticipants()
    for n in range(reply_channel.THREADS + 1):
        some.note(Place("slack", "T1", "C1", str(n)), "ben")
    assert not some.are_talking(Place("slack", "T1", "C1", "0"), "ada")
    assert some.are_talking(Place("slack", "T1", "C1", "1"), "ada")
