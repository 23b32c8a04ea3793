"""Texts of the setup: greetings, each step, and the result."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.chat.platform import Findings
from bot.curriculum.track import Track
from bot.features import command_links
from bot.features.courses import own_roadmap
from bot.features.groups import wording as group_wording
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.tables import Group
from bot.features.schedule import wording as schedule_wording
from bot.features.setup.service import STEPS, Scene, Step
from bot.messages import markup
from bot.messages.errors import BadInput
from bot.messages.numerals import numbered
from bot.messages.reply import Block, Button, Fields, Reply, Text, say

OFFERED = 5
"""Most courses with a button of their own; others can be typed."""
SUMMARY_SHOWN = 110
"""Characters of a course's summary in a list."""
OWN_COURSE = "- **Your own**: paste an outline or a table, or send a course's file."
NAMED = 12
"""Most courses without a button that the list names."""
FIRST_UNITS = 2
"""Units of a course that its step shows."""
LONG_UNITS = 3
"""Units over the hours that the step of the week names."""
FEW = 3
"""From this many permissions on, only their count is shown."""
NO_ZONE = "Posts and deadlines use one time zone. Choose one, or use UTC."
HEADS: Mapping[Step, str] = {
    "roadmap": "course",
    "start": "name and start",
    "zone": "time zone",
    "week": "weekly rhythm",
    "channel": "channel",
    "post": "first post",
}
_FIXING_STEPS: Mapping[str, Step] = {"name": "start", "start": "start", "timezone": "zone", "rhythm": "week"}
"""Which step fixes a field."""


def render_step(scene: Scene) -> Reply:
    """Return a step of the setup, which replaces the one before."""
    return Reply(
        tuple(_DRAWN[scene.step](scene)),
        (*_next_buttons(scene), *_change_buttons(scene), *_back_buttons(scene)),
        title=f"Set up a group, {STEPS.index(scene.step) + 1} of {len(STEPS)}: {HEADS[scene.step]}",
        replaces=True,
    )


def _next_buttons(scene: Scene) -> tuple[Button, ...]:
    """Return the buttons that accept the step as it is; none if a problem must be fixed first."""
    if not scene.may_go_on:
        return ()
    if scene.step != "post":
        following = STEPS[STEPS.index(scene.step) + 1]
        return (Button("Next", command_links.SETUP_STEP.call(step=following, plan=scene.plan), "primary"),)
    begin = Button("Start the group", command_links.SETUP_CREATE.call(plan=scene.plan), "primary")
    if scene.before is None or not scene.before.members:
        return (begin,)
    return (begin, Button("Same people", command_links.SETUP_CREATE.call(plan=scene.plan, members="same")))


def _change_buttons(scene: Scene) -> tuple[Button, ...]:
    plan = scene.plan
    again = Button("Check again", command_links.SETUP_STEP.call(step=scene.step, plan=plan))
    check = () if all(finding.ok for finding in scene.findings) else (again,)
    match scene.step:
        case "roadmap":
            return _course_buttons(scene)
        case "start":
            return (Button("Change name", command_links.SETUP_NAME.ask(plan=plan)),)
        case "zone" if scene.has_zone:
            return (Button("Change zone", command_links.SETUP_ZONE.ask(plan=plan)),)
        case "zone":
            return _zone_buttons(scene)
        case "week":
            split = command_links.EDIT_COURSE.call(course=scene.track.id, hours=scene.unit_hours)
            change = Button("Change week", command_links.SETUP_WEEK.ask(plan=plan))
            return (change, *([Button("Split long units", split)] if _may_split(scene) else []))
        case "channel":
            label = "Change channel" if scene.room else "Choose channel"
            return (*check, Button(label, command_links.SETUP_CHANNEL.ask(plan=plan)))
        case "post":
            name = Button("Change details", command_links.SETUP_NAME.ask(step="post", plan=plan))
            return (*check, *(() if scene.has_zone else _zone_buttons(scene)), name)


def _course_buttons(scene: Scene) -> tuple[Button, ...]:
    plan, others = scene.plan, [track for track in scene.tracks if track is not scene.track]
    has_parts = len(scene.timeline.roadmap.parts) > 1
    return (
        *(
            Button(markup.clip(other.title, 60), command_links.SETUP_COURSE.call(course=other.id, plan=plan))
            for other in others[:OFFERED]
        ),
        *([Button("Choose a part", command_links.SETUP_PART.ask(plan=plan))] if has_parts else []),
        Button("Choose first unit", command_links.SETUP_UNIT.ask(plan=plan)),
        Button("Look inside", command_links.COURSE.call(course=scene.track.id)),
        Button("Paste outline", command_links.SETUP_OUTLINE.ask(plan=plan)),
    )


def _zone_buttons(scene: Scene) -> tuple[Button, ...]:
    """Return the buttons that choose a zone if nobody has."""
    step, plan = scene.step, scene.plan
    return (
        Button("Choose time zone", command_links.SETUP_ZONE.ask(step=step, plan=plan), "primary"),
        Button("Use UTC", command_links.SETUP_ZONE.call(timezone="UTC", step=step, plan=plan)),
    )


def _back_buttons(scene: Scene) -> tuple[Button, ...]:
    """Return the buttons that leave a step: to the one that can fix its problem, back, or out of the setup."""
    at, cancel = STEPS.index(scene.step), Button("Cancel", command_links.SETUP_CANCEL.call())
    fixing = _find_fixing_step(scene.problem) if scene.problem is not None and scene.has_zone else scene.step
    if scene.step == "post" and fixing != scene.step:
        return (Button("Fix it", command_links.SETUP_STEP.call(step=fixing, plan=scene.plan), "primary"), cancel)
    back = (Button("Back", command_links.SETUP_STEP.call(step=STEPS[at - 1], plan=scene.plan)),) if at else ()
    return (*back, cancel)


def _find_fixing_step(problem: BadInput) -> Step:
    """Return the step at which a problem can be fixed."""
    return _FIXING_STEPS.get(problem.field or "", "channel")


def cancelled() -> Reply:
    """Return the receipt of a cancelled setup."""
    again = Button("Start again", command_links.SETUP.call())
    return replace(say("Setup cancelled. I haven't posted anything.", buttons=(again,)), replaces=True)


def describe_length(track: Track) -> str:
    """Return the length of a course: "58 units in 9 parts, 3 to 5 hours a unit"."""
    units = track.roadmap.units
    parts = f" in {len(track.roadmap.parts)} parts" if len(track.roadmap.parts) > 1 else ""
    timed = [unit.hours for unit in units if unit.hours]
    least = f"{min(timed)} to " if timed and min(timed) < max(timed) else ""
    hours = f", {least}{numbered(max(timed), 'hour')} a unit" if timed else ""
    return numbered(len(units), "unit") + parts + hours + (", part of a longer course" if track.derived_from else "")


def _describe_course(track: Track) -> str:
    """Return a course in one line: its title, its length, and for whom it is."""
    first = re.split(r"(?<=[.!?:])\s", track.roadmap.summary, maxsplit=1)[0]
    about = markup.clip(first.rstrip(".:"), SUMMARY_SHOWN)
    about = f" {markup.prose(about)}{'' if about.endswith('…') else '.'}" if about else ""
    return f"**{markup.escape(track.title, 100)}**: {describe_length(track)}.{about}"


def list_roadmaps(tracks: Sequence[Track]) -> str:
    """Return courses line by line, those with a button first, how to choose the others, and one's own."""
    lines = [f"- {_describe_course(track)}" for track in tracks[:OFFERED]]
    if (more := len(tracks) - OFFERED) > 0:
        named = [markup.escape(track.title, 40) for track in tracks[OFFERED:][:NAMED]]
        named += [f"{more - NAMED} others"] if more > NAMED else []
        by_name = markup.typed(f"setup course={tracks[OFFERED].id}")
        lines.append(f"- {more} more: {', '.join(named)}. To choose one, type its name, such as {by_name}.")
    return "\n".join([*lines, OWN_COURSE])


def _render_roadmap(scene: Scene) -> list[Block]:
    roadmap, track = scene.track.roadmap, scene.track
    begin = roadmap.unit(scene.proposal.first_unit).number - 1
    coming = "\n".join(f"- {markup.escape(u.label)}" for u in roadmap.units[begin : begin + FIRST_UNITS])
    others = list_roadmaps([other for other in scene.tracks if other is not track])
    lost = [Text("The course you chose is gone. Please choose again.")]
    legs = scene.timeline.legs
    walked = f" {markup.escape(legs[0].label, 200)}." if scene.proposal.last_unit and len(legs) == 1 else ""
    return [
        *(lost if scene.is_lost else []),
        Text(
            f"**{markup.escape(track.title, 100)}**: {describe_length(track)}.{walked} "
            f"{markup.prose(roadmap.summary)}".strip()
        ),
        Text(f"First units:\n{coming}"),
        Text(f"Other courses:\n{others}"),
    ]


def _render_start(scene: Scene) -> list[Block]:
    proposal, first = scene.proposal, scene.timeline.planned(scene.timeline.group.confirmed_at)[:1]
    rows = [("Name", markup.escape(proposal.name)), ("First post on", markup.day(proposal.starts_on))]
    rows += [("First unit due", markup.moment(first[0].deadline_at, proposal.zone))] if first else []
    return [Fields(tuple(rows))]


def _render_zone(scene: Scene) -> list[Block]:
    if not scene.has_zone:
        return [Text(NO_ZONE)]
    return [
        Fields((("Time zone", scene.proposal.zone),)),
        Text("Posts and deadlines use this time zone. Members see times in their own zone."),
    ]


def _render_week(scene: Scene) -> list[Block]:
    slots = scene.timeline.planned(scene.timeline.group.confirmed_at)
    rows = dict(group_wording.render_settings(scene.proposal, scene.timeline).rows)
    facts: list[tuple[str, str]] = [
        (label, rows[label]) for label in ("Post and deadline", "Pace", "Breaks") if label in rows
    ]
    if slots:
        end = markup.moment(slots[-1].deadline_at, scene.proposal.zone, "day")
        facts.append(("Last unit due", end))
    if scene.hours:
        facts.append(("Hours a week", str(scene.hours)))
    rest = group_wording.describe_remaining(scene.timeline, slots)
    return [Fields(tuple(facts)), *(Text(text) for text in (rest, _describe_long_units(scene)) if text)]


def _describe_long_units(scene: Scene) -> str:
    """Return which units take more hours than members have, and what to do; "" for none."""
    units = scene.long_units
    if not units:
        return ""
    named = [f"{markup.escape(unit.label, 70)} ({unit.hours} h)" for unit in units[:LONG_UNITS]]
    named += [f"{left} more"] if (left := len(units) - LONG_UNITS) > 0 else []
    ways = ["split them"] if _may_split(scene) else []
    ways += ["choose two weeks for a unit"] if scene.proposal.pace == "1 week" else []
    advice = f" You can {' or '.join(ways)}." if ways else ""
    return f"More than {numbered(scene.unit_hours, 'hour')}: {markup.series(named)}.{advice}"


def _may_split(scene: Scene) -> bool:
    return bool(scene.long_units) and own_roadmap.parse_id(scene.track.id) is not None


def _render_channel(scene: Scene) -> list[Block]:
    where = [Fields((("Channel", scene.room),))] if scene.room else []
    return [*where, *_render_troubles(scene), *_render_findings(scene.findings)]


def _render_troubles(scene: Scene) -> list[Block]:
    """Return what blocks the setup: a missing time zone first."""
    if not scene.has_zone:
        return [Text(NO_ZONE)]
    return [Text(scene.problem.sentence)] if scene.problem is not None else []


def _render_settings(scene: Scene) -> Fields:
    fields = group_wording.render_settings(scene.proposal, scene.timeline)
    if scene.has_zone:
        return fields
    open_zone = ("Time zone", f"not chosen yet, shown in {scene.proposal.zone}")
    return Fields(tuple(open_zone if row[0] == open_zone[0] else row for row in fields.rows))


def _render_findings(findings: Findings) -> list[Block]:
    wrong, well = ([finding.sentences for finding in findings if finding.ok is ok] for ok in (False, True))
    good = (
        [f"- ✓ {text}" for text in well]
        if len(well) < FEW
        else [f"- ✓ I have the {len(well)} permissions that I need."]
    )
    lines = [*(f"- ✗ {text}" for text in wrong), *good]
    return [Text("\n".join(lines))] if lines else []


def _render_post(scene: Scene) -> list[Block]:
    timeline, before = scene.timeline, scene.before
    content: list[Block | None] = [
        *_render_troubles(scene),
        *_render_findings(tuple(finding for finding in scene.findings if not finding.ok)),
        _render_settings(scene),
        (
            group_wording.describe_cut_off(before.group, before.catches_up_until)
            if before and before.catches_up_until
            else None
        ),
        (
            group_wording.describe_invitation(before.group, before.members, are_carried=False)
            if before and before.members
            else None
        ),
    ]
    for slot in timeline.planned(timeline.group.confirmed_at)[:1]:
        post = schedule_wording.render_weekly(timeline, Opened(slot))
        head = f"_After a welcome, I'll post this on {markup.moment(slot.opens_at, scene.proposal.zone)}:_"
        content += [Text(head), Text(f"**{post.title}**"), *post.without_buttons().blocks]
    return [block for block in content if block is not None]


_DRAWN: Mapping[Step, Callable[[Scene], list[Block]]] = {
    "roadmap": _render_roadmap,
    "start": _render_start,
    "zone": _render_zone,
    "week": _render_week,
    "channel": _render_channel,
    "post": _render_post,
}


def render_begun(group: Group, timeline: Timeline, room: str) -> Reply:
    """Return the result of the setup: what happens next, and how people join.

    Args:
        room: a token that links the group's channel.
    """
    slots = timeline.planned(group.confirmed_at)[:1]
    zone = group.zone
    today = [slot for slot in slots if group.confirmed_at < slot.opens_at < group.confirmed_at + timedelta(days=1)]
    first = f"- I'll post the first unit on {markup.moment(slots[0].opens_at, zone)}.\n" if slots else ""
    write = (
        "\n- To add goals, exercises and questions, open **Write the course** on the dashboard. "
        f"{markup.typed('manage course unit')} adds a unit's goals and exercise here."
        if own_roadmap.parse_id(timeline.roadmap.id) is not None
        else ""
    )
    return Reply(
        (
            Text(
                f"- I'm posting a welcome in {room}. Ask people to press **Join** there.\n{first}"
                "- Then I'll post each unit, send reminders and count streaks.\n"
                f"- {markup.typed('manage edit')} changes the group. {markup.typed('manage doctor')} checks it.{write}"
            ),
        ),
        (
            Button("Join", command_links.JOIN.call(group.id), "primary"),
            *(Button("Post first unit", command_links.POSTNOW.call(group.id, unit=slot.unit_id)) for slot in today),
            Button("See next post", command_links.PREVIEW.call(group.id)),
        ),
        title=f"{markup.escape(group.name)} is set up",
        tone="good",
        replaces=True,
    )


def runs(timeline: Timeline, now: datetime, *, is_member: bool, may_change: bool, may_set_up: bool) -> Reply:
    """Return the reply to a setup in a channel that has a group."""
    group, position = timeline.group, group_wording.describe_position(timeline, now)
    elsewhere = Button("Use another channel", command_links.SETUP_CHANNEL.ask())
    further = elsewhere if may_set_up else Button("See help", command_links.HELP.call(group.id))
    join = () if is_member else (Button("Join", command_links.JOIN.call(group.id), "primary"),)
    change = (Button("Change group", command_links.GROUP_EDIT.ask(group.id)),) if may_change else ()
    return Reply(
        (Text(f"**{markup.escape(group.name)}** meets in this channel. {position}"),),
        (*join, *change, further),
        title="This channel already has a group",
        replaces=True,
    )


_TITLE = "Hello, I'm Trailmate"
_ABOUT = (
    "I guide a study group through a course, week by week. You get a post with the topic and an exercise, check-ins "
    "with a streak, and answers from the notes."
)


def _make_help_button() -> Button:
    return Button("See help", command_links.HELP.call())


def render_no_group(tracks: Sequence[Track]) -> Reply:
    """Return the welcome of a server without a group, with the courses that it can take."""
    text = (
        "There's no group here yet. Choose a name, a start date and a course. "
        "You'll see the first post before I send it."
    )
    start = Button("Start a group", command_links.SETUP_NAME.ask(start="today", step="post"), "primary")
    steps = Button("Step by step", command_links.SETUP.call())
    return Reply((Text(text), Text(f"Courses:\n{list_roadmaps(tracks)}")), (start, steps), title="Welcome to Trailmate")


def render_hello_in_group(group: Group) -> Reply:
    """Return the greeting of a channel with a group."""
    text = f"**{markup.escape(group.name)}** meets in this channel. Press Join to take part."
    join = Button("Join", command_links.JOIN.call(group.id), "primary")
    return Reply((Text(text),), (join, _make_help_button()), title="Hello again")


def render_hello(*, in_tenant: bool) -> Reply:
    """Return the greeting of a channel or server without a group.

    Args:
        in_tenant: whether the reader is in a server, where setup is possible.
    """
    if not in_tenant:
        start = f"To set up a group, run {markup.typed(command_links.SETUP.name)} in the channel where it will meet."
        return Reply((Text(_ABOUT), Text(start)), (_make_help_button(),), title=_TITLE)
    steps = "A moderator can set up a group in a few steps. I post nothing before the last step."
    setup = Button("Set up", command_links.SETUP.call(), "primary")
    return Reply((Text(_ABOUT), Text(steps)), (setup, _make_help_button()), title=_TITLE)
