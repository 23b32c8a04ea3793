"""Follow-ups."""

from __future__ import annotations

import pytest

from bot.answers.compose.turns import Earlier, halves, leans, query, told, unclear
from bot.understanding import free_text


@pytest.mark.parametrize(
    "turn", ["and for tuples?", "why?", "what about sets", "how does it work", "which one?", "can you explain more"]
)
def test_a_short_pointing_turn_leans_on_the_one_before(turn: str) -> None:
    assert leans(turn)


@pytest.mark.parametrize(
    "turn", ["no, it walks the whole list each time, right?", "but it keeps the order of its members since 3.7"]
)
def test_a_claim_about_it_leans_on_what_it_disputes_however_long_it_is(turn: str) -> None:
    assert leans(turn)


@pytest.mark.parametrize(
    "turn", ["what is a set", "explain broadcasting", "how do I sort a long list and keep it ordered"]
)
def test_a_whole_question_stands_alone(turn: str) -> None:
    assert not leans(turn)
    assert query(["what is a coroutine", turn]).text == turn


@pytest.mark.parametrize("turn", ["no, the mean", "nope, 0.5", "no, it's 3", "you are wrong, use dropout"])
def test_however_often_it_is_objected_in_few_words_the_question_is_leant_on(turn: str) -> None:
    assert query(["what is a median?", *[turn] * 4]).before == "what is a median?"


@pytest.mark.parametrize(
    ("turn", "stays"),
    [
        ("no, they make it faster", True),
        ("you are wrong, reranking is useless", True),
        ("no, the mean", True),
        ("but what about accuracy?", True),
        ("and how about the cost", True),
        ("but what about embeddings?", False),
        ("and for tuples?", False),
        ("why?", False),
        ("how big is it?", False),
    ],
)
def test_what_disputes_an_answer_or_asks_of_an_aspect_stays_with_what_was_asked(turn: str, stays: bool) -> None:
    made = query(["what do rerankers do?", turn])
    assert made.stays is stays
    assert made.before in ("what do rerankers do?", "")


@pytest.mark.parametrize(
    "turn",
    [
        "but what about the costs?",
        "and the risks?",
        "limits?",
        "any drawbacks?",
        "what about pros and cons?",
        "the advantages",
        "reasons?",
    ],
)
def test_an_aspect_is_asked_of_what_was_spoken_of(turn: str) -> None:
    made = query(["what do rerankers do?", turn])
    assert made.before == "what do rerankers do?" and made.stays


@pytest.mark.parametrize(
    "turn", ["why?", "why not?", "when?", "how?", "who?", "an example?", "what is the difference?", "what else?"]
)
def test_what_names_nothing_leans_and_asks_of_its_own(turn: str) -> None:
    made = query(["what do rerankers do?", turn])
    assert made.last == turn and made.before == "what do rerankers do?" and not made.stays


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
    assert made.last == meant and made.before == "what do rerankers do?"
    assert query([turn]).last == free_text.read(turn).bare, "before anything was asked it says nothing else"


@pytest.mark.parametrize(
    "turn",
    [
        "an example of overfitting in trees",
        "why are words split into tokens",
        "what is the reason for simpler models",
        "memory cells",
    ],
)
def test_words_of_aspects_and_manners_beside_others_are_a_subject(turn: str) -> None:
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


def test_a_follow_up_leans_on_its_question() -> None:
    made = query(["when should I use a list", "and for tuples?"])
    assert made.text == "and for tuples? when should I use a list"
    assert made.last == "and for tuples?" and made.before == "when should I use a list"


@pytest.mark.parametrize(
    ("turn", "made"),
    [
        ("how do i notice it?", "how do i notice overfitting?"),
        ("and is that bad?", "and is overfitting bad?"),
        ("what are its causes", "what are overfitting's causes"),
    ],
)
def test_a_pronoun_gives_way_to_the_subject_and_nothing_else_is_leant_on(turn: str, made: str) -> None:
    asked = query(["what is overfitting?", turn])
    assert asked.last == made and not asked.before


def test_what_a_pronoun_gave_way_to_is_kept_with_the_turn_as_typed() -> None:
    made = query(["what is overfitting?", "how do i notice it?"])
    assert made.typed == "how do i notice it?" and made.earlier == "what is overfitting?"
    assert query(["what is overfitting?"]).typed == "" == query(["what is overfitting?"]).earlier


@pytest.mark.parametrize(
    ("turn", "earlier"),
    [
        ("why divide by the square root", "what is self-attention"),
        ("what is the loss", "what is self-attention"),
        ("what is different in sparse attention", "what is self-attention"),
        ("what is softmax", ""),
        ("thanks, what's a GAN?", ""),
        ("explain dropout", ""),
        ("new topic: why pad", ""),
    ],
)
def test_a_turn_that_stands_alone_may_go_on_with_the_one_before_unless_it_names_its_subject(
    turn: str, earlier: str
) -> None:
    made = query(["what is self-attention", turn])
    assert made.earlier == earlier and not made.before and not made.typed


def test_a_chain_of_pronouns_keeps_its_subject_and_a_named_one_takes_its_place() -> None:
    assert query(["what is LoRA", "does it slow down use?", "and how big is it?"]).last == "and how big is LoRA?"
    assert query(["what is a list", "and tuples?", "are they faster?"]).last == "are tuples faster?"


def test_a_pronoun_stands_for_nothing_before_a_noun_in_a_dispute_or_after_a_long_question() -> None:
    assert query(["what is LoRA", "does that model know?"]).before
    assert query(["what is LoRA", "no, it changes all the weights, right?"]).before
    assert query(["how do lists, tuples, sets, arrays, ranges and queues grow", "is it slow?"]).before


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
    assert query(["what is a list", "btw, is it slow?"]).text == "is list slow?"


@pytest.mark.parametrize(
    ("opener", "rest"),
    [
        ("next question: ", "how do i know if it is overfitting?"),
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
    ("turn", "made", "before"),
    [
        ("back to the cache: when is it stale", "when is cache stale", ""),
        ("ok going back to overfitting, how do i spot it?", "how do i spot overfitting?", ""),
        ("back to dropout - what rate?", "what rate dropout", ""),
        ("about LoRA again: which rank", "which rank LoRA", ""),
        ("as for the kv cache, how big is it", "how big is kv cache", ""),
        ("back to dropout: why?", "why?", "dropout"),
        ("back to dropout: give me an example", "an example?", "dropout"),
        (
            "do the gradients flow back to the input: yes or no",
            "do the gradients flow back to the input: yes or no",
            "",
        ),
    ],
)
def test_who_comes_back_to_something_asks_of_that_and_of_nothing_since(turn: str, made: str, before: str) -> None:
    read = query(["what is a cache", "what is a load balancer", turn])
    assert (read.last, read.before) == (made, before)
    assert query([turn]).last == made


def test_what_comes_after_a_return_goes_on_with_it() -> None:
    assert query(["what is a GAN", "back to the cache: when is it stale", "how do i avoid it"]).last == (
        "how do i avoid cache"
    )
    answered = [Earlier("what is a GAN", "A GAN is"), "back to the cache: when is it stale"]
    assert told(answered, query(answered)) == "" and told([*answered[:1], "why?"], query(["a", "why?"])) == "A GAN is"


def test_a_chain_of_follow_ups_keeps_its_topic_and_a_new_question_ends_it() -> None:
    chain = query(["what is a list", "and tuples?", "why?"])
    assert chain.last == "why?" and chain.before == "and tuples? what is a list"
    assert (
        query(["what is a list", "and tuples?", "explain await keyword", "why?"]).text == "why? explain await keyword"
    )


def test_a_follow_up_with_nothing_before_it_is_taken_as_it_is() -> None:
    assert not query(["and for tuples?"]).before
    assert not query(["", "  ", "why?"]).before
    assert query([]).text == ""


@pytest.mark.parametrize(
    ("turn", "parts"),
    [
        ("what is a set and who invented it?", ("what is a set", "who invented it?")),
        ("what is a set? and when is a list better", ("what is a set", "when is a list better")),
        ("what is a set and a list", None),
        ("why and when do lists help", None),
    ],
)
def test_two_questions_in_one_are_told_apart(turn: str, parts: tuple[str, str] | None) -> None:
    assert halves(turn) == parts


@pytest.mark.parametrize(
    ("first", "turn", "named"),
    [
        ("What is a U-Net?", "and what replaced it?", "and what replaced U-Net?"),
        ("what is an A/B test", "when does it fail", "when does A/B test fail"),
    ],
)
def test_a_pronoun_stands_for_the_whole_of_a_name(first: str, turn: str, named: str) -> None:
    assert query([first, turn]).last == named


LORA = ["what is LoRA", "how is it different from full fine-tuning", "which rank", "and the learning rate?"]


def test_a_thread_stays_with_what_it_began_with_while_its_answers_come_from_the_same_notes() -> None:
    notes = [["lora"], ["lora", "tuning"], ["lora"], ["rates", "lora"]]
    assert query([*LORA, "when should I not use it"], notes).last == "when should I not use LoRA"
    assert query([*LORA[:3], "why?"], notes[:3]).before == "which rank what is LoRA"
    assert query([*LORA, "is four usual"], notes).earlier == "and the learning rate? what is LoRA"


def test_a_thread_goes_on_with_what_the_last_answer_was_of_where_that_came_from_elsewhere() -> None:
    notes = [["lora"], ["lora"], ["svd"]]
    assert query([*LORA[:3], "how do I choose it"], notes).last == "how do I choose rank"
    assert query([*LORA[:3], "why?"], notes).before == "which rank"
    moved = ["what is a VAE", "why are its images blurry", "how do i read a csv", "and without a header?"]
    assert query(moved, [["vae"], ["vae"], ["pandas"]]).before == "how do i read a csv"


def test_who_asks_of_another_thing_means_that_from_then_on() -> None:
    for asked in ("and tuples?", "what about tuples"):
        assert query(["what is a list", asked, "are they faster?"], [["py"], ["py"]]).last == "are tuples faster?"
    assert query(["what is a list", "and the cost?", "is it high?"], [["py"], ["py"]]).last == "is list high?"


def test_and_what_is_something_stands_alone() -> None:
    made = query(["what is a VAE?", "why are its images blurry", "and what is a GAN"])
    assert (made.last, made.before, made.earlier) == ("and what is a GAN", "", "")
    assert query(["what is a VAE?", "and what is it for"]).last == "and what is VAE for"


def test_which_with_few_words_is_of_what_was_spoken_of() -> None:
    assert query(["what is dropout", "which rate is usual"]).before == "what is dropout"
    for turn in ("which optimiser should beginners pick for images", "which is better, adam or sgd"):
        assert query(["what is dropout", turn]).before == "", turn
