"""British and American spelling, told apart."""

import pytest

from bot.curriculum.authoring.course_rules import other_spellings

BRITISH = (
    "The optimiser's behaviour is grey: labelled neighbours, a centre, modelling, maths and a generalised artefact."
)
AMERICAN = "The optimizer's behavior is gray: labeled neighbors, a center, modeling, math and a generalized artifact."


def test_each_spelling_is_foreign_to_the_other_only() -> None:
    assert list(other_spellings(BRITISH, "british")) == []
    assert list(other_spellings(AMERICAN, "american")) == []
    assert list(other_spellings(AMERICAN, "british")) == [
        "optimizer",
        "behavior",
        "gray",
        "labeled",
        "neighbors",
        "center",
        "modeling",
        "math",
        "generalized",
        "artifact",
    ]
    assert list(other_spellings(BRITISH, "american")) == [
        "optimiser",
        "behaviour",
        "grey",
        "labelled",
        "neighbours",
        "centre",
        "modelling",
        "maths",
        "generalised",
        "artefact",
    ]


@pytest.mark.parametrize(
    "shared",
    [
        "The size of a prize, seized by a citizen on the horizon, in a maze of organisms.",
        "Exercise, precise, otherwise, noise, promise, wise, advise and raise.",
        "Licensed programs, a laboratory, three analyses, a signal, models and labels.",
        "Call `optimizer.step()` or optimizer.step() with color=red and torch.nn.init, see [here](color.md).",
        "They read Deep Residual Normalization by Gray and Center.",
    ],
)
def test_what_both_share_and_what_is_a_name_or_code_is_left_alone(shared: str) -> None:
    assert list(other_spellings(shared, "british")) == []
    assert list(other_spellings(shared, "american")) == []


def test_a_capital_that_begins_a_sentence_makes_no_name() -> None:
    assert list(other_spellings("Behavior shows. Color too:\nGray it is.", "british")) == ["Behavior", "Color", "Gray"]
