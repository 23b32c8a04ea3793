"""What a question goes on with: a thread, a reply, a direct message, for an hour; read like chat."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.answers.compose.turns import Earlier, query
from bot.answers.compose.values import Answer
from bot.commands.context import ALONE, ConversationRef, Place
from bot.features.ask.tables import Exchange
from bot.features.ask.transcript import REMEMBERED, Underway
from bot.features.people.tables import AccountRow
from bot.messages.call import Call
from bot.messages.reply import Reply
from tests.features.ask.test_commands import Parrot, parrot
from tests.harness import World, text, world

pytestmark = pytest.mark.long

DROPOUT, TESTING = "what is dropout?", "and at test time?"
TUPLE, AGAIN = "what is a tuple?", "is it hashable?"


def ask(question: str, name: str = "ask") -> Call:
    return Call(name, {"question": question})


def turn_of(reply: Reply) -> str:
    return next(b.target.args["turn"] for b in reply.buttons if isinstance(b.target, Call) and "turn" in b.target.args)


@pytest.fixture
async def bird(w: World) -> Parrot:
    await w.begin("ada", "ben")
    return parrot(w)


async def kept(w: World) -> int:
    return await w.app.database.run(lambda work: work.session.scalar(select(func.count(Exchange.id))) or 0)


def heard(bird: Parrot) -> list[str]:
    """Return the turns of the last question that was asked, and forget all."""
    turns, bird.asked = bird.asked, []
    return turns


async def test_four_turns_of_a_thread_with_a_change_of_subject(w: World, bird: Parrot) -> None:
    said: list[str] = []
    for line in (DROPOUT, TESTING, TUPLE, AGAIN):
        await w.call("ada", ask(line), thread="7")
        said.append(line)
        assert heard(bird) == said


async def test_another_persons_follow_up_in_the_thread_goes_on_with_what_was_asked_there(
    w: World, bird: Parrot
) -> None:
    await w.call("ada", ask(DROPOUT), thread="7")
    heard(bird)
    await w.call("ben", ask(TESTING), thread="7")
    assert heard(bird) == [DROPOUT, TESTING]


async def test_a_question_in_the_channel_begins_anew_and_one_in_another_thread_too(w: World, bird: Parrot) -> None:
    for where in (None, None, "7", "8"):
        await w.call("ada", ask(TUPLE), thread=where)
        assert heard(bird) == [TUPLE]
    await w.call("ada", ask(TUPLE), thread="7", room="random")
    assert heard(bird) == [TUPLE]


async def test_the_thread_that_an_answer_opens_goes_on_with_it(w: World, bird: Parrot) -> None:
    await w.call("ada", ask(DROPOUT), strand=ConversationRef(thread="7", begins=True))
    heard(bird)
    await w.call("ben", ask(TESTING), thread="7")
    assert heard(bird) == [DROPOUT, TESTING]


async def test_a_thread_that_somebody_opens_on_an_answer_goes_on_with_it(w: World, bird: Parrot) -> None:
    root = turn_of(await w.call("ada", ask(DROPOUT)))
    heard(bird)
    for said in ([DROPOUT, TESTING], [DROPOUT, TESTING, TUPLE]):
        await w.call("ben", ask(said[-1]), thread="7", strand=ConversationRef(root, begins=True))
        assert heard(bird) == said


async def test_a_reply_goes_on_with_the_answer_that_it_replies_to_and_with_no_later_one(w: World, bird: Parrot) -> None:
    first = turn_of(await w.call("ada", ask(DROPOUT)))
    heard(bird)
    second = turn_of(await w.call("ada", ask(TESTING), strand=ConversationRef(first)))
    assert heard(bird) == [DROPOUT, TESTING]
    await w.call("ben", ask(AGAIN), strand=ConversationRef(second))
    assert heard(bird) == [DROPOUT, TESTING, AGAIN]
    await w.call("ada", ask("is it random?"), strand=ConversationRef(first))
    assert heard(bird) == [DROPOUT, "is it random?"]


async def test_an_answer_of_another_room_is_nothing_to_go_on_with(w: World, bird: Parrot) -> None:
    elsewhere = turn_of(await w.call("ada", ask(DROPOUT), room="@ada"))
    heard(bird)
    await w.call("ben", ask(TESTING), strand=ConversationRef(elsewhere))
    assert heard(bird) == [TESTING]


async def test_a_direct_message_goes_on_however_it_is_asked(w: World, bird: Parrot) -> None:
    await w.say("ada", DROPOUT, room="@ada")
    heard(bird)
    await w.call("ada", ask(TESTING, "consult"), room="@ada")
    assert heard(bird) == [DROPOUT, TESTING]
    await w.say("ben", AGAIN, room="@ben")
    assert heard(bird) == [AGAIN]


async def test_what_was_answered_to_one_alone_is_never_in_what_others_read(w: World, bird: Parrot) -> None:
    await w.call("ada", ask("am I too slow for this?", "consult"), thread="7")
    heard(bird)
    for who in ("ada", "ben"):
        await w.call(who, ask(DROPOUT), thread="7")
        assert "am I too slow for this?" not in heard(bird)
    await w.call("ben", ask(TESTING, "consult"), thread="7")
    assert heard(bird) == [DROPOUT, DROPOUT, TESTING]
    await w.call("ada", ask(TESTING, "consult"), thread="7")
    assert heard(bird) == ["am I too slow for this?", DROPOUT, DROPOUT, TESTING]


async def test_a_question_for_oneself_in_the_channel_is_not_kept(w: World, bird: Parrot) -> None:
    await w.call("ada", ask(DROPOUT, "consult"))
    assert await kept(w) == 0


async def test_after_an_hour_a_thread_is_forgotten(w: World, bird: Parrot) -> None:
    await w.call("ada", ask(DROPOUT), thread="7")
    await w.after(minutes=59)
    heard(bird)
    await w.call("ada", ask(TESTING), thread="7")
    assert heard(bird) == [DROPOUT, TESTING]
    await w.after(minutes=2)
    await w.call("ada", ask(AGAIN), thread="7")
    assert heard(bird) == [TESTING, AGAIN]
    await w.after(minutes=61)
    await w.app.run_upkeep()
    assert await kept(w) == 0


async def test_a_conversation_is_bounded_in_number_and_length(w: World, bird: Parrot) -> None:
    bird.given = Answer("long " * 1000 + "[1]", "covered", bird.given.citations, "notes")
    for n in range(REMEMBERED + 3):
        await w.call("ada", ask(f"what is number {n}? " + "why " * 100), thread="7")
    turns = heard(bird)[-REMEMBERED - 1 :]
    assert [turn.split("?")[0][-1] for turn in turns] == [str(n) for n in range(2, REMEMBERED + 3)]
    assert await kept(w) == REMEMBERED


@pytest.mark.parametrize("dispute", ["no, you are wrong", "no, it is only used at test time"])
async def test_however_often_an_answer_is_disputed_its_question_is_remembered(
    w: World, bird: Parrot, dispute: str
) -> None:
    for line in (DROPOUT, *[dispute] * (REMEMBERED + 2)):
        await w.call("ada", ask(line), thread="7")
    assert await kept(w) == REMEMBERED + 1
    heard(bird)
    await w.call("ada", ask("why?"), thread="7")
    turns = heard(bird)
    assert (turns[0], turns[-2], turns[-1]) == (DROPOUT, dispute, "why?")
    assert DROPOUT in query(turns).text


async def test_a_restart_keeps_the_conversation(tmp_path: Path) -> None:
    async with world(tmp_path) as before:
        parrot(before)
        await before.call("ada", ask(DROPOUT), thread="7")
        now = before.clock.now()
    async with world(tmp_path, at=now) as after:
        bird = parrot(after)
        await after.call("ada", ask(TESTING), thread="7")
        assert bird.asked == [DROPOUT, TESTING]


async def test_a_removed_answer_is_no_part_of_the_conversation(w: World, bird: Parrot) -> None:
    first = await w.call("ada", ask(DROPOUT), thread="7")
    await w.call("ada", ask(TUPLE), thread="7")
    await w.press("ada", "Remove", of=first, room="general", thread="7")
    heard(bird)
    await w.call("ada", ask(AGAIN), thread="7")
    assert heard(bird) == [TUPLE, AGAIN]


async def test_nobody_but_asker_and_moderators_makes_it_forget_a_turn(w: World, bird: Parrot) -> None:
    answer = await w.call("ada", ask(DROPOUT), thread="7")
    assert (await w.press("ben", "Remove", of=answer, thread="7")).tone == "error"
    assert await kept(w) == 1


async def test_an_answer_whose_asker_is_not_kept_is_removed_by_moderators_alone(w: World, bird: Parrot) -> None:
    me = await w.app.database.run(
        lambda work: work.session.scalar(select(AccountRow.id).where(AccountRow.name == "Ada"))
    )
    answer, alone = await w.call("ada", ask(DROPOUT)), await w.call("ada", ask(AGAIN), room="@ada")
    await w.after(hours=2)
    await w.app.run_upkeep()
    older = Call("remove", {"by": str(me)})  # from before there were conversations
    for refused in (await w.press("ada", "Remove", of=answer), await w.call("ada", older)):
        assert (refused.tone, refused.audience) == ("error", "private")
        assert text(refused) == "I no longer know who asked this, so only Mo can remove it."
    for gone in (
        await w.press("mo", "Remove", of=answer),
        await w.call("mo", older),
        await w.press("ada", "Remove", of=alone, room="@ada"),
    ):
        assert text(gone) == "This answer was removed."


async def test_who_is_forgotten_leaves_no_question_behind(w: World, bird: Parrot) -> None:
    await w.call("ada", ask(DROPOUT), thread="7")
    assert "questions from the last hour (1)" in text(await w.call("ada", Call("kept")))

    def forget(work) -> None:  # type: ignore[no-untyped-def]
        work.session.delete(work.session.scalars(select(AccountRow).where(AccountRow.name == "Ada")).one())

    await w.app.database.run(forget)
    assert await kept(w) == 0


async def test_no_question_or_answer_is_logged(w: World, bird: Parrot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await w.call("ada", ask("what is a zebrafinch?"), thread="7")
    await w.call("ada", ask(TESTING), thread="7")
    assert "zebrafinch" not in caplog.text and "constant time" not in caplog.text


async def test_with_a_question_goes_what_the_bot_answered_before_it(w: World, bird: Parrot) -> None:
    await w.call("ada", ask(DROPOUT), thread="7")
    heard(bird)
    await w.call("ben", ask("and the second one?"), thread="7")
    before, last = heard(bird)
    assert isinstance(before, Earlier) and not isinstance(last, Earlier)
    assert before.answered.startswith("A set finds a member in constant time.") and "asks" not in before.answered


async def test_of_two_questions_at_once_in_one_conversation_the_second_goes_on_with_the_first(
    w: World, bird: Parrot
) -> None:
    first = asyncio.create_task(w.call("ada", ask(DROPOUT), thread="7"))
    second = asyncio.create_task(w.call("ben", ask(TESTING), thread="7"))
    elsewhere = asyncio.create_task(w.call("chloe", ask(TUPLE), thread="8"))
    assert all(one.tone != "error" for one in await asyncio.gather(first, second, elsewhere))
    asked = heard(bird)
    assert asked.count(TUPLE) == 1 and [one for one in asked if one != TUPLE] == [DROPOUT, DROPOUT, TESTING]


async def test_what_fails_holds_up_nothing_after_it(w: World, bird: Parrot) -> None:
    places = Underway()
    there = Place("slack", "T1", "C1", "7")
    with pytest.raises(RuntimeError):
        async with places.turn(there, ALONE):
            raise RuntimeError
    async with asyncio.timeout(1), places.turn(there, ALONE):
        pass
    assert not places._locks and not places._waiting
