"""How the two legs of a search become one ranking. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence

DENSE_WEIGHT = 0.5
"""Of .4 to .8 the best for the facts that answers hold: `docs/evaluation.md`."""

DENSE_WEIGHT_OF_ONE_WORD = 0.75
"""A single word matches wherever it occurs; meaning decides then."""

COMPANY = 3
COMPANY_WEIGHT = 0.2
"""What the best chunks of its note add to a chunk: a note on the subject is near with more than one of them. Four times
as much brings up what only stands beside the answer."""

STAYS = 0.35
"""What one of the best chunks for the question before reaches, for both, where a question stays with it. Six of ten
that did pass, three in a hundred on another topic, a third of those on another subject of its topic."""

NEAR_BEFORE = 10
"""Chunks that are the best for the question before."""

STAYING_WEIGHT = 0.6
"""What the question before weighs then: .4 holds .06 fewer of the facts, .8 loses .02 where the subject was another."""


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


def of_subject(
    ranked: Sequence[tuple[int, float]], typed: Mapping[int, float], earlier: Mapping[int, float]
) -> list[tuple[int, float]]:
    """Rank chunks of a question anew by what it asks of its subject: each counts as far as it is of that.

    Args:
        ranked: (chunk number, score) for the question with its subject.
        typed: scores for the question with a pronoun in its place: what is asked of it.
        earlier: scores for the question before: what is of the subject.
    """
    joint = [(i, (score + typed.get(i, 0.0) * earlier.get(i, 0.0)) / 2) for i, score in ranked]
    return sorted(joint, key=lambda item: (-item[1], item[0]))


def staying(ranked: Sequence[tuple[int, float]], earlier: Mapping[int, float]) -> list[tuple[int, float]]:
    """Rank chunks of a question anew that may go on with the one before, if what answers that answers it too.

    Args:
        ranked: (chunk number, score) for the question by itself.
        earlier: scores for the question before.
    """
    own = dict(ranked)
    best = sorted(earlier, key=lambda i: (-earlier[i], i))[:NEAR_BEFORE]
    if max((min(own.get(i, 0.0), earlier[i]) for i in best), default=0.0) < STAYS:
        return [*ranked]
    joint = {
        i: (own.get(i, 0.0) + STAYING_WEIGHT * earlier.get(i, 0.0)) / (1 + STAYING_WEIGHT) for i in {**own, **earlier}
    }
    return sorted(joint.items(), key=lambda item: (-item[1], item[0]))


def _scale(scores: dict[int, float]) -> dict[int, float]:
    """Scale scores to 0 for the worst and 1 for the best; equal scores are all best."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {i: (score - low) / (high - low) if high > low else 1.0 for i, score in scores.items()}
