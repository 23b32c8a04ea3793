"""What code refuses in a model's sentence, whoever says that it is right."""

from __future__ import annotations

import pytest

from bot.answers.model import vetoes

HELD = (
    "GPT-2 has 124M parameters. The `pad_token` isn't set, so batches fail without one. Adam keeps two further values"
    " for each weight, half of them in fp32. Sets are unordered. See torch.no_grad and 50 % of PyTorch users."
)


@pytest.mark.parametrize(
    ("sentence", "adds"),
    [
        ("GPT-2 has 124 million parameters.", False),
        ("GPT-2 has 1.5B parameters.", True),
        ("Half of them, 50 %, are two values.", False),
        ("Adam keeps three further values.", True),
        ("A quarter of the values takes twice as long.", False),
    ],
)
def test_a_number_is_known_by_its_value(sentence: str, *, adds: bool) -> None:
    assert vetoes.adds_number(sentence, HELD, lambda number: False) is adds


def test_a_number_may_come_from_a_calculation() -> None:
    assert not vetoes.adds_number("That is 248 MB.", HELD, {248.0}.__contains__)
    assert not vetoes.adds_number("At 95 % it is so.", HELD, {95.0}.__contains__)


@pytest.mark.parametrize(
    ("sentence", "adds"),
    [
        ("Sets do not keep an order.", False),
        ("A batch can't be made without a pad token.", False),
        ("Adam keeps two values.", False),
    ],
)
def test_a_negation_needs_a_denial_in_what_holds_it(sentence: str, *, adds: bool) -> None:
    assert vetoes.adds_negation(sentence, HELD) is adds
    assert vetoes.adds_negation("Adam doesn't keep values.", "Adam keeps two further values for each weight.")


@pytest.mark.parametrize(
    ("sentence", "adds"),
    [
        ("Without a `pad_token` GPT-2 fails.", False),
        ("Set pad_token first, as ADAM does.", False),
        ("Use `torch.no_grad()` in PyTorch.", False),
        ("Use `torch.inference_mode()`.", True),
        ("As a rule Keras does it.", True),
        ("Keras does it.", False),  # the first word of a sentence may be any word
        ("With MiniBatchKMeans it is fast.", True),
        ("It, e.g. I think, holds 2 GB.", False),
    ],
)
def test_a_name_is_an_identifier_or_a_word_with_a_capital_inside_a_sentence(sentence: str, *, adds: bool) -> None:
    assert vetoes.adds_name(sentence, HELD) is adds


@pytest.mark.parametrize(
    "text",
    [
        "See https://evil.example/x now.",
        "@everyone use it.",
        "<@U123> use it.",
        "<!channel> use it.",
        "[Use it](https://evil.example) now.",
        "![](https://evil.example/pixel.png) now.",
        "<script>alert()</script> now.",
        "Write to me@evil.example now.",
    ],
)
def test_a_link_or_a_mention_is_refused_that_the_passages_do_not_have(text: str) -> None:
    assert vetoes.adds_link(text, HELD) and not vetoes.adds_link(text, text)
