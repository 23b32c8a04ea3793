"""Questions about the group are told from those for the notes."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.answers.evaluation.facts import read_facts
from bot.answers.index.chunks import SourceId
from bot.features.ask.group_questions import LONGEST, About, about
from bot.runtime.answer_engine import Notebook
from bot.runtime.catalogue import registry

REGISTRY = registry()
GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("When do we start unit 3?", About("unit", unit=3)),
        ("is week 12 due soon", About("unit", unit=12)),
        ("who has not checked in?", About("checked in")),
        ("who hasn’t checked in yet", About("checked in")),
        ("who is missing", About("checked in")),
        ("How do I check in?", About("command", command="checkin")),
        ("hey, how do i check in for this week", About("command", command="checkin")),
        ("when is the deadline", About("deadline")),
        ("when is the deadline of this unit?", About("deadline")),
        ("how many points do I have", About("mine")),
        ("show me my streak", About("mine")),
        ("what comes next", About("next")),
        ("When does the course end?", About("end")),
        ("how many weeks are left", About("end")),
        ("what week are we in?", About("now")),
        ("when did we start", About("now")),
        ("is there a break next week", About("now")),
        ("who leads?", About("board")),
        ("how many people are in this group?", About("people")),
        ("how many of us are there?", About("people")),
        ("who is the moderator here?", About("moderators")),
        ("who runs this course", About("moderators")),
        ("what roadmap are we on", About("roadmap")),
        ("is the group paused?", About("now")),
        ("do you store my messages?", About("command", command="privacy show")),
        ("what happens if i miss a week?", About("lapse")),
        ("how do I leave this group", About("command", command="leave")),
        ("how can i turn off the reminders", About("command", command="settings")),
        ("what can you do", About("command", command="help")),
        ("whats the task for unit 6", About("exercise", unit=6)),
        ("unit 6 exercise", About("exercise", unit=6)),
        ("whats the exercise this week again", About("exercise")),
        ("what is the exercise?", About("exercise")),
        ("give me the exercise", About("exercise")),
        ("whats due this week", About("deadline")),
        ("where do i find the resources for this week", About("resources")),
        ("what are the papers of unit 3", About("resources", unit=3)),
        ("how long should i plan for this weeks reading", About("hours")),
        ("how much time does this unit take?", About("hours")),
        ("how long does unit 4 take", About("hours", unit=4)),
        ("how much time do i have for this unit", About("deadline")),
        ("how is the streak computed if i miss a week", About("lapse")),
        ("do i lose my streak if im sick", About("lapse")),
        ("how do streaks work", About("lapse")),
        ("what is a freeze?", About("lapse")),
        ("how are points counted?", About("worth")),
        ("how can i earn more points", About("worth")),
        ("who's ahead on the board rn", About("board")),
        ("how many people checked in already", About("count")),
        ("how many checkins do we have so far", About("count")),
        ("how many points do i get for a late checkin", About("worth")),
        ("is there a meeting", About("meeting")),
        ("any meetings this week?", About("meeting")),
        ("what do i need to do for the exercise", About("exercise")),
        ("what is the exercise about", About("exercise")),
        ("when is the next live hour", About("meeting")),
    ],
)
def test_what_is_asked_about_the_group_is_recognised(question: str, told: About) -> None:
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


def test_no_question_that_the_notes_cover_is_taken_for_one_about_the_group(noted: Notebook) -> None:
    track = noted.track("genai-2026")
    asked = read_facts(GOLDEN / "facts.yaml", {topic.id for topic in track.roadmap.topics})
    texts = [turn for one in (*asked.covered, *asked.followups) for turn in one.turns]
    for name in ("questions", "newcomers"):
        texts += [one["q"] for one in yaml.safe_load((GOLDEN / f"{name}.yaml").read_text())["covered"]]
    texts += [question for chunk in noted.index.chunks([SourceId(track.id)]) for question in chunk.questions]
    assert len(texts) > 1500 and [text for text in texts if about(REGISTRY, text)] == []
