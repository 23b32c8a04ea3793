"""What a line of text is taken for, by how it came."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.command import FormerName
from bot.commands.parsing import complete, written
from bot.commands.registry import Registry
from bot.messages.call import Call
from bot.runtime.catalogue import registry
from bot.understanding.intents import NAMED, Way, carry_on, guesses, hear, overhear, remark
from tests.commands import sample_commands
from tests.commands.sample_commands import REGISTRY, checkin
from tests.examples import examples

WAYS: tuple[Way, ...] = ("slash", "mention", "direct")
FEATURES = registry()
EACH_WAY = pytest.mark.parametrize("way", WAYS)
UNMEANT = ["sick this week, surgery on Tuesday", "I quit", "frobnicate", "thanks!", "remind everyone", "attention"]
QUESTIONS = [
    "what is attention?",
    "attention?",
    "why does the loss go up",
    "explain backprop",
    "sets vs lists",
    "wat is a tensor",
    "hey, how do i pad a batch",
    "checking the loss is hard, why?",
    "tell me about tokenizers",
    "is a set ordered",
    "difference between bias and variance",
    "what's a tensor",
    "can a set hold a list",
    "what are we doing this week",
    "how come it diverges",
]
STATEMENTS = [
    "what I mean is that it is hard",
    "when I was in hospital",
    "is sick today",
    "can do 45 tomorrow",
    "I am fine",
    "could be back on Monday",
    "how nice",
    "should be back next week",
    "what a week!",
]


def unclear(text: str) -> Call:
    return Call("heard", {"text": text})


@EACH_WAY
def test_an_empty_line_is_help(way: Way) -> None:
    for line in ("  ", "/", "/study", "study", "trailmate"):
        assert hear(REGISTRY, line, way) == Call("help")


@EACH_WAY
@pytest.mark.parametrize(
    ("word", "command"),
    [
        ("streak", "progress"),
        ("Points", "progress"),
        ("my points", "progress"),
        ("review", "review"),
        ("undo", "undo"),
        ("topic", "unit"),
        ("pledge", "plan"),
    ],
)
def test_a_single_word_that_people_try_runs_its_command(way: Way, word: str, command: str) -> None:
    assert hear(FEATURES, word, way) == Call(command)


@EACH_WAY
def test_a_sentence_that_begins_with_such_a_word_stays_a_sentence(way: Way) -> None:
    for line in ("points are great", "streak of bad luck", "my streak is gone"):
        assert hear(FEATURES, line, way).name != "progress"
    assert hear(FEATURES, "points @ada", way) == Call("progress", {"member": "@ada"})


@EACH_WAY
def test_a_group_alone_is_help_about_the_group(way: Way) -> None:
    for line in ("cohort", "cohort start"):
        assert hear(REGISTRY, line, way) == Call("help", {"command": "cohort"})


@EACH_WAY
def test_a_command_of_two_words_is_found_before_its_group(way: Way) -> None:
    assert hear(REGISTRY, "Cohort  Create Night owls", way) == Call("cohort create", {"name": "Night owls"})


@EACH_WAY
@pytest.mark.parametrize(
    "line",
    [
        "checkin 20 did some",
        "/checkin 20 did some",
        "/study checkin 20 did some",
        "study checkin 20 did some",
        "check in 20 did some",
        "check-in 20 did some",
        "Checked in 20 did some",
        "check in: 20 did some",
        "/study check in for 20 did some",
        "checkin: 20 did some",
    ],
)
def test_a_command_is_understood_however_it_is_spelt(way: Way, line: str) -> None:
    assert hear(REGISTRY, line, way) == Call("checkin", {"minutes": "20", "note": "did some"})


@EACH_WAY
def test_a_time_in_words_is_the_time(way: Way) -> None:
    assert hear(REGISTRY, "check in 45 minutes", way) == Call("checkin", {"minutes": "45 minutes"})
    assert hear(REGISTRY, "check in.", way) == hear(REGISTRY, "checkin!", way) == Call("checkin")


@EACH_WAY
def test_the_words_of_a_command_in_a_sentence_are_no_command(way: Way) -> None:
    line = "check in with the others tomorrow about the slides"
    assert hear(REGISTRY, line, way) == unclear(line)


@pytest.mark.parametrize("line", UNMEANT)
@pytest.mark.parametrize("way", ["slash", "mention"])
def test_what_names_no_command_and_asks_nothing_is_never_published(way: Way, line: str) -> None:
    assert hear(REGISTRY, line, way) == unclear(line)


@pytest.mark.parametrize("line", STATEMENTS)
@EACH_WAY
def test_a_statement_is_no_question_though_it_begins_like_one(way: Way, line: str) -> None:
    assert hear(REGISTRY, line, way).name != "consult"
    assert way == "direct" or hear(REGISTRY, line, way) == unclear(line)


@pytest.mark.parametrize("line", QUESTIONS)
def test_only_a_question_that_is_put_to_the_bot_where_others_read_is_answered_there(line: str) -> None:
    assert hear(REGISTRY, line, "mention") == Call("ask", {"question": line})
    assert hear(REGISTRY, line, "slash") == Call("consult", {"question": line})
    assert hear(REGISTRY, f"/{line}", "mention") == Call("consult", {"question": line})
    assert hear(REGISTRY, line, "direct") == Call("ask", {"question": line})


def test_a_question_after_an_opening_clause_is_one_where_the_bot_is_meant_and_nowhere_else() -> None:
    line = "my loss goes nan after a few steps, what do i do"
    assert hear(REGISTRY, line, "mention") == hear(REGISTRY, line, "direct") == Call("ask", {"question": line})
    assert hear(REGISTRY, line, "slash") == Call("consult", {"question": line})
    assert carry_on(REGISTRY, line) == Call("ask", {"question": line})
    assert overhear(REGISTRY, line) is None and remark(REGISTRY, line) is None
    for said in ("I did 45 minutes, what is a token", "need help with settings", "I am new, how do I undo"):
        assert hear(REGISTRY, said, "mention").name in {"heard", "help"}, f"a command may be meant: {said}"


def test_a_bare_topic_written_to_the_bot_alone_is_asked_of_the_notes() -> None:
    assert hear(REGISTRY, "attention heads", "direct") == Call("ask", {"question": "attention heads"})
    assert hear(REGISTRY, "cohort of models", "direct") == Call("ask", {"question": "cohort of models"})
    for line in ("thanks!", "I quit", "log 45 read", "chekin", "my week was bad"):
        assert hear(REGISTRY, line, "direct") == unclear(line)


@EACH_WAY
@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("chekin 45 read two papers", "checkin 45 read two papers"),
        ("setings", "settings"),
        ("udno", "undo"),
        ("chceckin 45 read", "checkin 45 read"),
        ("cohort crate Owls", "cohort create Owls"),
        ("settingz?", "settings"),
        ("log 45 felt stupid before", "checkin 45 felt stupid before"),
        ("I did 45 minutes, read two papers", "checkin 45 read two papers"),
    ],
)
def test_a_slip_is_a_guess_and_never_a_public_question(way: Way, line: str, meant: str) -> None:
    assert hear(REGISTRY, line, way) == unclear(line)
    first = guesses(REGISTRY, line)[0]
    assert written(first.command, first.call) == meant


@pytest.mark.parametrize("line", ["as we said", "aks", "boat"])
def test_a_word_that_is_far_from_a_name_is_no_slip(line: str) -> None:
    assert [g.command.name for g in guesses(REGISTRY, line)] in ([], ["ask"] if line == "aks" else [])


def test_what_follows_a_mention_is_the_line_if_it_names_a_command_else_all_of_it() -> None:
    me = re.compile("[ ,:]*@bot[ ,:]*")
    assert hear(REGISTRY, "hey @bot check in 45 read", "mention", me).args == {"minutes": "45", "note": "read"}
    assert hear(REGISTRY, "what is a token, @bot?", "mention", me) == Call("ask", {"question": "what is a token ?"})
    assert hear(REGISTRY, "thanks @bot", "mention", me) == unclear("thanks")
    assert hear(REGISTRY, "@bot /study checkin 20 did some", "mention", me).name == "checkin"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("checkin 45 read", "checkin"),
        ("/frobnicate", "heard"),
        ("/why is it so?", "consult"),
        ("trailmate, what is attention?", "ask"),
        ("@trailmate what is attention?", "ask"),
        ("Trailmate: thanks", "heard"),
        ("what is a token, @trailmate?", "ask"),
        ("chekin 45 felt stupid", "heard"),
    ],
)
def test_in_a_room_where_people_talk_the_bot_hears_what_is_for_it(line: str, name: str) -> None:
    found = overhear(REGISTRY, line)
    assert found is not None and found.name == name


@pytest.mark.parametrize("line", ["what is attention?", "hello all", "I did 45 minutes", "topics I like", "sick today"])
def test_what_people_say_to_each_other_is_not_for_the_bot(line: str) -> None:
    assert overhear(REGISTRY, line) is None


def test_what_the_bot_could_do_about_talk_is_a_word_aside() -> None:
    assert remark(REGISTRY, "what is attention?") == Call("heard", {"text": "what is attention?", "aloud": "yes"})
    for line in ("hello all", "hi Ben, how was your week?", "I did 45 minutes", "topics I like", "on holiday, bye"):
        assert remark(REGISTRY, line) is None
    for line in ("thanks Lou", "Thank you Lou Reed, that helped a lot", "thx lou for the link"):
        assert remark(REGISTRY, line) == Call("heard", {"text": line, "aloud": "yes"})
    for line in ("thanks", "thanks a lot", "thanks all", "thanks, that helped", "thank you so much", "thanks for that"):
        assert remark(REGISTRY, line) is None


def test_a_call_for_help_with_a_thing_is_a_question_and_one_with_a_command_is_help() -> None:
    line = "help me understand attention"
    assert hear(REGISTRY, line, "mention") == Call("ask", {"question": line})
    assert hear(REGISTRY, "help, what is attention?", "slash").name == "consult"
    assert hear(REGISTRY, "help checkin?", "mention").name == hear(REGISTRY, "help", "mention").name == "help"
    assert hear(REGISTRY, "help frobnicate", "mention") == Call("help", {"command": "frobnicate"})


def test_a_hidden_command_cannot_be_typed() -> None:
    assert hear(REGISTRY, "postnow", "mention") == unclear("postnow")


def test_a_former_name_still_leads_to_its_command() -> None:
    renamed = replace(checkin, name="log", formerly=(FormerName("checkin"),), hints=())
    registry = type(REGISTRY)([sample_commands.help_, sample_commands.ask, renamed])
    assert hear(registry, "checkin 45 read", "mention").name == "log"


@examples(300)
@given(st.text(max_size=80), st.sampled_from(WAYS))
def test_any_line_is_a_call_that_the_registry_knows(line: str, way: Way) -> None:
    call = hear(REGISTRY, line, way)
    assert REGISTRY.find(call.name) is not None
    Call.unpack(call.pack())
    overhear(REGISTRY, line)
    remark(REGISTRY, line)


@EACH_WAY
def test_a_hidden_command_of_two_words_is_not_typed_and_what_follows_belongs_to_the_shown_one(way: Way) -> None:
    quiz = replace(sample_commands.undo, name="quiz", params=sample_commands.pause.params)
    registry = Registry([quiz, replace(quiz, name="quiz answer", hidden=True), *sample_commands.HEARING])
    assert hear(registry, "quiz answer", way) == Call("quiz", {"reason": "answer"})
    assert hear(registry, "quiz", way) == Call("quiz")
    assert complete(registry, "qu") == ["quiz"]


@EACH_WAY
def test_a_hidden_command_beside_one_that_takes_nothing_is_answered_and_no_word_is_dropped(way: Way) -> None:
    quiz = replace(sample_commands.undo, name="quiz", params=())
    registry = Registry(
        [sample_commands.help_, quiz, replace(quiz, name="quiz answer", hidden=True), *sample_commands.HEARING]
    )
    assert hear(registry, "quiz answer B", way) == Call("help", {"command": "quiz answer"})
    assert hear(registry, "quiz", way) == Call("quiz")
    assert overhear(registry, "quiz answer B was wrong, I think") is None


FURTHER = [
    "and at test time",
    "and for tuples",
    "what about sets",
    "why",
    "an example please",
    "in simpler words",
    "how so",
    "ok and how does it compare to a list",
    "same for dicts",
    "what if the list is sorted",
]


@pytest.mark.parametrize("line", FURTHER)
def test_what_asks_further_is_a_question_without_its_mark(line: str) -> None:
    for way, name in (("mention", "ask"), ("direct", "ask"), ("slash", "consult")):
        assert hear(REGISTRY, line, way) == Call(name, {"question": line})  # type: ignore[arg-type]
    assert carry_on(REGISTRY, line) == Call("ask", {"question": line})


@pytest.mark.parametrize(
    "line",
    [
        "no, dropout is only used at test time",
        "but the loss never goes to zero",
        "no, you are wrong. LoRA trains all weights.",
        "you are wrong, LoRA trains all weights!",
        "I insist that LoRA trains all weights",
    ],
)
def test_what_disputes_is_a_question_only_if_it_is_said_to_an_answer(line: str) -> None:
    assert hear(REGISTRY, line, "mention", follows=True) == Call("ask", {"question": line})
    assert hear(REGISTRY, line, "mention") == unclear(line)
    assert carry_on(REGISTRY, line) == Call("ask", {"question": line})


@pytest.mark.parametrize("line", ["i dont get it", "huh?", "I still don't understand", "I'm lost"])
def test_who_does_not_follow_an_answer_asks_for_it_anew_and_anywhere_else_for_help(line: str) -> None:
    assert hear(REGISTRY, line, "mention", follows=True) == Call("ask", {"question": line})
    assert hear(REGISTRY, line, "slash") == unclear(line) == hear(REGISTRY, line, "direct", follows=True)
    assert carry_on(REGISTRY, line) == Call("ask", {"question": line})


def test_who_misses_something_where_others_read_is_asked_there_what_and_who_is_lost_is_led_on() -> None:
    for line in ("i dont get it", "I still don't understand", "sorry, I can't follow this"):
        assert hear(REGISTRY, line, "mention") == Call("ask", {"question": line})
    for line in ("huh?", "I'm lost"):
        assert hear(REGISTRY, line, "mention") == unclear(line)


def test_a_few_words_instead_of_an_answer_are_a_question_where_the_answer_is_spoken_to() -> None:
    for said, line in (("no, 0.5", "no, 0.5"), ("trailmate, no, the mean", "no, the mean")):
        assert overhear(REGISTRY, f"trailmate, {line}", follows=True) == Call("ask", {"question": line})
        assert hear(REGISTRY, said, "mention", NAMED, follows=True) == Call("ask", {"question": line})
        assert overhear(REGISTRY, f"trailmate, {line}") == unclear(line)
        assert carry_on(REGISTRY, line) is None, "among people it may be said to one of them"


def test_a_doubt_about_an_answer_goes_on_with_it_and_one_about_people_does_not() -> None:
    doubt = "are you sure? LoRA trains all the weights of the model"
    assert carry_on(REGISTRY, doubt) == Call("ask", {"question": doubt})
    assert carry_on(REGISTRY, "are you sure? you were late on Monday") is None


@pytest.mark.parametrize(
    "line",
    [
        "no, I was sick on Tuesday",
        "but we are all tired of it",
        "no thanks",
        "thanks!",
        "ok",
        "and I am off",
        *UNMEANT,
    ],
)
def test_what_one_says_of_oneself_is_no_question_to_an_answer_either(line: str) -> None:
    assert hear(REGISTRY, line, "mention", follows=True).name != "ask"
    assert carry_on(REGISTRY, line) is None


@pytest.mark.parametrize(
    "line", [*QUESTIONS, "can you explain that again?", "could you give an example", "u know what kv cache is"]
)
def test_in_the_thread_of_an_answer_a_question_needs_no_mention(line: str) -> None:
    assert carry_on(REGISTRY, line) == Call("ask", {"question": line})


@pytest.mark.parametrize(
    "line",
    [
        "<@U2BOB> what do you think?",
        "@ben what is attention?",
        "did you read it?",
        "are you coming on Monday?",
        "but can you come on Monday",
        "does anybody have the link?",
        "what did everyone read?",
        "<!here> is it on?",
        "checkin 45",
        "help",
        "you know what happened",
        "do you know what he is",
        *STATEMENTS,
    ],
)
def test_in_the_thread_of_an_answer_what_is_said_to_people_is_left_to_them(line: str) -> None:
    assert carry_on(REGISTRY, line) is None


TO_MEMBERS = [
    "<@456> can you share your notebook from last night?",
    "@jonas can you share your notebook from last night?",
    "hey <@U456|jonas>, are you coming to the session on tensors?",
    "what time works for you <@456>? we could do the tensor exercise",
    "Priya did you manage to run the training script?",
    "Jonas how did you get your loss so low?",
    "Sam are you free to go over gradient descent?",
    "Adam, can you lend me a GPU?",
    "Lena, could you send me your notes on dropout?",
    "guys how did you solve the exercise on attention?",
    "have you all read the chapter on regularisation?",
    "what did y'all think of the attention paper?",
    "would you two like to present the transformer unit?",
    "how was your weekend? I trained a model",
    "do you want to compare our loss curves?",
    "anyone else think this is too fast?",
    "is anyone up for a call about backprop tonight?",
    "does anybody have the link to the notebook?",
    "anyone stuck on the tokenizer exercise too?",
    "did everyone finish the reading on sets?",
    "can someone review my pull request?",
    "anyone wanna explain it to me over coffee?",
    "who wants to pair up on the attention exercise?",
    "who else is doing the optional exercise?",
    "is it just me or is the tokenizer unit too hard?",
    "why did the tensor break up with the matrix? too many dimensions lol",
    "why did the network cross the road? because it was stuck in a local minimum",
    "what do you call a lazy optimizer? gradient ascent",
    "how many data scientists does it take to change a bulb? depends on the batch",
]
TO_BOT = [
    "can you explain attention?",
    "could you tell us how softmax works?",
    "do you know what a tokenizer is?",
    "have you got an example of a tokenizer?",
    "did you mean self-attention?",
    "what do you mean by overfitting?",
    "how would you explain attention to a child?",
    "can you use dropout at test time?",
    "how do you compute recall?",
    "do you have to normalise the inputs?",
    "are you supposed to shuffle the test set?",
    "will you always get the same answer at temperature zero?",
    "why would you use a smaller batch size?",
    "what does a confusion matrix tell you?",
    "does anyone here know what attention is?",
    "can someone please explain backprop?",
    "explain to someone new what attention is",
    "what are embeddings? <@456> asked",
    "what is attention? I don't get it from the slides",
    "why is my loss nan? I use a rate of 0.1 lol",
    "is it 5 or 7? the slides say 7",
    "what is a tensor? lol",
    "PyTorch or JAX, which should I use?",
    "Bayes' theorem, how do you apply it?",
    "remind me what a p value tells you",
    "remind me how attention works",
    "remind me why we scale the dot product",
]


@pytest.mark.parametrize("line", TO_MEMBERS)
def test_a_line_to_other_members_is_not_answered_in_public_though_it_names_the_bot(line: str) -> None:
    assert hear(REGISTRY, line, "mention") == unclear(line)
    assert carry_on(REGISTRY, line) is None and remark(REGISTRY, line) is None
    assert hear(REGISTRY, f"/{line}", "mention").name in {"consult", "heard"}


@pytest.mark.parametrize("line", TO_BOT)
def test_a_question_for_the_notes_is_answered_in_public_though_it_speaks_to_somebody(line: str) -> None:
    assert hear(REGISTRY, line, "mention") == Call("ask", {"question": line})
