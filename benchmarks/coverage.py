"""Measure how well the program separates covered questions from foreign ones, for each course, and fit its numbers.

python -m benchmarks.coverage [--fit] [--failures] [--worth]

The fit uses files of benchmarks/questions: the split `tune` of facts.yaml, all of questions.yaml, newcomers.yaml,
foreign.yaml and coverage.yaml, and for the shorter courses most of short_roadmaps.yaml. `--fit` writes coverage.json,
strays.npy and carried.npy into bot/answers/compose. The same notes and questions give the same numbers. A printed
verdict on a question of the fit comes from numbers fitted without that question. The benchmark needs the vectors of
the notes and computes those that are missing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.coverage_questions import FIRST, LONGEST, OURS, SHORT_TUNE, TEST, TUNE, Sample, samples, strays
from bot.answers.compose import coverage
from bot.answers.compose.coverage import SIGNS, KnownQuestions, signs
from bot.answers.compose.values import Coverage
from bot.answers.index.chunks import Chunk, SourceId, row_hash
from bot.base.clock import SystemClock
from bot.curriculum.track import whole
from bot.runtime import settings
from bot.runtime.answer_engine import AnswerEngine, open_notebook

RIDGE = 1.0
"""Of the normal equations: it holds back signs that say the same."""

FOLDS = 5
ROUNDS = 30
LOST = 0.07
"""The share of covered questions of the longest roadmap that no answer is claimed for: most are near, and shown. Of a
larger share the curve that is printed says what it would decline ..."""

LOST_IN_PART = 0.13
"""... that as sure a judgement would lose where next to nothing is searched ..."""

LOST_ALTOGETHER = 0.015
"""... and that nothing is shown for."""

SHARE = 0.5
"""What the questions of the longest roadmap weigh of all; each shorter one weighs the same."""

PARAPHRASE = 4.0
"""What a covered question in other words than the notes' weighs: they are few, and look most like foreign ones."""

CURVE = (0.02, 0.03, 0.05, 0.08, 0.1)
TOO_NEAR = 0.9
"""Cosine from which on a question written for fitting is one of the split `test`."""

Numbers = npt.NDArray[np.float64]


def embedded(texts: Sequence[str], notebook: AnswerEngine) -> npt.NDArray[np.int8]:
    """Return questions as vectors for the package: int8 [n, dim]; those that are rows of the notes are looked up."""
    made = notebook.index.embedder and notebook.vectors.get([*map(row_hash, texts)], notebook.index.embedder.name)
    kept = made or {}
    missing = [text for text in texts if row_hash(text) not in kept]
    new = notebook.index.vectors(missing) if missing else np.zeros((0, 0))
    if new is None:
        raise SystemExit("The notes' vectors are missing.")
    every = {**kept, **dict(zip(map(row_hash, missing), new, strict=True))}
    return np.rint(np.stack([every[row_hash(text)] for text in texts]) * coverage.UNIT).astype(np.int8)


def carried_by(notebook: AnswerEngine) -> list[str]:
    """List what the carried notes say that they answer."""
    notes = (note for track in whole(notebook.library) for note in track.notes.values())
    return list(dict.fromkeys(asked for note in notes for section in note.sections for asked in section.asked))


class Looks:
    """Searches each roadmap once for each question, and keeps its signs and the first passages.

    Args:
        strays: the foreign questions that were written for fitting; `known` has their rows in this order.
    """

    def __init__(self, notebook: AnswerEngine, strays: Sequence[str], known: KnownQuestions) -> None:
        self._index, self._strays, self._known = notebook.index, np.array(strays), known
        self._looked: dict[tuple[str, str], tuple[Sequence[Chunk], Mapping[str, float]]] = {}

    def chunks(self, text: str, roadmap: str) -> Sequence[Chunk]:
        """Return the first passages for a question."""
        return self._look(text, roadmap)[0]

    def signs(self, every: Sequence[Sample]) -> Numbers:
        """Return the signs of every question: float64 [n, signs]. A stray is no neighbour of itself."""
        return np.array([[self._look(one.text, one.roadmap)[1][name] for name in SIGNS] for one in every])

    def _look(self, text: str, roadmap: str) -> tuple[Sequence[Chunk], Mapping[str, float]]:
        if (text, roadmap) not in self._looked:
            match = self._index.search(text, [SourceId(roadmap)])
            others = KnownQuestions(self._known.strays[self._strays != text], self._known.carried)
            chunks = [hit.chunk for hit in match.hits[:FIRST]]
            self._looked[text, roadmap] = chunks, signs(match, text, others)
        return self._looked[text, roadmap]


def weights_of(every: Sequence[Sample]) -> Numbers:
    """Return what each question weighs: float64 [n]; both sorts weigh the same but for `PARAPHRASE`.

    Of a roadmap each sort weighs by the root of how many there are: a shorter one has few covered ones, many foreign.
    """
    roadmaps = {one.roadmap for one in every}
    groups = [(one.roadmap, one.is_covered) for one in every]
    sizes = {group: groups.count(group) for group in set(groups)}
    shares = {name: SHARE if name == LONGEST else (1 - SHARE) / max(1, len(roadmaps) - 1) for name in roadmaps}
    of_sort = {sort: sum(shares[r] * sizes[r, s] ** 0.5 for r, s in sizes if s == sort) for sort in (True, False)}
    more = [PARAPHRASE if one.is_covered and one.kind.startswith("paraphrase") else 1.0 for one in every]
    each = np.array([shares[r] * sizes[r, s] ** -0.5 / of_sort[s] * len(every) / 2 for r, s in groups])
    return each * np.array(more)


def fit(numbers: Numbers, every: Sequence[Sample]) -> tuple[Numbers, Numbers, Numbers]:
    """Return means, standard deviations, and weights with the bias last."""
    is_covered, worth = np.array([one.is_covered for one in every]), weights_of(every)
    means, sds = numbers.mean(axis=0), numbers.std(axis=0) + 1e-6
    rows = np.c_[(numbers - means) / sds, np.ones(len(numbers))]
    ridge = np.diag([*np.full(numbers.shape[1], RIDGE), 1e-9])
    weights = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        chances = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (worth * (chances - is_covered)) + ridge @ weights
        bend = (rows * (worth * chances * (1 - chances))[:, None]).T @ rows + ridge
        weights = weights - np.linalg.solve(bend, slope)
    return means, sds, weights


def odds_of(fitted: tuple[Numbers, Numbers, Numbers], numbers: Numbers) -> Numbers:
    """Return the log odds of every row."""
    means, sds, weights = fitted
    return np.c_[(numbers - means) / sds, np.ones(len(numbers))] @ weights


def held_out(every: Sequence[Sample], numbers: Numbers) -> Numbers:
    """Return log odds told by numbers that were fitted without the question, and without any that is only measured."""
    folds = np.array([int(hashlib.sha256(one.text.lower().encode()).hexdigest()[:8], 16) % FOLDS for one in every])
    is_measured = np.array([one.is_measured for one in every])
    out = np.empty(len(every))
    for fold in range(FOLDS):
        out[folds == fold] = odds_of(_fitted(every, numbers, ~is_measured & (folds != fold)), numbers[folds == fold])
    out[is_measured] = odds_of(_fitted(every, numbers, ~is_measured), numbers[is_measured])
    return out


def _fitted(every: Sequence[Sample], numbers: Numbers, of: npt.NDArray[np.bool_]) -> tuple[Numbers, Numbers, Numbers]:
    return fit(numbers[of], [every[place] for place in np.flatnonzero(of)])


def thresholds(every: Sequence[Sample], odds: Numbers) -> tuple[float, float, float]:
    """Return the log odds that lose so many of the covered questions, chat as written for fitting among them."""
    asked = np.array([one.is_covered and one.file in (TUNE, OURS) and one.roadmap == LONGEST for one in every])
    covered, in_part, near = np.quantile(odds[asked], (LOST, LOST_IN_PART, LOST_ALTOGETHER))
    return float(covered), float(in_part), float(near)


def curve(odds: Numbers, is_covered: npt.NDArray[np.bool_]) -> dict[str, float]:
    """Return the share of foreign questions declined by the share of covered ones lost."""
    limits = {lost: np.quantile(odds[is_covered], lost) for lost in CURVE}
    return {str(lost): round(float((odds[~is_covered] < limit).mean()), 3) for lost, limit in limits.items()}


def figures(every: Sequence[Sample], judged: Sequence[Coverage]) -> dict[str, dict[str, float]]:
    """Return for each roadmap's files, and each style of facts, what share is declined, and near, of n questions."""
    out: dict[str, dict[str, float]] = {}
    for one, told in zip(every, judged, strict=True):
        file = one.file if one.roadmap == LONGEST else f"{one.roadmap}, {one.file}"
        sort = "covered" if one.is_covered else "foreign"
        for name in {f"{file}: {sort}": 0, f"{file}: {one.kind}": 0}:
            row = out.setdefault(name, {"n": 0, "no answer claimed": 0, "of these near": 0})
            row["n"] += 1
            row["no answer claimed"] += told != "covered"
            row["of these near"] += told == "near"
    for row in out.values():
        for name in list(row)[1:]:
            row[name] = round(float(row[name]) / row["n"], 3)
    return {name: row for name, row in out.items() if name.endswith(("covered", "foreign")) or name.startswith("facts")}


def report(every: Sequence[Sample], odds: Numbers, judged: Sequence[Coverage]) -> list[str]:
    """Return the curve and the figures as lines."""
    lines = ["foreign declined, by the share of covered ones lost:"]
    for name in (TUNE, TEST):
        some = np.array([one.file == name and one.roadmap == LONGEST for one in every])
        told = curve(odds[some], np.array([one.is_covered for one in every])[some])
        lines.append(f"{name:28}" + "  ".join(f"{lost}: {share:.3f}" for lost, share in told.items()))
    rows = figures(every, judged).items()
    return [
        *lines,
        "",
        *(f"{name:58}" + "  ".join(f"{key} {value}" for key, value in row.items()) for name, row in rows),
    ]


def keep(fitted: tuple[Numbers, Numbers, Numbers], limits: Sequence[float], told: Mapping[str, object]) -> None:
    """Write the numbers with what they were fitted on."""
    means, sds, weights = (np.round(part, 5).tolist() for part in fitted)
    rows = zip(SIGNS, means, sds, weights, strict=False)
    kept = {
        "fitted": told,
        "signs": {name: [mean, sd, weight] for name, mean, sd, weight in rows},
        "bias": weights[-1],
        **{name: round(at, 3) for name, at in zip(("covered", "in part", "near"), limits, strict=True)},
    }
    coverage.NUMBERS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def leaks(every: Sequence[Sample], notebook: AnswerEngine) -> list[str]:
    """List the questions written for fitting that are too near to one of the split `test`."""
    test = list(dict.fromkeys(one.text for one in every if one.file == TEST))
    ours = list(dict.fromkeys(one.text for one in every if one.file in (OURS, SHORT_TUNE)))
    made, kept = notebook.index.vectors(ours), notebook.index.vectors(test)
    if made is None or kept is None:
        return []
    return [text for text, near in zip(ours, (made @ kept.T).max(axis=1), strict=True) if near > TOO_NEAR]


def wrong(every: Sequence[Sample], odds: Numbers, judged: Sequence[Coverage]) -> Iterable[str]:
    """List what was told wrongly; never of what is only measured with."""
    rows = (
        (one.roadmap, one.file, one.is_covered, round(float(at), 2), one.text)
        for one, at, told in zip(every, odds, judged, strict=True)
        if not one.is_measured and one.is_covered != (told == "covered")
    )
    return (f"{roadmap}, {file}  {at}  {text}" for roadmap, file, _, at, text in sorted(rows))


def worth(every: Sequence[Sample], numbers: Numbers) -> Iterable[str]:
    """Tell what share of foreign questions is declined where .05 covered ones are, fitted without each sign."""
    of = np.array([not one.is_measured for one in every])
    is_covered = np.array([one.is_covered for one in every])[of]
    for place, name in [(-1, "none"), *enumerate(SIGNS)]:
        odds = held_out(every, np.delete(numbers, place, axis=1) if name != "none" else numbers)[of]
        yield f"without {name}: {curve(odds, is_covered)['0.05']:.3f}"


def main(given: argparse.Namespace) -> int:
    """Print the curve and the figures; fit again if asked to."""
    notebook = open_notebook(settings.load(_env_file=None))
    notebook.embed()
    foreign = strays()
    rows = embedded(foreign, notebook), embedded(carried_by(notebook), notebook)
    known = KnownQuestions(*(some.astype(np.float32) / coverage.UNIT for some in rows))
    looks = Looks(notebook, foreign, known)
    every = samples(notebook, looks.chunks)
    if leaking := leaks(every, notebook):
        print("Too near to a question that is only measured with:", *leaking, sep="\n  ", file=sys.stderr)
        return 1
    numbers = looks.signs(every)
    odds = held_out(every, numbers)
    passages = {name: len(notebook.index.chunks([SourceId(name)])) for name in notebook.library}

    def judged(model: coverage.CoverageModel) -> list[Coverage]:
        """Return what each question is by these limits."""
        return [model.judge(float(at), passages[one.roadmap]) for one, at in zip(every, odds, strict=True)]

    if given.fit:
        limits = thresholds(every, odds)
        fitted_on = [one for one in every if not one.is_measured]
        files = dict.fromkeys(f"{one.roadmap}, {one.file}" for one in fitted_on)
        told = {
            "by": "python -m benchmarks.coverage --fit",
            "on": SystemClock().now().date().isoformat(),
            "with": {name: sum(f"{one.roadmap}, {one.file}" == name for one in fitted_on) for name in files},
            "embedder": "all-MiniLM-L6-v2",
            "figures": figures(every, judged(coverage.CoverageModel({}, 0.0, *limits))),
        }
        keep(_fitted(every, numbers, np.array([not one.is_measured for one in every])), limits, told)
        for file, some in zip((coverage.STRAYS, coverage.CARRIED), rows, strict=True):
            np.save(file, some)
        coverage.model.cache_clear()
    found = judged(coverage.model())
    print("\n".join(report(every, odds, found)))
    if given.failures:
        print("", *wrong(every, odds, found), sep="\n")
    if given.worth:
        print("", *worth(every, numbers), sep="\n")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage")
    parser.add_argument("--fit", action="store_true", help="write the numbers anew")
    parser.add_argument("--failures", action="store_true", help="name what is told wrongly, but of the split test")
    parser.add_argument("--worth", action="store_true", help="fit without each sign in turn")
    sys.exit(main(parser.parse_args()))
