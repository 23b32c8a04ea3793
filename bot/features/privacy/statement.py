"""How the data of people is handled, for anybody to read: made of what the features declare."""

from __future__ import annotations

from dataclasses import dataclass

from bot.features.feature import Features
from bot.messages.numerals import counted
from bot.messages.reply import Reply, Table, Text

TITLE = "Privacy"
PATH = "/privacy"
HEAD = ("What", "Why", "When you are forgotten")
_BECOMES = {"deleted": "deleted", "unlinked": "stays without your name"}


@dataclass(frozen=True)
class Spans:
    """How long what passes is kept: a group's questions and the ids of events in days, a conversation in minutes."""

    question_days: int
    conversation_minutes: int
    event_days: int


def statement(features: Features, spans: Spans, *, has_model: bool) -> Reply:
    """Return the whole statement.

    Args:
        has_model: whether a model words answers.
    """
    asked = f"for {counted(spans.question_days, 'day')}" if spans.question_days else "not at all"
    turns = f"for {counted(spans.conversation_minutes, 'minute')}" if spans.conversation_minutes else "not at all"
    events = f"for {counted(spans.event_days, 'day')}"
    return Reply(
        (
            Text(
                "Trailmate is a study-group bot. It keeps what it needs to run a group, in one database of whoever "
                "runs it. It sells and shares nothing, counts no visits, and sets one cookie: that of a dashboard "
                "which you open yourself."
            ),
            Text(model_sees(has_model=has_model)),
            table(features),
            Text(features.personal_data.seen),
            Text(
                f"Questions asked in the open are kept {asked}, a conversation {turns}, which event was answered "
                f"{events}, all else until its group or you are gone. Message texts are in no log."
            ),
            Text(
                "In any group or direct message: `privacy show` tells what is kept about you, `privacy export` gives "
                "it to you as files, `privacy forget` has it deleted, also from older copies of the database should "
                "one come back. What you wrote in the chat itself is kept by the chat; delete it there."
            ),
        )
    )


def table(features: Features) -> Table:
    """Return what is kept, why, and what becomes of it."""
    titled = [data for data in features.personal_data.kept if data.title]
    return Table(
        HEAD,
        tuple(
            (f"{data.title} ({data.holds})" if data.holds else data.title, data.why, _BECOMES[data.forgotten])
            for data in titled
        ),
    )


def model_sees(*, has_model: bool) -> str:
    """Return what leaves for a model, in a sentence."""
    if not has_model:
        return "No model is set up here: nothing that you write leaves this machine but for the chat itself."
    return (
        "A model words answers here: it is sent your question, the last turns of its conversation and the passages "
        "found for it, and neither your name nor your record."
    )
