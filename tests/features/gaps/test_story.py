"""From a question that the notes lack to a note that answers it, in dialogue."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.delivery.outbox import OutboxRow
from bot.features.ask.tables import Question
from bot.features.gaps import wording
from bot.features.gaps.service import Rating
from bot.messages.call import PACKED_MAX, Call
from bot.messages.reply import Reply
from tests.harness import World, text

pytestmark = pytest.mark.long

ASKED = "how do I roll back the quokka service?"
NOTE = "To roll back the quokka service, run the zanzibar script with the flag `--undo` and the last tag."


def labels(reply: Reply) -> list[str]:
    return [button.label for button in reply.buttons]


async def told(w: World, who: str) -> list[OutboxRow]:
    """Return the direct messages to somebody about what a note answers."""

    def read(work: Any) -> list[OutboxRow]:
        chosen = select(OutboxRow).where(OutboxRow.key.contains(":gap:")).order_by(OutboxRow.id)
        return [row for row in work.session.scalars(chosen) if row.place.reader == who]

    return await w.app.database.run(read, writes=False)


async def count(w: World, table: type[Any]) -> int:
    chosen = select(func.count(table.id))
    return await w.app.database.run(lambda work: work.session.scalar(chosen) or 0, writes=False)


async def ask(w: World, who: str, question: str = ASKED) -> Reply:
    return await w.say(who, f"ask {question}")


@pytest.fixture
async def group(w: World) -> World:
    """A group with Ada, Ben and Chloe."""
    await w.begin("ada", "ben", "chloe")
    return w


async def test_from_a_gap_to_a_note_to_a_told_asker(group: World) -> None:
    w = group
    assert "not in our notes" in text(await ask(w, "ada"))
    await w.press("ada", "Ask the group")
    await w.press("ada", "Post question")
    await w.tick()
    await ask(w, "chloe", "how to roll back quokka service")
    listed = await w.say("mo", "gaps")
    assert listed.title == "1 open question in Night owls" and listed.audience == "private"
    assert "1. Asked by 2 people, last on Mon 2 Mar 2026 > how to roll back quokka service" in text(listed)
    assert ASKED in text(listed) and "Ada" not in text(listed) and "Chloe" not in text(listed)
    written = await w.press("mo", "Answer 1", {"title": "Rolling back", "text": NOTE})
    assert written.tone == "good" and written.title == "Added “Rolling back” to Night owls"
    assert text(written).endswith("`ask` now uses this note. I'll tell two members who asked.")
    assert "by Mo" in text(await w.say("mo", "notes list"))
    recorded = text(await w.say("mo", "audit"))
    assert "Mo answered a question with a note." in recorded
    assert "No open questions. The notes answered" in text(await w.say("mo", "gaps"))
    await w.tick()
    (message,) = await told(w, "ada")
    assert message.state == "sent" and len(await told(w, "chloe")) == 1
    said = Reply.from_json(message.reply)
    assert "Mo has written a note about it: “Rolling back”" in text(said)
    assert text(said).startswith(f"Night owls You asked something that our notes didn't answer: > {ASKED} ")
    (put,) = [post for _, posts in await w.threads() for post in posts if ASKED in text(post)]
    assert "Mo has written a note about it: “Rolling back”" in text(put) and labels(put)[0] == "Read note"
    assert "zanzibar" in text(await w.press("ada", "Read note", of=said))
    answer = await ask(w, "ben")
    assert "run the zanzibar script" in text(answer) and "Sources: Mo's note: Rolling back" in text(answer)


@pytest.mark.nightly
async def test_an_answer_of_three_words_is_found(group: World) -> None:
    w = group
    await ask(w, "ada", "which zebra leads the parade?")
    await w.say("mo", "gaps")
    await w.press("mo", "Answer 1", {"text": "It is Marty."})
    assert "It is Marty." in text(await ask(w, "ben", "which zebra leads the parade?"))


@pytest.mark.nightly
async def test_a_note_answers_the_questions_of_its_gap_by_whatever_title(group: World) -> None:
    w = group
    for who, question in (("ada", "who is our quiz master here?"), ("chloe", "who is the quiz master?")):
        await ask(w, who, question)
    await w.say("mo", "gaps")
    await w.press("mo", "Answer 1", {"title": "Thursdays", "text": "Ben, with a bell."})
    for question in ("who is our quiz master here?", "who is the quiz master?"):
        assert "Ben, with a bell." in text(await ask(w, "ben", question))


async def test_a_bad_rating_is_a_gap_and_a_better_one_closes_it(group: World) -> None:
    w = group
    answer = await ask(w, "ada", "what is backpropagation?")
    assert labels(answer)[-2:] == ["Rate", "Remove"]
    choice = await w.press("ben", "Rate", of=answer)
    assert choice.audience == "private"
    assert labels(choice) == ["Helpful", "Wrong", "Off topic", "Incomplete", "Unclear"]
    noted = await w.press("ben", "Incomplete")
    assert (noted.tone, noted.audience, noted.replaces) == ("good", "private", True)
    assert text(noted).startswith("Thank you! You rated this answer “incomplete”.")
    await w.press("ben", "Add comment", {"line": "where is *the* chain rule <@1>?"})
    await w.press("chloe", "Rate", of=answer)
    await w.press("chloe", "Incomplete")
    listed = await w.say("mo", "gaps")
    assert "1. Asked by 1 person, last on Mon 2 Mar 2026. Rated “incomplete” (2)" in text(listed)
    assert "> what is backpropagation? > “where is *the* chain rule <@1>?”" in text(listed)
    assert "Ben" not in text(listed) and "answer it by now" not in text(listed)
    for who in ("ben", "chloe"):
        again = await w.press(who, "Rate", of=answer)
        assert "You rated it “incomplete”." in text(again)
        assert labels(await w.press(who, "Helpful")) == ["Change rating"]
    assert "No open questions" in text(await w.say("mo", "gaps")) and await count(w, Rating) == 2


async def test_who_rated_badly_hears_of_the_note_too(group: World) -> None:
    w = group
    answer = await ask(w, "ada", "what is backpropagation?")
    await w.press("ben", "Rate", of=answer)
    await w.press("ben", "Unclear")
    await w.say("mo", "gaps")
    await w.press("mo", "Answer 1", {"title": "Backpropagation, slowly", "text": "It goes back."})
    await w.tick()
    assert len(await told(w, "ben")) == 1
    rated = await w.press("ben", "Rate", of=answer)
    await w.press("ben", "Wrong", of=rated)
    assert "Rated “wrong”" in text(await w.say("mo", "gaps"))


async def test_another_group_sees_nothing_of_it(group: World) -> None:
    w = group
    await ask(w, "ada")
    answer = await ask(w, "ada", "what is backpropagation?")
    listed = await w.say("mo", "gaps")
    await w.say("mo", 'cohort create name="Early birds" timezone=UTC confirm=yes', room="birds")
    await w.say("dev", "join", room="birds")
    assert "No open questions" in text(await w.say("mo", "gaps", room="birds"))
    for label in ("Answer 1", "Dismiss 1"):
        target = w.button("mo", label, listed).target
        assert isinstance(target, Call)
        call = Call(target.name, {**target.args, "text": "x"} if "Answer" in label else target.args)
        refused = await w.call("mo", call, room="birds")
        assert "closed already" in text(refused)
    rate = w.button("ada", "Rate", answer).target
    assert isinstance(rate, Call)
    elsewhere = Call("rate", {**rate.args, "verdict": "wrong"})
    assert "too old to rate" in text(await w.call("dev", elsewhere, room="birds"))
    assert "1 open question" in str((await w.say("mo", "gaps")).title)


async def test_nothing_is_kept_of_a_private_question(group: World) -> None:
    w = group
    await w.call("ada", Call("consult", {"question": ASKED}))
    answer = await w.call("ada", Call("consult", {"question": "what is backpropagation?"}))
    assert labels(answer)[-1] == "Ask publicly" and "Rate" not in labels(answer)
    assert await count(w, Question) == 0 and "No open questions" in text(await w.say("mo", "gaps"))


async def test_who_has_left_is_told_nothing_and_who_sleeps_in_the_morning(group: World) -> None:
    w = group
    for who in ("ada", "ben", "chloe", "zoe"):
        await ask(w, who)
    await w.say("ben", "leave")
    await w.after(hours=14)  # eleven at night
    await w.say("mo", "gaps")
    written = await w.press("mo", "Answer 1", {"text": NOTE})
    assert "I'll tell two members who asked" in text(written)
    await w.say("chloe", "leave")
    await w.tick()
    (message,) = await told(w, "ada")
    assert message.state != "sent" and message.due_at.hour == 8
    await w.after(hours=12)
    assert [row.state for row in await told(w, "ada")] == ["sent"]
    assert [row.state for row in await told(w, "chloe")] != ["sent"]
    assert await told(w, "ben") == [] and await told(w, "zoe") == []


async def test_nobody_is_told_of_a_note_that_is_gone_by_then(group: World) -> None:
    w = group
    for who in ("ada", "chloe"):
        await ask(w, who)
    await w.after(hours=14)  # eleven at night
    await w.say("mo", "gaps")
    written = await w.press("mo", "Answer 1", {"title": "Rolling back", "text": NOTE})
    await w.tick()
    await w.say("mo", 'notes remove "rolling back"')
    await w.press("mo", "Remove")
    await w.after(hours=12)
    assert [row.state for row in await told(w, "ada")] == ["skipped"]
    shown = text(await w.press("mo", "Show note", of=written))
    assert "That note is gone" in shown and "“" not in shown


def test_a_link_at_the_end_of_a_line_is_no_longer_than_it_was_written() -> None:
    assert wording._quote("see https://notes.example/chain") == "“see https://notes.example/chain ”"
    assert wording._quote("see the chain rule") == "“see the chain rule”"


async def test_dismissing_is_undone(group: World) -> None:
    w = group
    await ask(w, "ada")
    await ask(w, "ben")
    await ask(w, "ada", "which zebra ate the marmalade?")
    listed = await w.say("mo", "gaps")
    assert text(listed).index(ASKED) < text(listed).index("zebra")
    done = await w.press("mo", "Dismiss 1")
    assert f"I've taken “{ASKED}” off the list" in text(done)
    assert ASKED not in text(await w.say("mo", "gaps"))
    assert "closed already" in text(await w.press("mo", "Dismiss 1", of=listed))
    assert (await w.press("mo", "Undo", of=done)).replaces
    assert "Asked by 2 people" in text(await w.say("mo", "gaps"))
    assert "closed already" in text(await w.press("mo", "Undo", of=done))


async def test_what_is_dismissed_stays_so_until_three_more_ask_it_or_one_rates_it(group: World) -> None:
    w = group
    await w.say("dev", "join")
    await ask(w, "ada")
    await w.say("mo", "gaps")
    done = await w.press("mo", "Dismiss 1")
    assert "The question will come back if three more people ask it, or if an answer to it gets a bad rating." in text(
        done
    )
    for who in ("ada", "ben", "chloe"):
        await ask(w, who, "how to roll back quokka service")
    assert "No open questions" in text(await w.say("mo", "gaps"))
    await ask(w, "dev", "the quokka service, how do I roll it back")
    assert "Asked by 4 people" in text(await w.say("mo", "gaps"))
    await w.press("mo", "Dismiss 1")
    await ask(w, "zoe")
    answer = await ask(w, "ada", "what is backpropagation?")
    for _ in range(2):
        assert "No open questions" in text(await w.say("mo", "gaps"))
        await w.press("ben", "Rate", of=answer)
        await w.press("ben", "Wrong")
        assert "Rated “wrong”" in text(await w.say("mo", "gaps"))
        await w.press("mo", "Dismiss 1")
        answer = await ask(w, "chloe", "what is backpropagation?")


async def test_what_a_note_answers_since_is_said(group: World) -> None:
    w = group
    await ask(w, "ada")
    await w.call("mo", Call("notes add", {"title": "Rolling back", "text": NOTE}))
    assert "The notes answer it now." in text(await w.say("mo", "gaps"))


async def test_only_moderators_see_gaps_and_write_there(group: World) -> None:
    w = group
    await ask(w, "ada")
    listed = await w.say("mo", "gaps")
    assert (await w.say("ada", "gaps")).tone == "error"
    for label, values in (("Answer 1", {"text": NOTE}), ("Dismiss 1", {})):
        target = w.button("mo", label, listed).target
        assert isinstance(target, Call)
        assert (await w.call("ada", Call(target.name, {**target.args, **values}))).tone == "error"
    assert "1 open question" in str((await w.say("mo", "gaps")).title)


async def test_small_talk_and_what_the_group_answers_is_no_gap(group: World) -> None:
    w = group
    for line in ("who are you?", "are you a bot", "asdf", "a test", "when is the deadline?", "is there a meeting"):
        await ask(w, "ada", line)
    assert "No open questions" in text(await w.say("mo", "gaps"))


async def test_questions_are_forgotten_after_the_days_of_the_setting(group: World) -> None:
    w = group
    await ask(w, "ada")
    answer = await ask(w, "ada", "what is backpropagation?")
    await w.press("ben", "Rate", of=answer)
    await w.press("ben", "Wrong")
    w.clock.move_to(w.clock.now() + timedelta(days=30))
    assert "No open questions" in text(await w.say("mo", "gaps")) and await count(w, Question) == 2
    await w.app.run_upkeep()
    assert (await count(w, Question), await count(w, Rating)) == (0, 0)
    assert "too old to rate" in text(await w.press("ben", "Rate", of=answer))


async def test_removing_an_answer_takes_its_question_off_the_list(group: World) -> None:
    w = group
    await ask(w, "ada")
    await w.press("ada", "Remove")
    assert "No open questions" in text(await w.say("mo", "gaps"))


async def test_hostile_words_stay_words_and_every_button_fits(group: World) -> None:
    w = group
    for i in range(6):
        await ask(w, "ada", f"**who** <@1> \x02p|1|b\x03 quokka{i} " + f"zeb{i} " * 90)
    listed = await w.say("mo", "gaps")
    assert "\x02p|1|b\x03" not in str(listed.to_json()["blocks"][1]) and len(listed.plain()) < 2500
    assert listed.title.endswith("page 1 of 2")
    assert len(listed.buttons) == 9
    assert all(len(b.target.pack()) <= PACKED_MAX for b in listed.buttons if isinstance(b.target, Call))
    assert "5." in text(await w.press("mo", "Next"))


@pytest.mark.nightly
async def test_a_note_that_cannot_be_leaves_the_gap_open(group: World) -> None:
    w = group
    await ask(w, "ada")
    await w.call("mo", Call("notes add", {"title": "Rolling back", "text": "Ask Ben about it."}))
    await w.say("mo", "gaps")
    refused = await w.press("mo", "Answer 1", {"title": "rolling back", "text": NOTE})
    assert refused.tone == "error" and "already" in text(refused)
    assert "1 open question" in str((await w.say("mo", "gaps")).title)
