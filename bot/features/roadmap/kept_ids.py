"""Which unit of a changed outline is which of before: the same title, or else the same place between those. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

ALIKE = 0.6
"""How much of two titles is the same where one is taken for the other's new wording, out of 1."""

Unit = tuple[str, str]
"""The id and the title of a unit."""


def kept_ids(before: Sequence[Unit], titles: Sequence[str]) -> list[str]:
    """Return the id of each unit of an outline, "" for a new one; a title that moved takes its id along.

    Between two that are the same as before, or the ends, as many others as there were are those, in their order; of
    fewer or more those whose titles are alike.
    """
    left = list(before)
    ids: list[str] = []
    for title in titles:
        found = next((unit for unit in left if _key(unit[1]) == _key(title)), None)
        ids.append(found[0] if found else "")
        if found:
            left.remove(found)
    place = {unit[0]: at for at, unit in enumerate(before)}
    at = 0
    while at < len(ids):
        if ids[at]:
            at += 1
            continue
        end = next((one for one in range(at, len(ids)) if ids[one]), len(ids))
        first = place[ids[at - 1]] + 1 if at else 0
        last = place[ids[end]] if end < len(ids) else len(before)
        gap = [unit for unit in before[first:last] if unit in left]
        for one, ident in zip(range(at, end), _paired(gap, titles[at:end]), strict=True):
            ids[one] = ident
        left = [unit for unit in left if unit[0] not in ids]
        at = end
    return ids


def _paired(gap: Sequence[Unit], titles: Sequence[str]) -> list[str]:
    """Return the ids of units that stand between the same two as before."""
    if len(gap) == len(titles):
        return [ident for ident, _ in gap]
    left, ids = list(gap), list[str]()
    for title in titles:
        alike = [(SequenceMatcher(None, _key(said), _key(title)).ratio(), ident, said) for ident, said in left]
        best = max(alike, default=(0.0, "", ""))
        ids.append(best[1] if best[0] >= ALIKE else "")
        if ids[-1]:
            left.remove(best[1:])
    return ids


def _key(title: str) -> str:
    return " ".join(title.casefold().split())
