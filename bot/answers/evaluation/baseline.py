"""What was shown for each question when it was last kept, and whether now is worse by more than noise."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev

from bot.answers.evaluation.recall import FactReport, RecallResult

Kept = Mapping[str, float]
"""By question: the share of its facts that was shown; of a foreign one 1 if it was declined, else 0."""

NOISE = 2.0
"""Standard errors of the mean paired difference: three questions of two hundred that are lost while none is won pass,
because processors round the embedder differently; five do not."""


@dataclass(frozen=True, slots=True)
class Change:
    """A figure before and now, over the questions that both know.

    Args:
        error: standard error of the mean difference between the two for the same question.
    """

    name: str
    n: int
    before: float
    now: float
    error: float

    @property
    def is_worse(self) -> bool:
        """Say whether it fell by more than noise."""
        return self.now - self.before < -NOISE * self.error

    def told(self) -> str:
        """Return it as a line."""
        mark = "  worse by more than noise" if self.is_worse else ""
        return f"{self.name:22} {self.n:4}  {self.before:.3f} > {self.now:.3f}  ±{NOISE * self.error:.3f}{mark}"


def keep(report: FactReport, file: Path) -> None:
    """Write what a report shows, one question a line, so that a change of it reads as one."""
    file.write_text(json.dumps(_collect_shares(report), indent=0, sort_keys=True) + "\n", encoding="utf-8")


def read_baseline(file: Path) -> Kept:
    """Return what was kept; nothing where there is no such file."""
    if not file.is_file():
        return {}
    stored = json.loads(file.read_text(encoding="utf-8"))
    return {str(key): float(value) for key, value in stored.items()}


def changes(report: FactReport, stored: Kept) -> list[Change]:
    """Compare a report with what was kept, question by question; a figure of which nothing was kept is left out."""
    groups: tuple[tuple[str, Mapping[str, float]], ...] = (
        ("facts shown", _map_values(report.covered, _average_facts)),
        ("covered, answered", _collect_answered(report)),
        ("facts of follow-ups", _map_values(report.followups, _average_facts)),
        ("foreign, declined", _collect_foreign(report)),
    )
    return [change for name, now in groups if (change := _compare(name, stored, now)) is not None]


def _collect_shares(report: FactReport) -> dict[str, float]:
    return {
        **_map_values((*report.covered, *report.followups), _average_facts),
        **_collect_answered(report),
        **_collect_foreign(report),
    }


def _compare(name: str, stored: Kept, now: Mapping[str, float]) -> Change | None:
    pairs = [(stored[key], value) for key, value in now.items() if key in stored]
    if len(pairs) < 2:
        return None
    before, after = ([pair[place] for pair in pairs] for place in (0, 1))
    error = stdev(b - a for a, b in pairs) / math.sqrt(len(pairs))
    return Change(name, len(pairs), fmean(before), fmean(after), error)


def _map_values(every: Iterable[RecallResult], value: Callable[[RecallResult], float]) -> dict[str, float]:
    return {key: value(result) for key, result in _add_keys(every)}


def _add_keys(every: Iterable[RecallResult]) -> list[tuple[str, RecallResult]]:
    return [(_hash_turns(result.question.turns), result) for result in every]


def _average_facts(result: RecallResult) -> float:
    return round(fmean(result.in_answer), 3)


def _collect_answered(report: FactReport) -> dict[str, float]:
    return {f"{key} answered": float(result.coverage == "covered") for key, result in _add_keys(report.covered)}


def _collect_foreign(report: FactReport) -> dict[str, float]:
    return {_hash_turns([stray.text]): float(coverage != "covered") for stray, coverage, _ in report.foreign}


def _hash_turns(turns: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(turns).encode()).hexdigest()[:12]
