"""Names that cannot be read, and names that a reader takes for another."""

from __future__ import annotations

import pytest

from bot.messages import names


@pytest.mark.parametrize(
    "blank", ["", " ", "\u3164", "\u200b\u200d", "\u115f\u1160", "\u0301\u0302", "\u2800", "\u00ad", "--"]
)
def test_a_name_with_nothing_to_be_seen_is_shown_as_someone(blank: str) -> None:
    assert not names.is_legible(blank)
    assert names.replace_illegible(blank) == "someone"


@pytest.mark.parametrize("name", ["Ada", "李雷", "Åsa", "🔥", "N0va", "عمر", "é"])
def test_a_name_that_can_be_read_stays_as_it_is(name: str) -> None:
    assert names.replace_illegible(name) == name


@pytest.mark.parametrize(
    "alike",
    [
        "аda",
        "ADA",
        "A d a",
        "Ada\u200b",
        "Ａda",
        "Áda",
        "Ad\u0430",
        "A\u0336d\u0336a\u0336",
        "@da",
        "ꓮda",
        "Ꭺda",
        "ꓮꓓꓮ",
        "ᴀᴅᴀ",
        "Ada.",
        "«Ada»",
        "~ada!",
        "ada |",
    ],
)
def test_a_look_alike_is_known(alike: str) -> None:
    assert names.looks_like("Ada", alike)


@pytest.mark.parametrize("other", ["Ben", "Adam", "", "\u3164", "Ida", "Ada 🔥", "...", "da"])
def test_another_name_is_another(other: str) -> None:
    assert not names.looks_like("Ada", other)


@pytest.mark.parametrize(
    "name", ["Trailmate", "trail mate", "TrаiImаte", "Trailmate (official)", "7railmate", "ꓔrailmate", "Τrailmate"]
)
def test_nobody_takes_the_bots_name(name: str) -> None:
    assert names.poses_as_bot(name)


def test_two_names_of_nothing_are_not_alike() -> None:
    assert not names.looks_like("\u3164", "\u200b")


@pytest.mark.parametrize("name", ["everyone", "@here", "Channel", "M0derator", "аdmin", "someone."])
def test_a_word_that_stands_for_others_is_no_name(name: str) -> None:
    assert names.is_reserved(name)
    assert not names.is_reserved(f"{name} Jones")


def test_greek_capitals_are_read_as_they_look_and_as_they_are() -> None:
    assert names.looks_like("Mo", "Μo")
    assert names.looks_like("Νίκος", "νίκος")


def test_pictures_are_told_apart_by_their_shade() -> None:
    assert not names.looks_like("👍🏽", "👍🏿")
