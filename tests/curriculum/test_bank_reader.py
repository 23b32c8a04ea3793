"""The question bank's check names every broken item with file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.curriculum.bank import (
    AnswerChoice,
    BankItem,
    MultipleChoice,
    NumericAnswer,
    Ordering,
    QuestionSource,
    SingleChoice,
)
from bot.curriculum.bank_reader import read_banks
from bot.curriculum.content import Exercise, Phase, Roadmap, Topic, Unit
from bot.curriculum.note import Note, Section

UNIT = Unit(
    "math-vectors", 1, "Vectors", "Why.", ("a", "b", "c"), "?", Exercise("t", "d", "s"), 4, (), (), "maths", "one"
)
NOTE = Note("math-vectors", "Vectors", (Section("Norms measure length", "A norm is a length.", (), ()),))


def roadmap() -> Roadmap:
    """Return a roadmap of one unit."""
    from datetime import date

    topic = Topic("maths", "Maths", "", (UNIT,))
    return Roadmap("small", "Small", "", (Phase("one", "One", date(2026, 1, 1), date(2026, 6, 30), "", (topic,)),))


def item(number: int, **changed: Any) -> dict[str, Any]:
    """Return a sound item, some keys changed."""
    choices = [
        {"text": "5", "right": True},
        {"text": "7", "why": "That is the L1 norm."},
        {"text": "25", "why": "That is its square."},
    ]
    return {
        "id": f"math-vectors-{number:02}",
        "kind": "compute",
        "difficulty": "easy",
        "question": f"Norm of (3, {number})?",
        "choices": choices,
        "explanation": "The root of the sum of squares.",
        "note": "math-vectors",
        "heading": "Norms measure length",
    } | changed


def sentences(folder: Path, items: list[dict[str, Any]], unit: str = "math-vectors") -> list[str]:
    """Return what the check says of a quiz of these items."""
    quiz = folder / "math-vectors.yaml"
    quiz.write_text(yaml.safe_dump({"unit": unit, "items": items}, sort_keys=False))
    banks, faults = read_banks([quiz], roadmap(), {NOTE.id: NOTE})
    assert bool(banks) == (not faults)
    assert all(f.file == quiz and f.line >= 1 for f in faults)
    return [f.sentence for f in faults]


def test_a_sound_bank_has_no_faults_and_is_read_whole(tmp_path: Path) -> None:
    assert sentences(tmp_path, [item(n) for n in range(8)]) == []
    (bank,) = read_banks([tmp_path / "math-vectors.yaml"], roadmap(), {NOTE.id: NOTE})[0].values()
    assert (bank.unit_id, len(bank.items)) == ("math-vectors", 8)
    assert bank.items[3] == BankItem(
        "math-vectors-03",
        "compute",
        "easy",
        "Norm of (3, 3)?",
        SingleChoice(
            (
                AnswerChoice("5", True, ""),
                AnswerChoice("7", False, "That is the L1 norm."),
                AnswerChoice("25", False, "That is its square."),
            ),
        ),
        "The root of the sum of squares.",
        QuestionSource("math-vectors", "Norms measure length"),
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"choices": [{"text": "5", "right": True}, {"text": "7", "why": "No."}]},
            "An item has three or four choices, not 2",
        ),
        (
            {"choices": [{"text": "5", "right": True}, {"text": "7", "right": True}, {"text": "9", "why": "No."}]},
            "Exactly one choice must be right, not 2.",
        ),
        (
            {"choices": [{"text": "5", "why": "No."}, {"text": "7", "why": "No."}, {"text": "9", "why": "No."}]},
            "Exactly one choice must be right, not 0.",
        ),
        (
            {"choices": [{"text": "5", "right": True}, {"text": "7"}, {"text": "9", "why": "No."}]},
            "A wrong choice needs",
        ),
        (
            {"choices": [{"text": "5", "right": True}, {"text": "7", "why": "No."}, {"text": "7", "why": "No."}]},
            "The choice “7” appears twice.",
        ),
        ({"note": "math-gone"}, "There is no note “math-gone”."),
        ({"heading": "Nowhere"}, "has no heading “Nowhere”."),
        ({"kind": "guess"}, "“kind” must be one of recall, apply, compute."),
        ({"question": "x" * 301}, "has 301 characters"),
        ({"id": "math-vectors-01"}, "The id “math-vectors-01” appears twice in the bank."),
        ({"question": "Norm of (3, 1)?"}, "“math-vectors-01” has the same question."),
    ],
)
def test_a_broken_item_is_named(tmp_path: Path, changed: dict[str, Any], sentence: str) -> None:
    found = sentences(tmp_path, [*(item(n) for n in range(7)), item(7, **changed)])
    assert len(found) == 1 and sentence in found[0]


def other(number: int, form: str, **keys: Any) -> dict[str, Any]:
    """Return a sound item of another form."""
    made = item(number, form=form, **keys)
    return made if "choices" in keys else {key: value for key, value in made.items() if key != "choices"}


SEVERAL = [
    {"text": "A length", "right": True},
    {"text": "A size", "right": True},
    {"text": "A colour", "why": "Vectors have none."},
    {"text": "A name", "why": "Vectors need none."},
]
STEPS = ["Square each", "Add them", "Take the root"]


def test_items_of_every_form_are_read_whole(tmp_path: Path) -> None:
    code = "import math\nif True:\n\tprint(math.hypot(3, 4))\n"
    items = [
        *(item(n) for n in range(6)),
        other(6, "several", choices=SEVERAL),
        other(7, "order", steps=STEPS),
        other(8, "number", answer=5, within=0.01, unit="m"),
        other(9, "number", answer=-1.5e-5, within=0, code=code),
        item(10, form="choice"),
    ]
    assert sentences(tmp_path, items) == []
    (bank,) = read_banks([tmp_path / "math-vectors.yaml"], roadmap(), {NOTE.id: NOTE})[0].values()
    assert bank.items[6].form == MultipleChoice(
        (
            AnswerChoice("A length", True, ""),
            AnswerChoice("A size", True, ""),
            AnswerChoice("A colour", False, "Vectors have none."),
            AnswerChoice("A name", False, "Vectors need none."),
        )
    )
    assert [item.form for item in bank.items[7:10]] == [
        Ordering(("Square each", "Add them", "Take the root")),
        NumericAnswer(5.0, 0.01, "m"),
        NumericAnswer(-0.000015, 0.0, ""),
    ]
    assert bank.items[9].code == "import math\nif True:\n    print(math.hypot(3, 4))"
    assert isinstance(bank.items[10].form, SingleChoice)


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (item(7, form="riddle"), "“form” must be one of choice, several, order, number."),
        (item(7, steps=STEPS), "An item can't have the key “steps”."),
        (item(7, form="order"), "An item of the form order can't have the key “choices”."),
        (
            other(7, "several", choices=SEVERAL[:3]),
            "An item of the form several has four or five choices, not 3",
        ),
        (other(7, "several", choices=[*SEVERAL[1:], {"text": "B", "why": "No."}]), "Two or more choices must be right"),
        (
            other(7, "several", choices=[{"text": t, "right": True} for t in "abcd"]),
            "Two or more choices must be right, but not all.",
        ),
        (other(7, "order", steps=STEPS[:2]), "An item has three to six steps, not 2."),
        (other(7, "order", steps=[*STEPS, "Add them"]), "The step “Add them” appears twice."),
        (other(7, "order", steps=[*STEPS, "x" * 121]), "A step has 121 characters. The limit is 120."),
        (other(7, "number", answer=5), "An item of the form number needs the key “within”."),
        (other(7, "number", answer="five", within=1), "“answer” must be a number such as 0.25, 1200 or 1e-5."),
        (other(7, "number", answer=".inf", within=1), "“answer” must be a number such as 0.25, 1200 or 1e-5."),
        (other(7, "number", answer=5, within=-1), "“within” must be 0 or more. It says how far off an answer may be."),
        (other(7, "number", answer=5, within=1, unit="x" * 21), "“unit” has 21 characters"),
        (item(7, code="x\n" * 13), "“code” has at most 12 lines of 80 characters."),
        (item(7, code="x" * 81), "“code” has at most 12 lines of 80 characters."),
        (item(7, code="a\u202eb"), "“code” contains an invisible character."),
        (item(7, code=["x"]), "“code” must be lines of text."),
        (item(7, code=" "), "“code” must be lines of text."),
    ],
)
def test_a_broken_item_of_any_form_is_named(tmp_path: Path, broken: dict[str, Any], sentence: str) -> None:
    found = sentences(tmp_path, [*(item(n) for n in range(7)), broken])
    assert any(sentence in one for one in found) and len(found) <= 2


def test_a_quiz_of_the_wrong_size_or_unit_is_named(tmp_path: Path) -> None:
    found = sentences(tmp_path, [], unit="math-gone")
    assert found == [
        "The unit is “math-gone”, but the file is “math-vectors.yaml”.",
        "There is no unit “math-gone”.",
        "A unit has 8 to 40 items, not 0.",
    ]


def test_a_quiz_that_is_not_yaml_is_one_fault(tmp_path: Path) -> None:
    quiz = tmp_path / "math-vectors.yaml"
    quiz.write_text("items: [")
    banks, faults = read_banks([quiz], roadmap(), {})
    assert banks == {} and len(faults) == 1
