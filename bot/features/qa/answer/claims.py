"""What a sentence claims and its evidence does not: numbers, names, negations, opposites, orders, lost limits."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import combinations

from bot.features.qa.answer.evidence import Ground, Unit, held_stems, in_common, tokens
from bot.features.qa.answer.numbers import rounded, values
from bot.features.qa.answer.opposites import OPPOSITES, PREFIXES
from bot.features.qa.index.words import STOP_WORDS, overlap, stem, stems, words

NEGATIONS = frozenset(
    words(
        "not no never cannot cant dont doesnt didnt isnt arent wasnt werent wont hasnt havent shouldnt neither nor"
        " nothing none nobody nowhere unable without hardly barely fails fail"
    )
)
POINTING = frozenset(words("it this that these those them"))
"""After "without" they mean what was said before: nothing that follows is negated."""

REACH = 2
"""Words after a "not" that it negates."""

VERBATIM = 0.8
"""Share of a sentence's words that stand in its evidence in the same order, from which on a changed word is no
rewording."""

FOREIGN = re.compile(
    r"https?://\S+|www\.\S+|\b[\w.-]+@[\w-]+\.\w+|<[^<>\s][^<>]*>|@(?:everyone|here|channel)\b|!?\[[^\]]*\]\([^)]*\)",
    re.IGNORECASE,
)
"""Links, addresses, tags and mentions: allowed only where the evidence itself has them."""

CODE = re.compile(r"`([^`]+)`")
NAME = re.compile(r"\b(?:\w*[A-Z]\w*[A-Z]\w*|[A-Za-z]+[-_]?\d[\w.-]*|\w+_\w+)\b|(?<=[a-z,;:] )[A-Z][a-z]+\b")
"""Acronyms, joined names, names with digits, and capital letters inside a sentence."""

SWEEPING = frozenset(stem(word) for word in words("always never every all guarantees guaranteed impossible must"))
"""Words that leave no exception: a sentence may use one only where its evidence does."""

CLAUSE = re.compile(
    r"[,;:(]?\s*\b(?=(?:unless|except|only|but|although|though|(?<!as )if|as long as|provided|until|while|whereas|when"
    r"|where|because|so|which|since)\b)|[;:,()]\s",
    re.IGNORECASE,
)
HEDGES = frozenset(
    words("usually often mostly roughly may might sometimes rarely almost nearly typically generally partly seldom")
    + words("likely tends tend could approximately around average occasionally")
)
"""Words that make a statement smaller."""

SETTING = re.compile(r"^(?:In|With|For|At|On|Under|Without|During|Among|Within)\b[^,:;]{3,70},")
"""The circumstances that a sentence begins with."""

HALF = 0.5
"""Share of a clause's words from which on a sentence speaks of the same."""

MOSTLY = 0.7
"""Share of a statement's words from which on a sentence repeats it, and has to repeat its limits."""

KEPT = 0.34
"""Share of a limit's own words that a sentence must keep."""

UNSAID = re.compile(
    r"\b(?:only|rather than|instead of|too|un\w{4,}|im\w{4,}|in(?:dependent|exact|correct)\w*|lacks?)\b", re.I
)
"""Other ways to say that something is not."""

NEAR = 4
"""Words between two that are in each other's company."""

FEW = 2
"""Words that make a clause say something."""

BINDING = re.compile(
    r"^\W*(?:unless|except|only|but|although|though|if|as long as|provided|until|when|where|while)\b",
    re.IGNORECASE,
)


def adds_number(sentence: str, ground: Ground, allowed: Collection[float] = ()) -> bool:
    """Say whether a sentence has a number that neither its evidence nor a sum has."""
    held = ground.numbers | set(allowed)
    return any(not _is_held(value, written, held) for value, written in values(sentence).items())


def _is_held(value: float, written: str, held: Collection[float]) -> bool:
    return value in held or ("%" in written and rounded(value * 100) in held and value < 1)


def adds_name(sentence: str, ground: Ground, passage: str) -> bool:
    """Say whether a sentence has a name, a name of code or a link that its evidence does not have."""
    if any(foreign not in passage for foreign in FOREIGN.findall(sentence)):
        return True
    known = set(words(passage))
    if any(not set(words(code)) <= known for code in CODE.findall(sentence)):
        return True
    held = ground.stems | set(tokens(ground.text)) | set(tokens(ground.names))
    named = {stem(word) for name in NAME.findall(CODE.sub(" ", sentence)) for word in words(name)}
    return bool(named - held - {stem(word) for word in STOP_WORDS})


def contradicts(sentence: str, ground: Ground) -> bool:
    """Say whether a sentence negates or reverses its evidence.

    A true rewording may be lost ("cannot be changed" for "immutable"); a false one shown would be worse.
    """
    own = tokens(sentence)
    nearest = max(ground.units, key=lambda unit: in_common(own, tokens(unit.text)) / (8 + len(tokens(unit.text))))
    return (
        _negates(sentence, ground, nearest)
        or _reverses(sentence, ground)
        or _swaps(tokens(_spans(sentence)), tokens(_spans(ground.text)))
        or _alters(own, ground, nearest)
    )


def _negates(sentence: str, ground: Ground, nearest: Unit) -> bool:
    """Compare what a "not" reaches in a sentence and in its evidence."""
    ours, theirs = negated(sentence), negated(ground.text)
    affirmed = stems(sentence) - ours
    plainly = stems(nearest.text) - negated(nearest.text)
    if ours & plainly and not ours & theirs:
        return True
    if theirs & affirmed & stems(nearest.text) and not ours and theirs & negated(nearest.text):
        return True
    if _count(sentence) and not _count(ground.text) and not UNSAID.search(ground.text):
        return True
    own = stems(sentence)
    same = " ".join(part for part in CLAUSE.split(nearest.text) if part and overlap(stems(part), own) >= MOSTLY)
    return _count(sentence) % 2 != _count(same) % 2 and is_verbatim(tokens(sentence), tokens(nearest.text))


def _count(text: str) -> int:
    return sum(word in NEGATIONS for word in words(text))


def negated(text: str) -> frozenset[str]:
    """Return the stems of the words that a "not" reaches: the next two that carry meaning, up to a comma."""
    out: set[str] = set()
    for clause in re.split(r"[,;:.()]\s", text):
        reach = 0
        for word in words(clause):
            if word in NEGATIONS:
                reach = REACH
            elif reach == REACH and word in POINTING:
                reach = 0
            elif reach and word not in STOP_WORDS:
                out.add(stem(word))
                reach -= 1
    return frozenset(out)


def _reverses(sentence: str, ground: Ground) -> bool:
    """Look for a word where the evidence has its opposite."""
    ours, theirs = set(words(sentence)), set(words(f"{ground.text} {ground.names}"))
    own, held = tokens(sentence), tokens(ground.text)
    for one, other in OPPOSITES:
        for a, b in ((one, other), (other, one)):
            told, against = ours & a, theirs & b
            if told and "than" in ours and not theirs & (a | b):
                return True
            if not told or not against:
                continue
            if not theirs & a and not ours & b:
                return True
            if _fits_better(own, held, {stem(word) for word in told}, {stem(word) for word in against}):
                return True
    return any(
        (prefix + word in theirs and word not in theirs) or (prefix + word in ours and word not in ours)
        for prefix in PREFIXES
        for word in ours ^ theirs
        if len(word) > 3
    )


def _fits_better(own: tuple[str, ...], held: tuple[str, ...], told: set[str], against: set[str]) -> bool:
    """Say whether a sentence with one word put in the place of its opposite is more like its evidence."""
    usual = in_common(own, held)
    places = [place for place, word in enumerate(own) if word in told]
    return any(
        in_common((*own[:place], other, *own[place + 1 :]), held) > usual for place in places for other in against
    )


def _spans(text: str) -> str:
    """Return a text with each span of code as one word."""
    return CODE.sub(lambda span: " code" + re.sub(r"\W", "", span[1]) + " ", text)


def _swaps(own: tuple[str, ...], held: tuple[str, ...]) -> bool:
    """Say whether two words of a sentence, changed for one another, make it much more like its evidence."""
    shared = [word for word in dict.fromkeys(own) if word in held and (word not in STOP_WORDS or word.isdigit())]
    usual, company = in_common(own, held), _company(own, held)
    for one, other in combinations(shared[:14], 2):
        change = {one: other, other: one}
        swapped = tuple(change.get(word, word) for word in own)
        gain = in_common(swapped, held) - usual
        if gain >= 2 or (gain >= 1 and _company(swapped, held) >= company + 2):
            return True
    return False


def _company(own: tuple[str, ...], held: tuple[str, ...]) -> int:
    """Count the pairs of neighbouring words of a sentence that stand near each other in its evidence too."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(held):
        places.setdefault(word, []).append(place)
    return sum(
        any(0 < abs(one - other) <= NEAR for one in places.get(own[i], ()) for other in places.get(own[j], ()))
        for i in range(len(own))
        for j in range(i + 1, min(i + 3, len(own)))
    )


def _alters(own: tuple[str, ...], ground: Ground, nearest: Unit) -> bool:
    """Say whether a sentence repeats its evidence but for a word or two: one that is reworded has more of its own."""
    every = (tokens(ground.text), tokens(nearest.text))
    if not any(is_verbatim(own, held) for held in every):
        return False
    return not any(_is_part(own, held) for held in every)


def _is_part(own: tuple[str, ...], held: tuple[str, ...]) -> bool:
    """Say whether all words of a sentence that carry meaning stand in its evidence in the same order."""
    carrying = tuple(word for word in own if word not in STOP_WORDS)
    return in_common(carrying, held) == len(carrying)


def is_verbatim(own: tuple[str, ...], held: tuple[str, ...]) -> bool:
    """Say whether most of a sentence stands in its evidence word by word."""
    return bool(own) and in_common(own, held) / len(own) >= VERBATIM


def adds_clause(sentence: str, passage: str) -> bool:
    """Say whether a clause of a sentence is about something that its passages do not speak of at all."""
    held = held_stems(passage)
    clauses = (stems(clause) for clause in re.split(r"[,;:()]\s|\b(?:and|which|so)\b", sentence))
    return any(len(clause) >= FEW and overlap(clause, held) < KEPT for clause in clauses)


def is_sweeping(sentence: str, ground: Ground) -> bool:
    """Say whether a sentence leaves no exception where its evidence does not say so."""
    own = {stem(word) for word in words(sentence)}
    held = {stem(word) for word in words(ground.text)}
    if stem("each") in own - held and stem("only") in held - own:
        return True
    return bool((own & SWEEPING) - held)


def loses_limit(sentence: str, ground: Ground) -> bool:
    """Say whether a sentence states without its limit what its evidence limits: a condition, an exception, a hedge."""
    own, hedges = stems(sentence), len(HEDGES & set(words(sentence)))
    for unit in ground.units:
        if unit.text.startswith("|"):
            continue
        setting = SETTING.match(unit.text)
        rest = unit.text[setting.end() :] if setting else unit.text
        clauses = [part for part in CLAUSE.split(rest) if part and part.strip()]
        same = [clause for clause in clauses if overlap(stems(clause), own) >= HALF]
        if hedges < sum(len(HEDGES & set(words(clause))) for clause in same if _hedged(clause) & own):
            return True
        limits = [clause for clause in clauses if BINDING.match(clause)]
        main = stems(" ".join(clause for clause in clauses if clause not in limits))
        limits += [setting[0]] if setting else []
        if len(main) >= FEW and overlap(main, own) >= MOSTLY and any(_is_lost(limit, main, own) for limit in limits):
            return True
    return False


def _hedged(clause: str) -> frozenset[str]:
    """Return the stems of the words that follow hedges."""
    every = words(clause)
    return frozenset(
        next((stem(word) for word in every[place + 1 :] if word not in STOP_WORDS), "")
        for place, word in enumerate(every)
        if word in HEDGES
    )


def _is_lost(limit: str, main: frozenset[str], own: frozenset[str]) -> bool:
    left = stems(limit) - main
    return bool(left) and overlap(left, own) < KEPT
