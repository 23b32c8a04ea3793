"""Questions with numbers of their own: computed by formulas of the passages that they bring, or not at all."""

from __future__ import annotations

from functools import cache

import pytest

from bot.answers.compose.answers import Answerer
from bot.answers.compose.formulas import MOST_LINES, compute
from bot.answers.evaluation.recall import supported
from bot.answers.index.chunks import Chunk, SourceId, cut
from bot.answers.index.retrieval import Index
from bot.llm.embedded import ordinary_words
from tests.examples import sample
from tests.features.ask.small_notes import HERE, SMALL, MemoryStore, model, notes, read
from tests.shipped import read_courses

TRAINING = """\
---
id: training
title: Training
unit: training
topics: [learning]
formulas:
  Steps of an epoch:
    - name: steps per epoch
      asks: [how many steps]
      unless: [in total, epochs]
      expression: ceil(examples / batch)
      unit: steps
      variables:
        examples: {words: [images, examples]}
        batch: {words: [batch, batch size]}
      example: {q: "how many steps: 100 images, batch 10", result: 10}
    - name: steps
      asks: [how many steps]
      expression: ceil(examples / batch) * epochs
      unit: steps
      variables:
        examples: {words: [images, examples]}
        batch: {words: [batch, batch size]}
        epochs: {words: [epochs]}
      example: {q: "how many steps: 100 images, batch 10, 2 epochs", result: 20}
  Precision and recall:
    - name: precision
      asks: [precision]
      expression: tp / (tp + fp)
      unit: "%"
      variables:
        tp: {words: [tp, hits]}
        fp: {words: [fp, false alarms]}
      example: {q: "precision of 30 hits and 10 false alarms", result: 75%}
    - name: recall
      asks: [recall]
      ignore: [true negatives]
      expression: tp / (tp + fn)
      unit: "%"
      variables:
        tp: {words: [tp, hits]}
        fn: {words: [fn, misses]}
      example: {q: "recall of 30 hits and 20 misses", result: 60%}
  Memory of weights:
    - name: weights
      asks: [memory]
      unless: [adam]
      expression: parameters * number_size
      unit: bytes
      variables:
        parameters: {words: [model, parameters]}
        number_size: {words: [precision], unit: bytes, default: 2, assume: "16 bit, 2 bytes a number"}
      example: {q: "memory of a 7b model", result: 14 GB}
    - name: greatest speed
      asks: [greatest speed]
      expression: bandwidth / weights
      unit: tokens per second
      variables:
        bandwidth: {words: [bandwidth], unit: bytes/s}
        weights: {words: [weights, model], unit: bytes}
      example: {q: "greatest speed: bandwidth 300 GB/s, weights 3 GB", result: 100}
    - name: bill for tokens
      asks: [bill]
      expression: sent * sent_price + written * written_price
      unit: $
      variables:
        sent: {words: [tokens in]}
        written: {words: [tokens out]}
        sent_price: {words: [price in], unit: $}
        written_price: {words: [price out, out], unit: $}
      example: {q: "bill: 5 tokens in, 2 tokens out, price in $1, price out $2", result: $9}
    - name: bill
      asks: [cost]
      expression: calls * price
      unit: $
      variables:
        calls: {words: [calls]}
        price: {words: [each], unit: $}
      example: {q: "cost of 3 calls at $2 each", result: $6}
---

## Steps of an epoch

> Training takes one step for each batch: an epoch has as many steps as batches of examples, the last one rounded up.

An optimiser step follows each batch of images. The number of steps is the number of examples divided by the batch size.

## Precision and recall

> Precision is the share of alarms that are true, and recall the share of true cases that are found.

Precision counts the hits among all alarms, and recall the hits among all that should be found.

## Memory of weights

> The weights of a model take parameters times bytes of a number, two bytes in 16 bit.

Multiply the parameters of a model by the bytes of one number to get the memory of its weights.
"""


@cache
def chunks() -> list[Chunk]:
    return cut(read(TRAINING), SourceId("small"))


def lines(question: str, *before: str) -> list[str]:
    return [line.text for line in compute(question, chunks(), before)]


@pytest.mark.parametrize(
    ("question", "results"),
    [
        ("100 images, batch 32: how many steps?", ["4 steps."]),
        ("how many steps are 3 epochs of 100 images with a batch size of 32?", ["12 steps."]),
        ("3 epochs of 100 images with a batch size of 32, what do I get?", ["12 steps."]),
        ("30 hits, 10 false alarms, 20 misses: precision and recall?", ["75%.", "60%."]),
        ("30 hits, 20 misses and 40 true negatives: recall?", ["60%."]),
        ("tp 30, fp 10: precision, and what is recall?", ["75%."]),
        ("memory of a 7b model?", ["14 GB (13.04 GiB) (assuming 16 bit, 2 bytes a number)."]),
        ("memory of a 7b model in 4 bit and in 8 bit?", ["3.5 GB (3.26 GiB).", "7 GB (6.519 GiB)."]),
        ("memory of a 7b model in 4 bit?", ["3.5 GB (3.26 GiB)."]),
        (
            "memory of a 7b model in 32 bit, in 16 bit, in 8 bit and in 4 bit?",
            ["28 GB (26.08 GiB).", "14 GB (13.04 GiB).", "7 GB (6.519 GiB).", "3.5 GB (3.26 GiB)."],
        ),
        (
            "does a 7b model fit into the memory of my 8 GB card?",
            ["14 GB (13.04 GiB), more than 8 GB (assuming 16 bit, 2 bytes a number)."],
        ),
        ("is the memory of my 8 GB card enough for a 7b model in 4 bit?", ["3.5 GB (3.26 GiB), within 8 GB."]),
        ("what memory does Gemma 2 9B take in 8 bit?", ["9 GB (8.382 GiB)."]),
        ("what memory does a llama 3.2 3b model take in 4 bit?", ["1.5 GB (1.397 GiB)."]),
        ("memory of Phi-2 2.7B in 8 bit", ["2.7 GB (2.515 GiB)."]),
        ("memory of the gemma-2-9b model in 8 bit", ["9 GB (8.382 GiB)."]),
        ("memory of Qwen2.5 14B in 4 bit", ["7 GB (6.519 GiB)."]),
        (
            "does the model Gemma 2 with 9 billion parameters need more memory?",
            ["18 GB (16.76 GiB) (assuming 16 bit, 2 bytes a number)."],
        ),
        (
            "does a 30b model in 8 bit fit into the memory of three 16 GB cards?",
            ["30 GB (27.94 GiB), within 48 GB."],
        ),
        ("memory: does a 30b model in 8 bit fit on 2x12GB?", ["30 GB (27.94 GiB), more than 24 GB."]),
        ("does a 30b model in 8 bit fit into the memory of my pair of 16 GB cards?", ["30 GB (27.94 GiB)."]),
        ("does a 30b model in 8 bit fit into the memory of 16 GB cards?", ["30 GB (27.94 GiB)."]),
        ("cost of 40 calls at 2 euros each?", ["€80."]),
        ("cost of 40 calls at £2 each?", ["£80."]),
        ("cost of 40 calls at $2 each?", ["$80."]),
        ("cost of 40 calls at 2 each?", ["$80."]),
        ("cost in euros of 40 calls at $2 each?", ["$80."]),
        ("how many steps for 100 images at batch 32 and 50?", ["4 steps.", "2 steps."]),
        ("how many steps: half of 200 images, batch 32?", ["4 steps."]),
        ("is it 1000 steps for 100 images at batch 32?", ["4 steps."]),
        ("memory of the gpt 2 model with 3 billion parameters in 8 bit?", ["3 GB (2.794 GiB)."]),
        ("100 images, batch 32: how many steps, and if I double the batch size?", ["4 steps.", "2 steps."]),
    ],
)
def test_a_question_is_computed(question: str, results: list[str]) -> None:
    assert [line.rsplit(" = ", 1)[1] for line in lines(question)] == results


def test_each_metric_that_a_question_asks_for_is_computed() -> None:
    note = read_courses()["genai-2026"].notes["ml-classification"]
    asked = "accuracy, precision, recall and F1 for TP=40, FP=10, FN=20, TN=30"
    computed = [line.text for line in compute(asked, cut(note, SourceId("genai-2026")))]
    results = {text.split(" = ")[0]: text.rsplit(" = ", 1)[1] for text in computed}
    assert results == {"Accuracy": "70%.", "Precision": "80%.", "Recall": "66.67%.", "F1": "0.7273."}


def test_a_question_with_too_many_results_says_how_many_are_left() -> None:
    asked = " and ".join(f"batch {size}" for size in range(2, MOST_LINES + 5))
    computed = lines(f"how many steps for 100 images at {asked}?")
    assert len(computed) == MOST_LINES and computed[-1].endswith(" = 12 steps. Ask again for the other three results.")


@pytest.mark.parametrize(
    "question",
    [
        "how many steps?",
        "100 images, batch 32",
        "how many steps: 100 images, 7 workers, batch 32?",
        "memory of a 7b model with adam?",
        "memory of a 7b model after 3 epochs?",
        "30 hits, 20 misses and 40 calls: recall?",
        "how much memory does the model Gemma 2 need?",
        "memory of model gemma-2 in 8 bit?",
        "how many steps: 100 images, batch -32?",
        "recall of 30 hits and -2 misses?",
        "cost of the calls to GPT 4 at $3 each?",
        "bill: 5 tokens in, 2 tokens out, price in $1, price out 2 euros",
        "how many steps: epoch 3, batch 32?",
        "memory of a model with 900 parameters in 8 bit?",
        "memory of the model Mixtral 8x7B in 4 bit?",
        "greatest speed of a 3b model in 4 bit at 300 GB/s?",
        "bill for 900 tokens in and 80 tokens out at $1 and $2?",
    ],
)
def test_a_question_is_not_computed_if_a_number_is_missing_left_over_or_impossible(question: str) -> None:
    assert lines(question) == []


@pytest.mark.parametrize(
    ("before", "question", "result"),
    [
        ("100 images, batch 32: how many steps?", "and with batch 10?", "10 steps."),
        ("100 images, batch 32: how many steps?", "so what happens if I double the batch size?", "2 steps."),
        ("memory of a 7b model?", "and in fp32?", "28 GB (26.08 GiB)."),
    ],
)
def test_a_turn_changes_the_calculation_before_it(before: str, question: str, result: str) -> None:
    (line,) = lines(question, before)
    assert line.rsplit(" = ", 1)[1] == result


@pytest.mark.parametrize(
    ("turns", "result"),
    [
        (["memory of a 3b model in fp16?", "and in 8 bit?", "what if the model is 9b instead?"], "9 GB (8.382 GiB)."),
        (["memory of a 3b model in fp16?", "what if the model is 9b instead?", "and in 8 bit?"], "9 GB (8.382 GiB)."),
        (["100 images, batch 32: how many steps?", "and with batch 10?", "why?", "with 50 images?"], "5 steps."),
        (["100 images, batch 10: how many steps?", "if I double the batch size?", "with 200 images?"], "10 steps."),
    ],
)
def test_each_turn_changes_what_the_turns_before_it_came_to(turns: list[str], result: str) -> None:
    *before, question = turns
    (line,) = lines(question, *before)
    assert line.rsplit(" = ", 1)[1] == result


@pytest.mark.parametrize(
    ("question", "result"),
    [
        ("does that fit into my 16 GB card?", "9 GB (8.382 GiB), within 16 GB."),
        ("enough for two 4 GB cards?", "9 GB (8.382 GiB), more than 8 GB."),
    ],
)
def test_a_turn_compares_the_last_result_with_its_limit(question: str, result: str) -> None:
    (line,) = lines(question, "memory of a 9b model in fp16?", "and in 8 bit?")
    assert line.rsplit(" = ", 1)[1] == result


def test_nothing_is_computed_after_a_turn_whose_numbers_do_not_fit() -> None:
    assert lines("and with batch 10?", "100 images, batch 32: how many steps?", "and on 4 cards?") == []


@pytest.mark.parametrize("question", ["why?", "and on 4 cards?", "what is a batch?"])
def test_a_turn_that_changes_no_variable_computes_nothing(question: str) -> None:
    assert lines(question, "100 images, batch 32: how many steps?") == []


async def test_the_answer_begins_with_the_calculation_and_cites_its_passage() -> None:
    index = Index({SMALL: [*notes(), read(TRAINING)]}, model(), ordinary_words())
    index.embed(MemoryStore())
    answer = await Answerer(index).answer(["100 images, batch 32, 3 epochs: how many steps?"], HERE)
    assert answer.coverage == "covered" and answer.origin == "notes"
    assert answer.text.startswith(
        "Steps = (examples / batch rounded up) × epochs = (100 / 32 rounded up) × 3 = 12 steps. [1] "
    )
    assert (answer.citations[0].note, answer.citations[0].heading) == ("training", "Steps of an epoch")
    assert answer.text.startswith(answer.computed[0])
    assert all(supported(answer, index.chunks(HERE)))


@pytest.mark.parametrize(
    ("turns", "result"),
    sample(
        [
            (["100 images, batch 32: how many steps?", "why is that", "and with batch 10?"], "10 steps."),
            (["how many steps do I need?", "100 images at batch 32"], "4 steps."),
            (
                ["100 images, batch 32: how many steps?", "and batch 10?", "and batch 20?", "for 200 images?"],
                "10 steps.",
            ),
        ],
        3,
    ),
)
async def test_a_turn_is_computed_with_the_turns_that_it_goes_on_with(turns: list[str], result: str) -> None:
    index = Index({SMALL: [*notes(), read(TRAINING)]}, model(), ordinary_words())
    index.embed(MemoryStore())
    answer = await Answerer(index).answer(turns, HERE)
    assert [line.rsplit(" = ", 1)[1] for line in answer.computed] == [result]
