"""People read short, plain sentences: the rules themselves, and all texts of the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.messages.call import Call
from bot.messages.reply import Actions, Button, Reply, Table, Text, say
from tests.tour import tour
from tests.words import lengths
from tests.words.findings import Finding, find_all, find_in_source
from tests.words.literals import locate, read_literals
from tests.words.rules import (
    Phrase,
    find_clause,
    find_faults,
    find_phrases,
    find_summary_faults,
    read_phrases,
    split_sentences,
)

NOT_YET: frozenset[str] = frozenset()
"""Features and packages whose texts are still to be rewritten. Take one off when `python -m tools.words` is quiet."""

GOOD = Path(__file__).with_name("good_sentences.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("phrase", read_phrases(), ids=lambda phrase: phrase.bad)
def test_a_phrase_is_found_in_its_example(phrase: Phrase) -> None:
    assert phrase.search(phrase.bad)
    assert not phrase.search(phrase.say), "what to say instead breaks the rule"


def test_there_are_fifty_good_sentences() -> None:
    assert len(set(GOOD)) >= 50


@pytest.mark.parametrize("line", GOOD)
def test_the_rules_are_quiet_on_good_sentences(line: str) -> None:
    assert [fault for sentence in split_sentences(line) for fault in find_faults(sentence)] == []


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("I post it in the room of the group.", "the room"),
        ("There is room for 3 more.", None),
        ("You kept unit 3.", "kept unit"),
        ("It keeps your streak.", None),
        ("The leaderboard is open.", None),
        ("You are off the board.", "the board"),
        ("Leg 2 begins on Monday.", "Leg 2"),
        ("This is for members alone.", "members alone"),
        ("You are not alone.", None),
        ("See roadmap.yaml in the folder.", None),
    ],
)
def test_a_phrase_is_wrong_in_its_context(sentence: str, words: str | None) -> None:
    found = find_phrases(sentence)
    assert (words in found[0]) if words else found == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Who hides from it is found by nobody.",
        "Whoever runs me has to fix that.",
        "Whoever waits for the other waits long.",
        "Whomever you thank reads it.",
        "Whose turn it is gets a message.",
        "What you wrote in the chat is yours to delete.",
        "What lies between stays open for catching up.",
        "Whatever you do here asks for a reason.",
        "Which group it was is for members to see.",
        "Whichever comes first counts.",
        "Where nothing is known, I ask the platform.",
        "Wherever you meet is fine by me.",
        "That you want it is noted.",
        "That nobody came was no fault of yours.",
        "That the group pauses is in the post.",
        "Of two, one who says that they met speaks for both.",
        "Of the others I write to you when it is your turn.",
        "Of this text the first 300 characters are stored.",
        "Beside it three questions are due for review.",
        "Beside the post there is a thread.",
        "Besides it you get a reminder.",
        "Whether you come or not is up to you.",
        "How often you were there counts for the group.",
        "How many take part is for members to see.",
        "To whom it goes stands above.",
        "For whom it counts is in the report.",
        "All that is stored about you is gone.",
        "Everything that was to be sent has been sent.",
        "Those who asked are told.",
        "Here comes back what you answered.",
        "**Who** has it still reads its words.",
        "- What moves here moves there.",
    ],
)
def test_a_clause_is_no_subject(sentence: str) -> None:
    assert find_clause(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Who may read this?",
        "What's next: check in for unit 2.",
        "What to discuss",
        "What happens next?",
        "What a week!",
        "Which group do you mean?",
        "Where is the group?",
        "Where: in the thread of this post.",
        "Whose turn is it?",
        "How does it work?",
        "How to join: press the button.",
        "How points work",
        "That works.",
        "That's all for today.",
        "That unit is over.",
        "That was your first check-in!",
        "Of course you can change it later.",
        "Well done!",
        "If you both wait, nobody starts.",
        "When unit 2 opens, you can make a plan.",
        "Hidden members don't appear in search.",
        "In a pair, one “we met” is enough.",
        "Everyone can see the leaderboard.",
        "All your check-ins stay.",
        "Everything works.",
        "You see who checked in.",
        "I'll tell you what changed.",
        "Choose where I post.",
        "Two of five members checked in.",
        "Off topic",
        "Whole weeks count.",
        "Here is your certificate.",
    ],
)
def test_a_plain_statement_or_a_question_is_fine(sentence: str) -> None:
    assert find_clause(sentence) is None


@pytest.mark.parametrize("summary", ["Delete your data, after a preview of what goes.", "Show your progress.", "Pass."])
def test_a_summary_starts_with_a_verb(summary: str) -> None:
    assert find_summary_faults(summary) == []


@pytest.mark.parametrize(
    "summary", ["What you can do here.", "Your settings.", "The next post.", "Shows it.", f"Show {'it' * 30}."]
)
def test_another_summary_is_wrong(summary: str) -> None:
    assert find_summary_faults(summary)


def _buttons(*calls: Call) -> tuple[Button, ...]:
    return tuple(Button(f"Do {number}", call) for number, call in enumerate(calls))


def test_a_message_is_measured_by_its_kind() -> None:
    long = say("word " * 31, title="Checked in", tone="good")
    assert lengths.kind_of_reply({"checkin"}, Call("checkin"), long) is lengths.RECEIPT
    assert lengths.find_long(long, lengths.RECEIPT) == ["length: receipt of 33 words, at most 30"]
    assert lengths.find_long(long, lengths.REPLY) == []
    assert lengths.kind_of_reply({"help"}, Call("help", {"page": "1"}), long) is lengths.EXEMPT
    assert lengths.kind_of_post("c1:unit-one:post") is lengths.POST
    assert lengths.kind_of_post("c1:closing") is lengths.REPLY


def test_a_table_and_a_long_list_are_a_listing() -> None:
    items = "\n".join(f"- item {number}" for number in range(60))
    reply = Reply((Text("One two three.\n" + items), Table(("a",), (("b c d",),))))
    assert lengths.count_reply_words(reply, lengths.REPLY) == 3
    assert lengths.count_reply_words(reply, lengths.POST) == 123


def test_the_sources_of_an_answer_do_not_count() -> None:
    reply = say("One two three.", "Sources: a long list of notes · another one")
    assert lengths.count_reply_words(reply, lengths.ANSWER) == 3


def test_a_choice_may_have_many_buttons() -> None:
    choice = [Call("quiz pick", {"choice": str(number)}) for number in range(5)]
    reply = Reply((Actions(_buttons(*choice)),), _buttons(Call("quiz stop"), Call("ask"), Call("help")))
    assert lengths.find_long(reply, lengths.REPLY) == []
    others = _buttons(Call("quiz stop"), Call("ask"), Call("help"), Call("undo"))
    assert lengths.find_long(Reply((), others), lengths.REPLY)


def test_a_sentence_is_found_in_the_source_by_its_constant_words() -> None:
    literal = next(item for item in read_literals() if item.file.endswith("refusals.py") and len(item.text) > 40)
    place = locate(literal.text.replace("¤", "Ann and Ben"))
    assert place is not None and (place.file, place.line) == (literal.file, literal.line)
    assert locate("Zebras gallop over purple mountains of unrelated prose.") is None


def _left(findings: list[Finding]) -> str:
    return "\n".join(str(finding) for finding in findings if finding.feature not in NOT_YET)


def test_the_source_has_plain_words() -> None:
    assert _left(find_in_source()) == ""


@pytest.mark.xdist_group("tour")
def test_replies_and_posts_are_short_and_plain() -> None:
    assert _left(find_all(tour())) == ""
