"""The last turn of a conversation, completed by the turns before it."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bot.answers.index.words import STOP_WORDS, WORD, content, words
from bot.understanding import free_text
from bot.understanding.free_text import Utterance

ASKED_MAX, ANSWERED_MAX = 500, 600
"""Characters that are kept of a question and of its answer, for the turns that follow."""

OPENING = re.compile(
    r"^(?:and|or|but|also|then|so|ok(?:ay)?|hm+|(?:so )?what about|how about|what if|same for|is that|does that|for)\b",
    re.IGNORECASE,
)
TIED = re.compile(
    r"^(?:(?:and|or|but|also|then|so|hm+)\W+)+(?:(?:what|how) about\W+)?|^(?:what|how) about\W+", re.IGNORECASE
)
CHOICE = re.compile(r"^which\b(?!.*\bor\b)", re.IGNORECASE)
CHOICE_WORDS = 2
"""Words of its own of a turn that asks which: so few are of what was spoken of, as in "which rate is usual"."""
POINTING = frozenset(words("it its that they them their those these this one ones there former latter same"))
BACK = re.compile(
    r"^(?:(?:wh\w+|how)\s+(?:\w+\s+)?)?(?:is|are|was|were|does|do|did|can|could|will|would|should|has|have)(?:n'?t)?\s+"
    r"(?!it\s+(?:\w+\s+){1,2}(?:to|that)\b)(?:it|they|this|that|these|those)\b",
    re.IGNORECASE,
)
"""Asks of a pronoun itself; in "how do I know if it is slow" or "is it wrong to pad" it stands for nothing earlier."""

FEW_WORDS = 3
"""A turn with more words of its own than this stands alone, unless it disputes what was answered."""

PRONOUN = re.compile(
    r"\b(?:(?P<whose>its|their)|it|they|them|(?:this|that|these|those)"
    r"(?=\W*$|\s+(?:" + "|".join(sorted(STOP_WORDS)) + r")\b))\b",
    re.IGNORECASE,
)
"""Stands for a subject by itself; "that" before a noun does not."""

OBJECT = re.compile(r"\b(it|them|that|this|these|those)\W*$", re.IGNORECASE)

NAMES = re.compile(
    r"^\W*(?:(?:and|but|ok(?:ay)?|so|now|then|thanks|please)\W+)*"
    r"(?:wh?at(?:['’]?s| is| are)|define|explain|describe)\s+(?!the\b|different\b)",
    re.IGNORECASE,
)
"""Asks what something is that it names; "the" speaks of what is known, as in "what is the loss"."""

OF_WHAT = re.compile(r"(?:(?:and|but|ok(?:ay)?|so|then)\W+)*(?:what|how) about\b", re.IGNORECASE)
ASPECTS = frozenset(
    words(
        "accuracy speed latency memory cost costs price quality size time performance safety privacy security"
        " risk risks danger dangers limit limits limitation limitations drawback drawbacks downside downsides"
        " disadvantage disadvantages advantage advantages benefit benefits pros cons pitfalls alternatives tradeoffs"
        " reason reasons purpose"
    )
)
"""What is asked of a subject and is seldom one itself; why, when, how, who, example name nothing at all."""
ASPECT_WORDS = 3
"""Words of a turn that asks of an aspect and says no more: `limits?`, `and the risks?`, `any drawbacks?`."""

HALVES = re.compile(
    r"^(?P<first>.*\w.*?)(?:[\s,;]+(?:and|but|or|plus)(?:\s+also)?\s+|\s*[?;]\s*(?:and\s+|but\s+)?(?:also\s+)?)"
    r"(?P<second>(?:who|whose|when|where|why|how|what|which|is|are|was|were|do|does|did|can|could|should|will)\b.*\w.*)$",
    re.IGNORECASE | re.DOTALL,
)
"""Two questions in one, as in "what is entropy and who found it?"."""

LONGEST_SUBJECT = 5
"""Words of a subject that a pronoun may stand for; a longer question has more than one."""

BEGUN = re.compile(r"\w+[-/]$")
"""The beginning of a name whose first part says nothing by itself: the U of "U-Net"."""


class Earlier(str):
    """An earlier turn of a conversation: what was asked, and as `answered` what the bot said to it."""

    answered: str

    def __new__(cls, asked: str, answered: str) -> Earlier:
        """Return what was asked, with the answer."""
        made = super().__new__(cls, asked)
        made.answered = answered
        return made


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for.

    Args:
        last: the last turn by itself; its pronoun may have given way to what it stands for.
        before: the earlier turns that it leans on, the latest first; empty where it stands alone.
        stays: it says against the answer to those, or asks of an aspect of it: they say where to look, more than it.
        typed: the last turn with its pronoun, where that has given way.
        earlier: the turns before it, the latest first, that it may go on with although it leans on none; empty where it
            begins anew.
        told: what was answered to the turn before it, where it leans on that and does not object to it.
        subject: what a pronoun of it stood for.
        returns: it names what it is of, and that is not what the turn before it was of.
    """

    last: str
    before: str = ""
    stays: bool = False
    typed: str = ""
    earlier: str = ""
    told: str = ""
    subject: str = ""
    returns: bool = False

    @property
    def text(self) -> str:
        """Return the last turn with what it leans on."""
        return f"{self.last} {self.before}" if self.before else self.last

    @property
    def claims(self) -> bool:
        """Whether the last turn asks nothing of its own: notes need not hold what is wrong in it to answer it."""
        return self.stays and not free_text.read(self.last).goes_on


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a conversation is about by now.

    Args:
        turns: the question that brought it, and the last one after that.
        words: what a pronoun stands for.
        notes: of which its answers were.
    """

    turns: tuple[str, ...] = ()
    words: str = ""
    notes: frozenset[Hashable] = frozenset()

    def after(self, turn: str, of: Sequence[Hashable], *, is_leaning: bool, is_anew: bool) -> _Subject:
        """Return what it is about after a turn whose answer was of these notes, the one that opened it first.

        It stays what it was while answers come from its notes: a turn that stands alone by the note that opens its
        answer, one that leans on what was said by any. So a thread is of what it began with, however many turns ago.
        """
        if (
            is_leaning and free_text.read(turn).objects
        ):  # however often an answer is objected to, it stays one to its question
            return self
        is_known = not of or not self.notes.isdisjoint(of) if is_leaning else not self.notes.isdisjoint(of[:1])
        if is_anew or not is_known:
            return _Subject((turn,), _subject(turn), frozenset(of))
        is_named = _names_another(turn) if is_leaning else NAMES.match(turn) is not None
        words = "" if is_named else self.words
        return _Subject((self.turns[0], turn), words or _subject(turn), self.notes.union(of))


def query(turns: Sequence[str], notes: Sequence[Sequence[Hashable]] = ()) -> Query:
    """Read a person's turns, oldest first; a short follow-up leans on the question it follows.

    Where a pronoun stands for the subject of that question, the subject takes its place and nothing else is leant on:
    "how do I notice it?" after "what is overfitting?" is "how do I notice overfitting?".

    Args:
        notes: of which each turn's answer was, in its order; those of the last turn are not known yet.
    """
    made, subject = Query(""), _Subject()
    given = zip_longest(turns, notes[: len(turns)], fillvalue=())
    typed = [(" ".join(turn.split()), of) for turn, of in given if isinstance(turn, str) and turn.strip()]
    every = [(free_text.read(_plainly(turn)), of) for turn, of in typed]
    # who only says that an answer is wrong asks for it once more
    for saying, of in [pair for pair in every if not pair[0].disputes_only] or every:
        if (returning := saying.returns) is not None:
            topic, turn = returning
            made, subject = _returning(turn, topic), _Subject((topic, turn), topic, frozenset(of))
            continue
        turn = free_text.read(_meant(saying) if subject.turns else saying.said).announced
        is_anew = saying.is_anew and bool(content(turn)) and not _points_back(turn)
        is_leaning = bool(subject.turns) and not is_anew and leans(turn) and not _asks_what(turn)
        before = "" if is_anew else " ".join(reversed(subject.turns))
        made = _leaning(turn, before, subject.words) if is_leaning else Query(turn, earlier=_beside(turn, before))
        subject = subject.after(turn, of, is_leaning=is_leaning, is_anew=is_anew)
    return made


def _beside(turn: str, before: str) -> str:
    """Return what a turn that stands alone may go on with: who asks what something is that they name begins with it."""
    return "" if NAMES.match(turn) else before


def _asks_what(turn: str) -> bool:
    """Say whether a turn asks what something is that it names: "and what is a heap?" needs nothing before it."""
    return NAMES.match(turn) is not None and bool(content(turn)) and not points(turn) and not _is_aspect(turn)


def _leaning(turn: str, before: str, subject: str) -> Query:
    named = _named(turn, subject)
    return Query(named, typed=turn, earlier=before, subject=subject) if named else Query(turn, before, _stays(turn))


def _returning(turn: str, topic: str) -> Query:
    """Read what is asked of a topic that the same turn names; what was last spoken of is another."""
    named = _named(turn, topic)
    if named:
        return Query(named, typed=turn, earlier=topic, subject=topic, returns=True)
    if not content(turn):
        return Query(_meant(free_text.read(turn)), topic, returns=True)
    return Query(f"{turn.rstrip(' ?!.')} {topic}", subject=topic, returns=True)


def told(turns: Sequence[str], of: Query) -> str:
    """Return what was answered to the turn before the last; "" where that is not known, or of something else."""
    return answered(turns[-2]) if len(turns) > 1 and not of.returns else ""


def answered(turn: str) -> str:
    """Return what was answered to a turn; "" where that is not known."""
    return turn.answered if isinstance(turn, Earlier) else ""


def halves(turn: str) -> tuple[str, str] | None:
    """Return the two questions that a turn asks in one; None where it asks one, or the first by itself asks nothing."""
    match = HALVES.match(turn)
    return (match["first"], match["second"]) if match and content(match["first"]) else None


def opened(turn: str) -> str:
    """Return a turn without the word that ties it to the one before: "and dropout" is "dropout"."""
    return TIED.sub("", turn, count=1)


def _names_another(turn: str) -> bool:
    """Say whether a turn asks the same of another thing: "and tuples?"; "and the cost?" is of the one there was."""
    own = opened(turn)
    return own != turn and next(iter(words(own)), "") not in STOP_WORDS


def points(turn: str) -> bool:
    """Say whether a turn has a word that stands for something spoken of before."""
    return not POINTING.isdisjoint(words(turn))


def leans(turn: str) -> bool:
    """Say whether a turn needs the one before it to be understood."""
    own = content(turn)
    if not own:
        return True
    is_choice = CHOICE.match(turn.strip()) is not None and len(own) <= CHOICE_WORDS
    is_pointing = OPENING.match(turn.strip()) is not None or points(turn) or is_choice
    is_short, saying = len(own) <= FEW_WORDS, free_text.read(turn)
    return _is_aspect(turn) or (is_pointing and (is_short or saying.disputes)) or (is_short and saying.objects)


def _stays(turn: str) -> bool:
    """Say whether a turn is about an answer: says against it, or asks of an aspect as in "but what about accuracy?"."""
    saying = free_text.read(turn)
    return _is_aspect(turn) or (saying.objects and not saying.goes_on)


def _is_aspect(turn: str) -> bool:
    """Say whether a turn asks of nothing but aspects: `what about accuracy?`, `limits?`, `and the pros and cons?`."""
    own = content(turn)
    is_bare = len([word for word in words(turn) if word not in {"and", "but", "the", "its"}]) <= ASPECT_WORDS
    return bool(own) and ASPECTS.issuperset(own) and (is_bare or OF_WHAT.match(turn.strip()) is not None)


def _meant(turn: Utterance) -> str:
    """Return a turn that asks for the same in another manner without the words that name the manner."""
    return "explain" if turn.is_puzzled else turn.manner or turn.said


def _plainly(turn: str) -> str:
    """Return a turn as a plain question without manners around it; as it is where it is nothing but manners."""
    saying = free_text.read(turn)
    return turn if saying.courtesy is not None else free_text.read(saying.bare).question


def _points_back(turn: str) -> bool:
    """Say whether a turn asks of what was spoken of before, though it announces another question."""
    return BACK.match(turn) is not None or (OBJECT.search(turn) is not None and len(content(turn)) <= 1)


def unclear(query: Query) -> str | None:
    """Return the word of a question that points at nothing, as "it" does in a first one; "" where it says only "why?".

    None where there is nothing to ask back about.
    """
    own = content(query.last)
    pointing = OBJECT.search(query.last)
    last = free_text.read(query.last)
    is_puzzled = last.misses_something
    if query.before or (len(own) >= FEW_WORDS and not is_puzzled):
        return None
    if pointing is not None:
        return pointing[1].lower()
    is_bare = not own and last.is_question
    return "" if is_puzzled or is_bare or goes_on_with_nothing(query) else None


def goes_on_with_nothing(query: Query) -> bool:
    """Say whether a question asks for the same in another manner where nothing was answered: "give me an example"."""
    return not query.before and free_text.read(query.last).manner is not None


def _subject(turn: str) -> str:
    """Return what a short question is about, as it says it: from its first word of weight to its last."""
    own = set(content(turn))
    found = [word for word in WORD.finditer(turn) if word[0].lower() in own]
    if not found or len(found) > LONGEST_SUBJECT:
        return ""
    before = BEGUN.search(turn[: found[0].start()])
    return (before[0] if before else "") + turn[found[0].start() : found[-1].end()]


def _named(turn: str, subject: str) -> str:
    """Return a turn with its subject in place of a pronoun; empty where it has none, or objects to an answer."""
    pronoun = PRONOUN.search(turn)
    if pronoun is None or not subject or free_text.read(turn).objects:
        return ""
    instead = f"{subject}'s" if pronoun["whose"] else subject
    return turn[: pronoun.start()] + instead + turn[pronoun.end() :]
