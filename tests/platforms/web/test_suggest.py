from __future__ import annotations

from bot.commands.command import Param, ParamSpec
from bot.commands.parameter_types import Kind
from bot.platforms.web.autocomplete import suggestions
from tests.platforms.web.conftest import PEOPLE


def of(kind: Kind, typed: str, choices: tuple[str, ...] = (), zone: str | None = None) -> list[str]:
    param = ParamSpec("x", kind, True, None, Param("X"), choices)
    return [c.value for c in suggestions(param, typed, PEOPLE, zone)]


def test_choices_and_answers_are_narrowed_by_what_is_typed() -> None:
    assert of(Kind.CHOICE, "w", ("phase", "week")) == ["week"]
    assert of(Kind.BOOL, "") == ["yes", "no"]


def test_the_browsers_own_zone_comes_first_and_once() -> None:
    assert of(Kind.ZONE, "", zone="Asia/Tokyo")[0] == "Asia/Tokyo"
    found = of(Kind.ZONE, "berl", zone="Asia/Tokyo")
    assert found == ["Europe/Berlin"]
    assert of(Kind.ZONE, "tokyo", zone="Asia/Tokyo") == ["Asia/Tokyo"]


def test_people_are_found_by_name_with_or_without_an_at() -> None:
    assert of(Kind.MEMBER, "@A") == ["ada"]
    assert of(Kind.MEMBER, "") == ["ada", "ben", "mo"]


def test_days_and_rooms_have_their_words_and_texts_have_none() -> None:
    assert "tomorrow" in of(Kind.DATE, "to")
    assert of(Kind.ROOM, "#gen") == ["general"]
    assert of(Kind.TEXT, "x") == []
