"""Edit a course field by field, so that the changes of several people merge. Pure.

A place is "" for the course, `phase:<id>` or `unit:<id>`. Each field is a text; lists have one item on a line. An edit
names the text that its author saw. It is refused if somebody else has changed the same field meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.curriculum.authoring.course_files import make_outline, slug
from bot.curriculum.authoring.outline_import import plain, strip_links
from bot.curriculum.authoring.parsed_outline import OutlineLink, ParsedOutline, ParsedUnit, write_outline
from bot.curriculum.content import Exercise, Phase, Resource, Roadmap, Topic, Unit
from bot.curriculum.folder import OUTLINE
from bot.curriculum.outline_reader import OutlineReader
from bot.curriculum.outline_writer import write_roadmap
from bot.curriculum.yaml_reader import YamlReader
from bot.messages import markup
from bot.messages.errors import BadInput, NotFound

COURSE, PHASE, UNIT = "", "phase:", "unit:"
FAULTS_SHOWN = 3
GONE = "This was removed from the course. Copy your text if you need it."


class EditConflict(Exception):
    """Somebody else has changed the same field; `current` is its text now."""

    def __init__(self, current: str) -> None:
        super().__init__("the field has changed")
        self.current = current


@dataclass(frozen=True)
class FieldEdit:
    """A change of one field.

    Args:
        place: of the course, see above.
        field: a key of `read_fields`.
        before: the text that its author saw.
        text: the new one.
    """

    place: str
    field: str
    before: str
    text: str


def read_fields(roadmap: Roadmap, place: str) -> dict[str, str]:
    """Return the fields of a place; raises NotFound if the course has no such place."""
    if place == COURSE:
        return {"title": roadmap.title, "summary": roadmap.summary}
    if place.startswith(PHASE):
        phase = _find_phase(roadmap, place)
        return {"title": phase.title, "summary": phase.summary}
    unit = find_unit(roadmap, place)
    exercise = unit.exercise
    return {
        "title": unit.title,
        "summary": unit.summary,
        "hours": str(unit.hours or ""),
        "goals": "\n".join(unit.objectives),
        "prompt": unit.prompt,
        "exercise": exercise.task,
        "minutes": str(exercise.minutes or ""),
        "done": exercise.done_when,
        "criteria": "\n".join(exercise.criteria),
        "links": "\n".join(f"{resource.title} {resource.url}".strip() for resource in unit.resources),
    }


def find_unit(roadmap: Roadmap, place: str) -> Unit:
    """Return the unit of a place; raises NotFound."""
    unit_id = place.removeprefix(UNIT)
    if not place.startswith(UNIT) or not roadmap.has(unit_id):
        raise NotFound(GONE)
    return roadmap.unit(unit_id)


def _find_phase(roadmap: Roadmap, place: str) -> Phase:
    phase = next((phase for phase in roadmap.phases if place == PHASE + phase.id), None)
    if phase is None:
        raise NotFound(GONE)
    return phase


def apply_edit(roadmap: Roadmap, edit: FieldEdit) -> Roadmap:
    """Return the course with one field changed.

    Raises:
        EditConflict: somebody else has changed the field.
        BadInput: the text can't be used.
        NotFound: the place is gone, or has no such field.
    """
    fields = read_fields(roadmap, edit.place)
    if edit.field not in fields:
        raise NotFound("There is no such field.")
    now, before = fields[edit.field], edit.before.replace("\r\n", "\n").strip()
    changed = check(_write_field(roadmap, edit))
    if now not in (before, read_fields(changed, edit.place)[edit.field]):
        raise EditConflict(now)
    return changed


def _write_field(roadmap: Roadmap, edit: FieldEdit) -> Roadmap:
    field, line = edit.field, " ".join(markup.clean(edit.text).split())
    if not line and field == "title":
        raise BadInput("**Title**: write a title.", field=field)
    changes: dict[str, Any] = {field: line}
    if edit.place == COURSE:
        return replace(roadmap, **changes)
    if edit.place.startswith(PHASE):
        return _map_phases(
            roadmap, lambda phase: replace(phase, **changes) if PHASE + phase.id == edit.place else phase
        )
    return replace_unit(roadmap, _write_unit_field(find_unit(roadmap, edit.place), edit, line))


def _write_unit_field(unit: Unit, edit: FieldEdit, line: str) -> Unit:
    lines = [text for row in markup.clean(edit.text).splitlines() if (text := " ".join(row.strip(" -*•").split()))]
    write: Mapping[str, Callable[[], Unit]] = {
        "title": lambda: replace(unit, title=line),
        "summary": lambda: replace(unit, summary=line),
        "prompt": lambda: replace(unit, prompt=line),
        "hours": lambda: replace(unit, hours=_read_number(line, "Hours", "hours")),
        "goals": lambda: replace(unit, objectives=tuple(lines)),
        "links": lambda: replace(unit, resources=tuple(_read_resources(unit, lines))),
        "exercise": lambda: _replace_exercise(unit, task=line),
        "done": lambda: _replace_exercise(unit, done_when=line),
        "criteria": lambda: _replace_exercise(unit, criteria=tuple(lines)),
        "minutes": lambda: _replace_exercise(unit, minutes=_read_number(line, "Minutes", "minutes")),
    }
    return write[edit.field]()


def _replace_exercise(unit: Unit, **changes: Any) -> Unit:
    return replace(unit, exercise=replace(unit.exercise, **changes))


def _read_number(text: str, label: str, field: str) -> int:
    if text and not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise BadInput(f"**{label}**: write a whole number, such as 3.", field=field)
    return int(text or 0)


def _read_resources(unit: Unit, lines: Iterable[str]) -> Iterator[Resource]:
    """Yield what to read: each line is a title with its address; what the course knows besides stays."""
    known = {resource.url or resource.title: resource for resource in unit.resources}
    for line in lines:
        links: list[OutlineLink] = []
        title = plain(strip_links(line, links.append, lambda _: None)).strip(" ,:|·–—")
        url = links[0].url if links else ""
        title = title or (links[0].title if links else line)
        old = known.get(url or title, Resource(title, "", 0, "", url))
        yield replace(old, title=title)


def check(roadmap: Roadmap) -> Roadmap:
    """Return a course as it is once stored; BadInput says which texts don't fit."""
    reader = YamlReader(Path(roadmap.id) / OUTLINE)
    root = reader.compose(write_roadmap(roadmap))
    read = OutlineReader(reader).outline(root).roadmap if root is not None else roadmap
    if reader.faults:
        sentences = dict.fromkeys(_name_fields(fault.sentence) for fault in reader.in_order())
        raise BadInput("\n".join([*sentences][:FAULTS_SHOWN]))
    return read


_LABELS = {
    "“objectives”": "“Goals”",
    "“task”": "“Exercise”",
    "“done_when”": "“Done when”",
    "“done_when_list”": "“Checklist”",
    "“url”": "“Links”",
    "“title”": "“Title”",
    "“summary”": "“Summary”",
    "“hours”": "“Hours”",
    "“minutes”": "“Minutes”",
    "“prompt”": "“Question to discuss”",
    "An objective": "A goal",
    "objectives": "goals",
    "done_when": "done when",
}


def _name_fields(sentence: str) -> str:
    """Return a fault with the names that people see instead of a file's keys."""
    for key, label in _LABELS.items():
        sentence = sentence.replace(key, label)
    return sentence[0].upper() + sentence[1:]


def _map_phases(roadmap: Roadmap, change: Callable[[Phase], Phase]) -> Roadmap:
    return replace(roadmap, phases=tuple(map(change, roadmap.phases)))


def replace_unit(roadmap: Roadmap, unit: Unit) -> Roadmap:
    """Return the course with another unit of the same id."""
    return _map_topics(roadmap, lambda units: [unit if each.id == unit.id else each for each in units])


def _map_topics(roadmap: Roadmap, change: Callable[[list[Unit]], list[Unit]]) -> Roadmap:
    """Return the course with other units in its topics; topics and phases without units are left out."""

    def change_topic(topic: Topic) -> Topic:
        return replace(topic, units=tuple(change([*topic.units])))

    def change_phase(phase: Phase) -> Phase:
        return replace(phase, topics=tuple(topic for topic in map(change_topic, phase.topics) if topic.units))

    return replace(roadmap, phases=tuple(phase for phase in map(change_phase, roadmap.phases) if phase.topics))


def add_lines(roadmap: Roadmap, after: str, text: str) -> tuple[Roadmap, list[str]]:
    """Return the course with new units, a title on a line, and their places.

    A line that begins with `#` starts a new phase at the end; a phase without units gets one.

    Args:
        after: the unit or phase that they follow.
    """
    places: list[str] = []
    lines = [line for row in markup.clean(text).splitlines() if (line := " ".join(row.strip(" -*•").split()))]
    for at, line in enumerate(lines):
        if not line:
            continue
        title = line.lstrip("# ")
        if not line.startswith("#") or not title:
            roadmap, after = _add_unit(roadmap, after, line)
        elif at + 1 < len(lines) and not lines[at + 1].startswith("#"):
            roadmap, after = _add_phase(roadmap, title, lines[at + 1])
            lines[at + 1] = ""
        else:
            roadmap, after = _add_phase(roadmap, title, "First unit")
        places.append(after)
    return check(roadmap), places


def _add_unit(roadmap: Roadmap, after: str, title: str) -> tuple[Roadmap, str]:
    last = next((phase.units[-1] for phase in roadmap.phases if PHASE + phase.id == after), roadmap.units[-1])
    before = find_unit(roadmap, after) if roadmap.has(after.removeprefix(UNIT)) else last
    new = _make_unit(roadmap, title)

    def insert(units: list[Unit]) -> list[Unit]:
        return [each for unit in units for each in ([unit, new] if unit.id == before.id else [unit])]

    return _map_topics(roadmap, insert), UNIT + new.id


def _add_phase(roadmap: Roadmap, title: str, unit_title: str) -> tuple[Roadmap, str]:
    """Return the course with a new phase of one unit at its end, and the place of the unit."""
    taken = {phase.id for phase in roadmap.phases} | {topic.id for topic in roadmap.topics}
    phase_id, unit = slug(title, taken, f"part-{len(roadmap.phases) + 1}"), _make_unit(roadmap, unit_title)
    phase = Phase(phase_id, title, None, None, "", (Topic(phase_id, title, "", (unit,)),))
    return replace(roadmap, phases=(*roadmap.phases, phase)), UNIT + unit.id


def _make_unit(roadmap: Roadmap, title: str) -> Unit:
    taken = {unit.id for unit in roadmap.units} | {unit.id for unit in roadmap.retired}
    unit_id = slug(title, taken, f"unit-{len(roadmap.units) + 1}")
    return Unit(unit_id, 0, title, "", (), "", Exercise("", "", ""), 0, (), (), "", "")


def remove_unit(roadmap: Roadmap, place: str) -> Roadmap:
    """Return the course without a unit; a phase without units goes with its last one."""
    unit = find_unit(roadmap, place)
    if len(roadmap.units) == 1:
        raise BadInput("A course needs at least one unit.")
    return check(_keep_parts(_map_topics(roadmap, lambda units: [each for each in units if each.id != unit.id])))


def move_unit(roadmap: Roadmap, place: str, step: int) -> Roadmap:
    """Return the course with a unit one place further up (-1) or down (1); it may change its phase."""
    unit = find_unit(roadmap, place)
    topics = [[*topic.units] for topic in roadmap.topics]
    at = next(n for n, units in enumerate(topics) if unit in units)
    index = topics[at].index(unit) + step
    if 0 <= index < len(topics[at]):
        topics[at].remove(unit)
        topics[at].insert(index, unit)
    elif 0 <= at + step < len(topics):
        if len(topics[at]) == 1:
            raise BadInput("A phase needs at least one unit.")
        topics[at].remove(unit)
        topics[at + step].insert(len(topics[at + step]) if step < 0 else 0, unit)
    moved = iter(topics)
    return check(_keep_parts(_map_topics(roadmap, lambda _: next(moved))))


def list_changes(before: Roadmap, after: Roadmap) -> list[str]:
    """Return what differs between two states of a course, such as "Unit 3: goals, exercise"."""
    changes = _list_field_changes(before, after, COURSE, "Course")
    for phase in after.phases:
        if any(old.id == phase.id for old in before.phases):
            changes += _list_field_changes(before, after, PHASE + phase.id, f"Phase “{phase.title}”")
    for unit in after.units:
        if before.has(unit.id):
            changes += _list_field_changes(before, after, UNIT + unit.id, f"Unit {unit.number}")
        else:
            changes.append(f"New unit “{unit.title}”")
    changes += [f"Removed “{unit.title}”" for unit in before.units if not after.has(unit.id)]
    left = [unit.id for unit in before.units if after.has(unit.id)]
    if left != [unit.id for unit in after.units if before.has(unit.id)]:
        changes.append("Order of the units")
    return changes


LABELS = {
    "title": "title",
    "summary": "summary",
    "hours": "hours",
    "goals": "goals",
    "prompt": "discussion question",
    "exercise": "exercise",
    "minutes": "minutes",
    "done": "done when",
    "criteria": "checklist",
    "links": "links",
}


def _list_field_changes(before: Roadmap, after: Roadmap, place: str, label: str) -> list[str]:
    old, new = read_fields(before, place), read_fields(after, place)
    fields = [LABELS[key] for key, text in new.items() if old[key] != text]
    return [f"{label}: {', '.join(fields)}"] if fields else []


def write_outline_of(roadmap: Roadmap, units: Mapping[str, ParsedUnit]) -> str:
    """Return a course as the outline that people read and change.

    Args:
        units: of its outline before by id, whose questions and notes stay.
    """
    questions = {unit_id: unit.questions for unit_id, unit in units.items()}
    return write_outline(make_outline(roadmap, questions, {unit_id: unit.notes for unit_id, unit in units.items()}))


def merge_outline(before: Roadmap, old: ParsedOutline, new: ParsedOutline, after: Roadmap) -> Roadmap:
    """Return a course after its outline was edited; what the edit left alone stays as it was.

    Args:
        before: the stored course, of the outline `old`.
        after: the course that the outline `new` makes, with the ids of the units that it shares with `before`.
    """
    if len(old.units) != len(before.units):
        return after
    old_units = {unit.id: parsed for unit, parsed in zip(before.units, old.units, strict=True)}
    new_units = {unit.id: parsed for unit, parsed in zip(after.units, new.units, strict=True)}

    def merge(unit: Unit) -> Unit:
        if not before.has(unit.id):
            return unit
        return _merge_unit(before.unit(unit.id), unit, old_units[unit.id], new_units[unit.id])

    merged = _map_topics(after, lambda units: [merge(unit) for unit in units])
    merged = _merge_phases(before, merged, {phase.title: phase.summary for phase in old.phases}, new)
    summary = before.summary if old.summary == new.summary else after.summary
    more: dict[str, Any] = {key: getattr(before, key) for key in ("capstone", "part_starts", "retired")}
    return check(_keep_parts(replace(merged, summary=summary, **more)))


def _merge_unit(before: Unit, after: Unit, old: ParsedUnit, new: ParsedUnit) -> Unit:
    task, now = before.exercise, after.exercise
    exercise = replace(
        task,
        task=task.task if old.exercise == new.exercise else now.task,
        minutes=task.minutes if old.minutes == new.minutes else now.minutes,
        done_when=task.done_when if old.done_when == new.done_when else now.done_when,
        criteria=task.criteria if old.criteria == new.criteria else now.criteria,
    )
    known = {resource.url or resource.title: resource for resource in before.resources}
    resources = tuple(replace(known.get(each.url or each.title, each), title=each.title) for each in after.resources)
    return replace(
        before,
        title=before.title if old.title == new.title else after.title,
        summary=before.summary if old.summary == new.summary else after.summary,
        hours=before.hours if old.hours == new.hours else after.hours,
        objectives=before.objectives if old.goals == new.goals else after.objectives,
        prompt=before.prompt if old.prompt == new.prompt else after.prompt,
        resources=before.resources if old.links == new.links else resources,
        exercise=exercise,
    )


def _merge_phases(before: Roadmap, after: Roadmap, old: Mapping[str, str], new: ParsedOutline) -> Roadmap:
    """Return the course with the phases that kept their titles as they were, but for their units and summaries.

    Args:
        old: the summaries of the phases of the old outline, by title.
    """
    known = {phase.title: phase for phase in before.phases}
    taken = {phase.id for phase in before.phases} | {topic.id for topic in before.topics}
    phases: list[Phase] = []
    for phase, parsed in zip(after.phases, new.phases, strict=True):
        same = known.pop(phase.title, None)
        if same is None:
            phase_id = slug(phase.title, taken, f"part-{len(phases) + 1}")
            topics = tuple(replace(topic, id=phase_id) for topic in phase.topics)
            phases.append(replace(phase, id=phase_id, topics=topics))
            continue
        summary = same.summary if old.get(parsed.title) == parsed.summary else phase.summary
        phases.append(replace(same, summary=summary, topics=_merge_topics(same, phase)))
    return replace(after, phases=tuple(phases))


def _merge_topics(before: Phase, after: Phase) -> tuple[Topic, ...]:
    """Return the topics of a phase: as they were if they have the same units, else one for all."""
    units = {unit.id: unit for unit in after.units}
    if [unit.id for unit in before.units] == [*units]:
        return tuple(replace(topic, units=tuple(units[each.id] for each in topic.units)) for topic in before.topics)
    return (replace(before.topics[0], units=after.units),)


def _keep_parts(roadmap: Roadmap) -> Roadmap:
    """Return the course with the named parts whose first units it still has, in order; the first part begins it."""
    numbers = {unit.id: number for number, unit in enumerate(roadmap.units)}
    kept = (start for start in roadmap.part_starts if start.begins in numbers)
    starts = sorted(kept, key=lambda start: numbers[start.begins])
    if starts:
        starts[0] = replace(starts[0], begins=roadmap.units[0].id)
    return replace(roadmap, part_starts=tuple(starts))
