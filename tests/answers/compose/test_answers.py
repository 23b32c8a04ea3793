"""Questions answered, from the notes or by a model, and declined."""

from __future__ import annotations

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx2
import pytest

from bot.answers.compose.answers import DECLINED, UNCLEAR_EXAMPLE, Answerer
from bot.answers.compose.citations import LOOKED_AT
from bot.answers.compose.values import Answer
from bot.answers.index.retrieval import Index
from bot.llm.base import ChatUnavailable, Completion, Prompt, Usage
from bot.llm.openai import OpenAIChat
from tests.features.ask.small_notes import HERE, SMALL, MemoryStore, model, notes, ready

QUESTION = "when should I use a set instead of a list"


class Says:
    """A chat model that says one thing, whatever it is asked."""

    def __init__(self, text: str | None) -> None:
        self.text = text
        self.asked: list[Prompt] = []

    async def complete(self, prompt: Prompt) -> Completion:
        """Say it, or be away."""
        self.asked.append(prompt)
        if self.text is None:
            raise ChatUnavailable("away")
        return Completion(self.text, Usage(1200, 80))

    async def close(self) -> None:
        """Hold nothing."""


async def ask(*turns: str, says: Says | None = None, index: Index | None = None) -> Answer:
    answer = await Answerer(index or ready(), says).answer(turns, HERE)
    marks = [int(mark) for mark in re.findall(r"\[(\d+)\]", answer.text)]
    assert list(dict.fromkeys(marks)) == list(range(1, len(answer.citations) + 1)), "numbered by first use"
    assert (answer.coverage == "foreign") == (not answer.citations) == (answer.origin is None)
    for citation in answer.citations:
        assert any(citation.quote in c.statements for c in (index or ready()).chunks(HERE) if c.note == citation.note)
    return answer


async def test_without_a_model_the_notes_own_sentences_answer() -> None:
    answer = await ask(QUESTION)
    assert answer.origin == "notes"
    assert answer.citations[0].note == "containers" and answer.citations[0].heading == "When a set beats a list"
    assert answer.citations[0].title == "Lists, tuples and sets"
    assert answer.text.startswith(f"{answer.citations[0].quote} [1] ")


@pytest.mark.parametrize("question", ["what is LoRA?", "tell me a joke", "", "   "])
async def test_a_foreign_question_is_declined_before_any_model_is_asked(question: str) -> None:
    says = Says("LoRA is an adapter [1].")
    answer = await ask(question, says=says)
    assert answer.declined and answer.text == DECLINED and says.asked == []


async def test_a_foreign_question_that_comes_near_is_declined_by_the_model() -> None:
    says = Says("NOT_COVERED")
    answer = await ask("how to declare a list in Java", says=says)
    assert (answer.coverage, answer.text) == ("foreign", DECLINED) and len(says.asked) == 1
    assert (await ask("how to declare a list in Java")).declined


async def test_that_notes_answer_by_now_is_claimed_of_no_question_that_a_model_may_decline() -> None:
    assert await Answerer(ready()).covers(QUESTION, HERE)
    assert not await Answerer(ready(), Says(None)).covers(QUESTION, HERE)


async def test_a_first_question_that_names_nothing_is_asked_back_about_and_nothing_is_quoted() -> None:
    says = Says("A list is ordered [1].")
    for turn, text in (
        ("it", 'What do you mean by "it"? Please name it in your question.'),
        ("why?", "What do you mean? Please name it in your question."),
        ("how do i notice it?", 'What do you mean by "it"? Please name it in your question.'),
        ("give me an example", UNCLEAR_EXAMPLE),
        ("pros and cons", "What do you mean? Please name it in your question."),
    ):
        answer = await ask(turn, says=says)
        assert answer.declined and answer.is_unclear and answer.text == text and answer.near == ()
    assert says.asked == []
    assert not (await ask(QUESTION, "why?")).is_unclear


async def test_passages_that_are_near_are_named_once_and_never_those_that_are_cited() -> None:
    answer = await ask("which objects can be in a set or a list, and which can be keys")
    cited = {(citation.note, citation.heading) for citation in answer.citations}
    named = [(one.note, one.heading) for one in answer.near]
    assert named and len(set(named)) == len(named) < LOOKED_AT
    assert cited.isdisjoint(named)
    assert named[0][0] == "containers"


async def test_a_question_far_from_everything_is_declined_without_a_hint() -> None:
    assert (await ask("what is LoRA?")).near == ()


async def test_a_near_question_is_shown_what_is_nearest_as_an_answer_and_claims_none() -> None:
    answer = await ask("why a set")
    assert answer.coverage == "near" and answer.declined
    quotes = [f"{citation.quote} [{number}]" for number, citation in enumerate(answer.citations, 1)]
    assert len(quotes) > 1 and answer.text == " ".join(quotes) and answer.citations[0].note == "containers"


async def test_a_strange_word_is_offered_as_the_notes_write_it() -> None:
    assert (await ask("what is awai")).meant == "await"
    assert (await ask("what is LoRA?")).meant is None


async def test_of_two_questions_in_one_the_covered_is_answered() -> None:
    answer = await ask(f"{QUESTION} and who invented them?")
    assert not answer.declined and answer.citations[0].heading == "When a set beats a list"
    assert (await ask("what is LoRA and who invented it?")).declined


async def test_no_turns_are_declined() -> None:
    assert (await ask()).declined


async def test_a_model_that_hangs_leaves_the_answer_to_the_notes_in_time() -> None:
    async def hang(request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(hang))
    chat = OpenAIChat("sk-test", "m", http_client=client, total_s=0.2)
    answerer = Answerer(ready(), chat)
    began = time.monotonic()
    assert await answerer.answer([QUESTION], HERE) == replace(await ask(QUESTION), stands_in="silent")
    assert time.monotonic() - began < 20
    await chat.close()


async def test_a_model_that_is_away_changes_only_who_words_the_answer() -> None:
    assert await ask(QUESTION, says=Says(None)) == replace(await ask(QUESTION), stands_in="silent")


async def test_a_short_follow_up_is_understood_from_the_question_before() -> None:
    answer = await ask("what is a list", "and a tuple?")
    assert any("A tuple is" in citation.quote for citation in answer.citations)


async def test_every_turn_is_searched_anew() -> None:
    assert (await ask(QUESTION, "what does await do")).citations[0].note == "coroutines"
    assert (await ask(QUESTION, "what is the capital of France")).declined


async def test_a_follow_up_about_something_foreign_is_declined() -> None:
    assert (await ask(QUESTION, "and what about kubernetes?")).declined
    assert (await ask("what is LoRA?", "how does it work?")).declined


async def test_a_false_statement_in_a_follow_up_meets_the_notes() -> None:
    answer = await ask("can a list be a dictionary key", "so lists are hashable?")
    assert "unhashable" in answer.text


@pytest.mark.parametrize("dispute", ["no, they make await faster", "you are wrong, sets are useless"])
async def test_a_dispute_is_answered_from_what_was_asked_whatever_its_own_words_are(dispute: str) -> None:
    answer = await ask(QUESTION, dispute)
    assert answer.citations[0].heading == "When a set beats a list"


async def test_an_aspect_that_the_notes_do_not_name_is_shown_what_they_say_of_its_subject() -> None:
    answer = await ask(QUESTION, "but what about privacy?")
    assert answer.coverage == "near" and answer.citations[0].heading == "When a set beats a list"


async def test_a_removed_note_answers_no_more() -> None:
    store = MemoryStore()
    index = Index({SMALL: notes()}, model())
    index.embed(store)
    assert not (await ask("how do I feed a sourdough starter", index=index)).declined
    index = Index({SMALL: notes()[:2]}, model())
    assert (await ask("how do I feed a sourdough starter", index=index)).declined
    assert index.embed(store) == 0
    assert (await ask("how do I feed a sourdough starter", index=index)).declined


async def test_it_answers_by_words_alone() -> None:
    answer = await ask(QUESTION, index=Index({SMALL: notes()}))
    assert answer.origin == "notes" and answer.cosine is None and answer.citations[0].note == "containers"


def test_a_question_that_is_given_without_a_list_is_refused_rather_than_read_letter_by_letter() -> None:
    with pytest.raises(TypeError, match="a list of one"):
        Answerer(ready()).retrieve(QUESTION, HERE)


async def test_a_question_as_long_as_a_book_is_cut() -> None:
    says = Says("NOT_COVERED")
    await Answerer(ready(), says).answer([QUESTION + " set list" * 5000], HERE)
    assert all(len(turn.text) < 8000 for prompt in says.asked for turn in prompt.turns)


async def test_work_runs_in_the_pool_that_is_given() -> None:
    with ThreadPoolExecutor(1, thread_name_prefix="answers") as pool:
        answer = await Answerer(ready(), pool=pool).answer([QUESTION], HERE)
        assert not answer.declined


async def test_the_notes_own_answer_is_shown_before_a_model_is_asked() -> None:
    says = Says("NOT_COVERED")
    shown: list[Answer] = []

    def show(answer: Answer) -> None:
        assert says.asked == []
        shown.append(answer)

    await Answerer(ready(), says).answer([QUESTION], HERE, show)
    assert shown == [await ask(QUESTION)] and len(says.asked) == 1
    await Answerer(ready(), says).answer(["what is LoRA?"], HERE, show)
    assert len(shown) == 1, "nobody waits for a model that isn't asked"


async def test_who_stops_waiting_ends_the_request() -> None:
    hangs, is_ended = asyncio.Event(), asyncio.Event()

    class Hangs(Says):
        async def complete(self, prompt: Prompt) -> Completion:
            hangs.set()
            try:
                await asyncio.sleep(60)
            finally:
                is_ended.set()
            return Completion("")

    asking = asyncio.create_task(Answerer(ready(), Hangs(None)).answer([QUESTION], HERE))
    await hangs.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert is_ended.is_set()


@pytest.mark.parametrize("written", ["ｓｅｔ", "𝐬𝐞𝐭", "s\u200bet", "ſet", "s\u00adeｔ"])
async def test_a_word_is_found_in_whatever_letters_it_is_written(written: str) -> None:
    assert await ask(QUESTION.replace("set", written)) == await ask(QUESTION)


async def test_a_ligature_is_its_letters() -> None:
    assert await ask("can a list be a di\u200dctionary key, ﬁrst") == await ask("can a list be a dictionary key, first")
