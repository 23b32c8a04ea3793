"""How well covered questions are told from foreign ones, and the fit of the numbers that tell them.

python -m benchmarks.coverage [--fit] [--failures] [--worth]

Fitted on the split `tune` of tests/golden/facts.yaml, on questions.yaml, newcomers.yaml and foreign.yaml there, and on
coverage.yaml beside this file; the split `test` is only reported. `--fit` writes bot/features/qa/answer/coverage.json
and strays.npy: the same notes and questions give the same numbers. What is printed of a question that was fitted on was
told by numbers fitted without it. Needs the vectors of the notes, and computes those that are missing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from bot import settings
from bot.core.clock import SystemClock
from bot.features.qa.answer import coverage
from bot.features.qa.answer.signs import SIGNS, signs
from bot.features.qa.evaluation.facts import read_facts
from bot.features.qa.evaluation.golden import Place, read_golden
from bot.features.qa.index.chunks import SourceId
from bot.llm.base import Matrix
from bot.notebook import Notebook, open_notebook

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
WRITTEN = Path(__file__).with_name("coverage.yaml")
OURS = "coverage.yaml"
TUNE, TEST = "facts.yaml, tune", "facts.yaml, test"
RIDGE = 1.0
"""Of .3 to 4 none is better by more than one question."""

FOLDS = 5
ROUNDS = 30
LOST = 0.08
"""The share of covered questions that no answer is claimed for: most are near and shown something. With .07 of them
.961 of the foreign questions of *tune* are declined instead of .976, by numbers fitted without each ..."""

LOST_ALTOGETHER = 0.015
"""... and that nothing is shown for."""

CURVE = (0.02, 0.03, 0.05, 0.08, 0.1)
TOO_NEAR = 0.9
"""Cosine from which on a question written for fitting is one of the split `test`."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """A question, whether the notes answer it, and where it comes from."""

    text: str
    is_covered: bool
    file: str
    kind: str


def samples(notebook: Notebook) -> list[Sample]:
    """Read every question."""
    track = notebook.track("genai-2026")
    topics = {topic.id for topic in track.roadmap.topics}
    places = {Place(chunk.note, chunk.heading) for chunk in notebook.index.chunks([SourceId(track.id)])}
    facts = read_facts(GOLDEN / "facts.yaml", topics)
    out = [Sample(one.turns[-1], True, f"facts.yaml, {one.split}", one.style) for one in facts.covered]
    out += [Sample(one.text, False, f"facts.yaml, {one.split}", one.kind) for one in facts.foreign]
    for name in ("questions.yaml", "newcomers.yaml", "foreign.yaml"):
        golden = read_golden(GOLDEN / name, places, topics)
        out += [Sample(one.text, True, name, one.style) for one in golden.covered]
        out += [Sample(one.text, False, name, one.kind) for one in golden.foreign]
    for key, groups in yaml.safe_load(WRITTEN.read_text(encoding="utf-8")).items():
        out += [Sample(str(text), key == "covered", OURS, kind) for kind, some in groups.items() for text in some]
    return out


def strays_of(every: Sequence[Sample], notebook: Notebook) -> npt.NDArray[np.int8]:
    """Embed the foreign questions that were written for fitting: int8 [n, dim]."""
    made = notebook.index.vectors([one.text for one in every if one.file == OURS and not one.is_covered])
    if made is None:
        raise SystemExit("The notes' vectors are missing.")
    return np.rint(made * coverage.UNIT).astype(np.int8)


def signs_of(every: Sequence[Sample], notebook: Notebook, strays: Matrix) -> Numbers:
    """Search for every question: float64 [n, signs]. A stray is no neighbour of itself."""
    sources = [SourceId(notebook.track("genai-2026").id)]
    texts = [one.text for one in every if one.file == OURS and not one.is_covered]
    out = []
    for one in every:
        others = strays[[text != one.text for text in texts]]
        numbers = signs(notebook.index.search(one.text, sources), one.text, others)
        out.append([numbers[name] for name in SIGNS])
    return np.array(out)


def fit(numbers: Numbers, is_covered: npt.NDArray[np.bool_]) -> tuple[Numbers, Numbers, Numbers]:
    """Return means, standard deviations, and weights with the bias last; both sorts weigh the same."""
    means, sds = numbers.mean(axis=0), numbers.std(axis=0) + 1e-6
    rows = np.c_[(numbers - means) / sds, np.ones(len(numbers))]
    share = np.where(is_covered, is_covered.mean(), 1 - is_covered.mean())
    ridge = np.diag([*np.full(numbers.shape[1], RIDGE), 1e-9])
    weights = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        chances = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ ((chances - is_covered) / (2 * share)) + ridge @ weights
        bend = (rows * (chances * (1 - chances) / (2 * share))[:, None]).T @ rows + ridge
        weights = weights - np.linalg.solve(bend, slope)
    return means, sds, weights


def odds_of(fitted: tuple[Numbers, Numbers, Numbers], numbers: Numbers) -> Numbers:
    """Return the log odds of every row."""
    means, sds, weights = fitted
    return np.c_[(numbers - means) / sds, np.ones(len(numbers))] @ weights


def held_out(every: Sequence[Sample], numbers: Numbers) -> Numbers:
    """Return log odds told by numbers that were fitted without the question, and without any of the split `test`."""
    is_covered = np.array([one.is_covered for one in every])
    is_test = np.array([one.file == TEST for one in every])
    folds = np.array([int(hashlib.sha256(one.text.lower().encode()).hexdigest()[:8], 16) % FOLDS for one in every])
    out = np.empty(len(every))
    for fold in range(FOLDS):
        some = ~is_test & (folds != fold)
        out[folds == fold] = odds_of(fit(numbers[some], is_covered[some]), numbers[folds == fold])
    out[is_test] = odds_of(fit(numbers[~is_test], is_covered[~is_test]), numbers[is_test])
    return out


def thresholds(every: Sequence[Sample], odds: Numbers) -> tuple[float, float]:
    """Return the log odds that lose so many of the covered questions, chat as written for fitting among them."""
    asked = np.array([one.is_covered and one.file in (TUNE, OURS) for one in every])
    return float(np.quantile(odds[asked], LOST)), float(np.quantile(odds[asked], LOST_ALTOGETHER))


def curve(odds: Numbers, is_covered: npt.NDArray[np.bool_]) -> dict[str, float]:
    """Return the share of foreign questions declined by the share of covered ones lost."""
    limits = {lost: np.quantile(odds[is_covered], lost) for lost in CURVE}
    return {str(lost): round(float((odds[~is_covered] < limit).mean()), 3) for lost, limit in limits.items()}


def figures(every: Sequence[Sample], odds: Numbers, covered: float, near: float) -> dict[str, dict[str, float]]:
    """Return for every file, and every style of the facts, what share is declined, and near, of n questions."""
    out: dict[str, dict[str, float]] = {}
    for place, one in enumerate(every):
        sort = "covered" if one.is_covered else "foreign"
        for name in (f"{one.file}: {sort}", f"{one.file}: {one.kind}"):
            row = out.setdefault(name, {"n": 0, "no answer claimed": 0, "of these near": 0})
            row["n"] += 1
            row["no answer claimed"] += odds[place] < covered
            row["of these near"] += near <= odds[place] < covered
    for row in out.values():
        for name in list(row)[1:]:
            row[name] = round(float(row[name]) / row["n"], 3)
    return {name: row for name, row in out.items() if name.endswith(("covered", "foreign")) or "facts" in name}


def report(every: Sequence[Sample], odds: Numbers, covered: float, near: float) -> list[str]:
    """Return the curve and the figures as lines."""
    lines = ["foreign declined, by the share of covered ones lost:"]
    for name in (TUNE, TEST):
        some = np.array([one.file == name for one in every])
        told = curve(odds[some], np.array([one.is_covered for one in every])[some])
        lines.append(f"{name:28}" + "  ".join(f"{lost}: {share:.3f}" for lost, share in told.items()))
    rows = figures(every, odds, covered, near).items()
    return [
        *lines,
        "",
        *(f"{name:36}" + "  ".join(f"{key} {value}" for key, value in row.items()) for name, row in rows),
    ]


def keep(fitted: tuple[Numbers, Numbers, Numbers], covered: float, near: float, told: Mapping[str, object]) -> None:
    """Write the numbers with what they were fitted on."""
    means, sds, weights = (np.round(part, 5).tolist() for part in fitted)
    rows = zip(SIGNS, means, sds, weights, strict=False)
    kept = {
        "fitted": told,
        "signs": {name: [mean, sd, weight] for name, mean, sd, weight in rows},
        "bias": weights[-1],
        "covered": round(covered, 3),
        "near": round(near, 3),
    }
    coverage.NUMBERS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def leaks(every: Sequence[Sample], notebook: Notebook) -> list[str]:
    """List the questions written for fitting that are too near to one of the split `test`."""
    ours, test = ([one.text for one in every if one.file == name] for name in (OURS, TEST))
    made, kept = notebook.index.vectors(ours), notebook.index.vectors(test)
    if made is None or kept is None:
        return []
    return [text for text, near in zip(ours, (made @ kept.T).max(axis=1), strict=True) if near > TOO_NEAR]


def wrong(every: Sequence[Sample], odds: Numbers, covered: float) -> Iterable[str]:
    """List what was told wrongly; never of the split `test`."""
    rows = [(one.file, one.is_covered, round(float(at), 2), one.text) for one, at in zip(every, odds, strict=True)]
    return (f"{file}  {at}  {text}" for file, yes, at, text in sorted(rows) if file != TEST and yes != (at >= covered))


def worth(every: Sequence[Sample], numbers: Numbers) -> Iterable[str]:
    """Tell what share of foreign questions is declined where .05 covered ones are, fitted without each sign."""
    of = np.array([one.file != TEST for one in every])
    is_covered = np.array([one.is_covered for one in every])[of]
    for place, name in [(-1, "none"), *enumerate(SIGNS)]:
        odds = held_out(every, np.delete(numbers, place, axis=1) if name != "none" else numbers)[of]
        yield f"without {name}: {curve(odds, is_covered)['0.05']:.3f}"


def main(given: argparse.Namespace) -> int:
    """Print the curve and the figures; fit anew if asked to."""
    notebook = open_notebook(settings.load(_env_file=None))
    notebook.embed()
    every = samples(notebook)
    if leaking := leaks(every, notebook):
        print("Too near to a question that is only measured with:", *leaking, sep="\n  ", file=sys.stderr)
        return 1
    bytes_of = strays_of(every, notebook)
    numbers = signs_of(every, notebook, bytes_of.astype(np.float32) / coverage.UNIT)
    odds = held_out(every, numbers)
    if given.fit:
        covered, near = thresholds(every, odds)
        ours = np.array([one.file != TEST for one in every])
        files = {name: sum(one.file == name for one in every) for name in dict.fromkeys(one.file for one in every)}
        told = {
            "by": "python -m benchmarks.coverage --fit",
            "on": SystemClock().now().date().isoformat(),
            "with": {name: n for name, n in files.items() if name != TEST},
            "embedder": "all-MiniLM-L6-v2",
            "figures": figures(every, odds, covered, near),
        }
        keep(fit(numbers[ours], np.array([one.is_covered for one in every])[ours]), covered, near, told)
        np.save(coverage.STRAYS, bytes_of)
        coverage.model.cache_clear()
    stored = coverage.model()
    print("\n".join(report(every, odds, stored.covered, stored.near)))
    if given.failures:
        print("", *wrong(every, odds, stored.covered), sep="\n")
    if given.worth:
        print("", *worth(every, numbers), sep="\n")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage")
    parser.add_argument("--fit", action="store_true", help="write the numbers anew")
    parser.add_argument("--failures", action="store_true", help="name what is told wrongly, but of the split test")
    parser.add_argument("--worth", action="store_true", help="fit without each sign in turn")
    sys.exit(main(parser.parse_args()))
