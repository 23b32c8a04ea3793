"""The course by phase with the group's dates, and a page for each unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.curriculum.content import Phase, Roadmap, Topic, Unit
from bot.dashboard.page import READERS, DashboardPage, Viewer
from bot.dashboard.pages.course_editor import EDITOR
from bot.features import command_links
from bot.features.checkins.scoring import State
from bot.features.checkins.service import Progress
from bot.features.checkins.standings import KEPT
from bot.features.checkins.wording import SIGNS
from bot.features.custom_courses.commands import outline_add, outline_edit, outline_export, outline_show
from bot.features.custom_courses.service import Outlines
from bot.features.groups.wording import describe_position
from bot.features.resolution.subject import find_current_unit
from bot.features.schedule.wording import restore_button
from bot.features.units.commands import make_view, show_unit
from bot.features.units.unit_notes import UnitNotes
from bot.features.units.wording import CourseView, draw_map
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import numbered
from bot.messages.reply import Button


@dataclass(frozen=True)
class CourseRow:
    """A unit on the way.

    Args:
        state: the member's result; None if the unit is still to come or the viewer is no member.
    """

    id: str
    number: int
    title: str
    due: str
    is_now: bool
    state: State | None
    sign: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Stage:
    """A phase.

    Args:
        told: how many units, and how many of them are done.
        topics: each with its title, "" where the phase has no other.
    """

    title: str
    days: str
    told: str
    summary: str
    topics: tuple[tuple[str, tuple[CourseRow, ...]], ...]
    checkpoint: str
    is_open: bool
    accent: int


def read(viewer: Viewer, *, progress: Progress, outlines: Outlines, unit_notes: UnitNotes) -> Mapping[str, object]:
    """Return the way of the viewer's group, or the unit that is asked for."""
    ctx = viewer.ctx
    timeline = progress.groups.here(ctx)
    way = timeline.roadmap
    if named := viewer.query.get("unit", ""):
        unit = way.find(named)
        reply = show_unit.run(ctx, unit=unit.id, groups=progress.groups, unit_notes=unit_notes)
        return {"unit": reply, "beside": _list_neighbours(way, unit), "stages": (), "outlines": ()}
    drawn, at = make_view(ctx, timeline, progress), find_current_unit(ctx, timeline)
    running = way.phase_of(at) if at is not None else None
    goal, image = way.capstone, draw_map(drawn)
    return {
        "unit": None,
        "where": describe_position(timeline, ctx.now),
        "map": image if ctx.actor.sees_pictures else image.words,
        "goal": f"**{markup.escape(goal.title)}**\n{markup.prose(goal.summary)}" if goal is not None else "",
        "stages": [
            _draw_phase(viewer, drawn, phase, place, is_open=phase is running) for place, phase in enumerate(way.phases)
        ],
        "outlines": _list_outlines(viewer, outlines),
        "adding": Button("Paste an outline", outline_add.ask()) if viewer.moderates else None,
    }


def _list_neighbours(way: Roadmap, unit: Unit) -> list[tuple[str, Unit]]:
    """Return the units before and after one."""
    places = (("Before", unit.number - 2), ("After", unit.number))
    return [(label, way.units[at]) for label, at in places if 0 <= at < len(way.units)]


def _draw_phase(viewer: Viewer, drawn: CourseView, phase: Phase, place: int, *, is_open: bool) -> Stage:
    units = numbered(len(phase.units), "unit")
    done = sum(drawn.state(unit) in KEPT for unit in phase.units)
    return Stage(
        phase.title,
        drawn.span(phase),
        f"{units}, {done} of them done" if done else units,
        phase.summary,
        tuple(
            (_choose_heading(phase, topic), tuple(_draw_row(viewer, drawn, unit) for unit in topic.units))
            for topic in phase.topics
        ),
        markup.prose(phase.checkpoint.task) if phase.checkpoint is not None else "",
        is_open,
        place,
    )


def _choose_heading(phase: Phase, topic: Topic) -> str:
    """Return a topic's title; "" if the phase has only this topic with the same title."""
    return topic.title if len(phase.topics) > 1 or topic.title != phase.title else ""


def _draw_row(viewer: Viewer, drawn: CourseView, unit: Unit) -> CourseRow:
    days, state, is_out = drawn.days.get(unit.id), drawn.state(unit), unit.id in drawn.left_out
    due = f"by {days[1].day} {days[1]:%b}" if days is not None else "skipped" if is_out else ""
    back = (restore_button(viewer.group_id, unit.id),) if is_out and viewer.moderates else ()
    sign = SIGNS[state] if state is not None else ""
    return CourseRow(unit.id, unit.number, unit.title, due, unit.id == drawn.current, state, sign, back)


def _list_outlines(viewer: Viewer, outlines: Outlines) -> list[tuple[str, str, tuple[Button, ...]]]:
    """Return the server's own courses, each with the page that writes it and its buttons."""
    if not viewer.moderates:
        return []
    return [
        (
            outline.title,
            EDITOR.address(viewer.group_id, course=outline.id),
            (
                Button("Edit outline", outline_edit.ask(course=outline.id)),
                Button("Show", outline_show.call(course=outline.id)),
                Button("Export", outline_export.call(course=outline.id)),
            ),
        )
        for outline in outlines.list(viewer.ctx)
    ]


def _find_query(call: Call) -> str | None:
    if call.ask or "files" in call.args:
        return None
    if call.name == command_links.UNIT.name and "unit" in call.args:
        return urlencode({"unit": call.args["unit"]})
    return "" if call.name == command_links.COURSE.name and "course" not in call.args else None


COURSE = DashboardPage("roadmap", "Course", READERS, "roadmap.html", read, keeps=("unit",), opens=_find_query)
