"""Questions to take along, into another program."""

from __future__ import annotations

from typing import Annotated, Literal

from bot.core import markup
from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.errors import NotFound
from bot.core.hint import Hint
from bot.core.numerals import counted
from bot.core.reply import Button, File, Reply, Text
from bot.features.cohort.params import COHORT, WHOSE
from bot.features.cohort.service import Cohorts
from bot.features.cohort.whose import track_of
from bot.features.quiz.commands import quiz, require_questions
from bot.features.quiz.export import CARDS, cards
from bot.features.quiz.service import Quizzes
from bot.features.roadmap.bank import Item
from bot.features.roadmap.track import Track

Which = Literal["missed", "all"]
SAID = Hint(
    r"^(?:quiz export(?: (?:to |for )?anki)?|export (?:quiz )?(?:to |for )?anki)\W*$",
    "Cards for Anki",
    "I can give you questions as a file for Anki.",
)


@command(
    "anki",
    cohort="choose",
    which=COHORT,
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
    which: Annotated[Which, Param("Which questions", example="all")] = "missed",
    roadmap: Annotated[str | None, WHOSE] = None,
    *,
    cohorts: Cohorts,
    quizzes: Quizzes,
) -> Reply:
    """Questions that you missed, or all of the units so far, as a file that Anki imports."""
    track = track_of(ctx, cohorts, roadmap, "whose questions shall I take")
    require_questions(track)
    items = quizzes.missed(ctx.actor.account_id, track) if which == "missed" else _so_far(ctx, cohorts, track)
    named = {} if ctx.actor.cohort_id is not None else {"roadmap": track.id}
    every = Button("All so far", anki.call(ctx.actor.cohort_id, which="all", **named))
    if not items:
        none = "You have missed none so far." if which == "missed" else "There are no questions so far."
        begin = Button("A quiz", quiz.call(ctx.actor.cohort_id, **named), "primary")
        raise NotFound(none, buttons=(begin, *([every] if which == "missed" else [])))
    taken = items[:CARDS]
    what = "that you missed last" if which == "missed" else "of the units so far"
    less = f" These are the first {CARDS}." if len(items) > CARDS else ""
    how = "In Anki: File, Import, and choose the file."
    file = File(f"{track.id}-{which}.csv", "text/csv", cards(track, taken))
    told = Text(f"{counted(len(items), 'question').capitalize()} {what}.{less} {how}")
    return Reply((told, file), (every,) if which == "missed" else (), title=markup.escape(track.title, 100))


def _so_far(ctx: Context, cohorts: Cohorts, track: Track) -> list[Item]:
    """Return the questions of the units that have opened; without a group of all units."""
    opened = {unit.id for unit in track.roadmap.units}
    if ctx.actor.cohort_id is not None:
        timeline = cohorts.here(ctx)
        opened = {track.roadmap.heir(one.slot.unit_id) for one in timeline.opened}
    banks = (track.banks[unit.id] for unit in track.roadmap.units if unit.id in opened and unit.id in track.banks)
    return [item for bank in banks for item in bank.items]


COMMANDS: tuple[Command, ...] = (anki,)
