"""A fact is found however a right answer spells it, and not where it is not."""

from __future__ import annotations

import pytest

from bot.answers.evaluation.facts import StemmedText, fact, spans


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("normalis", "Layer normalization helps."),
        ("normaliz", "Layer normalisation helps."),
        ("colour", "A color image."),
        ("label", "Labelled data, labeled data."),
        ("centre", "The center of a cluster."),
        ("fine-tun", "We fine-tune it."),
        ("fine-tun", "Fine tuning is cheap."),
        ("fine-tun", "finetuning"),
        ("low rank", "a low-rank update"),
        ("zero_grad", "Call `optimizer.zero_grad()` first."),
        ("non-linear", "a nonlinear function"),
        ("beta 0.9", "β₁ = 0.9"),
        ("sigma", "σ²"),
        ("alpha 1 minus", "ᾱ and 1 − ᾱ"),
        ("sqrt d", "scores are divided by √d"),
        ("squar", "n² pairs, or n^2 pairs"),
        ("163840", "163\u202f840 bytes"),
        ("131072000", "131_072_000 parameters"),
        ("7000000000", "a model of 7 billion, or 7B"),
        ("0.0003", "a rate of 3 × 10⁻⁴"),
        ("0.0003", "a rate of 3e-4"),
        ("1024", "2^10 and 2¹⁰"),
        ("95%", "an interval of 95 %"),
        ("0.95", "95 per cent"),
        ("5%", "at 0.05"),
        ("1/4", "a share of 0.25"),
        ("0.25", "1/4 of them"),
        ("0.5", "half of them, ½"),
        ("0.5", "The chance is 1/2."),
        ("12.9", "12.90 in all"),
        ("2 byte", "two bytes each"),
        ("16 gb", "16GB"),
        ("no.", "There is no need."),
        ("missing | matri rank", "a matrix of rank 2"),
        ("1/(60", "1 / (60 + 5)"),
        ("{rank., small} matri", "Two matrices of small size."),
        ("{no bias, without bias} 2", "two layers without bias"),
    ],
)
def test_a_fact_is_found_in_another_spelling(written: str, text: str) -> None:
    assert fact(written).is_in(StemmedText(text))


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("no.", "noise and nothing"),
        ("k", "keys"),
        ("12", "120 rows, 1.2 and 0.12"),
        ("5%", "5 rows of 50"),
        ("163840", "163,841 bytes"),
        ("matri rank", "a matrix"),
        ("zero_grad", "zero is no gradient"),
        ("1/4", "1 of 4"),
        ("gate", "a tailgate"),
        ("yield", ""),
        ("{rank., small} matri", "Two matrices of large size."),
    ],
)
def test_a_fact_is_not_found_in_other_words(written: str, text: str) -> None:
    assert not fact(written).is_in(StemmedText(text))


def test_a_fact_stands_in_neighbouring_sentences() -> None:
    read = fact("query key")
    assert any(read.is_in(span) for span in spans("It has a query. It meets each key. Then it ends."))
    assert not any(read.is_in(span) for span in spans("It has a query. Then it ends. It meets each key."))
    assert not any(read.is_in(span) for span in spans("- a query\n- an end\n- a key"))
    assert spans("") == []


def test_hostile_numbers_are_bounded() -> None:
    words = StemmedText("9" * 5000 + " 9^99 2^-40 1e99 5/0 " + "1," * 3000 + "²" * 3000)
    assert "9" in words and "99" in words


def test_a_fact_of_signs_alone_names_nothing() -> None:
    assert fact(" | ").alternatives == ()
