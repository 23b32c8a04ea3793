"""How the two legs of a search become one ranking. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Sequence

DENSE_WEIGHT = 0.5
"""Of .4 to .8 the best for the facts that answers hold: `docs/evaluation.md`."""

DENSE_WEIGHT_OF_ONE_WORD = 0.75
"""A single word matches wherever it occurs; meaning decides then."""

COMPANY = 3
COMPANY_WEIGHT = 0.2
"""What the best chunks of its note add to a chunk: a note on the subject is near with more than one of them. Four times
as much brings up what only stands beside the answer."""


def fuse(
    lexical: dict[int, float],
    cosines: dict[int, float] | None,
    weight: float = DENSE_WEIGHT,
    waiting: Collection[int] = (),
) -> list[tuple[int, float]]:
    """Join the legs by a convex combination of their scaled scores; best first. None: there is no dense leg.

    Args:
        waiting: chunks whose rows are not known yet: their words alone count.
    """
    words = _scale(lexical)
    if cosines is None:
        joint = words
    else:
        meaning = _scale(cosines)
        known = {i: weight * meaning.get(i, 0.0) + (1 - weight) * words.get(i, 0.0) for i in {**meaning, **words}}
        joint = {**known, **{i: words[i] for i in waiting if i in words}}
    return sorted(joint.items(), key=lambda item: (-item[1], item[0]))


def in_company(ranked: Sequence[tuple[int, float]], notes: Sequence[Hashable]) -> list[tuple[int, float]]:
    """Rank chunks anew with what the best of their note add; best first, scores still 0 to 1.

    Args:
        ranked: (chunk number, score), best first.
        notes: the note of each chunk.
    """
    of_note: defaultdict[Hashable, list[float]] = defaultdict(list)
    for i, score in ranked:
        if len(of_note[notes[i]]) < COMPANY:
            of_note[notes[i]].append(score)
    joint = [
        (i, (score + COMPANY_WEIGHT * sum(of_note[notes[i]]) / COMPANY) / (1 + COMPANY_WEIGHT)) for i, score in ranked
    ]
    return sorted(joint, key=lambda item: (-item[1], item[0]))


def _scale(scores: dict[int, float]) -> dict[int, float]:
    """Scale scores to 0 for the worst and 1 for the best; equal scores are all best."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {i: (score - low) / (high - low) if high > low else 1.0 for i, score in scores.items()}
