"""Measure how well the program separates covered questions from foreign ones, for each course, and fit its numbers.

python -m benchmarks.coverage [--fit] [--failures] [--ablations]

The fit uses all files of benchmarks/questions that say what the notes cover: see `coverage_questions`. `--fit` writes
coverage.json, strays.npy and carried.npy into bot/answers/compose. The same notes and questions give the same numbers.
Each printed verdict comes from numbers that were fitted without the whole file of its question. The benchmark needs the
vectors of the notes and computes those that are missing.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.coverage_questions import FIRST, LONGEST, Sample, read_longest, read_samples
from bot.answers.compose import coverage
from bot.answers.compose.coverage import MOST_AGAINST, SIGNS, CoverageModel, KnownQuestions, measure_signs
from bot.answers.compose.values import Coverage
from bot.answers.index.chunks import Chunk, SourceId, row_hash
from bot.base.clock import SystemClock
from bot.curriculum.track import whole
from bot.llm.base import Matrix
from bot.runtime import settings
from bot.runtime.answer_engine import AnswerEngine, open_notebook

RIDGE = 10.0
"""Added to the diagonal of the normal equations. It holds back signs that say the same."""

ROUNDS = 25

NOT_SURE = 0.06
"""The share of covered questions of the longest course that no answer is claimed for ..."""

NOTHING = 0.009
"""... and the share that is shown nothing at all."""

SHARE = 0.5
"""What the questions of the longest course weigh of all; each shorter one weighs the same."""

Numbers = npt.NDArray[np.float64]
Fitted = tuple[Numbers, Numbers, Numbers]
"""Means, standard deviations, and weights with the bias last."""


def embed(texts: Sequence[str], notebook: AnswerEngine) -> npt.NDArray[np.int8]:
    """Return questions as vectors for the package: int8 [n, dim]; those that are rows of the notes are looked up."""
    stored = notebook.index.embedder and notebook.vectors.get([*map(row_hash, texts)], notebook.index.embedder.name)
    known = stored or {}
    missing = [text for text in texts if row_hash(text) not in known]
    new = notebook.index.vectors(missing) if missing else np.zeros((0, 0))
    if new is None:
        raise SystemExit("The notes' vectors are missing.")
    every = {**known, **dict(zip(map(row_hash, missing), new, strict=True))}
    return np.rint(np.stack([every[row_hash(text)] for text in texts]) * coverage.UNIT).astype(np.int8)


def list_carried(notebook: AnswerEngine) -> list[str]:
    """List what the carried notes say that they answer."""
    notes = (note for track in whole(notebook.library) for note in track.notes.values())
    return list(dict.fromkeys(asked for note in notes for section in note.sections for asked in section.asked))


class Searches:
    """Searches each course once for each question, and keeps its signs and the first passages.

    Args:
        foreign: the foreign questions of the longest course; `rows` has their vectors in this order.
    """

    def __init__(self, notebook: AnswerEngine, foreign: Sequence[Sample], rows: Matrix, carried: Matrix) -> None:
        self._index, self._rows, self._carried = notebook.index, rows, carried
        self._files = np.array([sample.file for sample in foreign])
        self._texts = np.array([sample.text for sample in foreign])
        self._first: dict[tuple[str, str], Sequence[Chunk]] = {}
        self._signs: dict[tuple[str, str, str], Mapping[str, float]] = {}

    def find_first(self, text: str, roadmap: str) -> Sequence[Chunk]:
        """Return the first passages for a question."""
        if (text, roadmap) not in self._first:
            hits = self._index.search(text, [SourceId(roadmap)]).hits
            self._first[text, roadmap] = [hit.chunk for hit in hits[:FIRST]]
        return self._first[text, roadmap]

    def measure(self, samples: Sequence[Sample]) -> Numbers:
        """Return the signs of every question: float64 [n, signs]."""
        return np.array([[self._measure(sample)[name] for name in SIGNS] for sample in samples])

    def _measure(self, sample: Sample) -> Mapping[str, float]:
        """Return the signs of a question; it has no neighbour in its own file, as a new question has none."""
        key = (sample.text, sample.file, sample.roadmap)
        if key not in self._signs:
            others = self._rows[(self._files != sample.file) & (self._texts != sample.text)]
            result = self._index.search(sample.text, [SourceId(sample.roadmap)])
            self._signs[key] = measure_signs(result, sample.text, KnownQuestions(others, self._carried))
        return self._signs[key]


def weigh(samples: Sequence[Sample]) -> Numbers:
    """Return what each question weighs: float64 [n]; covered and foreign ones weigh the same together.

    Of a course each sort weighs by the root of its number: a shorter one has few covered questions, many foreign.
    """
    roadmaps = {sample.roadmap for sample in samples}
    groups = [(sample.roadmap, sample.is_covered) for sample in samples]
    sizes = {group: groups.count(group) for group in set(groups)}
    shares = {name: SHARE if name == LONGEST else (1 - SHARE) / max(1, len(roadmaps) - 1) for name in roadmaps}
    of_sort = {sort: sum(shares[r] * sizes[r, s] ** 0.5 for r, s in sizes if s == sort) for sort in (True, False)}
    return np.array([shares[r] * sizes[r, s] ** -0.5 / of_sort[s] * len(samples) / 2 for r, s in groups])


def fit(numbers: Numbers, samples: Sequence[Sample]) -> Fitted:
    """Fit a logistic regression with Newton's method."""
    is_covered, worth = np.array([sample.is_covered for sample in samples]), weigh(samples)
    means, deviations = numbers.mean(axis=0), numbers.std(axis=0) + 1e-6
    rows = np.c_[(numbers - means) / deviations, np.ones(len(numbers))]
    ridge = np.diag([*np.full(numbers.shape[1], RIDGE), 1e-9])
    weights = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        chances = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        gradient = rows.T @ (worth * (chances - is_covered)) + ridge @ weights
        hessian = (rows * (worth * chances * (1 - chances))[:, None]).T @ rows + ridge
        weights = weights - np.linalg.solve(hessian, gradient)
    return means, deviations, weights


def predict(fitted: Fitted, numbers: Numbers) -> Numbers:
    """Return the log odds of every row, as `CoverageModel.odds` does."""
    means, deviations, weights = fitted
    terms = (numbers - means) / deviations * weights[:-1]
    return np.maximum(terms, -MOST_AGAINST).sum(axis=1) + weights[-1]


def hold_out(samples: Sequence[Sample], numbers: Numbers) -> Numbers:
    """Return log odds by numbers that were fitted without the file of the question."""
    files = np.array([sample.file for sample in samples])
    odds = np.empty(len(samples))
    for file in set(files):
        rest = files != file
        fitted = fit(numbers[rest], [samples[place] for place in np.flatnonzero(rest)])
        odds[~rest] = predict(fitted, numbers[~rest])
    return odds


def find_thresholds(samples: Sequence[Sample], odds: Numbers) -> tuple[float, float]:
    """Return the log odds from which on a question is covered, and from which on it is near."""
    is_asked = np.array([sample.is_covered and sample.roadmap == LONGEST for sample in samples])
    covered, near = np.quantile(odds[is_asked], (NOT_SURE, NOTHING))
    return float(covered), float(near)


def list_figures(samples: Sequence[Sample], verdicts: Sequence[Coverage]) -> dict[str, dict[str, float]]:
    """Return for each course and each of its files the shares of sure, near and declined questions."""
    groups: dict[str, list[Coverage]] = {}
    for sample, verdict in zip(samples, verdicts, strict=True):
        sort = "covered" if sample.is_covered else "foreign"
        for name in (f"{sample.roadmap}: {sort}", f"{sample.roadmap}, {sample.file}: {sort}"):
            groups.setdefault(name, []).append(verdict)
    names: Mapping[str, Coverage] = {"sure": "covered", "near": "near", "declined": "foreign"}
    return {
        name: {
            "n": len(group),
            **{word: round(group.count(verdict) / len(group), 3) for word, verdict in names.items()},
        }
        for name, group in sorted(groups.items())
    }


def save(fitted: Fitted, thresholds: Sequence[float], about: Mapping[str, object]) -> None:
    """Write the numbers with what they were fitted on."""
    means, deviations, weights = (np.round(part, 5).tolist() for part in fitted)
    rows = zip(SIGNS, means, deviations, weights, strict=False)
    content = {
        "fitted": about,
        "signs": {name: [mean, deviation, weight] for name, mean, deviation, weight in rows},
        "bias": weights[-1],
        **{name: round(at, 3) for name, at in zip(("covered", "near"), thresholds, strict=True)},
    }
    coverage.NUMBERS.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def list_failures(samples: Sequence[Sample], odds: Numbers, verdicts: Sequence[Coverage]) -> Iterable[str]:
    """List the covered questions without a sure answer, and the foreign ones with any."""
    rows = (
        (sample.roadmap, sample.file, sample.is_covered, round(float(at), 2), verdict, sample.text)
        for sample, at, verdict in zip(samples, odds, verdicts, strict=True)
        if verdict != ("covered" if sample.is_covered else "foreign")
    )
    return (f"{roadmap}, {file}  {at}  {verdict}  {text}" for roadmap, file, _, at, verdict, text in sorted(rows))


def list_ablations(samples: Sequence[Sample], numbers: Numbers) -> Iterable[str]:
    """Tell the shares of foreign questions that are not sure, and that are declined, fitted without each sign."""
    is_covered = np.array([sample.is_covered for sample in samples])
    is_longest = np.array([sample.roadmap == LONGEST for sample in samples])
    for place, name in [(-1, "nothing"), *enumerate(SIGNS)]:
        odds = hold_out(samples, np.delete(numbers, place, axis=1) if place >= 0 else numbers)
        shares = [(odds[is_longest & ~is_covered] < at).mean() for at in find_thresholds(samples, odds)]
        yield f"without {name:12}  not sure {shares[0]:.3f}  declined {shares[1]:.3f}"


def main(given: argparse.Namespace) -> int:
    """Print the figures; fit again if asked to."""
    notebook = open_notebook(settings.load(_env_file=None))
    notebook.embed()
    foreign = [sample for sample in read_longest(notebook) if not sample.is_covered]
    rows = embed([sample.text for sample in foreign], notebook), embed(list_carried(notebook), notebook)
    searches = Searches(notebook, foreign, *(some.astype(np.float32) / coverage.UNIT for some in rows))
    samples = read_samples(notebook, searches.find_first)
    numbers = searches.measure(samples)
    odds = hold_out(samples, numbers)
    thresholds = find_thresholds(samples, odds)

    def judge(model: CoverageModel) -> list[Coverage]:
        return [model.judge(float(at)) for at in odds]

    if given.fit:
        files = [f"{sample.roadmap}, {sample.file}" for sample in samples]
        about = {
            "by": "python -m benchmarks.coverage --fit",
            "on": SystemClock().now().date().isoformat(),
            "with": {name: files.count(name) for name in dict.fromkeys(files)},
            "embedder": "all-MiniLM-L6-v2",
            "figures": list_figures(samples, judge(CoverageModel({}, 0.0, *thresholds))),
        }
        save(fit(numbers, samples), thresholds, about)
        for file, some in zip((coverage.STRAYS, coverage.CARRIED), rows, strict=True):
            np.save(file, some)
        coverage.load_model.cache_clear()
    verdicts = judge(coverage.load_model())
    for name, row in list_figures(samples, verdicts).items():
        print(f"{name:52}" + "  ".join(f"{key} {value}" for key, value in row.items()))
    if given.failures:
        print("", *list_failures(samples, odds, verdicts), sep="\n")
    if given.ablations:
        print("", *list_ablations(samples, numbers), sep="\n")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage")
    parser.add_argument("--fit", action="store_true", help="write the numbers anew")
    parser.add_argument("--failures", action="store_true", help="list the questions that are judged wrongly")
    parser.add_argument("--ablations", action="store_true", help="fit without each sign in turn")
    raise SystemExit(main(parser.parse_args()))
