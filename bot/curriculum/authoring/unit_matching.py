"""Which unit of a changed outline is which of before: the same title, or else a new one between the same two. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

ALIKE = 0.6
"""How much of the words of two titles is the same where one is taken for the other's new wording, out of 1."""
SPELLED_ALIKE = 0.75
"""How much of two words is the same where one is a slip of the other."""

Unit = tuple[str, str]
"""The id and the title of a unit."""
Likeness = Callable[[list[str], list[str]], float]
"""How surely the words of a new title stand for those of an old one; 0 where they do not."""


def kept_ids(before: Sequence[Unit], titles: Sequence[str]) -> list[str]:
    """Return the id of each unit of an outline, "" for a new one; a title that moved takes its id along.

    Between two that are the same as before, or the ends, a title that begins with or has the words of an old one is
    that, then one that is nearly it, and what is left then goes by its order.
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
    """Yield each row of titles that are still new, with the units that stood between the same two and have none yet."""
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
    """Yield which title, by its place, is which unit, the surest first, each once; of equals those nearest in order."""
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
    """Say whether one title has the other's words in a row: whole words, for a flatbread is no bread."""
    short, long = sorted((old, new), key=len)
    places = range(len(long) - len(short) + 1)
    return len(short) / len(long) if any(long[at : at + len(short)] == short for at in places) else 0


def _score_alike(old: list[str], new: list[str]) -> float:
    """Say how much of two titles is the same; a word that is spelled nearly like its old one is the same."""
    shared = (Counter(old) & Counter(new)).total()
    if len(old) == len(new) == shared + 1:
        (ours,), (theirs,) = Counter(old) - Counter(new), Counter(new) - Counter(old)
        shared += SequenceMatcher(None, ours, theirs).ratio() >= SPELLED_ALIKE
    ratio = 2 * shared / (len(old) + len(new))
    return ratio if ratio >= ALIKE else 0


def _split_words(title: str) -> list[str]:
    return title.casefold().split()
