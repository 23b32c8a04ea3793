"""Questions about the bot, told from those for the notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.runtime.catalogue import registry
from bot.understanding.free_text import read
from bot.understanding.help_questions import asked_about
from bot.understanding.intents import hear
from tests.examples import sample
from tests.shipped import read_courses, read_yaml

REGISTRY = registry()
QUESTIONS = Path(__file__).parents[2] / "benchmarks" / "questions"
ABOUT: dict[str, tuple[str, ...]] = {
    "help": (
        "what can you do?", "What can I do here", "so what do you do", "help me", "help!", "can you help me?",
        "how does this work?", "how do I use you", "which commands are there?", "show me what you can do",
        "I'm new here", "how do I start?", "where do I begin", "what is this?", "I need help please",
    ),
    "checkin": (
        "how do I check in?", "hey, how do i check in for this week", "where do I log hours?",
        "how to report my work", "I want to check in", "how do I do a check-in",
    ),
    "undo": (
        "how do I undo a check-in?", "can I delete my last check-in?", "how can I fix a wrong checkin", "how do I undo",
        "is there a way to take back a check-in?",
    ),
    "settings": (
        "can I change my time zone?", "how do I turn off the reminders?", "how can I set quiet hours",
        "where do I change my settings", "is it possible to hide from the leaderboard?", "can you remind me?",
        "can I get fewer reminders", "how do I stop these messages?",
    ),
    "leaderboard": ("where do I see the board?", "how can I find the leaderboard", "where is the ranking?"),
    "progress": ("where can I see my streak?", "can I see my points"),
    "away": ("how do I say that I am away?", "can I take a week off?"),
    "join": ("how do I join?", "can I join this group", "how can I sign up?", "I would like to take part"),
    "home": ("where do I stand?",),
    "groups": ("which groups are there?", "how do I see my groups"),
    "leave": ("how do I leave this group", "can I quit?", "how to unsubscribe"),
    "course": ("where can I see the whole roadmap", "how many units are there?"),
    "unit": ("where do I find this week's exercise?", "how do I see the unit"),
    "notes read": ("where are the notes?", "how do I read the notes"),
    "ask": ("how do I ask a question?", "can I ask you something?", "may I ask a question"),
    "privacy show": ("what do you know about me?", "who can see my check-ins?"),
    "privacy forget": ("how do I delete my data",),
    "setup": ("how do I start a group?", "how can we set up our own study group", "can I create a cohort"),
    "manage edit": ("how do I become a moderator?", "can we move the deadline?", "how do I make someone a moderator"),
    "manage pause": ("can we pause the group?",),
}  # a table of data # fmt: skip
NOTES = (
    "what can transformers do?", "how do I check in a model to git?",
    "how do I check in python whether a key is there", "how do I undo a commit?", "can I undo a git push",
    "how do I join two tables?", "how do I join two lists", "how do I leave a loop early?",
    "how can I leave out a layer", "can I change the learning rate?", "can I change the time zone of a datetime?",
    "how do I set the temperature", "where do I see the gradients?", "how can I see the attention weights",
    "how do I find the notes of a model card", "how does a check-in of weights work", "what is a token?",
    "what is a freeze layer", "how do I freeze the embeddings?", "what is a streak of outliers",
    "how are points clustered?", "how do I get more points on a curve", "how do I start training?",
    "how do I create a group of parameters", "how do I set up a study of annotators", "how do I pause training",
    "can I skip a layer?", "what happens if I miss a label?", "how do I end a sequence",
    "what can an agent do for me?", "what can you do with embeddings?", "how does this work in attention?",
    "how do you work with missing values?", "can you help me understand dropout?", "help me understand sets",
    "where do I start with fine-tuning?", "what are the options of a sampler", "which commands does git have",
    "how do I use it in PyTorch", "how do I turn off dropout?", "how do I stop a model from overfitting?",
    "how do I read a file?", "how do I log metrics?", "how can I report my results in a paper",
    "how do I delete a row", "can I ask a model a question", "what do you know about attention?",
    "how many units are there in a hidden layer?", "where is the ranking loss", "how do I see the unit tests fail",
    "how do I save my model", "what is a board of experts",
    # a rule is told by the record of the group rather than by the page of a command
    "can I check in late?", "what is a check-in?", "what counts as a check-in?", "what happens if I miss a week?",
)  # a table of data # fmt: skip


@pytest.mark.parametrize(("said", "name"), [(line, name) for name, lines in ABOUT.items() for line in lines])
def test_a_question_about_the_bot_is_answered_by_its_help(said: str, name: str) -> None:
    found = asked_about(REGISTRY, said)
    assert found is not None and found.args.get("command", found.name) == name
    assert hear(REGISTRY, said, "direct") == hear(REGISTRY, said, "mention") == found


@pytest.mark.parametrize("said", NOTES)
def test_a_question_for_the_notes_is_left_to_them(said: str) -> None:
    assert asked_about(REGISTRY, said) is None and not read(said).is_manners
    assert hear(REGISTRY, said, "mention").name == "ask"


def test_there_are_many_of_both_kinds() -> None:
    assert min(sum(map(len, ABOUT.values())), len(NOTES)) >= 40


def test_no_question_that_notes_were_ever_asked_is_taken_for_one_about_the_bot() -> None:
    texts = [
        one["q"]
        for name in ("questions", "newcomers")
        for part in read_yaml(QUESTIONS / f"{name}.yaml").values()
        for one in part
        if isinstance(one, dict) and "q" in one
    ]
    for track in read_courses().values():
        texts += [
            heading for note in track.notes.values() for heading in (note.title, *(s.heading for s in note.sections))
        ]
    assert len(texts) > 500
    assert [text for text in sample(texts, 4) if read(text).is_manners or asked_about(REGISTRY, text)] == []
