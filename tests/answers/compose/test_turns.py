"""Follow-ups."""

from __future__ import annotations

import pytest

from bot.answers.compose.turns import leans, query, stands_alone, unclear
from bot.understanding import free_text


@pytest.mark.parametrize(
    "turn", ["and for tuples?", "why?", "what about sets", "how does it work", "which one?", "can you explain more"]
)
def test_a_short_pointing_turn_leans_on_the_one_before(turn: str) -> None:
    assert leans(turn)


@pytest.mark.parametrize(
    "turn",
    [
        "and for the other one?",
        "why is that",
        "so what happens if I double it",
        "which of the two for 8 GB?",
        "what do i use then if i need both ends?",
        "why so low though",
        "how big should chunks be",
    ],
)
def test_a_turn_goes_on_with_the_one_before_it_and_the_first_of_its_subject(turn: str) -> None:
    assert query(["what is a median?", turn]).before == ("what is a median?",)
    assert query(["what is a median?", "and the mean?", "which is higher?", turn]).before == (
        "which is higher?",
        "what is a median?",
    )


@pytest.mark.parametrize(
    "turn", ["what is a set", "explain broadcasting", "and what is a heap?", "thanks, what's a GAN?"]
)
def test_who_asks_what_something_is_begins_a_new_subject(turn: str) -> None:
    assert stands_alone(turn)
    assert query(["what is a coroutine", turn, "why?"]).before == (query([turn]).last,)


@pytest.mark.parametrize("turn", ["no, the mean", "nope, 0.5", "no, it's 3", "you are wrong, use dropout"])
def test_however_often_it_is_objected_in_few_words_the_question_is_leant_on(turn: str) -> None:
    assert query(["what is a median?", *[turn] * 4]).last == "what is a median?"


@pytest.mark.parametrize("turn", ["no, they make it faster", "you are wrong, reranking is useless", "no, the mean"])
def test_who_objects_asks_the_question_again_and_may_be_shown_the_same(turn: str) -> None:
    made = query(["what do rerankers do?", turn], "They order passages.")
    assert (made.last, made.before, made.answered) == ("what do rerankers do?", (turn,), "")
    assert query(["what do rerankers do?", "why?"], "They order passages.").answered == "They order passages."


@pytest.mark.parametrize(
    "turn",
    ["what about the costs?", "limits?", "any drawbacks?", "the advantages", "why not?", "when?", "what else?"],
)
def test_what_names_no_subject_is_asked_of_what_was_spoken_of(turn: str) -> None:
    made = query(["what do rerankers do?", turn])
    assert (made.last, made.before) == (turn, ("what do rerankers do?",))


@pytest.mark.parametrize(
    "turn",
    [
        "eli5 transformers",
        "explain like im 5: transformers",
        "explain like I'm five what transformers",
        "tldr on transformers",
        "hey, quick q re transformers",
    ],
)
def test_plain_words_are_no_subject(turn: str) -> None:
    assert query([turn]).text == "explain transformers"


@pytest.mark.parametrize(
    ("turn", "meant"),
    [
        ("how come?", "why?"),
        ("and since when?", "when?"),
        ("go on", "more?"),
        ("elaborate please", "more?"),
        ("in plain words please", "explain"),
        ("ok, simpler", "explain"),
        ("tl;dr", "explain"),
        ("give me an example", "an example?"),
        ("and a worked example please", "an example?"),
        ("example?", "an example?"),
        ("for instance?", "an example?"),
        ("an everyday example of it?", "an example?"),
        ("an example with numbers", "an example?"),
        ("huh? simpler pls", "explain"),
        ("why tho", "why"),
        ("huh?", "explain"),
        ("i dont get it", "explain"),
    ],
)
def test_the_same_in_another_manner_is_not_searched_for_by_the_manners_words(turn: str, meant: str) -> None:
    made = query(["what do rerankers do?", turn])
    assert made.last == meant and made.before == ("what do rerankers do?",)
    assert query([turn]).last == free_text.read(turn).bare, "before anything was asked it says nothing else"


@pytest.mark.parametrize(
    "turn",
    ["an example of overfitting in trees", "why are words split into tokens", "what is the reason for simpler models"],
)
def test_words_of_manners_beside_others_are_a_subject(turn: str) -> None:
    assert query(["what do rerankers do?", turn]).last == turn and not leans(turn)


@pytest.mark.parametrize(
    ("turn", "asked"),
    [
        ("hey quick one, diff between loc and iloc?", "diff between loc and iloc?"),
        ("ok cool, and what is dropout?", "and what is dropout?"),
        ("got it. what is a p value thx", "what is a p value"),
        ("ok. different q: explain softmax", "explain softmax"),
        ("explain softmax, thanks?", "explain softmax?"),
        ("thanks to attention it works", "thanks to attention it works"),
        ("hi-fi audio", "hi-fi audio"),
        ("k means", "k means"),
        ("right join vs left join", "right join vs left join"),
        ("thanks!", "thanks!"),
        ("yo what is a token", "what is a token"),
        ("huh? why is it so slow", "why is it so slow"),
    ],
)
def test_what_people_say_around_a_question_is_not_searched_for(turn: str, asked: str) -> None:
    assert query([turn]).last == asked


@pytest.mark.parametrize(
    "turn",
    [
        "different topic: what are hints good for?",
        "something else, what are hints good for?",
        "By the way what are hints good for?",
        "ok, unrelated but what are hints good for?",
        "thanks. new question: what are hints good for?",
    ],
)
def test_what_says_that_a_new_subject_follows_is_left_out_and_nothing_is_leant_on(turn: str) -> None:
    assert query(["what is a list", turn]).text == "what are hints good for?"
    assert query([turn]).text == "what are hints good for?"


def test_what_comes_by_the_way_leans_all_the_same_where_it_points_back() -> None:
    assert query(["what is a list", "btw, is it slow?"]).text == "is it slow? what is a list"


@pytest.mark.parametrize(
    ("opener", "rest"),
    [
        ("new question: ", "what is an llm as a judge and when is it biased?"),
        ("other topic, ", "is there a limit to padding"),
        ("btw, ", "is it wrong to pad a batch?"),
        ("sorry another one: ", "why use layernorm"),
        ("quick one - ", "whats a token"),
    ],
)
def test_a_pronoun_in_what_names_its_own_subject_points_at_nothing_earlier(opener: str, rest: str) -> None:
    made = query(["what is a vector database", "is it fast?", opener + rest])
    assert made.last == rest and not made.before


@pytest.mark.parametrize("said", ["next question: why is it slow?", "btw how do i avoid it?", "new question: why?"])
def test_a_next_question_of_the_same_subject_leans_on_it(said: str) -> None:
    assert "vector" in query(["what is a vector database", said]).text


def test_different_things_of_one_subject_are_no_new_subject() -> None:
    assert query(["different learning rates: why?"]).text == "different learning rates: why?"


@pytest.mark.parametrize(
    ("said", "pointing"),
    [
        ("it", "it"),
        ("why?", ""),
        ("how do i notice this?", "this"),
        ("i dont get it", "it"),
        ("I still can't follow", ""),
        ("give me an example", ""),
        ("another example", ""),
        ("tell me more", ""),
        ("pros and cons", ""),
        ("in plain words please", ""),
        ("give me an example of it", "it"),
    ],
)
def test_a_first_question_that_names_nothing_is_unclear(said: str, pointing: str) -> None:
    assert unclear(query([said])) == pointing
    assert unclear(query(["what is overfitting", said])) is None


@pytest.mark.parametrize(
    "said", ["hello", "thanks", "", "what is a list", "is it raining?", "give me an example of a list", "plain text"]
)
def test_what_names_something_or_asks_nothing_is_not(said: str) -> None:
    assert unclear(query([said])) is None


@pytest.mark.parametrize(
    ("turn", "made"),
    [
        ("back to the cache: when is it stale", "when is it stale cache"),
        ("ok going back to overfitting, how do i spot it?", "how do i spot it? overfitting"),
        ("back to dropout - what rate?", "what rate? dropout"),
        ("about LoRA again: which rank", "which rank LoRA"),
        ("back to dropout: why?", "why? dropout"),
        ("do the gradients flow back to the input: yes or no", "do the gradients flow back to the input: yes or no"),
    ],
)
def test_who_comes_back_to_something_asks_of_that_and_of_nothing_since(turn: str, made: str) -> None:
    assert query(["what is a cache", "what is a load balancer", turn]).last == made
    assert query([turn]).last == made


def test_what_comes_after_a_return_goes_on_with_it() -> None:
    made = query(["what is a GAN", "back to the cache: when is it stale", "how do i avoid it"], "When it is old.")
    assert (made.before, made.answered) == (("when is it stale cache",), "When it is old.")
    assert query(["what is a GAN", "back to the cache: when is it stale"], "A GAN is").answered == ""


def test_a_chain_of_follow_ups_keeps_its_topic_and_a_new_question_ends_it() -> None:
    chain = query(["what is a list", "and tuples?", "why?"])
    assert chain.last == "why?" and chain.before == ("and tuples?", "what is a list")
    assert query(["what is a list", "and tuples?", "explain await", "why?"]).text == "why? explain await"


def test_a_follow_up_with_nothing_before_it_is_taken_as_it_is() -> None:
    assert not query(["and for tuples?"]).before
    assert not query(["", "  ", "why?"]).before
    assert query([]).text == ""
