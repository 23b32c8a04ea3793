"""Writes a course as roadmap.yaml, which `OutlineReader` reads as the same course. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from bot.curriculum.content import Exercise, Phase, Resource, Roadmap, Topic, Unit

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_WIDE = 1 << 20
"""Columns of a line: each text stays in one."""


def write_roadmap(roadmap: Roadmap) -> str:
    """Return the text of a course's roadmap.yaml, without what is empty."""
    goal = roadmap.capstone
    data = {
        "id": roadmap.id,
        "title": roadmap.title,
        "summary": roadmap.summary,
        "capstone": {"title": goal.title, "summary": goal.summary} if goal is not None else None,
        "legs": [{"title": start.title, "begins": start.begins} for start in roadmap.part_starts],
        "phases": [_list_phase(phase) for phase in roadmap.phases],
        "retired": [{"id": unit.id, "title": unit.title, "into": unit.into} for unit in roadmap.retired],
    }
    text = yaml.dump(_drop_empty(data), Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=_WIDE)
    assert isinstance(text, str)
    return text


def _list_phase(phase: Phase) -> Mapping[str, Any]:
    task = phase.checkpoint
    return _drop_empty(
        {
            "id": phase.id,
            "title": phase.title,
            "from": phase.starts_on,
            "until": phase.ends_on,
            "summary": phase.summary,
            "topics": [_list_topic(topic) for topic in phase.topics],
            "checkpoint": {"task": task.task, "rubric": [*task.rubric]} if task is not None else None,
        }
    )


def _list_topic(topic: Topic) -> Mapping[str, Any]:
    units = [_list_unit(unit) for unit in topic.units]
    return _drop_empty({"id": topic.id, "title": topic.title, "summary": topic.summary, "units": units})


def _list_unit(unit: Unit) -> Mapping[str, Any]:
    return _drop_empty(
        {
            "id": unit.id,
            "title": unit.title,
            "summary": unit.summary,
            "hours": unit.hours,
            "objectives": [*unit.objectives],
            "prompt": unit.prompt,
            "exercise": _list_exercise(unit.exercise),
            "resources": [_list_resource(resource) for resource in unit.resources],
            "notes": [*unit.notes],
        }
    )


def _list_exercise(exercise: Exercise) -> Mapping[str, Any]:
    return _drop_empty(
        {
            "task": exercise.task,
            "done_when": exercise.done_when,
            "done_when_list": [*exercise.criteria],
            "short": exercise.short,
            "adds": exercise.adds,
            "minutes": exercise.minutes,
        }
    )


def _list_resource(resource: Resource) -> Mapping[str, Any]:
    keys = ("title", "authors", "year", "kind", "url", "part", "minutes", "need")
    return _drop_empty({key: getattr(resource, key) for key in keys})


def _drop_empty(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value}
