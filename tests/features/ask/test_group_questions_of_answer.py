"""Lines of everyday words on the weeks, the work and the standing of a group are told from those for the notes."""

from __future__ import annotations

import pytest

from bot.features.ask.group_questions import about
from bot.runtime.catalogue import registry

REGISTRY = registry()

OF_GROUP = {
    "hours": [
        "how many hours is this?", "how many hours a week do I need", "how much time per week", "how many hours today?",
        "how long is this week", "how much should i study per week",
    ],
    "mine": [
        "am I on track", "did I check in?", "have i checked in yet", "am i behind?", "how far am i?",
        "did i miss anything", "how am I doing?", "did my check-in count?", "what did I miss", "how late am i",
    ],
    "board": [
        "what's my rank", "what is my rank?", "which place am i in", "who is leading", "who is leading the board",
        "whats my place on the board",
    ],
    "must": [
        "do i have to finish the exercise", "do I need to read everything?", "is the homework mandatory",
        "do we have to do the quiz", "can I skip the exercise", "what counts as a check-in?", "what is a check-in",
        "must i finish the task to check in", "is the exercise optional",
    ],
    "late": [
        "can I catch up?", "how late can I check in", "can i check in late?", "is it too late to check in",
        "can I still check in", "how do i catch up", "can I check in for last week", "until when can I check in",
        "can i still do last week", "what if i am late", "is it ok to check in late", "can I check in tomorrow",
    ],
    "resources": [
        "what should I read?", "what chapter do I read", "which chapters this week", "what do i read next",
        "what are we reading", "what do I have to watch this week",
    ],
    "meeting": [
        "next session?", "when's the next session", "is there a session today", "next call?",
        "what time is the session",
        "do we meet this week",
    ],
    "quiz": [
        "is there a quiz?", "when is the quiz", "do we have a quiz this week", "where's the quiz",
        "any quiz this week?",
    ],
    "last": ["what did we do last week", "what was last week about", "last week?", "which unit was last week"],
    "now": [
        "what is this week about?", "what's this week", "what are we doing today", "what's on today",
        "what's todays topic", "which week is it", "what do we do this week",
    ],
    "deadline": ["when does the week end?", "when does this unit close", "how many days are left", "is it due today?"],
    "next": ["next week?", "what do we do next week", "what comes after this week"],
    "capstone": [
        "what is the capstone", "whats the capstone about", "is there a final project",
        "when is the capstone due",
    ],
    "exercise": [
        "what's todays task", "hw?", "homework?", "whats the hw", "is there homework", "what do i have to do",
        "what should I do this week", "what do I have to do today", "do we have an exercise this week?",
    ],
    "lapse": [
        "how do I keep my streak?", "what happens if I miss a week?", "what is a freeze?",
        "how do streaks work?",
    ],
    "worth": ["how do points work?", "what are points for"],
}  # a table of data # fmt: skip

OF_NOTES = [
    "what rank should a LoRA have",
    "how many hours does fine-tuning take",
    "can I catch up a stale KV cache",
    "what is the rank of a matrix",
    "what is a task in multi-task learning",
    "what is a session in tensorflow",
    "how late can I stop training",
    "what is the unit of cross entropy",
    "how do I read a loss curve",
    "when does early stopping end training",
    "what is a point estimate",
    "how many points does a boxplot need",
    "what did the last layer learn",
    "what is the last token",
    "is there a task vector",
    "how long does a request take",
    "how much time does indexing take",
    "what is the next token",
    "what comes after tokenisation",
    "which unit activation should I use",
    "do I have to normalise the inputs",
    "can I skip a layer",
    "what is a hidden unit",
    "is a validation set mandatory",
    "should I finish pre-training before fine-tuning",
    "what are hours of gpu time",
    "how do I check in code whether it is done",
    "what is the missing rate",
    "when is the learning rate too late to change",
    "can I still use an old checkpoint",
    "what is this about",
    "is it still running",
    "what is due to bias",
    "how far am i from the optimum",
    "what should I read from the confusion matrix",
    "what is an exercise of the chain rule",
    "what is a capstone model",
    "how often should I evaluate",
    "which place does a reranker have",
    "how do I finish a generator early",
    "what happens if I miss a semicolon",
    "what happens when gradients explode",
    "how many days of logs should I keep",
    "what is a unit",
    "what is a task",
    "how do I chunk last week's logs",
    "why is it late",
    "what does it take",
    "how do I keep it",
    "what should I do about overfitting",
    "what do I have to do to train on two gpus",
    "how do freezes of weights work",
]


@pytest.mark.parametrize(("subject", "line"), [(one, line) for one, lines in OF_GROUP.items() for line in lines])
def test_what_a_line_asks_of_the_group(subject: str, line: str) -> None:
    found = about(REGISTRY, line)
    assert found is not None and found.subject == subject


@pytest.mark.parametrize("line", OF_NOTES)
def test_the_same_words_on_the_subject_are_for_the_notes(line: str) -> None:
    assert about(REGISTRY, line) is None
