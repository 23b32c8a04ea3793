"""Questions that the notes answer badly, ratings of answers, and quiz questions that many miss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.answers.compose.answers import Answerer
from bot.answers.index.chunks import SourceId
from bot.answers.index.retrieval import Index
from bot.curriculum.track import Library, Track
from bot.dashboard.page import MODERATORS, DashboardPage, Viewer
from bot.features import command_links
from bot.features.ask.group_notes_index import OwnNotes
from bot.features.ask.question_log import Questions, Retention
from bot.features.gaps import wording
from bot.features.gaps.commands import dismiss, is_answered, known_gaps, missed, write
from bot.features.gaps.service import Gap, Gaps
from bot.features.gaps.wording import LABELS, Listed
from bot.features.groups.service import Groups
from bot.features.quiz.strengths import Missed, list_most_missed
from bot.features.quiz.wording import question_blocks, reading_button
from bot.messages import markup
from bot.messages.numerals import counted
from bot.messages.reply import Block, Button
from bot.messages.spreadsheet import Spreadsheet
from bot.storage.unit_of_work import Database, Work

PAGE = 10
"""Gaps on a page."""
MOST = 20
"""Questions of quizzes that are shown; the table to take along has all."""


@dataclass(frozen=True)
class Open:
    """A gap with its buttons."""

    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...]
    about: str


async def read(
    viewer: Viewer,
    *,
    database: Database,
    library: Library,
    index: Index,
    answerer: Answerer,
    notes: OwnNotes,
    retention: Retention,
) -> Mapping[str, object]:
    """Return what a group's moderators may write a note about."""
    ctx = viewer.ctx
    known = await known_gaps(ctx, database, index, retention) if retention.days else []
    lapses = await missed(ctx, database, library, index, known)
    track, ratings, items = await database.run(
        lambda work: _read_counts(viewer, work, library, retention), writes=False
    )
    pages = max(1, -(-len(known) // PAGE))
    at = min(_parse_number(viewer.query.get("page", "")), pages)
    sources = [SourceId(track.id), *(await notes.of(ctx)).sources]
    first = (at - 1) * PAGE
    return {
        "is_kept": retention.days > 0,
        "days": counted(retention.days, "day"),
        "count": len(known),
        "gaps": [
            _describe_gap(viewer, Listed(number, gap, await is_answered(gap, sources, answerer)))
            for number, gap in enumerate(known[first : first + PAGE], first + 1)
        ],
        "page": at,
        "pages": pages,
        "ratings": ratings,
        "lapses": [(wording.missed(lapse), wording.section_buttons(viewer.group_id, lapse)) for lapse in lapses],
        "missed": [
            {
                "blocks": tuple(question_blocks(item.item)),
                "missed": item.missed,
                "answered": item.answered,
                "about": item.item.source.heading,
                "opens": reading_button(track, viewer.group_id, item.item.source, "Read about it"),
            }
            for item in items
        ],
    }


def sheet(viewer: Viewer, *, groups: Groups) -> Spreadsheet:
    """Return every question that members missed as a table."""
    track = _find_track(viewer, groups)
    questions = list_most_missed(groups.session, viewer.group_id, track, None)
    rows = [
        (question.item.prompt, question.item.source.heading, question.missed, question.answered)
        for question in questions
    ]
    return Spreadsheet(("Question", "Heading of the note", "Members who missed it", "Members who answered it"), rows)


def count(viewer: Viewer, *, work: Work, retention: Retention) -> int:
    """Return how many questions are open."""
    gaps = Gaps(work, Questions(work, retention), retention)
    return gaps.count_open(viewer.group_id, viewer.ctx.now) if retention.days else 0


def _read_counts(
    viewer: Viewer, work: Work, library: Library, retention: Retention
) -> tuple[Track, list[tuple[str, int]], list[Missed]]:
    track = _find_track(viewer, Groups(work, library))
    verdicts = Gaps(work, Questions(work, retention), retention).verdicts(viewer.group_id, viewer.ctx.now)
    ratings = [(LABELS[verdict], count) for verdict, count in verdicts.most_common()]
    return track, ratings, list_most_missed(work.session, viewer.group_id, track, MOST)


def _find_track(viewer: Viewer, groups: Groups) -> Track:
    timeline = groups.here(viewer.ctx)
    return groups.tracks_of(timeline.group)[timeline.roadmap.id]


def _describe_gap(viewer: Viewer, listed: Listed) -> Open:
    key, group_id = listed.gap.newest.key, viewer.group_id
    buttons = (
        Button("Write an answer", write.ask(group_id, of=key), "plain" if listed.is_answered else "primary"),
        Button("Dismiss", dismiss.call(group_id, of=key)),
    )
    return Open(wording.lines([listed], viewer.ctx.actor.zone), buttons, _shorten_question(listed.gap))


def _shorten_question(gap: Gap) -> str:
    return markup.clip(gap.newest.asked, 60)


def _parse_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


QUESTIONS = DashboardPage(
    "questions",
    "Unanswered questions",
    MODERATORS,
    "questions.html",
    read,
    keeps=("page",),
    sheet=sheet,
    count=count,
    opens=lambda call: "" if call.name == command_links.QUESTIONS.name else None,
)
