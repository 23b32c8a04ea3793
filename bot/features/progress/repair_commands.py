"""What a member does to repair a streak."""

from __future__ import annotations

from dataclasses import replace

from bot.core import markup
from bot.core.command import Command, command
from bot.core.context import Context
from bot.core.numerals import lasting
from bot.core.reply import Button, Reply, Text, say
from bot.features import ways
from bot.features.progress import wording
from bot.features.progress.repairs import Chance, Repairs
from bot.features.progress.service import Mine, Progress
from bot.features.quiz import commands as quiz_commands
from bot.features.quiz.prospects import Prospects
from bot.features.quiz.service import Attempt
from bot.features.rules import QUIZ_PASS, QUIZ_QUESTIONS, REPAIRABLE


@command(
    "repair",
    hidden=True,
    role="member",
    cohort="needed",
    own=True,
    asked=(r"(?:repair|restore|mend|fix|get back|win back) (?:my |a |the )?(?:broken |lost )?streak",),
)
def repair(ctx: Context, *, progress: Progress, repairs: Repairs) -> Reply:
    """Repair your streak, or say what it still takes."""
    mine, chance, is_done = repairs.make(ctx, progress.mine(ctx))
    cohort_id = mine.timeline.cohort.id
    if chance is None:
        within = lasting(REPAIRABLE)
        none = f"There is no streak of yours to repair now: once a leg it can be, for {within} after its end."
        return say(spent(repairs, mine, ctx) or none)
    if is_done:
        onward = (Button("My progress", ways.PROGRESS.call(cohort_id), "primary"),)
        return say(mended(mine, chance), title="Repaired", tone="good", buttons=onward)
    return Reply((Text(offered(mine, chance)),), steps(ctx, mine, chance), title="Repair your streak")


def mended(mine: Mine, chance: Chance) -> str:
    """Return what somebody reads whose streak has been repaired."""
    return (
        f"Your streak is repaired and goes on. {wording.balance(mine.score, mine.timeline.cohort)} "
        f"One repair a leg: this was that of leg {chance.leg.number}."
    )


def spent(repairs: Repairs, mine: Mine, ctx: Context) -> str:
    """Return why a streak that ended of late cannot be repaired; empty where that is not because of another repair."""
    found = repairs.find_spent(mine, ctx.now)
    if found is None:
        return ""
    return (
        f"The streak of {found.streak} that ended with unit {found.ended} cannot be repaired: that is once in a leg, "
        f"and the one of this leg went to unit {found.used}."
    )


def after_check_in(ctx: Context, repairs: Repairs, mine: Mine, unit_id: str) -> tuple[Mine, Reply | None]:
    """Return how somebody stands after a check-in, and what it did for a streak that had ended, or what that takes."""
    mine, chance, is_done = repairs.make(ctx, mine)
    if chance is None or not (is_done or chance.opened.slot.unit_id == unit_id):
        return mine, None
    if is_done:
        return mine, say(mended(mine, chance))
    return mine, Reply((Text(offered(mine, chance)),), steps(ctx, mine, chance))


def offered(mine: Mine, chance: Chance) -> str:
    """Return what repairs a streak, and until when."""
    label, until = markup.escape(mine.timeline.label(chance.opened.slot)), chance.until
    if chance.is_ready:
        return f"Your streak of {chance.streak} can go on: all that repairs it is there. The button does it."
    catch_up = "" if chance.is_caught_up else "catch up on it"
    quiz = "" if chance.is_passed else f"pass its quiz ({QUIZ_PASS} of {QUIZ_QUESTIONS} right)"
    todo = " and ".join(filter(None, (catch_up, quiz)))
    return (
        f"Your streak of {chance.streak} can go on: **{label}** is where it ended. To repair it, {todo}, until "
        f"{markup.moment(until, mine.timeline.cohort.zone)}. It then goes on by itself, which it does once in a leg."
    )


def steps(ctx: Context, mine: Mine, chance: Chance, *, quiz: str = "Quiz") -> tuple[Button, ...]:
    """Return the buttons of what is left to do."""
    cohort_id, unit_id = mine.timeline.cohort.id, chance.opened.slot.unit_id
    catch_up = Button("Catch up", ways.CHECKIN.ask(cohort_id, unit=unit_id), "primary")
    left = [] if chance.is_caught_up else [catch_up]
    if chance.quiz is not None and not chance.is_passed:
        unit = mine.timeline.roadmap.unit(mine.timeline.roadmap.heir(unit_id))
        left.append(Button(quiz, quiz_commands.way(ctx, chance.quiz, unit)))
    return tuple(left)


class Mending(Prospects):
    """Repairs the streak of whoever has passed the quiz that this took, or tells what it still takes."""

    def __init__(self, progress: Progress, repairs: Repairs) -> None:
        self._progress, self._repairs = progress, repairs

    def after(self, ctx: Context, attempt: Attempt) -> Reply | None:
        """Return what the quiz of a unit does for a streak that ended there."""
        cohort_id = attempt.row.cohort_id
        member = self._progress.cohorts.find_membership(cohort_id, ctx.actor.account_id) if cohort_id else None
        if member is None or member.left_at is not None:
            return None
        ctx = replace(ctx, actor=replace(ctx.actor, cohort_id=cohort_id))
        mine = self._progress.mine(ctx)
        chance, way = self._repairs.find(mine, ctx.now), mine.timeline.roadmap
        if chance is None:
            used = self._repairs.find_spent(mine, ctx.now)
            is_its = used is not None and attempt.row.unit_id == way.heir(way.units[used.ended - 1].id)
            return say(spent(self._repairs, mine, ctx)) if is_its else None
        if attempt.row.unit_id != way.heir(chance.opened.slot.unit_id):
            return None
        mine, _, is_done = self._repairs.make(ctx, mine)
        if is_done:
            return say(mended(mine, chance))
        again = "Quiz" if attempt.is_passed else "Another try"
        return Reply((Text(offered(mine, chance)),), steps(ctx, mine, chance, quiz=again))


COMMANDS: tuple[Command, ...] = (repair,)
