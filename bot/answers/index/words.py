"""Words of a question or a passage, reduced so that the two can be compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

WORD = re.compile(r"c\+\+|c#|f#|\.net\b|[^\W_]+", re.IGNORECASE)

_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")

STOP_WORDS = frozenset(
    WORD.findall("""
    a about actually again all also am an and any anybody anyone anything are arent as at be because been being both but
    by can cannot cant could couldnt did didnt do does doesnt doing dont each either else etc even ever every for from
    get gets getting give given goes going got gotta had has have havent having he hello help her hey hi him his how
    however i id if ill im in into is isnt it its ive just kinda know let lets like lot lots many may maybe me might
    more most much must my need needs never no not now of off oh ok okay on one only or other others our out over own
    people please pls plz quite rather really same say shall she should shouldnt show so some somebody someone something
    sometimes still such sure tell than thank thanks that thats the their them then there these they thing things think
    this those though thx to too u understand up ur us very want wants was wasnt we well were what whats when where
    whether which while who whom whose why will with without wont would wouldnt yes you your youre
    difference different differ differences between vs versus compare compared comparison mean means meaning explain
    explanation describe define definition example examples stuff way ways work works working use used uses using useful
    exactly basically simple simply better best good bad happen happens happened make makes making do always
    """)
)
"""Words that frame a question or fill a chat line and say nothing about its subject."""

MEAN = frozenset({"mean", "means"})
BEFORE_MEAN = frozenset(
    ("", *WORD.findall("a an the of or and vs versus between define explain describe sample arithmetic weighted"))
)
"""Words after which the mean is a subject, as in "what is the mean?"; in "what does it mean?" it only frames one."""

SHORT_FORMS = {
    "dict": "dictionary",
    "dicts": "dictionary",
    "df": "dataframe",
    "dfs": "dataframe",
    "func": "function",
    "funcs": "function",
    "fn": "function",
    "np": "numpy",
    "pd": "pandas",
    "arr": "array",
    "str": "string",
    "async": "asynchronous",
    "asynchronously": "asynchronous",
    "iter": "iterator",
    "gen": "generator",
    "param": "parameter",
    "params": "parameter",
    "args": "argument",
    "arg": "argument",
    "attr": "attribute",
    "attrs": "attribute",
    "col": "column",
    "cols": "column",
    "repo": "repository",
    "config": "configuration",
    "llms": "llm",
}

ENDINGS = (
    ("ations", "at"),
    ("ation", "at"),
    ("ities", "it"),
    ("ity", "it"),
    ("ments", ""),
    ("ment", ""),
    ("nesses", ""),
    ("ness", ""),
    ("ables", ""),
    ("able", ""),
    ("ibles", ""),
    ("ible", ""),
    ("ingly", ""),
    ("ings", ""),
    ("ing", ""),
    ("edly", ""),
    ("ied", "i"),
    ("ies", "i"),
    ("ed", ""),
    ("ers", ""),
    ("er", ""),
    ("ors", ""),
    ("or", ""),
    ("ally", ""),
    ("ly", ""),
    ("ions", ""),
    ("ion", ""),
    ("es", ""),
    ("s", ""),
    ("e", ""),
    ("y", "i"),
)
SHORTEST_STEM = 3

_AMERICAN = re.compile(r"(?<=[a-z]{3})iz(?=e|ing|ation)|(?<=l)yz(?=e|ing)")


def plain(text: str) -> str:
    """Return a text in the characters that notes use: compatibility forms (NFKC), without those that nobody sees."""
    seen = (char for char in text if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", "".join(seen))


def ungrouped(text: str) -> str:
    """Return a text with its numbers as they are typed in a chat: "1,000" is "1000"."""
    return _GROUPED.sub("", text)


def words(text: str) -> list[str]:
    """List the words of a text in lower case; apostrophes close up, so that "don't" is "dont"."""
    return WORD.findall(ungrouped(text).lower().replace("'", "").replace("’", ""))


def british(word: str) -> str:
    """Return a word as notes in British English spell it: "tokenizer" is "tokeniser"."""
    return _AMERICAN.sub(lambda match: match[0][0] + "s", word)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Cut a word's ending, boldly: it is only ever compared with other stems."""
    word = british(SHORT_FORMS.get(word, word))
    if not word.isalpha() or len(word) <= SHORTEST_STEM:
        return word
    for ending, instead in ENDINGS:
        if (
            word.endswith(ending)
            and not word.endswith("ss")
            and len(word) - len(ending) + len(instead) >= SHORTEST_STEM
        ):
            word = word[: len(word) - len(ending)] + instead
            break
    if len(word) > SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    if len(word) > SHORTEST_STEM and word[-1] == "y":
        word = word[:-1] + "i"
    return word.removesuffix("at") if len(word) > 5 else word


def content(text: str) -> list[str]:
    """List the words of a text that say what it is about, in their order, each once."""
    every = words(text)
    subject = (
        word
        for before, word in zip(("", *every), every, strict=False)
        if word not in STOP_WORDS or (word in MEAN and before in BEFORE_MEAN)
    )
    return list(dict.fromkeys(subject))


def stems(text: str) -> frozenset[str]:
    """Return the stems of the words that say what a text is about."""
    return frozenset(stem(word) for word in content(text))


def overlap(wanted: frozenset[str], held: Iterable[str]) -> float:
    """Return the share of wanted stems that are held, 0 to 1; nothing wanted is 0."""
    return len(wanted.intersection(held)) / len(wanted) if wanted else 0.0
