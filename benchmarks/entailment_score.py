"""Measure how many freely worded sentences pass the checker, false and true ones, and fit its numbers.

python -m benchmarks.entailment_score [--fit] [--failures] [--last]

The sentences stand in `free.yaml`, `falsified.yaml`, `reworded.yaml` and `worded.yaml` in `benchmarks/questions`. The
fit uses none of their parts `test` and `last`, and `--failures` prints none of them. `--fit` writes
`entailment_score.json`. Each figure on a sentence of the fit comes from numbers fitted without its question. The
benchmark needs the vectors of the notes to find passages.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from bot.answers.index.chunks import SourceId
from bot.answers.index.retrieval import Hit
from bot.answers.model import entailment_score
from bot.answers.model.checker import Checker
from bot.answers.model.entailment_score import SIGNS
from bot.answers.model.worded import PASSAGES
from bot.base.clock import SystemClock
from bot.runtime import settings
from bot.runtime.answer_engine import AnswerEngine, open_notebook

Numbers = npt.NDArray[np.float64]

QUESTIONS = Path(__file__).with_name("questions")
TRACKS = ("genai-2026", "everyday-statistics")
REWORDING = "rewording"
FITTED_FREE = ("free.yaml, tune", "free.yaml, earlier")

WEIGHTS = {"free.yaml": 3.0, "falsified.yaml": 0.3, "notes": 0.1}
"""What a sentence of a file weighs, else 1: those of rules and the notes' own are many and alike."""

PASSES = 0.04
"""Share of the false sentences of `FITTED_FREE` that may be shown, told by numbers fitted without them."""

RIDGE = 10.0
"""What holds the weights small; from 3 to 30 figures are the same."""

FOLDS, ROUNDS = 8, 12


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence that is true or false, with the question that it answers.

    Args:
        group: the file, and the part of it.
        note: whose passages are shown, with their heading; empty where they are those that the question finds.
    """

    group: str
    kind: str
    question: str
    says: str
    note: str = ""
    heading: str = ""

    @property
    def is_true(self) -> bool:
        """Say whether it may be shown."""
        return self.kind == REWORDING

    @property
    def is_fitted(self) -> bool:
        """Say whether numbers are fitted on it; what loses a limit is told by a rule."""
        return not self.group.endswith(("test", "last")) and self.kind != "caveat"

    @property
    def weight(self) -> float:
        """Return what it weighs in the fit."""
        return next((weight for name, weight in WEIGHTS.items() if self.group.startswith(name)), 1.0)


def samples() -> Iterator[Sample]:
    """Yield every sentence of the question sets."""
    for row in _rows("free"):
        yield Sample(f"free.yaml, {row['part']}", row["kind"], row["q"], row["says"], row.get("note", ""))
    for row in _rows("falsified"):
        asked = (f"{row['note']} {row['heading']}", row["note"], row["heading"])
        part = ", test" if row.get("part") == "test" else ""
        yield Sample(f"falsified.yaml{part}", row["kind"], asked[0], row["says"], *asked[1:])
        yield Sample(f"notes{part}", REWORDING, asked[0], row["was"], *asked[1:])
    for row in _rows("reworded"):
        yield Sample("reworded.yaml", row["kind"], row["q"], row["says"])
    for row in _rows("worded"):
        for said in row["says"]:
            if isinstance(said, str):
                yield Sample("worded.yaml", REWORDING, row["q"], said)


def _rows(name: str) -> list[dict[str, str]]:
    return list(yaml.safe_load((QUESTIONS / f"{name}.yaml").read_text(encoding="utf-8")))


def checker(notebook: AnswerEngine, sample: Sample) -> Checker:
    """Return a checker of the passages that are shown for a sample's question."""
    return Checker(notebook.index, _hits(notebook, sample), sample.question)


def _hits(notebook: AnswerEngine, sample: Sample) -> Sequence[Hit]:
    chunks = ((track, chunk) for track in TRACKS for chunk in notebook.index.chunks([SourceId(track)]))
    track, chunk = next(chunk for chunk in chunks if chunk[1].note == sample.note) if sample.note else (TRACKS[0], None)
    if sample.heading and chunk is not None:
        return notebook.index.search(f"{chunk.title} {sample.heading}", [SourceId(track)]).hits[:PASSAGES]
    return notebook.answerer.retrieve([sample.question], [SourceId(track)]).found.hits[:PASSAGES]


def signs_of(notebook: AnswerEngine, every: Sequence[Sample]) -> Numbers:
    """Return the signs of each sentence: float64 [n, signs]."""
    rows = []
    for sample in every:
        found = entailment_score.bearing(sample.says, checker(notebook, sample).places)
        rows.append([found.signs[name] if found is not None else 0.0 for name in SIGNS])
    return np.array(rows)


def fit(numbers: Numbers, every: Sequence[Sample]) -> tuple[Numbers, Numbers, Numbers]:
    """Fit a logistic regression: means and deviations of the signs, and weights with the bias last."""
    true, weights = (np.array([float(value) for value in row]) for row in zip(*_told(every), strict=True))
    means, sds = numbers.mean(axis=0), numbers.std(axis=0) + 1e-9
    scaled = np.c_[(numbers - means) / sds, np.ones(len(numbers))]
    ridge = np.diag([*[RIDGE] * len(SIGNS), 0.0])
    fitted = np.zeros(len(SIGNS) + 1)
    for _ in range(ROUNDS):
        told = 1 / (1 + np.exp(-scaled @ fitted))
        slope = scaled.T @ (weights * (true - told)) - ridge @ fitted
        fitted += np.linalg.solve(scaled.T * (weights * told * (1 - told)) @ scaled + ridge, slope)
    return means, sds, fitted


def _told(every: Sequence[Sample]) -> Iterator[tuple[bool, float]]:
    return ((one.is_true, one.weight) for one in every)


def odds_of(fitted: tuple[Numbers, Numbers, Numbers], numbers: Numbers) -> Numbers:
    """Return the log odds of each row of signs."""
    means, sds, weights = fitted
    return np.asarray((numbers - means) / sds @ weights[:-1] + weights[-1])


def held_out(every: Sequence[Sample], numbers: Numbers) -> Numbers:
    """Return log odds told by numbers that were fitted without the question, and without any that is only measured."""
    is_fitted = np.array([one.is_fitted for one in every])
    folds = np.array([int(hashlib.sha256(one.question.encode()).hexdigest()[:8], 16) % FOLDS for one in every])
    out = odds_of(_fitted(every, numbers, is_fitted), numbers)
    for fold in range(FOLDS):
        ours = is_fitted & (folds == fold)
        out[ours] = odds_of(_fitted(every, numbers, is_fitted & (folds != fold)), numbers[ours])
    return out


def _fitted(every: Sequence[Sample], numbers: Numbers, of: npt.NDArray[np.bool_]) -> tuple[Numbers, Numbers, Numbers]:
    return fit(numbers[of], [every[place] for place in np.flatnonzero(of)])


def limit_of(every: Sequence[Sample], numbers: Numbers, odds: Numbers) -> float:
    """Return the log odds that so few of the free false sentences reach."""
    is_false = np.array([one.group in FITTED_FREE and not one.is_true for one in every])
    told = np.where(_shown(numbers, odds, -np.inf), odds, -np.inf)[is_false]
    return float(np.quantile(told, 1 - PASSES, method="higher")) + 1e-6


def _shown(numbers: Numbers, odds: Numbers, limit: float) -> npt.NDArray[np.bool_]:
    """Say of each row of signs whether its sentence is shown as it is."""
    rows = [dict(zip(SIGNS, row, strict=True)) for row in numbers.tolist()]
    is_barred, is_clean = (
        np.array([bool(tell(row)) for row in rows]) for tell in (entailment_score.barred, lambda row: row["clean"])
    )
    return ~is_barred & ((odds >= limit) | is_clean)


def table(every: Sequence[Sample], is_shown: Sequence[bool]) -> dict[str, dict[str, list[int]]]:
    """Count by group and kind: how many there are, how many are shown."""
    out: dict[str, dict[str, list[int]]] = {}
    for one, shown in zip(every, is_shown, strict=True):
        for kind in {one.kind: 0, "false": 0} if not one.is_true else {one.kind: 0}:
            row = out.setdefault(one.group, {}).setdefault(kind, [0, 0])
            row[0] += 1
            row[1] += shown
    return out


def keep(fitted: tuple[Numbers, Numbers, Numbers], limit: float, every: Sequence[Sample]) -> None:
    """Write the numbers with what they were fitted on."""
    means, sds, weights = (np.round(part, 5).tolist() for part in fitted)
    rows = zip(SIGNS, means, sds, weights, strict=False)
    kept = {
        "fitted": {
            "by": "python -m benchmarks.entailment_score --fit",
            "on": SystemClock().now().date().isoformat(),
            "with": dict(Counter(one.group for one in every if one.is_fitted)),
        },
        "signs": {name: [mean, sd, weight] for name, mean, sd, weight in rows},
        "bias": weights[-1],
        "limit": round(limit, 3),
    }
    entailment_score.NUMBERS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def main(given: argparse.Namespace) -> None:
    """Print how many of each kind are shown; fit again if asked to."""
    notebook = open_notebook(settings.load(_env_file=None))
    notebook.embed()
    every = [sample for sample in samples() if given.last or not sample.group.endswith("last")]
    numbers = signs_of(notebook, every)
    odds = held_out(every, numbers)
    limit = limit_of(every, numbers, odds)
    if given.fit:
        keep(_fitted(every, numbers, np.array([one.is_fitted for one in every])), limit, every)
        entailment_score.model.cache_clear()
    for group, kinds in table(every, _shown(numbers, odds, limit).tolist()).items():
        print(f"{group:22}", "  ".join(f"{kind} {shown}/{n}" for kind, (n, shown) in sorted(kinds.items())))
    if given.failures:
        for one, told in sorted(zip(every, odds, strict=True), key=lambda row: -row[1]):
            if one.group in FITTED_FREE and (told >= limit) != one.is_true:
                print(f"{told - limit:6.2f} {one.kind}: {one.says}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true", help="write the numbers anew")
    parser.add_argument("--failures", action="store_true", help="name what is told wrongly of what is fitted on")
    parser.add_argument("--last", action="store_true", help="measure the part `last` as well")
    main(parser.parse_args())
