"""The ids of an outline's units when somebody changes it."""

from __future__ import annotations

import pytest

from bot.curriculum.authoring.unit_matching import match_unit_ids

BEFORE = [("a", "Sets"), ("b", "Maps and folds"), ("c", "Trees"), ("d", "Graphs")]


@pytest.mark.parametrize(
    ("titles", "ids"),
    [
        (["Sets", "Maps and folds", "Trees", "Graphs"], "a b c d"),
        (["Graphs", "sets", "Trees", "Maps  and folds"], "d a c b"),  # moved
        (["Sets", "Dictionaries", "Forests", "Graphs"], "a b c d"),  # called anew in their places
        (["Mengen", "Abbildungen", "Bäume", "Graphen"], "a b c d"),  # all of them
        (["Sets", "Graphs"], "a d"),
        (["Sets", "Relations", "Maps and folds", "Trees", "Graphs"], "a - b c d"),
        (["Sets", "Relations", "Maps and scans", "Trees", "Graphs"], "a - b c d"),  # one new, one called anew
        (["Sets", "Relations", "Numbers", "Graphs", "Proofs"], "a b c d -"),
        (["Sets", "Relations", "Graphs"], "a b d"),  # one called anew, one lost
        (["Sets", "Proofs", "Trees and more", "Maps", "Graphs"], "a - c b d"),  # swapped and called anew
        (["Numbers", "Sets", "Trees", "Graphs"], "- a c d"),
        (["Setz", "Words", "Maps and folds", "Trees", "Graphs"], "a - b c d"),
        (["Sets", "Sets"], "a b"),
        ([], ""),
    ],
)
def test_a_unit_is_known_by_its_title_and_else_by_its_place(titles: list[str], ids: str) -> None:
    assert [ident or "-" for ident in match_unit_ids(BEFORE, titles)] == ids.split()


def test_no_id_comes_twice_whatever_is_moved() -> None:
    found = match_unit_ids([("a", "One"), ("b", "Two"), ("c", "Three")], ["Three", "X", "One", "Y", "Two", "Z"])
    assert found == ["c", "", "a", "", "b", ""]


@pytest.mark.parametrize(
    ("titles", "ids"),
    [
        (["Plan", "Bread and rolls", "Flatbread", "Oven"], "p b - o"),
        (["Plan", "Flatbread", "Bread and rolls", "Oven"], "p - b o"),
        (["Plan", "Good bread", "Flatbread", "Oven"], "p b - o"),
        (["Plan", "Loaves", "Flatbread", "Oven"], "p b - o"),  # no likeness but of letters: its old place
        (["Plan it well", "Buy things", "Bread", "Oven"], "p - b o"),
        (["Get ready", "Buy things", "Bread", "Oven"], "p - b o"),
        (["Buy things", "Plan it well", "Bread", "Oven"], "- p b o"),
        (["Bread and rolls", "Plan it well", "Oven"], "b p o"),
        (["Get ready", "Oven"], "p o"),
        (["Plan", "Bread", "Oven", "Ovens of old"], "p b o -"),
    ],
)
def test_a_title_of_an_old_ones_words_goes_before_its_place_and_its_place_before_letters(
    titles: list[str], ids: str
) -> None:
    before = [("p", "Plan"), ("b", "Bread"), ("o", "Oven")]
    assert [ident or "-" for ident in match_unit_ids(before, titles)] == ids.split()
