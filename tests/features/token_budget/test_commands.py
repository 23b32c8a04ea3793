"""What answers take of a group's budget, as members and moderators read it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.answers.model.prompts import JUDGE
from bot.answers.model.writing import Writer
from bot.features.token_budget.service import UsageHold
from bot.llm.base import THINKING_TOKENS, ChatResting, ChatUnavailable, Completion, Prompt, Usage
from bot.llm.metered import Charged
from bot.messages.call import Call
from bot.messages.reply import Table
from bot.storage.unit_of_work import Work
from tests.harness import World, text, world

pytestmark = pytest.mark.long

ANSWER = "A set finds a member without looking at the others [1]."
JUDGED = '{"verdicts": [{"sentence": 1, "verdict": "supported", "words": ["each test is one hash lookup"]}]}'
ASKED = "ask when does a set beat a list"


class Scripted:
    """A model that writes one thing, supports it, and counts half of an answer for each; it may fail, or wait."""

    def __init__(self) -> None:
        self.usage: Usage | None = Usage(450, 50)
        self.trouble: Exception | None = None
        self.judge_trouble: Exception | None = None
        self.written = ANSWER
        self.go = asyncio.Event()
        self.go.set()
        self.asked = 0

    async def complete(self, prompt: Prompt) -> Completion:
        is_judge = prompt.system == JUDGE
        self.asked += not is_judge
        await self.go.wait()
        trouble = self.judge_trouble if is_judge else self.trouble
        if trouble is not None:
            raise trouble
        return Completion(JUDGED if is_judge else self.written, self.usage)

    async def close(self) -> None:
        return None


@pytest.fixture
async def budgeted(tmp_path: Path) -> AsyncIterator[World]:
    """A group whose day holds two answers; one member may have one."""
    given: dict[str, Any] = {
        "TRAILMATE_TOKENS_PER_DAY": 2000,
        "TRAILMATE_MEMBER_TOKEN_SHARE": 50,
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
    }
    async with world(tmp_path, **given) as made:
        yield made


def scripted(w: World) -> Scripted:
    """Put a scripted model in the place of the endpoint."""
    model = Scripted()
    answerer: Any = w.app.notebook.answerer
    answerer._writer = Writer(Charged(model))
    return model


async def test_without_an_endpoint_the_command_says_so(w: World) -> None:
    await w.begin("ada")
    assert "Here I quote the notes" in text(await w.say("ada", "usage"))


async def test_a_member_sees_their_own_part_and_nobody_elses(budgeted: World) -> None:
    scripted(budgeted)
    await budgeted.begin("ada", "ben", "chloe")
    await budgeted.say("ben", ASKED)
    reply = await budgeted.say("ada", "usage")
    assert reply.audience == "private"
    assert text(reply).startswith(
        "AI usage Your usage today ▱▱▱▱▱▱▱▱▱▱ 0 % 0 of 1,000 tokens, no answers The daily budget renews"
    )
    assert "Ben" not in text(reply)
    assert "▰▰▰▰▰▰▰▰▰▰ 100 % 1,000 of 1,000 tokens, one answer" in text(await budgeted.say("ben", "usage"))


@pytest.mark.nightly
async def test_what_was_taken_before_a_budget_was_lowered_is_told_in_words(budgeted: World) -> None:
    scripted(budgeted).usage = Usage(3_500, 172)
    await budgeted.begin("ada")
    await budgeted.say("ada", ASKED)
    said = text(await budgeted.say("mo", "usage"))
    assert "▰▰▰▰▰▰▰▰▰▰ used up 7,344 tokens used of 2,000" in said
    assert "367 %" not in said


async def test_a_moderator_sees_the_day_the_week_and_who_asked_most_but_no_question(budgeted: World) -> None:
    scripted(budgeted)
    await budgeted.begin("ada", "ben", "chloe")
    await budgeted.say("ben", ASKED)
    await budgeted.after(days=1)
    await budgeted.say("ada", ASKED)
    reply = await budgeted.say("mo", "usage")
    said = text(reply)
    assert "The group's usage today ▰▰▰▰▰▱▱▱▱▱ 50 % 1,000 of 2,000 tokens, 1,000 for each member" in said
    assert "Most used in the last 7 days - Ada: one answer, 1,000 tokens - Ben: one answer, 1,000 tokens" in said
    assert "set" not in said
    [table] = [block for block in reply.blocks if isinstance(block, Table)]
    assert table.rows[-2:] == (("Mon 2", "1", "1,000", "▰" * 10), ("Tue 3", "1", "1,000", "▰" * 10))
    assert len(table.rows) == 7


async def test_past_their_part_a_member_gets_the_notes_own_words_and_is_told_why(budgeted: World) -> None:
    model = scripted(budgeted)
    await budgeted.begin("ada", "ben", "chloe")
    first, second = await budgeted.say("ada", ASKED), await budgeted.say("ada", ASKED)
    assert "of today is used" not in text(first)
    assert "Your share of today's model budget is used up, so I'm quoting the notes." in text(second)
    assert "Sources: " in text(second)
    assert model.asked == 1


async def test_past_the_groups_day_everybody_does_and_the_next_day_is_new(budgeted: World) -> None:
    scripted(budgeted)
    await budgeted.begin("ada", "ben", "chloe")
    for who in ("ada", "ben"):
        await budgeted.say(who, ASKED)
    assert "The group's model budget for today is used up, so I'm quoting the notes." in text(
        await budgeted.say("chloe", ASKED)
    )
    await budgeted.after(days=1)
    assert "used up" not in text(await budgeted.say("chloe", ASKED))


async def test_while_the_endpoint_rests_the_answer_says_so_and_nothing_is_spent(budgeted: World) -> None:
    model = scripted(budgeted)
    model.trouble = ChatResting("left alone")
    await budgeted.begin("ada")
    assert "The model is taking a break after errors, so I'm quoting the notes." in text(
        await budgeted.say("ada", ASKED)
    )
    assert "0 of 2,000 tokens, no answers" in text(await budgeted.say("ada", "usage"))


async def test_a_request_that_failed_is_not_charged(budgeted: World) -> None:
    scripted(budgeted).trouble = ChatUnavailable("status 500")
    await budgeted.begin("ada")
    said = text(await budgeted.say("ada", ASKED))
    assert "Sources: " in said and "The AI model didn't answer, so I'm quoting the notes." in said
    assert "0 of 2,000 tokens, no answers" in text(await budgeted.say("ada", "usage"))


async def test_a_judge_that_failed_leaves_what_the_writer_took_to_be_charged(budgeted: World) -> None:
    scripted(budgeted).judge_trouble = ChatUnavailable("status 500")
    await budgeted.begin("ada")
    said = text(await budgeted.say("ada", ASKED))
    assert "I couldn't check the AI model's answer" in said
    assert "500 of 2,000 tokens, one answer" in text(await budgeted.say("ada", "usage"))


async def test_a_question_that_the_model_declines_counts_against_its_asker(budgeted: World) -> None:
    scripted(budgeted).written = "NOT_COVERED"
    await budgeted.begin("ada")
    await budgeted.say("ada", ASKED)
    assert "500 of 2,000 tokens, one answer" in text(await budgeted.say("ada", "usage"))


async def test_both_requests_are_covered_by_one_reservation_that_stands_before_the_first(budgeted: World) -> None:
    model = scripted(budgeted)
    model.go.clear()
    await budgeted.begin("ada")
    asking = asyncio.create_task(budgeted.say("ada", ASKED))
    async with asyncio.timeout(20):
        while not model.asked:
            await asyncio.sleep(0.01)

    def read_holds(work: Work) -> list[int]:
        return list(work.session.scalars(select(UsageHold.tokens)))

    [tokens] = await budgeted.app.database.run(read_holds)
    assert tokens > 2 * THINKING_TOKENS
    model.go.set()
    await asking
    assert await budgeted.app.database.run(read_holds) == []


async def test_where_the_service_does_not_count_the_length_is_counted(budgeted: World) -> None:
    scripted(budgeted).usage = None
    await budgeted.begin("ada")
    await budgeted.say("ada", ASKED)
    assert "one answer" in (said := text(await budgeted.say("ada", "usage")))
    assert " 0 % " not in said


async def test_of_two_who_ask_at_once_the_second_waits_for_no_more_than_is_left(budgeted: World) -> None:
    model = scripted(budgeted)
    model.go.clear()
    await budgeted.begin("ada", "ben", "chloe")
    asking = [asyncio.create_task(budgeted.say(who, ASKED)) for who in ("ada", "ben", "chloe")]
    async with asyncio.timeout(20):  # the model answers after both others were refused: then the first holds its part
        while sum(one.done() for one in asking) < 2:
            await asyncio.sleep(0.01)
    model.go.set()
    told = [text(reply) for reply in await asyncio.gather(*asking)]
    assert (
        sum("budget for today is used up" in said for said in told) == 2
    )  # what the first holds is more than its share
    assert "1,000 of 2,000 tokens" in text(await budgeted.say("mo", "usage"))


async def test_an_asker_in_a_hurry_is_told_when_to_go_on_also_without_a_model(tmp_path: Path) -> None:
    async with world(tmp_path, TRAILMATE_ASKS_PER_MINUTE=2) as w:
        await w.begin("ada", "ben")
        for _ in range(2):
            assert (await w.say("ada", ASKED)).tone != "error"
        refused = await w.say("ada", ASKED)
        assert (refused.audience, refused.tone) == ("private", "error")
        assert "You have asked two questions within a minute. Please try again in 61 seconds." in text(refused)
        assert (await w.say("ben", ASKED)).tone != "error"
        await w.after(minutes=1)
        assert "Sources: " in text(await w.press("ada", "Try again", {"question": "when does a set beat a list"}))


async def test_what_is_kept_names_it_and_who_sees_it(budgeted: World) -> None:
    scripted(budgeted)
    await budgeted.begin("ada")
    await budgeted.say("ada", ASKED)
    assert "days with AI answers (1)" in text(await budgeted.call("ada", Call("kept")))
    await budgeted.press("ada", "See stored data")
    assert "how many AI answers you had recently, but not your questions" in text(
        await budgeted.press("ada", "Who sees it")
    )
