"""Commands for what the notes lack: moderators list gaps and answer them, members rate answers.

Moderators also see the note sections whose quiz questions many missed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from bot.answers.compose.answers import Answerer
from bot.answers.index.chunks import SourceId
from bot.answers.index.retrieval import Index
from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.curriculum.track import Library
from bot.delivery.outbox import Unless
from bot.features.ask import group_commands
from bot.features.ask.group_notes_index import OwnNotes
from bot.features.ask.question_log import Questions, Retention
from bot.features.checkins import sharing
from bot.features.gaps import wording
from bot.features.gaps.service import (
    LINE_MAX,
    MOST_LAPSES,
    VERDICTS,
    Gap,
    Gaps,
    Lapse,
    Lapses,
    Verdict,
    gone,
    join_open_questions,
    together,
)
from bot.features.gaps.wording import Listed
from bot.features.groups import message_keys
from bot.features.groups.direct_messages import notify_member
from bot.features.groups.params import moderator_action, moderator_command
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.notes.commands import TEXT, TITLE, notes_show
from bot.features.notes.service import GroupNotes
from bot.features.notes.tables import TITLE_MAX, GroupNote
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.messages.errors import NotFound
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Database, Work

ITEM = Param("Question", max=40, in_form=False)


def initial_line(ctx: Context, *, groups: Groups, lapses: Lapses) -> Mapping[str, str]:
    """Return a draft for a note section, from the reasons in the quiz."""
    try:
        lapse = _get_lapse(ctx, groups, lapses, ctx.call.args.get("item", ""))
    except NotFound:
        return {}
    return {"title": markup.clip(lapse.item.source.heading, TITLE_MAX), "text": lapse.draft}


@moderator_action(
    "gap line",
    form=True,
    title="Write a note",
    initial=initial_line,
    form_note="This draft comes from the quiz. I'll save it as a note in this group, with your name.",
)
def line(
    ctx: Context,
    item: Annotated[str, ITEM],
    text: Annotated[str, TEXT],
    title: Annotated[str | None, replace(TITLE, label="Title")] = None,
    *,
    groups: Groups,
    lapses: Lapses,
    notes: GroupNotes,
) -> Reply:
    """Write a note for a heading."""
    lapse = _get_lapse(ctx, groups, lapses, item)
    group = groups.get(ctx.actor.group_id)
    row = notes.add(group.id, title or "", text, ctx.actor.account_id, ctx.now, answers=[lapse.item.prompt])
    lapses.heed(group.id, item, ctx.now)
    return wording.section_noted(row.title, group.name, notes_show.call(group.id, note=row.id))


@moderator_action("gap leave")
def leave(
    ctx: Context,
    item: Annotated[str, ITEM],
    undo: Annotated[bool, Param("Undo", in_form=False)] = False,
    *,
    groups: Groups,
    lapses: Lapses,
) -> Reply:
    """Skip a heading, or put it back on the list."""
    group = groups.get(ctx.actor.group_id)
    if undo:
        lapses.unheed(group.id, item)
        return wording.listed_again()
    lapse = _get_lapse(ctx, groups, lapses, item)
    lapses.heed(group.id, item, ctx.now)
    return wording.section_skipped(lapse.item.source.heading, leave.call(group.id, item=item, undo=True))


def _get_lapse(ctx: Context, groups: Groups, lapses: Lapses, item: str) -> Lapse:
    timeline = groups.here(ctx)
    return lapses.get(timeline.group.id, groups.tracks_of(timeline.group)[timeline.roadmap.id], item)


JOINED, NEAREST = 20, 3
"""Open questions to search for in the notes, and nearest headings for each."""

PAGE_GAPS = 4
"""Gaps on a page: each has two buttons."""

OF = Param("Question", max=20, in_form=False)


@moderator_command("manage questions", formerly=("gaps",), title="Questions", slow=True, writes=False)
async def gaps(
    ctx: Context,
    page: Annotated[int, Param("Page", min=1, in_form=False)] = 1,
    *,
    database: Database,
    library: Library,
    index: Index,
    answerer: Answerer,
    notes: OwnNotes,
    retention: Retention,
) -> Reply:
    """List questions that the notes don't answer well."""
    known = await known_gaps(ctx, database, index, retention) if retention.days else []
    lapses = await missed(ctx, database, library, index, known) if page == 1 else []
    if not known and lapses:
        return wording.missed_sections(ctx.actor.group_id, lapses)
    if not retention.days:
        return wording.not_stored()
    if not known:
        return wording.no_gaps(retention.days)
    pages = -(-len(known) // PAGE_GAPS)
    page = min(page, pages)
    first = (page - 1) * PAGE_GAPS
    group = await database.run(lambda work: Groups(work, library).get(ctx.actor.group_id), writes=False)
    sources = [SourceId(group.roadmap_id), *(await notes.of(ctx)).sources]
    listed = [
        Listed(number, gap, await is_answered(gap, sources, answerer))
        for number, gap in enumerate(known[first : first + PAGE_GAPS], first + 1)
    ]
    return wording.gaps(
        listed, len(known), group, retention.days, (page, pages), lapses, is_turned="page" in ctx.call.args
    )


async def missed(ctx: Context, database: Database, library: Library, index: Index, known: Sequence[Gap]) -> list[Lapse]:
    """Return quiz questions that many missed, with open questions on the same headings."""

    def read(work: Work) -> tuple[str, list[Lapse]]:
        groups = Groups(work, library)
        group = groups.get(ctx.actor.group_id)
        track = groups.tracks_of(group).get(group.roadmap_id)
        return group.roadmap_id, Lapses(work).list(group.id, track) if track is not None else []

    roadmap_id, lapses = await database.run(read, writes=False)
    if not lapses:
        return []

    def nearest() -> list[tuple[str, frozenset[tuple[str, str]]]]:
        asked = [gap.newest.asked for gap in known[:JOINED]]
        searched = ((question, index.search(question, [SourceId(roadmap_id)], NEAREST).hits) for question in asked)
        return [
            (question, frozenset((hit.chunk.note, hit.chunk.heading) for hit in hits)) for question, hits in searched
        ]

    return join_open_questions(lapses, await asyncio.to_thread(nearest))[:MOST_LAPSES]


def initial_write(ctx: Context, *, gaps: Gaps) -> Mapping[str, str]:
    """Return the question as the title of what answers it."""
    return {"title": markup.clip(gaps.asked(ctx, ctx.call.args.get("of", "")), TITLE_MAX)}


@moderator_action(
    "gap write",
    slow=True,
    form=True,
    title="Write an answer",
    initial=initial_write,
    form_note="I'll save it as a note in this group, with your name, and tell the people who asked.",
)
async def write(
    ctx: Context,
    of: Annotated[str, OF],
    text: Annotated[str, TEXT],
    title: Annotated[str | None, replace(TITLE, label="Title")] = None,
    *,
    database: Database,
    library: Library,
    index: Index,
    retention: Retention,
) -> Reply:
    """Write a note that answers a question."""
    gap = _get_gap(await known_gaps(ctx, database, index, retention), of)

    def close(work: Work) -> Reply:
        groups = Groups(work, library)
        group, made = groups.get(ctx.actor.group_id), Gaps(work, Questions(work, retention), retention)
        asked = [question.asked for question in gap.asked]
        row = GroupNotes(work).add(group.id, title or "", text, ctx.actor.account_id, ctx.now, answers=asked)
        made.settle(group.id, gap, "noted", ctx.now)
        waiting = made.waiting(group.id, gap)
        for account in waiting:
            _tell_group(ctx, groups, group, row, account, gap)
        waiting = [account for account in waiting if account.id != ctx.actor.account_id]
        for account in waiting:
            _tell(ctx, groups, group, row, account, gap)
        show = notes_show.call(group.id, note=row.id)
        return wording.gap_noted(row.title, group.name, len(waiting), show, gaps.call(group.id))

    return await database.run(close)


def _tell(ctx: Context, groups: Groups, group: Group, row: GroupNote, account: AccountRow, gap: Gap) -> None:
    """Tell a person who asked about the new note, once."""
    author = sharing.format_signature(groups, group, ctx.actor)
    asked = next((question.asked for question in gap.asked if question.asker == account.id), "")
    sentence = wording.answered(author, row.title)
    message = wording.answer_news(group, author, row.title, asked, notes_show.call(group.id, note=row.id))
    unless = Unless("asker has left", {"cohort": group.id, "account": account.id, "note": row.id})
    key = message_keys.make_key(group.id, "gap", row.id, account.id)
    notify_member(groups, group, account, key, message, ctx.now, sentence=sentence, unless=unless)


def _tell_group(ctx: Context, groups: Groups, group: Group, row: GroupNote, account: AccountRow, gap: Gap) -> None:
    """Add the new note to the thread posts of a person's questions."""
    notice = wording.noted(sharing.format_signature(groups, group, ctx.actor), row.title)
    read = wording.read_button(notes_show.call(group.id, note=row.id))
    for asked in (question.asked for question in gap.asked if question.asker == account.id):
        group_commands.add_answer(ctx, groups, group, account, asked, notice, read)


@moderator_action("gap dismiss", slow=True)
async def dismiss(
    ctx: Context, of: Annotated[str, OF], *, database: Database, index: Index, retention: Retention
) -> Reply:
    """Take a question off the list."""
    gap = _get_gap(await known_gaps(ctx, database, index, retention), of)
    group = ctx.actor.group_id
    assert group is not None, "the command needs a group"
    await database.run(
        lambda work: Gaps(work, Questions(work, retention), retention).settle(group, gap, "dismissed", ctx.now)
    )
    return wording.dismissed(gap.newest.asked, reopen.call(group, of=of), gaps.call(group))


@moderator_action("gap reopen")
def reopen(ctx: Context, of: Annotated[str, OF], *, gaps: Gaps) -> Reply:
    """Put a question back on the list."""
    gaps.reopen(ctx, of)
    return wording.listed_again()


async def known_gaps(ctx: Context, database: Database, index: Index, retention: Retention) -> list[Gap]:
    """Return the gaps of the caller's group."""
    group = ctx.actor.group_id
    assert group is not None, "the command needs a group"
    asked = await database.run(
        lambda work: Gaps(work, Questions(work, retention), retention).list_asked(group, ctx.now), writes=False
    )
    if not asked:
        return []
    return await asyncio.to_thread(lambda: together(asked, index.remembered([question.asked for question in asked])))


def _get_gap(known: list[Gap], key: str) -> Gap:
    """Return the gap of a question; raise NotFound if it is closed."""
    match = next((gap for gap in known if any(question.key == key for question in gap.asked)), None)
    if match is None:
        raise gone()
    return match


async def is_answered(gap: Gap, sources: Sequence[SourceId], answerer: Answerer) -> bool:
    """Whether the notes now answer a gap that they did not answer before."""
    return all(question.is_unanswered for question in gap.asked) and await answerer.covers(gap.newest.asked, sources)


def initial_rate(ctx: Context, *, gaps: Gaps) -> Mapping[str, str]:
    """Return the line that the caller has written about the answer."""
    row = gaps.rated(ctx, ctx.call.args.get("of", ""))
    return {"line": row.line} if row is not None and row.line else {}


@command(
    "rate",
    hidden=True,
    after_end=True,
    form=True,
    title="Rate an answer",
    initial=initial_rate,
    form_note="Moderators see your comment, but not your name.",
)
def rate(
    ctx: Context,
    of: Annotated[str, Param("Answer", max=20, in_form=False)],
    verdict: Annotated[Verdict | None, Param("Rating", in_form=False)] = None,
    line: Annotated[str | None, Param("What was wrong?", example="it left out the cost", max=LINE_MAX)] = None,
    *,
    gaps: Gaps,
) -> Reply:
    """Rate an answer."""
    group = ctx.actor.group_id
    before = gaps.rated(ctx, of)
    if verdict is None:
        calls = [(v, rate.call(group, of=of, verdict=v)) for v in VERDICTS]
        return wording.ask_rating(calls, before.verdict if before is not None else None)
    row = gaps.rate(ctx, of, verdict, line)
    say_more = rate.ask(group, of=of, verdict=verdict)
    return wording.rated(verdict, row.line, say_more, rate.call(group, of=of))


COMMANDS: tuple[Command, ...] = (
    gaps,
    write,
    dismiss,
    reopen,
    line,
    leave,
    rate,
)
