"""Write an outline as a course's folder, and read such a folder. Pure.

A new course has "to do" marks where its author may add something. The files of a folder travel as one text, because
chats and drafts carry texts: `bot.messages.attachment` makes it of an archive.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from bot.curriculum import markdown_body
from bot.curriculum.authoring.parsed_outline import (
    FAULTS_MAX,
    NOTE_TITLE_MAX,
    OutlineLink,
    OutlineNote,
    ParsedOutline,
    ParsedPhase,
    ParsedUnit,
)
from bot.curriculum.bank import Bank, SingleChoice
from bot.curriculum.bank_reader import read_bank_texts
from bot.curriculum.content import Roadmap, Unit
from bot.curriculum.faults import Fault, LineRemark
from bot.curriculum.folder import NOTES, OUTLINE, QUIZZES
from bot.curriculum.loader import find_derivation
from bot.curriculum.outline_reader import TITLE_MAX, OutlineReader
from bot.curriculum.outline_writer import write_roadmap
from bot.curriculum.short_questions import ShortQuestion
from bot.curriculum.yaml_reader import ID_MAX, YamlReader, quoted
from bot.messages import markup
from bot.messages.attachment import split_files
from bot.messages.numerals import numbered

YAML_HEAD = """\
# Lines marked "to do" may stay empty. Never change ids. You can change titles and texts at any time.
"""
EXAMPLE = ParsedOutline(
    phases=(ParsedPhase("The first weeks", "", (ParsedUnit("The first unit", "Say why this week matters.", 3),)),)
)
"""The example course for people without an outline."""


def slug(title: str, taken: set[str], otherwise: str) -> str:
    """Return a new id made from a title's words, and add it to `taken`.

    Args:
        otherwise: the fallback if the title has no Latin letters.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", title.casefold()) if c.isascii())
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    base = "-".join(words).lstrip("-0123456789") or otherwise
    short = base if len(base) <= ID_MAX else base[: ID_MAX + 1].rpartition("-")[0] or base[:ID_MAX]
    ident, number = short, 1
    while ident in taken:
        number += 1
        ident = f"{short[: ID_MAX - 4].rstrip('-')}-{number}"
    taken.add(ident)
    return ident


def write_course_files(
    sketch: ParsedOutline, ident: str, title: str = "", ids: Sequence[str] = ()
) -> Mapping[str, str]:
    """Return the texts of a course folder by path; they pass the lint.

    Args:
        sketch: an outline without faults.
        ident: the course id, which is the folder's name.
        title: replaces the sketch's title; the default is the id's words.
        ids: existing ids of its units, in order; "" for a new unit.
    """
    named = title or sketch.title or ident.replace("-", " ").capitalize()
    lines = _write_roadmap(sketch, ident, markup.clip(named, TITLE_MAX), ids or [""] * len(sketch.units))
    return {OUTLINE: YAML_HEAD + "".join(f"{line}\n" for line in lines)}


def write_folder(
    roadmap: Roadmap,
    questions: Mapping[str, Sequence[ShortQuestion]],
    notes: Mapping[str, Sequence[OutlineNote]],
) -> Mapping[str, str]:
    """Return the texts of a course's folder by path, which `read_folder` reads as the same course.

    Args:
        questions, notes: by unit id.
    """
    note_ids, question_ids = set[str](), set[str]()
    named = {
        unit.id: [(slug(note.title, note_ids, f"note-{len(note_ids)}"), note) for note in notes.get(unit.id, ())]
        for unit in roadmap.units
    }
    listed = map_units(roadmap, lambda unit: replace(unit, notes=tuple(name for name, _ in named[unit.id])))
    files = {OUTLINE: write_roadmap(listed)}
    for unit in roadmap.units:
        files |= {f"{NOTES}/{name}.md": _write_note(name, note, unit.id) for name, note in named[unit.id]}
        if asked := questions.get(unit.id):
            files[f"{QUIZZES}/{unit.id}.yaml"] = "\n".join(_write_bank(unit.id, asked, question_ids)) + "\n"
    return files


def map_units(roadmap: Roadmap, change: Callable[[Unit], Unit]) -> Roadmap:
    """Return a course with each unit changed."""
    phases = (
        replace(
            phase,
            topics=tuple(replace(topic, units=tuple(map(change, topic.units))) for topic in phase.topics),
        )
        for phase in roadmap.phases
    )
    return replace(roadmap, phases=tuple(phases))


def _write_note(name: str, note: OutlineNote, unit_id: str) -> str:
    return f"---\nid: {name}\ntitle: {_quote_yaml(note.title)}\nunit: {unit_id}\n---\n{note.text}\n"


def _write_bank(unit_id: str, questions: Sequence[ShortQuestion], taken: set[str]) -> Iterator[str]:
    yield f"unit: {unit_id}"
    yield "items:"
    for number, question in enumerate(questions, 1):
        yield f"  - id: {slug(f'{unit_id} {number}', taken, 'question')}"
        yield "    form: short"
        yield f"    question: {_quote_yaml(question.prompt)}"
        yield f"    right: {_quote_yaml(question.right)}"
        yield f"    wrong: [{', '.join(map(_quote_yaml, question.wrong))}]"
        yield from (
            f"    {key}: {_quote_yaml(text)}"
            for key, text in (("why", question.why), ("source", question.source))
            if text
        )


def _write_roadmap(sketch: ParsedOutline, ident: str, title: str, ids: Sequence[str]) -> Iterator[str]:
    yield f"id: {ident}"
    yield f"title: {_quote_yaml(title)}"
    yield _write_summary(sketch.summary, "what people will learn, in one or two sentences")
    yield "phases:"
    phases, units, known_ids = set[str](), set(ids), iter(ids)
    for number, phase in enumerate(sketch.phases, 1):
        named = phase.title or title
        phase_id = slug(named, phases, f"part-{number}")
        yield f"  - id: {phase_id}"
        yield f"    title: {_quote_yaml(named)}"
        yield "    " + _write_summary(phase.summary, "one sentence")
        yield "    topics:"
        yield f"      - id: {phase_id}"
        yield f"        title: {_quote_yaml(named)}"
        yield "        units:"
        for unit in phase.units:
            unit_id = next(known_ids) or slug(unit.title, units, f"unit-{len(units)}")
            yield from (f"          {line}" for line in _write_unit(unit, unit_id))


def _write_unit(unit: ParsedUnit, ident: str) -> Iterator[str]:
    yield f"- id: {ident}"
    yield f"  title: {_quote_yaml(unit.title)}"
    yield "  " + _write_summary(unit.summary, "why this week matters, in a sentence or two")
    yield f"  hours: {unit.hours}" if unit.hours else "  hours:  # to do: how long it takes, exercise included"
    if unit.links:
        yield "  resources:"
        yield from (f"    {line}" for link in unit.links for line in _write_link(link))
    else:
        yield "  resources: []  # to do: - {title: ..., url: ...}"
    if unit.goals:
        yield "  objectives:"
        yield from (f"    - {_quote_yaml(goal)}" for goal in unit.goals)
    else:
        yield "  objectives: []  # to do: three things that people can do afterwards"
    yield f"  prompt: {_quote_yaml(unit.prompt)}" if unit.prompt else "  prompt:  # to do: a question to discuss"
    if unit.exercise:
        yield f"  exercise:  # to do: {'short' if unit.done_when else 'done_when, short'}"
        yield f"    task: {_quote_yaml(unit.exercise)}"
        if unit.done_when:
            yield f"    done_when: {_quote_yaml(unit.done_when)}"
        if unit.criteria:
            yield f"    done_when_list: [{', '.join(map(_quote_yaml, unit.criteria))}]"
        if unit.minutes:
            yield f"    minutes: {unit.minutes}"
    else:
        yield "  exercise:  # to do: task, done_when, short"
    yield "  notes: []  # to do: the names of files in notes/, without .md"


def _write_link(link: OutlineLink) -> Iterator[str]:
    yield f"- title: {_quote_yaml(link.title)}"
    if link.url:
        yield f"  url: {_quote_yaml(link.url)}"


def _write_summary(text: str, wanted: str) -> str:
    return f"summary: {_quote_yaml(text)}" if text else f"summary:  # to do: {wanted}"


def _quote_yaml(text: str) -> str:
    """Quote a text for YAML; a JSON string is valid YAML."""
    return json.dumps(text, ensure_ascii=False)


_FILES_NAMED = 3


def read_folder(text: str) -> ParsedOutline:
    """Read the files of a course's folder, joined as one text. Never raises.

    What a server's own course can't hold is left out with a remark: questions of other kinds and further files.
    """
    files = split_files(text)
    at = min((name for name in files if f"/{name}".endswith(f"/{OUTLINE}")), key=len, default=None)
    if at is None:
        return ParsedOutline(faults=(LineRemark(1, f"There is no {OUTLINE} in this archive."),))
    inside = {name.removeprefix(at.removesuffix(OUTLINE)): text for name, text in files.items()}
    reader = YamlReader(Path(OUTLINE))
    root = reader.compose(inside.pop(OUTLINE))
    if root is not None and find_derivation(reader, root) is not None:
        reader.fault(1, "This course is cut from another. Send the folder of that one.")
    outline = OutlineReader(reader).outline(root) if root is not None and not reader.faults else None
    if outline is None or reader.faults:
        return ParsedOutline(faults=tuple(map(_remark, reader.in_order()[:FAULTS_MAX])))
    roadmap = outline.roadmap
    banks, faults = read_bank_texts({Path(name): inside.pop(name) for name in _list_files(inside, QUIZZES)}, roadmap)
    remarks = list(map(_remark, faults))
    texts = {Path(name).stem: inside.pop(name) for name in _list_files(inside, NOTES)}
    remarks += [
        LineRemark(line, f"The note {quoted(name)} isn't in this archive.")
        for name, line in outline.note_lines.items()
        if name not in texts
    ]
    remarks += _remark_on_others(roadmap.units, banks, list(inside))
    notes = {unit.id: [_read_note(name, texts[name]) for name in unit.notes if name in texts] for unit in roadmap.units}
    asked = {unit.id: tuple(_list_questions(unit, banks[unit.id])) for unit in roadmap.units if unit.id in banks}
    whole = map_units(roadmap, lambda unit: replace(unit, notes=()))
    return replace(make_outline(roadmap, asked, notes), remarks=tuple(remarks[:FAULTS_MAX]), roadmap=whole)


def make_outline(
    roadmap: Roadmap,
    questions: Mapping[str, Sequence[ShortQuestion]],
    notes: Mapping[str, Sequence[OutlineNote]],
) -> ParsedOutline:
    """Return a course as an outline, as far as an outline can hold it.

    Args:
        questions, notes: by unit id.
    """
    phases = (
        ParsedPhase(
            phase.title,
            phase.summary,
            tuple(_make_unit(unit, questions.get(unit.id, ()), notes.get(unit.id, ())) for unit in phase.units),
        )
        for phase in roadmap.phases
    )
    return ParsedOutline(roadmap.title, roadmap.summary, tuple(phases))


def _list_files(names: Mapping[str, str], folder: str) -> list[str]:
    ending = ".md" if folder == NOTES else ".yaml"
    return sorted(name for name in names if name.startswith(f"{folder}/") and name.endswith(ending))


def _remark(fault: Fault) -> LineRemark:
    where = "" if fault.file.name == OUTLINE else f"{fault.file}: "
    return LineRemark(fault.line, f"{where}{fault.sentence}")


def _make_unit(unit: Unit, questions: Sequence[ShortQuestion], notes: Sequence[OutlineNote]) -> ParsedUnit:
    exercise = unit.exercise
    return ParsedUnit(
        unit.title,
        unit.summary,
        unit.hours,
        tuple(OutlineLink(resource.title, resource.url) for resource in unit.resources),
        exercise.task,
        unit.objectives,
        exercise.minutes if exercise.task else 0,
        exercise.done_when if exercise.task else "",
        tuple(questions),
        tuple(notes),
        unit.prompt,
        exercise.criteria if exercise.task else (),
    )


def _list_questions(unit: Unit, bank: Bank) -> Iterator[ShortQuestion]:
    for item in bank.items:
        if isinstance(item.form, SingleChoice) and not item.code:
            right = next(choice.text for choice in item.form.choices if choice.is_right)
            wrong = tuple(choice.text for choice in item.form.choices if not choice.is_right)
            source = "" if item.source.heading == unit.label else item.source.heading
            yield ShortQuestion(item.prompt, right, wrong, item.why, source)


def _read_note(name: str, text: str) -> OutlineNote:
    try:
        front, body, _ = markdown_body.split(text)
    except markdown_body.NoFrontMatter:
        return OutlineNote(name, text)
    root = YamlReader(Path(name)).compose(front)
    pairs = root.value if isinstance(root, yaml.MappingNode) else ()
    title = next((str(value.value) for key, value in pairs if key.value == "title"), name)
    return OutlineNote(markup.clip(" ".join(title.split()), NOTE_TITLE_MAX), body.removesuffix("\n"))


def _remark_on_others(units: Sequence[Unit], banks: Mapping[str, Bank], files: Sequence[str]) -> Iterator[LineRemark]:
    """Yield what an own course has no place for."""
    all_items = sum(len(bank.items) for bank in banks.values())
    taken = sum(len(list(_list_questions(unit, banks[unit.id]))) for unit in units if unit.id in banks)
    if taken < all_items:
        yield LineRemark(
            1, f"I left out {numbered(all_items - taken, 'question')} without a single right answer or with code."
        )
    if files:
        names = [quoted(name) for name in files[:_FILES_NAMED]]
        names += [f"{more} more"] if (more := len(files) - _FILES_NAMED) > 0 else []
        yield LineRemark(1, f"I left out {numbered(len(files), 'file')}: {markup.series(names)}.")
