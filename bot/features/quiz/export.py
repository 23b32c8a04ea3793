"""Export questions as Anki cards: a CSV table that spreadsheets don't read as formulas. Pure."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Sequence
from typing import Annotated, Literal

from bot.commands.command import Command, IntentPattern, Param, command
from bot.commands.context import Context
from bot.curriculum.bank import BankItem, MultipleChoice, NumericAnswer, Ordering, SingleChoice
from bot.curriculum.track import Track
from bot.features.groups.params import GROUP, OUTSIDE_COURSE
from bot.features.groups.service import Groups
from bot.features.quiz import wording
from bot.features.quiz.attempt import Posed, figure
from bot.features.quiz.commands import quiz, require_questions
from bot.features.quiz.service import Quizzes
from bot.features.resolution.subject import choose_track
from bot.messages.errors import NotFound
from bot.messages.reply import File, Reply
from bot.messages.spreadsheet import cell

CARDS = 400

"""Cards of one file."""

_HEAD = ("#separator:Comma", "#html:false", "#columns:Front,Back,Source,Tags", "#tags column:4")

"""What tells Anki how to read the file.

Source: rslib/src/import_export/text/csv/metadata.rs of github.com/ankitects/anki, November 2026.
"""


def render_csv(track: Track, items: Sequence[BankItem]) -> str:
    """Return questions as the text of a file."""
    units = {item.id: unit for unit, bank in track.banks.items() for item in bank.items}
    out = io.StringIO()
    rows = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for item in items:
        tags = " ".join(_tag(label) for label in (track.origin, units.get(item.id, ""), item.difficulty) if label)
        rows.writerow([cell(column) for column in (_front(item), _back(track, item), _source(track, item), tags)])
    return "\n".join(_HEAD) + "\n" + out.getvalue()


def _posed(item: BankItem) -> Posed:
    """Return a question with a fixed shuffled order of its choices."""
    return Posed(item, zlib.crc32(item.id.encode()), 1)


def _front(item: BankItem) -> str:
    options = [f"{letter}. {text}" for letter, text in _posed(item).options]
    return "\n\n".join(part for part in (item.prompt, item.code, "\n".join(options)) if part)


def _back(track: Track, item: BankItem) -> str:
    """Return the answer with its reason and source: Anki's standard cards have no source field."""
    posed = _posed(item)
    match item.form:
        case NumericAnswer(value, _, unit):
            right = f"{figure(value)} {unit}".strip()
        case Ordering():
            right = ", ".join(posed.right)
        case SingleChoice() | MultipleChoice():
            right = "\n".join(f"{letter}. {text}" for letter, text in posed.options if letter in posed.right)
    against = [f"{letter}: {why}" for letter in posed.letters if (why := posed.why(letter))]
    parts = (right, item.why, "\n".join(against), f"Source: {_source(track, item)}")
    return "\n\n".join(part for part in parts if part)


def _source(track: Track, item: BankItem) -> str:
    note = track.notes.get(item.source.note)
    return f"{note.title} > {item.source.heading}" if note is not None else item.source.heading


def _tag(text: str) -> str:
    return re.sub(r"\s+", "-", text)


Selection = Literal["missed", "all"]

SAID = IntentPattern(
    r"^(?:quiz export(?: (?:to |for )?anki)?|export (?:quiz )?(?:to |for )?anki)\W*$",
    "Export for Anki",
    "You can download questions as a file for Anki.",
)


@command(
    "anki",
    group="choose",
    which=GROUP,
    writes=False,
    after_end=True,
    own=True,
    title="Cards for Anki",
    spoken=("quiz export anki", "quiz export", "export to anki"),
    hints=(SAID,),
    asked=(r"(?:export|download|save) (?:my |the )?(?:questions|quiz|quizzes|cards)",),
)
def anki(
    ctx: Context,
    questions: Annotated[
        Selection, Param("Questions: the ones you missed, or all", example="all", formerly=("which",))
    ] = "missed",
    course: Annotated[str | None, OUTSIDE_COURSE] = None,
    *,
    groups: Groups,
    quizzes: Quizzes,
) -> Reply:
    """Export quiz questions as a file for Anki."""
    track = choose_track(ctx, groups, course, "which course should I take questions from")
    require_questions(track)
    items = quizzes.missed(ctx.actor.account_id, track) if questions == "missed" else _list_opened(ctx, groups, track)
    named = {} if ctx.actor.group_id is not None else {"course": track.id}
    every = anki.call(ctx.actor.group_id, questions="all", **named) if questions == "missed" else None
    if not items:
        begin = quiz.call(ctx.actor.group_id, **named)
        raise NotFound(
            wording.render_no_cards(is_missed=questions == "missed"), buttons=wording.no_cards_buttons(begin, every)
        )
    taken = items[:CARDS]
    file = File(f"{track.id}-{questions}.csv", "text/csv", render_csv(track, taken))
    return wording.render_cards(track.title, file, len(items), CARDS, every=every)


def _list_opened(ctx: Context, groups: Groups, track: Track) -> list[BankItem]:
    """Return the questions of opened units; without a group, of all units."""
    opened = {unit.id for unit in track.roadmap.units}
    if ctx.actor.group_id is not None:
        timeline = groups.here(ctx)
        opened = {track.roadmap.heir(opened_unit.slot.unit_id) for opened_unit in timeline.opened}
    banks = (track.banks[unit.id] for unit in track.roadmap.units if unit.id in opened and unit.id in track.banks)
    return [item for bank in banks for item in bank.items]


COMMANDS: tuple[Command, ...] = (anki,)
