"""Formulas of notes: what they come to, how that is written, and how a question's numbers fill them."""

import pytest

from bot.curriculum.formula_slots import calculate, list_empty, vary
from bot.curriculum.formulas import BadExpression, Formula, Value, Variable, compute, format_result, list_names, unroll
from bot.understanding.quantities import read

STEPS = Formula(
    "optimiser steps",
    ("how many steps", "optimizer steps"),
    "ceil(examples / batch) * epochs",
    (
        Variable("examples", ("images", "examples", "samples")),
        Variable("batch", ("batch", "batch size", "bs")),
        Variable("epochs", ("epochs",), default=1.0, assume="one epoch"),
    ),
    "steps",
    ("warmup",),
)
CACHE = Formula(
    "KV cache",
    ("kv cache",),
    "2 * layers * kv_heads * head_size * number_size * tokens",
    (
        Variable("layers", ("layers",)),
        Variable("kv_heads", ("kv heads", "heads")),
        Variable("head_size", ("dim", "head size")),
        Variable("number_size", ("precision",), "bytes", default=2.0, assume="16 bit"),
        Variable("tokens", ("tokens", "context")),
    ),
    "bytes",
)
ENTROPY = Formula("entropy", ("entropy",), "-sum(p * log2(p))", (Variable("p", ("probs",), "%", is_list=True),), "bits")
SOFTMAX = Formula(
    "softmax",
    ("probabilities", "probability"),
    "exp(z / t) / sum(exp(z / t))",
    (
        Variable("z", ("logits",), is_list=True),
        Variable("t", ("temperature",), default=1.0, assume="temperature 1"),
    ),
)
STORED = Formula(
    "numbers",
    ("how many numbers",),
    "rank * (rows + columns)",
    (
        Variable("rank", ("rank",)),
        Variable("rows", ("matrix #1", "rows")),
        Variable("columns", ("matrix #2", "columns")),
    ),
)


def result(formula: Formula, question: str) -> list[float] | None:
    calculation = calculate(formula, read(question))
    return None if calculation is None else [*calculation.result.values]


@pytest.mark.parametrize(
    ("formula", "question", "results"),
    [
        (STEPS, "batch 32, 10,000 images, 3 epochs: how many steps?", [939]),
        (STEPS, "I have 10k samples, batch size of 32 and run 3 epochs. How many steps is that?", [939]),
        (STEPS, "how many steps with bs=64 for 1000 examples", [16]),
        (CACHE, "kv cache of 32 layers, 8 kv heads of dim 128, fp16, for 4096 tokens", [2**29]),
        (CACHE, "kv cache: 8-bit, context 1024, 2 layers, 4 heads, head size 64", [2**20]),
        (ENTROPY, "entropy of probs 0.7, 0.2, 0.1?", [1.15678]),
        (ENTROPY, "entropy of 50 %, 25 % and 25 %?", [1.5]),
        (SOFTMAX, "logits 2 and 1: probabilities?", [0.731059, 0.268941]),
        (SOFTMAX, "probability with logits 2 and 1 at temperature 0.5", [0.880797, 0.119203]),
        (STORED, "a 1000 x 800 matrix at rank 20: how many numbers?", [36_000]),
        (STORED, "how many numbers for rank 20, 1000 rows and 800 columns", [36_000]),
    ],
)
def test_a_question_fills_a_formula(formula: Formula, question: str, results: list[float]) -> None:
    assert result(formula, question) == pytest.approx(results, rel=1e-5)


@pytest.mark.parametrize(
    ("formula", "question"),
    [
        (STEPS, "batch 32, 3 epochs: how many steps?"),  # a variable stays empty
        (STEPS, "batch 32 and 10,000 images"),  # nothing is asked
        (STEPS, "how many steps of warmup with batch 32 and 10,000 images"),  # another quantity is
        (STORED, "how many numbers: rank 20, 1000 columns, 800 columns, 10 rows and 20 rows"),  # two of each
        (STEPS, "how many steps: 100 images, batch 0"),
        (STEPS, "how many steps: 100 GB of images, batch 10"),  # the unit doesn't fit
        (ENTROPY, "entropy of 0.7"),
        (ENTROPY, "entropy of 7 and 2"),
        (STORED, "how many numbers has rank 20"),
    ],
)
def test_nothing_is_computed_if_it_is_not_plain(formula: Formula, question: str) -> None:
    assert result(formula, question) is None


PERPLEXITY = Formula("perplexity", ("perplexity",), "exp(loss)", (Variable("loss", ("loss", "nats")),))


def test_a_question_may_ask_whether_its_result_is_right() -> None:
    assert result(STEPS, "is it 1000 steps with 10,000 images, batch 32 and 3 epochs?") == [939]


def test_a_number_that_says_which_one_counts_nothing() -> None:
    assert result(STEPS, "how many steps: 10,000 images, batch 32, what about epoch 3") is None
    assert result(PERPLEXITY, "the loss of epoch 3 is 2: perplexity?") == pytest.approx([7.38906], rel=1e-5)
    assert result(SOFTMAX, "probability of class 3?") is None


def test_the_sides_of_a_matrix_belong_together() -> None:
    assert result(STORED, "a 1000 x 800 matrix at rank 20: how many numbers? and a 3 x 5 one?") == [36_000]


def test_a_default_is_not_assumed_for_what_a_question_speaks_of() -> None:
    assert result(SOFTMAX, "logits 2 and 1 at some temperature: probabilities?") is None


def test_the_line_shows_the_formula_the_numbers_and_the_result() -> None:
    calculation = calculate(STEPS, read("how many steps: 10,000 images, batch 32"))
    assert calculation is not None
    assert calculation.result.text == (
        "optimiser steps = (examples / batch rounded up) × epochs = (10,000 / 32 rounded up) × 1 = 313 steps"
    )
    assert calculation.assumed == ("one epoch",)


@pytest.mark.parametrize(
    ("question", "temperatures"),
    [
        ("probability with logits 2 and 1 at temperature 1 and if I halve the temperature?", [0.5]),
        ("probability with logits 2 and 1 at temperature 3 and 4?", [4]),
        ("probability with logits 2 and 1 at temperature 3?", []),
    ],
)
def test_further_values_of_a_variable_give_further_results(question: str, temperatures: list[float]) -> None:
    reading = read(question)
    calculation = calculate(SOFTMAX, reading)
    assert calculation is not None
    assert [other.values["t"] for other in vary(calculation, reading)] == temperatures


@pytest.mark.parametrize(
    ("expression", "values", "plain"),
    [
        ("a + b", {"a": 1.0, "b": -2.5}, ["1 + -2.5"]),
        ("a ** 2", {"a": -2.0}, ["(-2) ** 2"]),
        ("exp(-a)", {"a": -2.0}, ["exp(2)"]),
        ("2 * x", {"x": (1.0, 2.0)}, ["2 * 1", "2 * 2"]),
        ("sum(x * y)", {"x": (1.0, 2.0), "y": (3.0, 4.0)}, ["1 * 3 + 2 * 4"]),
        ("mean(x)", {"x": (1.0, 2.0)}, ["(1 + 2) / 2"]),
        ("count(x)", {"x": (1.0, 2.0)}, ["2"]),
        ("max(x)", {"x": (1.0, 2.0)}, ["max(1, 2)"]),
        ("product(x)", {"x": (2.0, 3.0)}, ["2 * 3"]),
        ("sum(head(x) * tail(x))", {"x": (2.0, 3.0, 4.0)}, ["2 * 3 + 3 * 4"]),
    ],
)
def test_lists_work_item_by_item(expression: str, values: dict[str, Value], plain: list[str]) -> None:
    assert unroll(expression, values) == plain


@pytest.mark.parametrize(
    "expression",
    [
        "a +",
        "a // 2",
        "a if a else 1",
        "a.b",
        "a[0]",
        "print(a)",
        "ln(a, a)",
        "max()",
        "b",
        "'a'",
        "lambda: a",
        "x + y",
    ],
)
def test_anything_else_is_no_expression(expression: str) -> None:
    with pytest.raises(BadExpression):
        unroll(expression, {"a": 1.0, "x": (1.0, 2.0), "y": (1.0, 2.0, 3.0)})


def test_the_names_of_an_expression_are_its_variables() -> None:
    assert list_names("ceil(examples / batch) * epochs") == {"examples", "batch", "epochs"}


def test_a_result_out_of_bounds_is_none() -> None:
    assert compute(STEPS, {"examples": 1.0, "batch": 0.0, "epochs": 1.0}) is None


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (14e9, "bytes", "14 GB (13.04 GiB)"),
        (524_288, "bytes", "524,288 bytes, 524.3 kB (512 KiB)"),
        (192, "bytes", "192 bytes"),
        (3e11, "bytes/s", "300 GB/s"),
        (12_960, "s", "3.6 h"),
        (5.375, "s", "5.375 s"),
        (0.006, "s", "6 ms"),
        (0.6415, "%", "64.15%"),
        (12, "$", "$12"),
        (2, "/s", "2 per second"),
        (939, "steps", "939 steps"),
        (0.25, "", "0.25"),
    ],
)
def test_a_result_is_written_in_a_fitting_scale(value: float, unit: str, text: str) -> None:
    assert format_result(value, unit) == text


def test_an_author_learns_which_variables_stay_empty() -> None:
    assert list_empty(STEPS, read("how many steps: batch 32")) == ["examples"]
