"""The solutions to a unit's exercise, with their feedback, and how many each unit has."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from bot.dashboard.page import MEMBERS, DashboardPage, Viewer
from bot.features import command_links
from bot.features.resolution.subject import find_current_unit
from bot.features.solutions import wording
from bot.features.solutions.service import Solutions, has_exercise, list_criteria
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Button


def read(viewer: Viewer, *, solutions: Solutions) -> Mapping[str, object]:
    """Return a unit's solutions as far as the viewer may see them, and the units with an exercise."""
    ctx, timeline = viewer.ctx, solutions.groups.here(viewer.ctx)
    heir = timeline.roadmap.heir
    opened = dict.fromkeys(timeline.roadmap.unit(heir(unit.slot.unit_id)) for unit in timeline.opened)
    units = [unit for unit in opened if has_exercise(unit)]
    named, running = viewer.query.get("unit", ""), find_current_unit(ctx, timeline)
    at = timeline.roadmap.find(named) if named else running if running in units else next(reversed(units), None)
    if at is None or at not in units:
        return {"at": None, "units": []}
    counts = solutions.count_visible(ctx, timeline, units)
    group, may_look = timeline.group, solutions.may_look(ctx, timeline, at)
    visible = solutions.list_visible(ctx, timeline, at) if may_look else []
    n_others = counts.get(at.id, 0) - any(solution.is_own for solution in visible)
    own = Button("Show my solution", command_links.SOLUTION_SHARE.ask(group.id, unit=at.id), "primary")
    check_in = Button("Check in", command_links.CHECKIN.ask(group.id, unit=at.id), "primary")
    has_checked_in = solutions.find_checkin(timeline, ctx.actor.account_id, at) is not None
    may_share = has_checked_in and not any(solution.is_own for solution in visible)
    adding = check_in if not has_checked_in else own if may_share else None
    is_member = "member" in ctx.actor.roles
    return {
        "at": at,
        "task": markup.prose(at.exercise.task),
        "criteria": [markup.prose(text) for text in list_criteria(at)],
        "count": wording.describe_count(n_others),
        "is_locked": not may_look,
        "shown": [
            (
                solution,
                wording.solution_blocks(solution, list_criteria(at)),
                wording.list_buttons(group, at, solution, moderates=viewer.moderates) if is_member else (),
            )
            for solution in visible
        ],
        "adding": adding if is_member and group.ended_at is None else None,
        "units": [(unit, counts.get(unit.id, 0)) for unit in reversed(units)],
    }


def _find_query(call: Call) -> str | None:
    if call.name != command_links.SOLUTIONS.name or "of" in call.args:
        return None
    return urlencode({"unit": call.args["unit"]}) if "unit" in call.args else ""


SOLUTIONS = DashboardPage("solutions", "Solutions", MEMBERS, "solutions.html", read, keeps=("unit",), opens=_find_query)
