"""The shipped courses keep what the check asks of every course, and have the shape that their pages state."""

from __future__ import annotations

import pytest

from bot.base.files import bundled
from bot.curriculum.shelf import CourseShelf
from tests.shipped import lint_course, read_courses

ROOT = bundled("roadmap")


@pytest.fixture(scope="module")
def shipped() -> CourseShelf:
    """Every shipped course."""
    return read_courses()


def test_the_shipped_courses_have_no_faults(shipped: CourseShelf) -> None:
    assert [str(fault) for course in shipped for fault in lint_course(ROOT / course).faults] == []


def test_the_long_course_has_its_four_phases_and_fourteen_topics(shipped: CourseShelf) -> None:
    roadmap = shipped["genai-2026"].roadmap
    assert len(roadmap.phases) == 4
    assert len(roadmap.topics) == 14
    assert len(roadmap.units) == 58
    assert [unit.number for unit in roadmap.units] == list(range(1, len(roadmap.units) + 1))
    assert sum(bool(unit.notes) for unit in roadmap.units) >= 6


def test_every_unit_of_the_long_course_is_found_by_id_number_and_title(shipped: CourseShelf) -> None:
    roadmap = shipped["genai-2026"].roadmap
    for unit in roadmap.units:
        for name in (unit.id, str(unit.number), unit.title, unit.label, f"#{unit.number}"):
            assert roadmap.find(name) == unit


def test_the_short_courses_last_eight_weeks(shipped: CourseShelf) -> None:
    short_courses = [course for course in shipped.values() if course.derived_from]
    assert [course.title for course in short_courses] == ["RAG in eight weeks", "Transformers in eight weeks"]
    for course in short_courses:
        phases = course.roadmap.phases
        assert len(course.roadmap.units) == 8
        first, last = phases[0].starts_on, phases[-1].ends_on
        assert first and last and (last - first).days == 8 * 7 - 1
        assert all(len(course.banks[unit.id].items) >= 8 for unit in course.roadmap.units)
        assert all(unit.hours <= 5 for unit in course.roadmap.units)


def test_the_agents_course_has_eight_units_with_questions_and_two_checkpoints(shipped: CourseShelf) -> None:
    course = shipped["agents-in-eight-weeks"]
    units = course.roadmap.units
    assert len(units) == 8 and [
        bool(phase.checkpoint and phase.checkpoint.task) for phase in course.roadmap.phases
    ] == [True, True]
    for unit in units:
        assert 12 <= len(course.banks[unit.id].items) <= 15, unit.id
