"""Questions about the group are told from those for the notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers.evaluation.facts import read_facts
from bot.answers.index.chunks import SourceId
from bot.features.ask.group_questions import LONGEST, GroupQuestion, about
from bot.runtime.answer_engine import AnswerEngine
from bot.runtime.catalogue import registry
from tests.examples import sample
from tests.shipped import read_yaml

REGISTRY = registry()
QUESTIONS = Path(__file__).parents[3] / "benchmarks" / "questions"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("When do we start unit 3?", GroupQuestion("unit", unit=3)),
        ("is week 12 due soon", GroupQuestion("unit", unit=12)),
        ("who has not checked in?", GroupQuestion("checked in")),
        ("who hasn’t checked in yet", GroupQuestion("checked in")),
        ("who is missing", GroupQuestion("checked in")),
        ("How do I check in?", GroupQuestion("command", command="checkin")),
        ("hey, how do i check in for this week", GroupQuestion("command", command="checkin")),
        ("when is the deadline", GroupQuestion("deadline")),
        ("when is the deadline of this unit?", GroupQuestion("deadline")),
        ("how many points do I have", GroupQuestion("mine")),
        ("show me my streak", GroupQuestion("mine")),
        ("what comes next", GroupQuestion("next")),
        ("When does the course end?", GroupQuestion("end")),
        ("how many weeks are left", GroupQuestion("end")),
        ("what week are we in?", GroupQuestion("now")),
        ("when did we start", GroupQuestion("now")),
        ("is there a break next week", GroupQuestion("now")),
        ("who leads?", GroupQuestion("board")),
        ("how many people are in this group?", GroupQuestion("people")),
        ("how many of us are there?", GroupQuestion("people")),
        ("who is the moderator here?", GroupQuestion("moderators")),
        ("who runs this course", GroupQuestion("moderators")),
        ("what roadmap are we on", GroupQuestion("roadmap")),
        ("is the group paused?", GroupQuestion("now")),
        ("do you store my messages?", GroupQuestion("command", command="privacy show")),
        ("what happens if i miss a week?", GroupQuestion("lapse")),
        ("how do I leave this group", GroupQuestion("command", command="leave")),
        ("how can i turn off the reminders", GroupQuestion("command", command="settings")),
        ("what can you do", GroupQuestion("command", command="help")),
        ("whats the task for unit 6", GroupQuestion("exercise", unit=6)),
        ("unit 6 exercise", GroupQuestion("exercise", unit=6)),
        ("whats the exercise this week again", GroupQuestion("exercise")),
        ("what is the exercise?", GroupQuestion("exercise")),
        ("give me the exercise", GroupQuestion("exercise")),
        ("whats due this week", GroupQuestion("deadline")),
        ("where do i find the resources for this week", GroupQuestion("resources")),
        ("what are the papers of unit 3", GroupQuestion("resources", unit=3)),
        ("how long should i plan for this weeks reading", GroupQuestion("hours")),
        ("how much time does this unit take?", GroupQuestion("hours")),
        ("how long does unit 4 take", GroupQuestion("hours", unit=4)),
        ("how much time do i have for this unit", GroupQuestion("deadline")),
        ("how is the streak computed if i miss a week", GroupQuestion("lapse")),
        ("do i lose my streak if im sick", GroupQuestion("lapse")),
        ("how do streaks work", GroupQuestion("lapse")),
        ("what is a freeze?", GroupQuestion("lapse")),
        ("how are points counted?", GroupQuestion("worth")),
        ("how can i earn more points", GroupQuestion("worth")),
        ("who's ahead on the board rn", GroupQuestion("board")),
        ("how many people checked in already", GroupQuestion("count")),
        ("how many checkins do we have so far", GroupQuestion("count")),
        ("how many points do i get for a late checkin", GroupQuestion("worth")),
        ("is there a meeting", GroupQuestion("meeting")),
        ("any meetings this week?", GroupQuestion("meeting")),
        ("what do i need to do for the exercise", GroupQuestion("exercise")),
        ("what is the exercise about", GroupQuestion("exercise")),
        ("when is the next live hour", GroupQuestion("meeting")),
    ],
)
def test_what_is_asked_about_the_group_is_recognised(question: str, told: GroupQuestion) -> None:
    assert about(REGISTRY, question) == told


@pytest.mark.parametrize(
    "question",
    [
        "how do i check in python whether a key is there",
        "how do I join two tables",
        "who leads research at a lab",
        "how many people are in the training set",
        "how many members has an ensemble",
        "who is the admin of a cluster",
        "do you store my_tensor on the gpu",
        "when is the deadline of a conference",
        "what is exploding loss due to",
        "why does my F1 score fall",
        "my training progress bar hangs",
        "how do i fit a line to all my points",
        "how long do we have to train",
        "how long does a task take to run on a gpu",
        "what is the task of a discriminator",
        "give me the solution of the exercise",
        "what are the sources of bias",
        "how do i see a losing streak in data points",
        "how are points counted in mAP",
        "what are points in a point cloud",
        "how do i freeze layers",
        "is there a meeting point of two curves",
        "when does the group of layers end",
        "how long does the program take to train",
        "what unit are we to use for loss",
        "what does a unit test check in week-old code",
        "who is late to the party of transformers",
        "x" * (LONGEST + 1),
        "",
    ],
)
def test_what_is_for_the_notes_is_left_to_them(question: str) -> None:
    assert about(REGISTRY, question) is None


def test_no_question_that_the_notes_cover_is_taken_for_one_about_the_group(noted: AnswerEngine) -> None:
    track = noted.track("genai-2026")
    asked = read_facts(QUESTIONS / "facts.yaml")
    texts = [turn for one in (*asked.covered, *asked.followups) for turn in one.turns]
    for name in ("questions", "newcomers"):
        texts += [one["q"] for one in read_yaml(QUESTIONS / f"{name}.yaml")["covered"]]
    texts += [question for chunk in noted.index.chunks([SourceId(track.id)]) for question in chunk.questions]
    assert len(texts) > 1500 and [text for text in sample(texts, 40) if about(REGISTRY, text)] == []
