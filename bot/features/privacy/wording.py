"""The words about a person's data: what is stored, who sees it, and what deletion does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.commands.command import Command
from bot.features.feature import Features, PersonalData, StoredData
from bot.features.groups.tables import Group
from bot.features.privacy.forget import RemovedRows
from bot.messages import markup
from bot.messages.numerals import counted, numbered
from bot.messages.reply import Block, Button, Reply, Table, Text, say

STATEMENT_HEAD = ("What", "Why", "When you delete your data")
_BECOMES = {"deleted": "deleted", "unlinked": "stays without your name"}
NAMED, DELETED_NAMED, ALONE_NAMED = 4, 6, 2
"""Kinds of data that the overview names; the others are counted."""


@dataclass(frozen=True)
class Spans:
    """How long temporary data is stored: questions and the ids of events in days, a conversation in minutes."""

    question_days: int
    conversation_minutes: int
    event_days: int


def statement(features: Features, spans: Spans, *, has_model: bool) -> Reply:
    """Return the whole privacy statement.

    Args:
        has_model: whether a model writes answers.
    """
    return Reply(
        (
            Text(
                "Trailmate is a study-group bot. It stores what it needs to run a group, in one database of its "
                "operator. It doesn't sell or share data, and it doesn't count visits. It sets one cookie, for a "
                "dashboard that you open yourself."
            ),
            Text(model_use(has_model=has_model)),
            data_table(features.personal_data),
            Text(_list_readers(features.personal_data)),
            Text(
                f"Public questions are stored {_lasting(spans.question_days, 'day')}, a conversation "
                f"{_lasting(spans.conversation_minutes, 'minute')}, and the id of an answered event "
                f"{_lasting(spans.event_days, 'day')}. Everything else is stored until its group ends or you delete "
                "it. Logs hold no message text."
            ),
            Text(
                "In any group or direct message, `privacy show` shows the data about you. `privacy export` sends it "
                "to you as files. `privacy forget` deletes it, also from older copies of the database if one is "
                "restored. The chat itself stores what you wrote there. You can delete that in the chat."
            ),
        )
    )


def _lasting(count: int, noun: str) -> str:
    return f"for {counted(count, noun)}" if count else "not at all"


def data_table(declared: PersonalData) -> Table:
    """Return what is stored, why, and what deletion does to it."""
    titled = [data for data in declared.kept if data.title]
    return Table(
        STATEMENT_HEAD,
        tuple(
            (f"{data.title} ({data.holds})" if data.holds else data.title, data.why, _BECOMES[data.forgotten])
            for data in titled
        ),
    )


def model_use(*, has_model: bool) -> str:
    """Return what is sent to a model."""
    if not has_model:
        return "No AI model is used here. Apart from the chat itself, nothing you write leaves the bot's machine."
    return (
        "An AI model writes answers. It gets your question, the last turns of the conversation and the passages that "
        "I found. It never gets your name or your record."
    )


@dataclass(frozen=True)
class Links:
    """The commands behind the buttons."""

    stored: Command
    seen: Command
    export: Command
    forget: Command


def overview(stored: Sequence[RemovedRows], links: Links, *, has_model: bool) -> Reply:
    """Return a line for each section, and a button that opens it."""
    titles = [_format_count(rows) for rows in stored]
    yes = "your questions are sent to an AI model, but never your name."
    model = yes if has_model else "nothing you write is sent to an AI model."
    lines = (
        f"**Stored:** {_join_first(titles, NAMED)}." if titles else "**Stored:** nothing about you yet.",
        "**Who sees it:** members see your name or alias and your points. Moderators see who has checked in.",
        f"**AI:** {model}",
        "**How long:** until you delete it. Temporary data is deleted sooner.",
        "**Your rights:** you can get a copy or delete everything at any time.",
    )
    buttons = (
        Button("See stored data", links.stored.call()),
        Button("Export my data", links.export.call()),
        Button("Delete my data", links.forget.call(), "danger"),
    )
    return Reply((Text("\n".join(lines)),), buttons, "Your data")


def stored_data(stored: Sequence[RemovedRows], links: Links) -> Reply:
    """Return what is stored about a person, and why."""
    lines = "\n".join(f"- **{_name_count(rows)}**{_format_content(rows.kept)}. {rows.kept.why}" for rows in stored)
    buttons = (
        Button("Who sees it", links.seen.call()),
        Button("Export my data", links.export.call()),
        Button("Delete my data", links.forget.call(), "danger"),
    )
    return Reply((Text(lines or "I don't store anything about you yet."),), buttons, "Stored data")


def _name_count(rows: RemovedRows) -> str:
    return rows.kept.title if rows.kept.is_one else f"{rows.kept.title}: {rows.count}"


def _format_content(data: StoredData) -> str:
    return f" ({data.holds.removeprefix('with ')})" if data.holds else ""


def _format_count(rows: RemovedRows) -> str:
    title = rows.kept.title[0].lower() + rows.kept.title[1:]
    return title if rows.kept.is_one else f"{title} ({rows.count})"


def readers(declared: PersonalData, links: Links, *, has_model: bool) -> Reply:
    """Return who sees which data."""
    buttons = (Button("See stored data", links.stored.call()),)
    return Reply((Text(_list_readers(declared)), Text(model_use(has_model=has_model))), buttons, "Who sees your data")


def _list_readers(declared: PersonalData) -> str:
    return "\n".join(f"- {line}" for line in declared.seen.splitlines())


NOTHING_STORED = "I don't store anything about you yet."


def exported(count: int, files: Sequence[Block]) -> Reply:
    """Return a person's data as files.

    Args:
        count: the rows in them.
    """
    text = f"Here's your data ({numbered(count, 'row')}): JSON for programs, and CSV for spreadsheets."
    return Reply((Text(text), *files), title="Your data")


def not_sure_deleted(links: Links) -> tuple[str, tuple[Button, ...]]:
    """Return that a deletion may not be complete, and the button that repeats it."""
    sentence = "I've noted your request, but I can't tell yet if everything is deleted. Please try again in a minute."
    return sentence, (Button("Delete my data", links.forget.call(confirm=True), "danger"),)


def deleted() -> Reply:
    """Return that a person's data is deleted."""
    return Reply(
        (
            Text("I've deleted all your data. It's also deleted if an older copy of the database is restored."),
            Text(f"You can delete your own messages in the chat. To start again, type {markup.typed('join')}."),
        ),
        title="Data deleted",
        tone="good",
        replaces=True,
    )


def confirm_deletion(stored: Sequence[RemovedRows], alone: Sequence[Group], links: Links) -> Reply:
    """Return what a deletion does, with the button that confirms it.

    Args:
        alone: the running groups that have no other moderator.
    """
    goes = _join_first(_count_rows(stored, "deleted"), DELETED_NAMED) or "your account"
    stays = _join_first(_count_rows(stored, "unlinked"), NAMED)
    lines = [f"I'll delete: {goes}. **You can't undo this.**"]
    lines += [f"These stay without your name: {stays}."] if stays else []
    lines.append(
        "I'll also remove texts you shared in threads, and write “a former member” for your name. "
        "Your own chat messages stay."
    )
    first = (Text(_warn_alone(alone)),) if alone else ()
    buttons = (
        Button("Delete my data", links.forget.call(confirm=True), "danger"),
        Button("Export my data", links.export.call()),
    )
    return Reply((*first, Text("\n".join(lines))), buttons, title="Delete all your data?", tone="warn")


def list_counts(stored: Iterable[RemovedRows], becomes: str) -> str:
    """Return the rows that a deletion treats in this way, counted by title; "" if there are none."""
    return ", ".join(_count_rows(stored, becomes))


def _count_rows(stored: Iterable[RemovedRows], becomes: str) -> list[str]:
    return [_format_count(rows) for rows in stored if rows.kept.forgotten == becomes]


def _join_first(counts: Sequence[str], most: int) -> str:
    others = len(counts) - most
    more = f", and {others} other type{'' if others == 1 else 's'} of data" if others > 0 else ""
    return f"{', '.join(counts[:most])}{more}"


def _warn_alone(groups: Sequence[Group]) -> str:
    names = [f"**{markup.escape(group.name, 40)}**" for group in groups[:ALONE_NAMED]]
    more = [f"{left} more"] if (left := len(groups) - ALONE_NAMED) > 0 else []
    return (
        f"You're the only moderator of {markup.series([*names, *more])}. Add another one first: "
        f"{markup.typed('manage edit moderators=@ben')}. Otherwise a server manager must help."
    )


ANSWER_GONE = "That answer is for somebody else, or it's over an hour old. Ask again to get your own."
REST_GONE = "I no longer have the rest of that message."


def nothing_to_export() -> Reply:
    """Return that there is nothing to export."""
    return say(NOTHING_STORED)
