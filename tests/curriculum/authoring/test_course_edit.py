"""Several people edit one course, field by field, and nothing that was accepted is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.authoring import course_edit
from bot.curriculum.authoring.course_edit import EditConflict, FieldEdit, apply_edit, check, read_fields
from bot.curriculum.authoring.outline_import import read_outline
from bot.curriculum.content import Exercise, Phase, Resource, Roadmap, Topic, Unit
from bot.curriculum.outline_writer import write_roadmap
from bot.messages.errors import BadInput, NotFound
from tests import shipped

UNITS = ("verbs", "nouns")
FIELDS = {
    "title": st.sampled_from(["Verbs", "Week 2: Goals:", "Ser; estar", "- a list"]),
    "summary": st.sampled_from(["", "One sentence.", "Exercise: none"]),
    "hours": st.sampled_from(["", "3", "7"]),
    "goals": st.sampled_from(["", "Order a meal; pay", "One\nTwo"]),
    "prompt": st.sampled_from(["", "Why?"]),
    "exercise": st.sampled_from(["", "Write a menu (5 min)", "Goals: two"]),
    "minutes": st.sampled_from(["", "20"]),
    "done": st.sampled_from(["", "it has ten dishes"]),
    "criteria": st.sampled_from(["", "One\nTwo\nThree"]),
    "links": st.sampled_from(["", "A map https://example.org/map", "https://example.org/a?b=1\nThe grammar book"]),
}
EDITS = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda field: st.tuples(st.integers(0, 2), st.sampled_from(UNITS), st.just(field), FIELDS[field], st.booleans())
)


def make_course() -> Roadmap:
    units = tuple(Unit(name, 0, name.title(), "", (), "", Exercise("", "", ""), 0, (), (), "", "") for name in UNITS)
    phase = Phase("begin", "Beginning", None, None, "", (Topic("begin", "Beginning", "", units),))
    return check(Roadmap("own-1", "Spanish", "", (phase,)))


@given(st.lists(EDITS, max_size=12))
def test_edits_in_any_order_never_lose_an_accepted_field(edits: list[tuple[int, str, str, str, bool]]) -> None:
    course = make_course()
    screens = [{unit: read_fields(course, f"unit:{unit}") for unit in UNITS} for _ in range(3)]
    accepted = {unit: read_fields(course, f"unit:{unit}") for unit in UNITS}
    for editor, unit, field, text, looks in edits:
        if looks:
            screens[editor][unit] = read_fields(course, f"unit:{unit}")
        before = screens[editor][unit][field]
        try:
            course = apply_edit(course, FieldEdit(f"unit:{unit}", field, before, text))
        except EditConflict as conflict:
            assert conflict.current == accepted[unit][field] != before
            continue
        stored = read_fields(course, f"unit:{unit}")[field]
        assert accepted[unit][field] in (before, stored), "somebody's text was overwritten unseen"
        accepted[unit][field] = screens[editor][unit][field] = stored
    assert {unit: read_fields(course, f"unit:{unit}") for unit in UNITS} == accepted
    outline = course_edit.write_outline_of(course, {})
    read = read_outline(outline)
    assert course_edit.merge_outline(course, read, read, course) == course


def test_a_shipped_course_is_written_without_loss() -> None:
    course = shipped.read_courses()["everyday-statistics"].roadmap
    assert check(course) == course and "summary: ''" not in write_roadmap(course)


def test_units_are_added_moved_and_removed_without_touching_others() -> None:
    course, (place,) = course_edit.add_lines(make_course(), "unit:verbs", "- Verbs")
    assert [unit.id for unit in course.units] == ["verbs", "verbs-2", "nouns"] and place == "unit:verbs-2"
    course, places = course_edit.add_lines(course, "phase:begin", "The past\n\n## Beginning\nThe future\n# End")
    assert places == ["unit:the-past", "unit:the-future", "unit:first-unit"]
    assert [(phase.id, len(phase.units)) for phase in course.phases] == [("begin", 4), ("beginning", 1), ("end", 1)]
    course = course_edit.move_unit(course, "unit:the-past", 1)
    assert [len(each.units) for each in course.phases] == [3, 2, 1] and course.units[3].id == "the-past"
    assert [unit.number for unit in course.units] == [1, 2, 3, 4, 5, 6]
    changed = course_edit.remove_unit(course, "unit:verbs-2")
    assert course_edit.list_changes(course, changed) == ["Removed “Verbs”"]
    edited = apply_edit(changed, FieldEdit("unit:verbs", "goals", "", "Say hello"))
    assert course_edit.list_changes(changed, edited) == ["Unit 1: goals"]
    with pytest.raises(NotFound):
        apply_edit(edited, FieldEdit(place, "goals", "", "Say hello"))
    with pytest.raises(BadInput, match="60"):
        apply_edit(edited, FieldEdit("unit:verbs", "title", "Verbs", "x" * 61))


def test_what_the_course_knows_of_a_link_stays_when_links_are_edited() -> None:
    course = make_course()
    book = Resource("A grammar", "Ann", 2020, "book", "https://example.org/g", "Chapter 1", 20, "must")
    course = check(course_edit.replace_unit(course, replace(course.units[0], resources=(book,))))
    text = f"{read_fields(course, 'unit:verbs')['links']}\nA map: https://example.org/map"
    edit = FieldEdit("unit:verbs", "links", "A grammar https://example.org/g", text)
    links = apply_edit(course, edit).units[0].resources
    assert links == (book, Resource("A map", "", 0, "", "https://example.org/map"))
