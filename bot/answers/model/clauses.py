"""Split a sentence, or a sentence or table row of the notes, into clauses of words that can be compared by meaning.

Words with one meaning share a class. Words that turn or bind a statement, such as "not" and "only", have their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answers.index.sentences import without_links
from bot.answers.index.words import stem, ungrouped, words

_WRITTEN = """
find found catch caught detect discover uncover spot; find found show shown see seen report reveal;
show shown reveal indicate demonstrate; keep kept retain preserve maintain; keep kept stay remain continue go;
keep kept store hold held save; stay remain left; hold held contain include carry; has contain include hold;
consist comprise made; store save write; discard drop throw remove delete; drop leave left omit;
lose lost forget forgot; need require demand call; need require must have; need take cost; cost price bill;
expensive dear costly; cheap inexpensive; more larger bigger greater higher; most largest biggest greatest highest;
less fewer smaller lower; least smallest lowest fewest; large big great high; small little low tiny; long lengthy;
longer larger; fast quick rapid; faster quicker; slow slowly; increase raise rise rose grow grew; sudden abrupt;
rise jump; decrease reduce lower shrink fall fell drop diminish; double twice; begin began start; stop end finish;
give gave given yield produce return deliver; give gave given provide supply offer;
make made produce create generate build built form; turn convert become became change transform; turn translate map;
change alter modify vary edit; replace substitute exchange; put place insert; move shift; move go went come;
go went run ran walk; work run ran; send sent pass forward; add append; subtract deduct; take subtract away;
multiply times; divide split; split cut chunk; combine join merge mix; mix blend; compare comparison;
test check try tried verify; check examine inspect; judge assess evaluate rate; repeat again anew;
retry again repeat; measure measurement; compute calculate reckon; guess predict estimate; expect predict; fit suit;
suit good right appropriate best; match fit agree; match correspond; correspond equal; equal same is; equal equals;
describe explain tell told; explain account explanation; name call; ask question query;
answer reply respond response; wrong false incorrect mistaken; error mistake slip fault; fault bug defect;
error wrong; right correct true; right correctly; bad poor poorly mediocre; good well fine; improve better;
matter count important; important crucial essential key; help aid; hurt harm damage suffer; harm bad;
affect influence; avoid prevent; prevent stop block; allow permit let enable; force compel; protect guard;
hide hid hidden conceal mask; fool trick deceive; cheat trick; punish penalise; reach get attain; arrive reach;
meet met encounter; leave left; ignore disregard; skip omit; separate apart individually; together jointly;
same equal identical alike; same level equal; different other another; differ different; another second;
similar alike resemble; near nearby close closer nearer; nearest closest; near like similar; far distant;
exact exactly precise precisely; precise accurate; exactly closely; whole entire full complete completely;
part portion piece; share fraction proportion percentage; share part; many several multiple numerous; number amount;
number count; size length; picture image; list row; item element entry; word term; text document; page document;
kind type sort; people person human somebody someone anybody whoever everybody; people users; member person;
group team; worker employee; expert specialist; patient person; ill sick; limit bound cap; size limit limits;
aim goal purpose; reason cause why; cause lead led result make made; cause produce; result outcome; result finding;
effect consequence; problem trouble; difficult hard; easy easily simple; plain simple; clear plain; new fresh;
old earlier previous former; before earlier beforehand; before until; early soon; earlier sooner; late later after;
after following behind; first initially begin; final last; often frequently common;
usual common typical normal standard; sudden suddenly; current present now; time moment; constant fixed; chance luck;
luck random; chance probability likelihood; likely probable; spread dispersion; average mean; mean averaged;
sum total; total whole; gap difference; step stage; way method manner; way path; path route;
method approach technique; example sample; example instance; case example; sample draw drew drawn;
draw drew drawn take; network model; weight parameter; sound audio; voice speech; request query; memory storage;
space room; fill full; machine hardware computer; use usage employ apply; choose chosen choice pick select;
pick choose; cluster group; border boundary edge; neighbour near; top highest first; bottom lowest;
above over exceed; below under beneath; between amid; out of; every each per; per each; once single; single one;
one only; also too; enough sufficient suffice; too excessively; forbidden banned disallowed; allowed permitted;
unknown strange foreign; unseen hidden new; secret confidential; private personal; valid correct; exist present;
category class; label annotate; human people; extra additional further; ready prepared; task job;
translation translate; summary summaries summarise summarisation; lookup search; lookup access; search look;
insert insertion add; pay worth; worth useful; benefit gain advantage profit; gain improvement;
drawback disadvantage; steady stable constant; vanish disappear; zero nothing; nothing none; heavy strong;
faint weak light; weak poor; shallow gentle; bend bent curve; straight direct; follow obey; depend rest;
arise come came stem; come came originate; happen occur; decide determine; set setting; fix correct repair mend cure;
remedy cure fix; restart afresh anew; conversation chat dialogue; quote cite; support back; true truth;
invent made-up fabricate; imitate mimic; copy duplicate; plot chart; expand enlarge; squeeze compress; faithful true;
order ranking; rank order; sequence order; ascending rising; descending falling; threshold cutoff;
alarm alert warning; miss overlook; reserve set; waste wasteful; idle unused; quarter fourth; half halve;
third three; share common; look regard view; watch look mind heed; visible see seen; trust believe rely;
think believe assume; say state claim; state tell; note remark; stand lie; lie located; sit stand rest; belong part;
together one; fully completely; mostly mainly largely; mainly chiefly; rough approximate; nearly almost;
hardly barely; perhaps maybe; about roughly; need necessary; necessary required; required needed;
optional unnecessary; finished complete done; done made; waiting wait; next following; same unchanged;
unchanged constant; raise push; push press; destroy ruin; undo reverse; spoil corrupt; known given; rely depend;
cover include; cover span; contain mention; mention name; serve act; act behave; respond react; speed pace rate;
delay latency; quality goodness; safe secure; harmless safe; danger risk; dangerous risky; loss lost;
teach taught learn; learn learnt; train training; practice real; practical useful; real actual true; actually really;
write wrote written; read reading; say spoken; user person; client user; customer user; developer programmer;
program code; run execute; execution run; launch start; release version; version edition; open public; file document;
name label; identical same; everyday daily; daily day; week weekly; yearly year; hour hourly; side hand; half fifty;
percent share; level degree; degree extent; rule guideline; guess try; attempt try; failed failure; agree consent;
opposite reverse contrary; contradict conflict; conflict clash; growing rising; shrinking falling; convenient handy;
helpful useful; obvious clear; wide broad; narrow tight; rarely seldom
"""
"""Synonyms: words that a rewording may put in each other's place. Semicolons separate the meanings.

No meaning holds two things that notes may tell apart (mean and median, error and deviation). Inflected forms with the
same stem need not be written.
"""

_classes: defaultdict[str, set[str]] = defaultdict(set)
for _meaning, _line in enumerate(_WRITTEN.split(";")):
    for _word in _line.split():
        _classes[stem(_word)].add(f"~{_meaning}")
CLASSES = {word: frozenset(names) for word, names in _classes.items()}
"""The classes of a stem."""


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


LINKS = frozenset({IF, BECAUSE, SO})


@dataclass(frozen=True, slots=True, eq=False)
class NotePlace:
    """A sentence or a row of the notes.

    Args:
        names: title and heading of its passage.
        of: the number of each token's clause.
        heads: the place of each clause's first token that says something.
        where: the places of each class of meaning.
        named: the classes of what its passage is called, and of what it points back to.
    """

    text: str
    names: str
    clauses: tuple[Clause, ...]
    tokens: tuple[Token, ...]
    of: tuple[int, ...]
    heads: tuple[int, ...]
    where: Mapping[str, Sequence[int]]
    named: frozenset[str]

    @property
    def is_row(self) -> bool:
        """Say whether it is a row of a table."""
        return self.text.startswith("|")

    def has(self, token: Token) -> bool:
        """Say whether a word is met somewhere."""
        return any(form in self.where for form in token.forms)


@lru_cache(maxsize=8192)
def place(text: str, names: str, before: str = "") -> NotePlace:
    """Read a sentence of the notes.

    Args:
        names: title and heading of its passage.
        before: the sentence before it there.
    """
    every = clauses(text)
    heads, start = [], 0
    for clause in every:
        says = (i for i, token in enumerate(clause.tokens) if not token.is_free and not token.forms & LINKS)
        heads.append(start + next(says, len(clause.tokens)))
        start += len(clause.tokens)
    tokens = tuple(token for clause in every for token in clause.tokens)
    where: defaultdict[str, list[int]] = defaultdict(list)
    for k, token in enumerate(tokens):
        for form in token.forms:
            where[form].append(k)
    named = [*clauses(names), *(clauses(before)[:1] if points_back(text) else ())]
    forms = frozenset[str]().union(*(token.forms for clause in named for token in clause.said))
    of = tuple(n for n, clause in enumerate(every) for _ in clause.tokens)
    return NotePlace(text, names, every, tokens, of, tuple(heads), dict(where), forms)
