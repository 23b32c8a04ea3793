"""A text as clauses of words that can be held against another's: by class of meaning, with what turns it around."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answers.index.sentences import without_links
from bot.answers.index.words import stem, ungrouped, words
from bot.answers.model.synonyms import CLASSES

NOT, ONLY, ALL, MUST = "=not", "=only", "=all", "=must"
IF, BECAUSE, SO, BY, FOR = "=if", "=because", "=so", "=by", "=for"
"""Classes of words that turn around or bind what is said."""

INSTEAD = "insteadof"
"""What "rather than" and the like are read as: a "not" of which all that follows can be left out."""

WITHIN, AFTER, ANEW = 0, 1, 2
"""How a clause begins: in the midst of what is said, after a comma, or with a statement of its own."""

_TOKEN = re.compile(
    r"c\+\+|c#|f#|\d+(?:\.\d+)?(?:e-?\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)?"
    r"|[%<>=+*/^×·≤≥√−]|(?<=[\s\d)])-(?=[\s\d])|[.,;:()|—–!?]"
)
_PHRASES = tuple(
    (re.compile(rf"\b(?:{written})\b"), f" {word} ")
    for written, word in (
        ("rather than|instead of|in (?:the )?place of|as opposed to", INSTEAD),
        ("no longer", "not"),
        ("as long as|provided(?: that)?|in case", "if"),
        ("due to|owing to|because of|thanks to", "because"),
        ("so that|which is why|that is why", "so"),
        ("as well(?: as)?", "and"),
        ("at least|or more", "atleast"),
        ("at most|up to", "atmost"),
        ("per cent", "percent"),
    )
)
_LIGHT = frozenset(
    words(
        "a an the and or is are be been being was were has have had having it its they them their theirs this that"
        " these those which who whom whose what there here do does did doing of to from into onto upon about such then"
        " thus just simply really quite rather also even very itself themselves own you your yours we our us he his"
        " she her as use uses used using take takes choose chooses prefer prefers call calls called let lets get gets"
        " example examples mean means meaning say says way ways can could may might would will shall should usually"
        " often mostly roughly sometimes typically generally partly likely tends tend approximately around nearly"
        " almost occasionally both respectively e g s t re ll ve yes again still while whereas but however although"
        " though yet how whether therefore well thereby fact indeed"
    )
)
"""Words that a sentence may leave out or add without saying another thing."""

_SIGNS = {
    word: sign
    for sign, written in (
        (NOT, "not no never cannot cant dont doesnt didnt isnt arent wasnt werent wont hasnt havent shouldnt neither"),
        (NOT, "nor nothing none nobody nowhere without hardly barely seldom rarely unable fail fails failed insteadof"),
        (ONLY, "only merely solely alone"),
        (ALL, "always every each all everything everybody everyone whole entire whatever any"),
        (MUST, "must"),
        (IF, "if when where once whenever unless until"),
        (BECAUSE, "because since"),
        (SO, "so hence"),
        (FOR, "in on at for with among within between during through under across"),
        (BY, "by"),
    )
    for word in words(written)
}
_CONTRASTS = frozenset(("while", "whereas"))
_JOINS = frozenset(("and", "or", "but", "yet", "nor"))
_SYMBOLS = frozenset("%<>=+*/^×·≤≥√−-")
_COUNTED = {
    "zero": 0.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0, "eight": 8.0,
    "nine": 9.0, "ten": 10.0, "twice": 2.0, "eleven": 11.0, "twelve": 12.0, "twenty": 20.0, "thirty": 30.0,
    "fifty": 50.0, "hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
}  # a table of data # fmt: skip
_POINTING = frozenset(words("the that which this each every another no ones"))
_POINTS_BACK = frozenset(words("it they this these such that its their those he she both each"))


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign.

    Args:
        forms: its classes of meaning; two tokens that have one in common say the same.
        is_free: it may be left out or added.
        number: its value, if it is one.
    """

    word: str
    forms: frozenset[str]
    is_free: bool = False
    number: float | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """Neighbouring tokens and how they begin.

    Args:
        is_aside: it stands in parentheses.
    """

    tokens: tuple[Token, ...]
    begins: int
    is_aside: bool = False

    @property
    def said(self) -> tuple[Token, ...]:
        """Return the tokens that say something."""
        return tuple(token for token in self.tokens if not token.is_free)


@lru_cache(maxsize=8192)
def clauses(text: str) -> tuple[Clause, ...]:
    """Cut a text into its clauses."""
    return tuple(clause for clause in _cut(text) if clause.tokens)


def points_back(text: str) -> bool:
    """Say whether a sentence begins with a word for what was spoken of before."""
    match = re.match(r"\W*(\w+)", text)
    return match is not None and match[1].lower() in _POINTS_BACK


def _cut(text: str) -> Iterator[Clause]:
    row: list[Token] = []
    begins, depth, follows = ANEW, 0, False
    for word in _words(text):
        if not (word[0].isalnum() or word in _SYMBOLS):
            yield Clause(tuple(row), begins, depth > 0)
            depth = max(0, depth + (word == "(") - (word == ")"))
            row, begins, follows = [], AFTER if word in ",()" else ANEW, word == ","
            if word == ":":
                row.append(Token(":", frozenset({BECAUSE, SO}), is_free=True))
            continue
        is_new = word in _CONTRASTS or (word in _JOINS and follows)
        if is_new or word in _JOINS or _SIGNS.get(word) in {IF, BECAUSE, SO}:
            if any(not token.is_free for token in row):
                yield Clause(tuple(row), begins, depth > 0)
                row, begins = [], WITHIN
            begins = ANEW if is_new else begins
        follows = False
        row.append(_token(word, row))
    yield Clause(tuple(row), begins, depth > 0)


def _words(text: str) -> list[str]:
    text = ungrouped(without_links(text)).lower().replace("**", " ")
    for pattern, instead in _PHRASES:
        text = pattern.sub(instead, text)
    return [re.sub("['’]", "", re.sub("['’]s$", "", word)) for word in _TOKEN.findall(text)]


def _token(word: str, before: Sequence[Token]) -> Token:
    if re.match(r"\d", word):
        return _number(word, float(word))
    if word in _COUNTED:
        last = before[-1] if before else None
        if word == "one" and last is not None and last.word in _POINTING:
            return Token(word, frozenset(), is_free=True)
        return _number(word, _COUNTED[word])
    if word in {"%", "percent"}:
        return Token(word, frozenset({"percent"}))
    sign = _SIGNS.get(word)
    if sign is not None:
        return Token(word, frozenset({sign, word} if word in {"unless", "until"} else {sign}), is_free=sign == FOR)
    return Token(word, forms(word), is_free=word in _LIGHT)


def _number(word: str, value: float) -> Token:
    return Token(word, frozenset({f"#{value:g}"}), number=value)


@lru_cache(maxsize=20_000)
def forms(word: str) -> frozenset[str]:
    """Return the stem of a word and the classes of meaning that it belongs to."""
    cut = stem(word)
    return CLASSES.get(cut, frozenset()) | {cut}
