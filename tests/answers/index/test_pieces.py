"""What can be quoted of a group's own note: all of it, in pieces that fit."""

from __future__ import annotations

import time

import pytest

from bot.answers.index.chunks import pieces
from bot.answers.index.sentences import LONGEST_QUOTE
from tests.examples import sample


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- fish\n- cat\n- guinea pig\n", ["fish, cat, guinea pig"]),
        ("Bring with you:\n\n- bread, dark\n- salad\n", ["Bring with you: bread, dark; salad"]),
        ("1. Open it.\n2. Push it.\n", ["1. Open it. 2. Push it."]),
        ("1. Open it\n2. Push it.\n", ["1. Open it; 2. Push it"]),
        (
            "- The first one is whole.\n- The second one is too.\n",
            ["The first one is whole.", "The second one is too."],
        ),
        (
            "| Role | Who |\n| --- | --- |\n| Tutor | Ben |\n| Keys | Dana, Eve |\n",
            ["Role: Tutor, Who: Ben", "Role: Keys; Who: Dana, Eve"],
        ),
        ("| Tutor | Ben |\n", ["Tutor, Ben"]),
        ("To restart:\n\n```sh\nssh demo\nsudo restart\n```\n", ["To restart: `ssh demo` `sudo restart`"]),
        ("```\na\nb\nc\nd\ne `f`\n```\n", ["`a` `b` `c` `d` …"]),
        ("```\necho `date`\n```\n", ["`` echo `date` ``"]),
        (
            "Where is the key? Under the mat. The door closes at nine.",
            [
                "Where is the key? Under the mat.",
                "The door closes at nine.",
            ],
        ),
        ("It is Marty. He hoots. Loud.", ["It is Marty. He hoots. Loud."]),
        ("### Wifi\n\nblue card\n\n### Door\n\nIt closes at nine.", ["Wifi: blue card", "It closes at nine."]),
        ("> be there at nine\n> or later\n\n---\n", ["be there at nine or later"]),
        ("### Nothing\n\n---\n", []),
    ],
)
def test_lists_tables_code_and_fragments_are_quoted(text: str, said: list[str]) -> None:
    assert list(pieces(text)) == said


@pytest.mark.parametrize(
    "text", ["word " * 300, "x" * 1500, "- item\n" + "- another item\n" * 100, "| a |\n|--|\n" + "| b |" * 300]
)
def test_what_is_too_long_is_cut_and_says_so(text: str) -> None:
    said = pieces(text)
    assert said and max(map(len, said)) <= LONGEST_QUOTE
    assert said[0].endswith("…") and not said[-1].endswith("…")


@pytest.mark.parametrize(
    ("part", "longest_s"), [(5, 0.4), pytest.param(1, 2.0, marks=pytest.mark.nightly)], ids=["a fifth", "whole"]
)
@pytest.mark.parametrize(
    "text",
    sample(
        ["a\n> b\n" * 16_000, "- a\n" * 25_000, "| a |\n" * 16_000, "? " * 50_000, "x y" * 33_000, "a:\n\n" * 25_000], 3
    ),
)
def test_a_hostile_note_is_cut_in_time_that_grows_with_its_length(text: str, part: int, longest_s: float) -> None:
    begun = time.process_time()
    pieces(text[: len(text) // part])
    assert time.process_time() - begun < longest_s
