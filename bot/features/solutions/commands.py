"""Commands with which members show solutions and give feedback."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated

from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.form import TITLE
from bot.commands.parameter_types import PictureFile, Ticks, UnitRef, Url, is_for_one, parse_int
from bot.curriculum.content import Unit
from bot.curriculum.track import Library
from bot.drawing.uploads import UPLOAD_MAX, UPLOADS, encode_upload
from bot.features import command_links
from bot.features.checkins.commands import suggest_opened
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.params import GROUP
from bot.features.groups.service import Groups
from bot.features.resolution.subject import find_current_unit
from bot.features.solutions import wording
from bot.features.solutions.service import SolutionDraft, Solutions, has_exercise, list_criteria
from bot.features.solutions.tables import SENTENCE_MAX, TEXT_MAX, Audience
from bot.features.solutions.wording import ShownSolution
from bot.features.thanks.service import Thanks
from bot.messages.errors import BadInput, NotAllowed, NotFound
from bot.messages.reply import Button, Reply
from bot.storage.unit_of_work import Database, Work

OF = Param("Solution", in_form=False)
UNIT = Param("Unit", in_form=False, suggest=suggest_opened)


@command(
    "solutions",
    role="member",
    group="needed",
    which=GROUP,
    writes=False,
    after_end=True,
    asked=(
        r"(?:see|find|show|look at|open) (?:the |other |others' |our |my )?(?:members' |people's )?solutions?",
        r"(?:share|show|publish|upload|post) (?:my |a |the )?(?:solution|exercise|homework|result)",
    ),
)
def show_solutions(
    ctx: Context,
    unit: Annotated[UnitRef | None, Param("Unit (leave empty for the current one)", suggest=suggest_opened)] = None,
    of: Annotated[int | None, Param("Solution", offered=False, in_form=False)] = None,
    *,
    solutions: Solutions,
) -> Reply:
    """See what others made of a unit's exercise."""
    timeline = solutions.groups.here(ctx)
    if of is not None:
        chosen, solution = solutions.get_visible(ctx, timeline, of)
        return _render_solution(ctx, solutions, timeline, chosen, solution)
    chosen = _choose_unit(ctx, timeline, unit)
    if not has_exercise(chosen):
        raise NotFound(wording.render_no_exercise(chosen))
    visible, group_id = solutions.list_visible(ctx, timeline, chosen), timeline.group.id
    is_open = timeline.group.ended_at is None and timeline.find(chosen.id) is not None
    if not solutions.may_look(ctx, timeline, chosen):
        check_in = command_links.CHECKIN.ask(group_id, unit=chosen.id) if is_open else None
        return wording.render_locked(chosen, sum(not solution.is_own for solution in visible), check_in)
    if not visible:
        return wording.render_none(chosen, share.ask(group_id, unit=chosen.id) if is_open else None)
    others = [solution for solution in visible if not solution.is_own]
    return _render_solution(ctx, solutions, timeline, chosen, (others or visible)[0])


def _choose_unit(ctx: Context, timeline: Timeline, named: str | None) -> Unit:
    if named is not None:
        return timeline.roadmap.find(named)
    return find_current_unit(ctx, timeline) or timeline.unit(timeline.opened[-1].slot)


def _render_solution(
    ctx: Context, solutions: Solutions, timeline: Timeline, unit: Unit, solution: ShownSolution
) -> Reply:
    visible = solutions.list_visible(ctx, timeline, unit)
    at = next(i for i, other in enumerate(visible) if other.row.id == solution.row.id)
    following = visible[(at + 1) % len(visible)].row.id if len(visible) > 1 else None
    may_share = not any(other.is_own for other in visible) and timeline.group.ended_at is None
    buttons = (
        *wording.list_buttons(timeline.group, unit, solution, moderates="moderator" in ctx.actor.roles),
        *wording.list_ways_on(timeline.group, unit, following, may_share=may_share),
    )
    return wording.render_solution(unit, solution, list_criteria(unit), (at + 1, len(visible)), buttons)


def initial_share(ctx: Context, *, solutions: Solutions) -> Mapping[str, str]:
    """Return the values of the stored solution, or else of the newest check-in."""
    timeline = solutions.groups.here(ctx)
    unit = timeline.roadmap.find(ctx.call.args.get("unit", ""))
    title = {TITLE: f"Solution to Unit {unit.number}"}
    row = solutions.find_own(timeline, ctx.actor.account_id, unit)
    if row is not None:
        closing = "yes" if row.in_closing else "no"
        return title | {"text": row.text, "link": row.link or "", "seen": row.seen_by, "closing": closing}
    checkin = solutions.find_checkin(timeline, ctx.actor.account_id, unit)
    values = title | {"seen": "group", "closing": "no"}
    if checkin is None:
        return values
    link = checkin.link if checkin.link and not is_for_one(checkin.link) else ""
    return values | {"text": checkin.note, "link": link}


@command(
    "solution share",
    hidden=True,
    form=True,
    slow=True,
    in_place=True,
    role="member",
    group="needed",
    title="Share solution",
    initial=initial_share,
    form_note=wording.FORM_NOTE,
)
async def share(
    ctx: Context,
    unit: Annotated[UnitRef, UNIT],
    text: Annotated[str, Param("What did you make?", example="A sorted list", long=True, max=TEXT_MAX)] = "",
    link: Annotated[Url | None, Param("Link", example="https://example.org/notebook", max=500)] = None,
    picture: Annotated[PictureFile | None, Param("Picture (a new one replaces the old)", max=UPLOAD_MAX)] = None,
    seen: Annotated[Audience, Param("Who sees it")] = "group",
    closing: Annotated[bool, Param("Show it when the part ends")] = False,
    *,
    database: Database,
    library: Library,
) -> Reply:
    """Share a solution to a unit's exercise."""
    encoded = None
    if picture is not None:
        encoded = await asyncio.get_running_loop().run_in_executor(UPLOADS, encode_upload, picture.data)
    draft = SolutionDraft(text, link, encoded, seen, closing)

    def store(work: Work) -> Reply:
        groups = Groups(work, library)
        solutions = Solutions(groups, Thanks(groups))
        timeline = groups.here(ctx)
        chosen = timeline.roadmap.find(unit)
        if solutions.find_checkin(timeline, ctx.actor.account_id, chosen) is None:
            raise NotAllowed(
                f"Check in for Unit {chosen.number} first. Then you can share your solution.",
                buttons=(Button("Check in", command_links.CHECKIN.ask(timeline.group.id, unit=chosen.id), "primary"),),
            )
        before = solutions.find_own(timeline, ctx.actor.account_id, chosen)
        has_picture = encoded is not None or (before is not None and before.picture_key is not None)
        if not (draft.text or draft.link or has_picture):
            raise BadInput("Add a text, a link or a picture.", field="text")
        is_new = before is None
        solutions.share(ctx, timeline, chosen, draft)
        see = show_solutions.call(timeline.group.id, unit=chosen.id)
        return wording.render_shared(chosen, draft.seen_by, see, is_new=is_new)

    return await database.run(store)


@command("solution remove", hidden=True, role="member", group="needed", after_end=True, own=True)
def remove(ctx: Context, unit: Annotated[UnitRef, UNIT], *, solutions: Solutions) -> Reply:
    """Remove your solution to a unit."""
    timeline = solutions.groups.here(ctx)
    chosen = timeline.roadmap.find(unit)
    solutions.remove(timeline, ctx.actor.account_id, chosen)
    return wording.render_removed(chosen)


@command("manage solution remove", hidden=True, role="moderator", group="needed", after_end=True)
def remove_of_member(
    ctx: Context,
    unit: Annotated[UnitRef, UNIT],
    member: Annotated[int, Param("Member", in_form=False, is_account=True)],
    *,
    solutions: Solutions,
) -> Reply:
    """Remove a member's solution to a unit."""
    timeline = solutions.groups.here(ctx)
    chosen = timeline.roadmap.find(unit)
    row = solutions.find_own(timeline, member, chosen)
    if row is None or row.seen_by != "group":
        raise NotFound("That solution is gone, or not for the group.")
    solutions.remove(timeline, member, chosen)
    solutions.tell_removed(ctx, timeline.group, member, chosen)
    return wording.render_removed(chosen)


def _find_solution(ctx: Context, solutions: Solutions) -> tuple[Unit, ShownSolution]:
    """Return the solution that a form is about; an unreadable number names none."""
    try:
        number = parse_int(ctx.call.args.get("of", ""))
    except BadInput:
        number = 0
    return solutions.get_visible(ctx, solutions.groups.here(ctx), number)


def suggest_criteria(ctx: Context, typed: str, *, solutions: Solutions) -> list[SuggestedValue]:
    """Return the criteria of the unit of a form's solution, by their numbers."""
    unit, _ = _find_solution(ctx, solutions)
    return [SuggestedValue(text.replace("`", ""), str(number)) for number, text in enumerate(list_criteria(unit), 1)]


def initial_feedback(ctx: Context, *, solutions: Solutions) -> Mapping[str, str]:
    """Return the caller's feedback so far."""
    unit, solution = _find_solution(ctx, solutions)
    title = {TITLE: f"Feedback on Unit {unit.number}"}
    row = next((given.row for given in solution.feedback if given.is_own), None)
    if row is None:
        return title
    ticked = row.ticked.split("\n")
    numbers = (str(number) for number, text in enumerate(list_criteria(unit), 1) if text in ticked)
    return title | {"done": ",".join(numbers), "sentence": row.sentence}


@command(
    "solution feedback",
    hidden=True,
    form=True,
    role="member",
    group="needed",
    title="Give feedback",
    initial=initial_feedback,
    form_note=wording.FEEDBACK_NOTE,
)
def give_feedback(
    ctx: Context,
    of: Annotated[int, OF],
    sentence: Annotated[
        str, Param("One sentence", example="The plot is clear", long=True, field="one line", max=SENTENCE_MAX)
    ],
    done: Annotated[Ticks | None, Param("Done when", suggest=suggest_criteria, listed=True)] = None,
    *,
    solutions: Solutions,
) -> Reply:
    """Give feedback on a solution."""
    timeline = solutions.groups.here(ctx)
    unit, _ = solutions.get_visible(ctx, timeline, of)
    ticked = [text for number, text in enumerate(list_criteria(unit), 1) if number in (done or ())]
    unit, solution = solutions.give_feedback(ctx, timeline, of, ticked, sentence)
    waiting = [
        other.row.id for other in solutions.list_visible(ctx, timeline, unit) if not other.is_own and not other.feedback
    ]
    following = show_solutions.call(timeline.group.id, of=waiting[0]) if waiting else None
    return wording.render_feedback_given(unit, solution.who, following)


@command("solution thank", hidden=True, role="member", group="needed")
def thank_for_solution(ctx: Context, of: Annotated[int, OF], *, solutions: Solutions) -> Reply:
    """Thank for a solution, or for the feedback on your own."""
    return wording.render_thanks(solutions.thank(ctx, solutions.groups.here(ctx), of))


COMMANDS: tuple[Command, ...] = (
    show_solutions,
    share,
    remove,
    give_feedback,
    thank_for_solution,
    remove_of_member,
)
