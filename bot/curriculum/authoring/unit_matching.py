"""Match the units of a changed outline with the old ones, by title and position. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

ALIKE = 0.6
"""Least share of common words for one title to count as a rewording of the other."""
SPELLED_ALIKE = 0.75
"""Least similarity of two words for one to count as a typo of the other."""

Unit = tuple[str, str]
"""The id and the title of a unit."""
Likeness = Callable[[list[str], list[str]], float]
"""Similarity of an old and a new title, by their words; 0 for no match."""


def match_unit_ids(before: Sequence[Unit], titles: Sequence[str]) -> list[str]:
    """Return the id of each unit of an outline, "" for a new one; a title that moved keeps its id.

    Between two unchanged titles, or the ends, a title that begins with or contains the words of an old one matches
    first, then a similar one. The rest matches by order.
    """
    left = list(before)
    ids: list[str] = []
    for title in titles:
        match = next((unit for unit in left if _split_words(unit[1]) == _split_words(title)), None)
        ids.append(match[0] if match else "")
        if match:
            left.remove(match)
    for at, gap in list(_find_gaps(before, ids)):
        for likeness in (_score_prefix, _score_contained, _score_alike):
            still = [unit for unit in gap if unit[0] not in ids]
            for place, ident in _match_likeliest(
                still, {place: titles[place] for place in at if not ids[place]}, likeness
            ):
                ids[place] = ident
    for at, gap in list(_find_gaps(before, ids)):
        for place, (ident, _) in zip(at, gap, strict=False):
            ids[place] = ident
    return ids


def _find_gaps(before: Sequence[Unit], ids: Sequence[str]) -> Iterator[tuple[range, list[Unit]]]:
    """Yield each run of unmatched titles, with the unmatched old units between the same neighbours."""
    place = {unit[0]: at for at, unit in enumerate(before)}
    at = 0
    while at < len(ids):
        end = next((index for index in range(at, len(ids)) if ids[index]), len(ids))
        first = place[ids[at - 1]] + 1 if at else 0
        last = place[ids[end]] if end < len(ids) else len(before)
        if at < end:
            yield range(at, end), [unit for unit in before[first:last] if unit[0] not in ids]
        at = end + 1


def _match_likeliest(gap: Sequence[Unit], titles: Mapping[int, str], likeness: Likeness) -> Iterator[tuple[int, str]]:
    """Yield pairs of title position and unit id, best match first, each once; ties go to the nearest in order."""
    pairs = [
        (-score, abs(index - nth), place, unit[0])
        for index, unit in enumerate(gap)
        for nth, (place, title) in enumerate(titles.items())
        if (score := likeness(_split_words(unit[1]), _split_words(title)))
    ]
    taken: set[str | int] = set()
    for _, _, place, ident in sorted(pairs):
        if place not in taken and ident not in taken:
            taken |= {place, ident}
            yield place, ident


def _score_prefix(old: list[str], new: list[str]) -> float:
    return len(old) / len(new) if new[: len(old)] == old else 0


def _score_contained(old: list[str], new: list[str]) -> float:
    """Score a title that contains the other's words in a row, as whole words."""
    short, long = sorted((old, new), key=len)
    places = range(len(long) - len(short) + 1)
    return len(short) / len(long) if any(long[at : at + len(short)] == short for at in places) else 0


def _score_alike(old: list[str], new: list[str]) -> float:
    """Score the common words of two titles; a word with a typo counts as the same."""
    shared = (Counter(old) & Counter(new)).total()
    if len(old) == len(new) == shared + 1:
        (ours,), (theirs,) = Counter(old) - Counter(new), Counter(new) - Counter(old)
        shared += SequenceMatcher(None, ours, theirs).ratio() >= SPELLED_ALIKE
    ratio = 2 * shared / (len(old) + len(new))
    return ratio if ratio >= ALIKE else 0


def _split_words(title: str) -> list[str]:
    return title.casefold().split()
