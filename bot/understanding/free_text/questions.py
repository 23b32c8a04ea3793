"""Find the question in a line: a plain question, one in chat word order, a request, or a confession of ignorance.

A request is a frame around a subject. Most frames also fit other subjects, as in `I can't figure out my week`. Such a
line is a question only if the notes know its subject.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.understanding import words
from bot.understanding.free_text.courtesy import courtesy
from bot.understanding.phrases import ASKING_LEAD, BRIEFLY, LEAD, RETURNS, WH, any_of, lead, stripped, words_in

_MARK = re.compile(r"\?(?=$|[\s?!.)\"'])")
_ASKS = re.compile(
    rf"{ASKING_LEAD}(?:{WH}|whom|whose|can|could|does|do|is|are|should|{any_of(words.EXPLAIN)}"
    rf"|(?:am|did|have)(?= (?:i|we|my|anyone|anybody)\b)|{WH}'?(?:s|re|d)"
    r"|y(?= (?:is|are|do|does|did|can|would|should|not|use)\b)|since when"
    r"|(?:do )?(?:you|u) know (?:wh?at|how|why)(?! (?:i|we|he|she|they|it|that)\b)(?= \w)"
    r"|(?:the )?differences? between|meaning of|tell (?:me|us) (?:more )?a?bout|help (?:me|us) understand)\b(?!')",
    re.IGNORECASE,
)
_TELLS = re.compile(
    rf"{ASKING_LEAD}(?:{WH} (?:i|we|i'm|i've|we're|my|our)\b|wh?at an? \w+\W*(?:$|[,;.])"
    r"|(?:can|could|should|do|is|are) (?:be|do|have|not|make|out|off|sick|ill|back|late|away|it)\b"
    r"|(?:can|could) (?:show|help|send|bring|give|tell|teach|explain to) (?:you|u|him|her|them)\b"
    r"|(?:who cares|how (?:nice|cool|lovely|funny|sad|great)|what the)\b)",
    re.IGNORECASE,
)
"""Begins like a question and tells something."""
_VERSUS = re.compile(r"\S\s+(?:vs\.?|versus)\s+\S", re.IGNORECASE)
_ASKS_LATER = re.compile(
    r"(?:[,;:.!]|\s[–—-])\s+(?:(?:so|and|but|now)\s+)?(?:"
    r"(?:wh?at|how|why)(?:'?s|'?re)\s+(?:a|an|the|my|\w+ing|(?!it )\w+ \w+)\b"
    rf"|{any_of(words.WH - {'which'})}\s+(?:is|are|does|do|can|could|should|would)\s+\w"
    r"|(?:which|(?:wh?at|how)(?! (?:it|that|this|he|she|they)\b))\s+(?:\w+\s+){1,2}(?:do|does|is|are|should|can)"
    r"\s+(?:i|a|an|the|my|it|there)\b"
    r"|how to\b|why (?:not )?use\b|(?:is|are)\s+there\s+\w|(?:do|can|could|should)\s+i\s+\w"
    rf"|(?:does|can|could|should)\s+(?:a|an|the|my|it)\s+\w|(?:please|pls)\s+{any_of(words.EXPLAIN)}\s+\w"
    r")",
    re.IGNORECASE,
)
"""A clause that asks, after one that does not; in an order of words that no relative clause has."""
_UNDERSTANDS_NOT = re.compile(
    rf"{ASKING_LEAD}(?:"
    r"(?:i )?(?:(?:still|really|just) )?(?:do not|don'?t|cannot|can'?t|did not|didn'?t) (?:(?:really|quite|fully) )?(?:"
    r"(?:get|understand|see|grasp) (?:wh?at|how|why|when|the (?:difference|point|idea))\s+(?P<clause>.+)"
    r"|know wh?at (?P<topic>.+) (?:is|are|does|means?)|understand (?P<idea>.+)"
    r"|get (?!paid|up|out|there|back|any|much|enough|to|home|sleep|time|notif|remind|messages?|posts?|an?|the\b)"
    r"(?P<thing>\w+(?: \w+){0,2}))"
    r"|(?:i )?(?:need|want|could use) (?:(?:some|a bit of|a little) )?help (?:with|on|about) (?P<matter>.+)"
    r"|(?:i'?m |i am )?(?:confused (?:about|by)|(?:(?:still|really|totally) )?stuck (?:with|on|at)) (?P<riddle>.+)"
    r")\W*$",
    re.IGNORECASE,
)
"""Says that something is not understood. People tell a bot so that it explains."""
_ASIDE = r"(?:(?!(?:know|knows|knew|see|saw|show|shows|wonder|wondering|guess|learned|learnt|is|was)\b)[\w.+-]+ )"
_CHATTED = re.compile(
    r"^\W{0,9}(?:"
    r"(?:the )?diff(?:erence)?s?(?! (?:is|are|was|were|in|made|looks?|it|that)\b) \w|wdym by (?!that|this|it)\w"
    rf"|{_ASIDE}{{1,4}}(?:what (?:happens|changed|is|are|does|do)|(?:why|how) (?:is|are|does|do))\b"
    r"|(?!\d)(?:[\w.+-]+ ){1,3}or (?!(?:not|so|something|whatever|less|more|two|else)\b)\w+(?: (?!or\b)[\w.+-]+){0,6}$"
    r"|(?:my|the) (?:\w+ ){1,3}(?:gives?|returns?|throws?|raises?|outputs?|prints?|produces?|yields?) \w"
    r"|(?!(?:the|that|this|it)\b)(?:[\w.+-]+ ){1,4}(?:rules|syntax|formula|definition|meaning"
    r"|examples?|basics|intuition|explained"
    r"|differences?|pros and cons)$"
    r")",
    re.IGNORECASE,
)
"""Asks in the order of words of a chat: what it is about first, two to choose from, what goes wrong, a bare subject."""
_AND = re.compile(r"^\W*(?:and|also) (?P<more>(?!then\b|so\b|now\b).+?)\W*$", re.IGNORECASE)
_WANTS_HINT = re.compile(
    rf"{LEAD}(?:(?:give|show|send|tell) me|i (?:need|want|would like)) (?:an?|another|some|one)"
    r"(?: (?:little|small|more))? (?:hint|clue)s?\b",
    re.IGNORECASE,
)
_MAY_DO = (
    r"is it (?:(?:ever|even|really|still|always|a) )?(?:ok|okay|bad|good|better|worse|normal|possible|worth|true|fine"
    r"|necessary|safe|enough|wrong|cheating|faster|slower|cheaper|smart|needed|allowed|best|right|common|wise"
    r"|leakage)\b"
)
_INSIDE = re.compile(
    r"(?<=[\w%+)'\"])\W+(?:how (?:do|does|did|can|could|would|should|to|come"
    r"|(?:you|u|i|we|one|it|they|the|an?) (?:can|should)|much|many|big|large|long|often|small|is|are)\b"
    r"|(?:can|should|could|do) (?:i|u|one) (?!be\b|do it\b|come|join|leave)\w+|(?:can|should|could|does) it \w+"
    r"|wh?at (?:now|next|then|gives|is (?:it|that|the|wrong)|does|do|to|are|if)\b"
    r"|why(?: (?:is|are|does|do|the|use)| not \w+)?\b(?! not)|which (?:one|is|are|should|to)\b"
    r"|is it (?:ok|okay|bad|good|normal|safe|better|worth|fine|true|enough)\b"
    r"|whats? the (?:diff|difference|point|idea|catch)\b|any (?:rule of thumb|downsides?|difference|advice)\b)",
    re.IGNORECASE,
)
"""Words that ask, after others."""
_MAY_BEGIN = re.compile(
    rf"{LEAD}(?:{_MAY_DO}|(?:is|are) there (?:an?|any|some|ways?|rules?)\b|(?:can|should|could) i \w+"
    r"|any (?:rule of thumb|difference between|reason (?:why|not|to)|way to|tips? (?:on|for)|idea (?:why|how)))",
    re.IGNORECASE,
)
"""Begins as a line does that asks what may be done or is there."""
_TELLS_FIRST = re.compile(rf"{lead(words.LEAD - words.TELLING, {'no'})}{any_of(words.TELLING)}\b", re.IGNORECASE)
_TELLS_OF_DOING = re.compile(rf"^\W*(?:{any_of(words.DOINGS)}\b|(?:my )?plan:)", re.IGNORECASE)
_TELLS_OF_WORK = re.compile(rf"^\W*(?:i )?(?:just )?{any_of(words.WORK)}\b", re.IGNORECASE)
_REPORTS = re.compile(
    r"\b(?:kn[eo]ws?|decide[sd]?|show(?:s|ed)?|sees?|saw|wonders?|means?|meant|remembers?|learn(?:s|ed|t)?|told|said)"
    r" (?:how|wh?at|why|which)\b",
    re.IGNORECASE,
)
"""Statements about what the writer knows; they are no questions."""

TOPIC_WORDS = 6
"""Words of a bare topic, such as `attention heads`; longer text says something."""
MORE_WORDS = 3
"""Words that `and` may add to what was asked before."""
FEW, MANY = 3, 20
"""The fewest words of a line with a question in its middle, and the most of one that only names terms."""
_ONESELF = words.ABOUT_ONESELF - {"my"}
"""Words about oneself; `my` isn't one of them, because `my loss` is a thing."""


def is_question(text: str) -> bool:
    """Whether a line asks something: by its mark, or by how it begins where more than one word follows."""
    if _MARK.search(text):
        return True
    if len(words_in(text)) < 2 or text.rstrip().endswith("!"):
        return False
    return bool(_VERSUS.search(text) or (_ASKS.match(text) and not _TELLS.match(text)))


def asks_after_all(text: str) -> bool:
    """Whether a line that does not begin as a question asks: `my loss is nan, what do i do`, `I don't get what X is`.

    It is judged for a line that is put to the bot; among people much of this is talk.
    """
    if _WANTS_HINT.match(text):
        return True
    asked = stripped(text)
    if asked != text and is_question(asked):
        return True
    if (returning := RETURNS.match(asked)) is not None:
        return is_question(returning["asked"])
    is_of_people = not (words.AMONG_PEOPLE | words.YOU).isdisjoint(words_in(text))
    if text.rstrip().endswith("!") or is_of_people or _TELLS_OF_WORK.match(asked):
        return False
    if match := _ASKS_LATER.search(text):
        return not _TELLS.match(text[match.start() :])
    return _understands_not(asked) or _chats(asked) or (BRIEFLY.match(asked) is not None and is_topic(asked))


def _chats(text: str) -> bool:
    """Whether a line without a mark asks as one does in a chat: `lora rank 8 or 64`, `in pandas 3 what changed`."""
    if not (_ONESELF | words.AT_HOME).isdisjoint(words_in(text)) or tells_of_doing(text):
        return False
    if match := _AND.match(text):
        more = match["more"]
        return len(more.split()) <= MORE_WORDS and is_topic(more) and courtesy(more) is None
    return _CHATTED.match(text) is not None and not _TELLS.match(text)


def _understands_not(text: str) -> bool:
    """Whether a line says what is not understood: `I don't get what X is`."""
    match = _UNDERSTANDS_NOT.match(text)
    if match is None:
        return False
    about = match[match.lastgroup or 0]
    named = {*words_in(about)} - words.NAMES_NOTHING
    is_clear = _ONESELF.isdisjoint(named) if match.lastgroup == "clause" else is_topic(about)
    return bool(named) and is_clear


def asks_within(text: str, terms: int, *, is_known: bool) -> bool:
    """Whether a line to the bot has a question in its middle: `recall@5 how to compute`.

    Args:
        terms: how many terms of the notes it names.
        is_known: whether the notes probably cover its subject.
    """
    named = {*words_in(text)}
    if len(named) < FEW or text.rstrip().endswith("!") or not (is_known or words.POINTING & named):
        return False
    if _MAY_BEGIN.match(text):
        return not words.AT_LEISURE & named or terms > 1
    if _TELLS_FIRST.match(text) or _REPORTS.search(text) or words.AT_LEISURE & named:
        return False
    return _INSIDE.search(text) is not None or (terms > 1 and len(named) <= MANY)


def is_topic(text: str) -> bool:
    """Whether a line is a few words about a thing, and none about the writer."""
    named = words_in(text)
    of_people = words.ABOUT_ONESELF | words.YOU | words.IN_SENTENCES
    return 0 < len(named) <= TOPIC_WORDS and of_people.isdisjoint(named)


def is_bare_topic(text: str) -> bool:
    """Whether a line is only the name of a subject."""
    return is_topic(text) and not tells_of_doing(text) and plea(text) is None


def tells_of_doing(text: str) -> bool:
    """Whether a line begins like a report of what somebody did or will do."""
    return _TELLS_OF_DOING.match(text) is not None


_SPELLING = re.compile(r"(?<![\w'.+/-])(?:" + "|".join(words.SPELLINGS) + r")(?![\w'+/-])", re.IGNORECASE)
_NO = re.compile(r"n't\b", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:still|really|quite|totally|completely|entirely|fully|honestly|kinda|kind of|actually|just|also|a bit"
    r"|a little|so(?= (?:lost|confused|unsure|stuck)\b)|at all)\s+(?!of\b|more\b)",
    re.IGNORECASE,
)
_MANNERS = re.compile(
    rf"^\W*(?:(?:{any_of(words.LEAD - words.THANKS_IN_ENGLISH - {'thank you'})}|guys|i guess"
    r"|(?:can|could|would|will) you(?: please)?)\b\W*)+",
    re.IGNORECASE,
)
_OF_ONESELF = re.compile(r"^(?:(?:i|it|that|this|is|am|have|would|do|did|can|could|been)\s+)+", re.IGNORECASE)
"""Words before the thing that the writer doesn't know or wants."""
_KNOW = r"(?:understand|understood|know|grasp|learn|hear|see|figure out|get|got|follow|tell|remember)"
_KNOWING = r"(?:understanding|knowing|grasping|learning|seeing|figuring out|getting|following|telling|remembering)"
_SUBJECT = r"\s*(?P<subject>\S.*)$"
_OF_A_KIND = re.compile(
    r"^(?:(?:give|show|send|find|write) me|(?:i )?(?:would )?(?:need|want|like|love|use)|looking for|do you have|got"
    r"|any|(?:would )?(?:help|be (?:nice|good|great)))(?: to (?:see|have|get|hear))? "
    r"(?:(?:an?|the|one|some|any|another|more|a few|\d+|two|three)\s+)?"
    r"(?:(?:short|quick|brief|simple|good|worked|concrete|small|real|basic|plain|clear|rough|nice)\s+)*"
    rf"(?P<kind>{any_of(words.KINDS)})\s+(?:of|for|on|about|to|with|behind|between)\s+{_SUBJECT}",
    re.IGNORECASE | re.DOTALL,
)
_REQUESTS = (
    r"(?:walk|talk|take|run|guide|lead) me through",
    r"(?:teach|educate|school) me(?: about)?",
    rf"(?:help|make) me (?:to )?{_KNOW}(?: about)?",
    r"remind (?:me|us)(?: again)? (?=(?:what|how|why)\b)",
    r"(?:summari[sz]e|clarify|demystify|elaborate on|expand on|eli5)",
)
"""Frames in which only an explanation can be meant."""
_ASKED = (
    rf"(?:tell|show|teach|remind|let) me (?:know )?(?=(?:{WH}\b|(?:the )?differences?\b))",
    r"(?:tell|brief) me (?:(?:more|something) )?(?:about|on|of)|say (?:more|something|a few words) (?:about|on)",
    r"refresh my memory (?:on|of|about)|introduce me to|convince me(?: that| of)?",
    any_of(words.SUMMARISE, words.GO_THROUGH),
    r"(?:list|name|enumerate)|(?:recommend|suggest|propose)(?: an?| some| good| the best)?(?! the\b)",
    rf"(?:give|show|send) me(?=.* {any_of(words.KINDS)}\W*$)|(?P<about>(?:what|how) about)",
)
"""Requests that people make of each other as well."""
_UNKNOWN = (
    rf"not (?:sure|certain) (?:(?:that |if |whether )?i {_KNOW}|about|of|on|(?={WH}\b))",
    r"(?:unsure|uncertain|unclear|hazy|rusty|confused|lost|stuck|puzzled|struggling|curious|interested|trouble"
    rf"|having trouble|hard time|having a hard time) (?:(?:about|by|on|with|at|over|in|as to)(?: {_KNOWING})?"
    rf"|{_KNOWING}|(?={WH}\b))",
    rf"(?:wonder|wondering) (?:about|(?={WH}\b))",
    r"not (?:figure|work) out|not make sense of|not (?:wrap|get) my head (?:a?round)",
    rf"not (?:see|get|know) the (?:point|use|idea|purpose|difference) (?:of|between)|not {_KNOW}(?: about)?",
    rf"(?:no|not an?|zero|not have an?y?) (?:clue|idea) (?:about|of|(?={WH}\b))",
    r"(?:keep |always )(?:mixing up|mix up|confusing|confuse|forgetting|forget)",
    rf"(?:forgot|forgotten|forget) (?={WH}\b)|(?:not|less than) clear (?:to me )?(?:about |on )?(?={WH}\b)",
    rf"(?:want|like|love|need|trying|try|hope) to {_KNOW}(?: (?:more|something))?(?: about)?",
    r"(?:(?:got|an?|another|quick) )*questions? (?:about|on|regarding)|any (?:tips?|advice|pointers?) (?:for|on|about)",
)
"""Says what is not known, or that it is to be."""
_IS_REQUEST, _IS_ASKED, _IS_UNKNOWN = (
    re.compile(rf"^(?:{'|'.join(frames)})(?<=[\s\w])\b{_SUBJECT}", re.IGNORECASE | re.DOTALL)
    for frames in (_REQUESTS, _ASKED, _UNKNOWN)
)
_CUES = re.compile(
    r"\b(?:explain(?:ing)?|explanations?|clarif(?:y|ication)|clarity|summar(?:y|ies|i[sz]e)|overviews?|outline"
    r"|examples?"
    r"|intro(?:duction)?s?|recap|refresher|definitions?|define|intuition|analogy|formula|steps|reasons"
    r"|differences?|compare"
    r"|comparison|contrast|help|tips?|advice|pointers?|understand(?:ing)?|grasp(?:ing)?|confus(?:e[ds]?|ing)"
    r"|unclear|fuzzy"
    r"|foggy|hazy|rusty|shaky|unsure|uncertain|doubts?|lost|stuck|struggl(?:e|ing)|trouble|(?:hard|tough) time"
    r"|wonder(?:ing)?|curious|clue|idea|forg[eo]t|remember|head a?round|(?:figure|work) out|learn|elaborate|illustrate"
    r"|break down|sum up|nutshell|(?:into|more) detail|more about|talk about|question about|thoughts on"
    r"|mix(?:ed|ing)? up|hints?|background|reminder|mystery|not heard of"
    r"|resources? (?:on|for|about)|short version|feel for|(?:telling|tell) (?=.* apart)|sense of|eli5|tl;?dr"
    r"|not (?:sure|clear|get|getting|got|see|know|follow|following|tell)"
    r"|the (?:point|deal|role|purpose|use) (?:of|behind|with))\b",
    re.IGNORECASE,
)
"""Words of asking and of not knowing, in whatever order."""
_CUES_FIRST = re.compile(r"^(?:give|show|tell|list|name|point|teach|describe)\b", re.IGNORECASE)
_TELLS_SOMETHING = re.compile(
    r"^(?:(?:i|we) )?(?:have |had )?(?:been )?(?:will|going to|gonna|am (?:sure|clear|glad|done|going)|sure|clear|glad"
    r"|here|heres|this|that|my (?!understanding|question)|did|done|had|was|were|watched|passed|read|reading|trained"
    r"|thanks?|thx|plan|know|love|like|hate|enjoy(?:ed)?|recommend|can show|let us)\b"
    r"|\b(?:great|awesome|nice|fun|lol|haha|helpful|enjoyed|loved|works now|clear now|is clear|finally)\b",
    re.IGNORECASE,
)
"""Statements, even if they contain question words."""
_TAKEN_BACK = re.compile(
    r"\b(?:but|and|now)\b.*\b(?:works?|worked|clear|solved|fixed|fine|understand|get it|got it|know)\b|\banymore\b",
    re.IGNORECASE | re.DOTALL,
)
"""Statements that a question is solved."""
_BEHIND = re.compile(
    r"[\s,]+(?:for me|to me|real quick|quickly|briefly|in short|again|please|thanks|thx|then|apart)?[\s.!]*$",
    re.IGNORECASE,
)
_BEGINS_WITH_WH = re.compile(rf"^{WH}\b", re.IGNORECASE)
_WHAT_IS = re.compile(r"^what (?P<what>.+) (?P<verb>is|are|does|do|means?)$", re.IGNORECASE)
_NOBODY_KNOWS = re.compile(r"\b(?:if|whether|when) (?:i|we|you|he|she|they)\b", re.IGNORECASE)
_OWN = re.compile(r"^to\b|\bmy \w+\W*$", re.IGNORECASE)
"""Is about doing something, or somebody's own: `figure out my schedule`."""
_OF_WHO_ASKS = re.compile(
    r"\b(?:should|do|can|could|must|would) i\b|\bi (?:should|need|must|can|use|pick|choose)\b|^\s*i\b|\bme\b"
    r"|\b(?:tells?|gives?|shows?|lets?|gets?|helps?|makes?|costs?|saves?) (?:you|us)\b"
    r"|(?<=\b(?:why|how) )(?:we|you)\b(?! (?:\w+ed|are|were|had|have|did|met|meet|said|chose|will|got|found)\b)",
    re.IGNORECASE,
)
"""Phrases that look personal but aren't: `how I should pick a rank`, `what it tells you`, `why we scale it`."""
_OF_TWO = re.compile(r"\b(?:apart\W*$|(?:mix(?:ing)? up|confus(?:e|ing))\b.* and\b)", re.IGNORECASE)
_NAMED = re.compile(
    r"formula|equation|proof|derivation|step|difference|comparison|pros|use case|example", re.IGNORECASE
)
"""Kinds that a search looks for beside the subject."""
LONGEST = 240
"""Characters of a line that is looked at for a plea: a longer one tells a story."""


@dataclass(frozen=True, slots=True)
class ImplicitQuestion:
    """A request or a confession of ignorance, read as a question.

    Args:
        question: the same as a plain question.
        is_request: whether it asks for an explanation, whatever the subject.
    """

    subject: str
    question: str
    is_request: bool = False


def pleads(text: str, is_known: Callable[[str], bool]) -> bool:
    """Whether a line is a request or a confession of ignorance about a subject that the notes may cover.

    Args:
        is_known: whether the notes know a subject.
    """
    line = plain(text) if len(text) <= LONGEST else ""
    asked = plea(text)
    if asked is None and (_tells(line) or not (_CUES.search(line) or _CUES_FIRST.match(line))):
        return False
    subject = _CUES_FIRST.sub(" ", _CUES.sub(" ", line)) if asked is None else asked.subject
    if _NOBODY_KNOWS.search(subject) or (not _BEGINS_WITH_WH.match(subject) and _OWN.search(subject)):
        return False
    subject = _OF_WHO_ASKS.sub(" ", subject)
    is_of_people = not (words.AMONG_PEOPLE | words.YOU | _ONESELF).isdisjoint(words_in(subject))
    return not is_of_people and (is_known(subject) or (asked is not None and asked.is_request))


def _tells(line: str) -> bool:
    match = _TELLS_SOMETHING.search(line) or _TAKEN_BACK.search(line)
    return match is not None or tells_of_doing(_OF_ONESELF.sub("", line))


def plea(text: str) -> ImplicitQuestion | None:
    """Read a line as a request or as what is not known; None if it is neither."""
    line = plain(text) if len(text) <= LONGEST else ""
    if not line or _TAKEN_BACK.search(line):
        return None
    of_oneself = _OF_ONESELF.sub("", line)
    for wording in (line, of_oneself):
        if match := _OF_A_KIND.match(wording):
            subject = _BEHIND.sub("", match["subject"])
            kind = match["kind"] if _NAMED.search(match["kind"]) else ""
            return ImplicitQuestion(subject, f"{kind} of {subject}" if kind else f"explain {subject}")
    if match := _IS_REQUEST.match(line):
        return _read_plea(match, line, is_request=True)
    match = _IS_ASKED.match(line) or _IS_UNKNOWN.match(of_oneself)
    return None if match is None else _read_plea(match, line)


def plain(text: str) -> str:
    """Return a line with a chat's spellings written out, and without what only surrounds it."""
    line = _NO.sub(" not", _SPELLING.sub(lambda match: words.SPELLINGS[match[0].lower()], stripped(text)))
    return " ".join(_MANNERS.sub("", _HEDGE.sub("", line)).split())


def _read_plea(match: re.Match[str], line: str, *, is_request: bool = False) -> ImplicitQuestion | None:
    subject = _BEHIND.sub("", match["subject"])
    if not subject:
        return None
    if match.groupdict().get("about"):
        return ImplicitQuestion(subject, f"what about {subject}")
    if _OF_TWO.search(line):
        return ImplicitQuestion(subject, f"difference between {subject}", is_request)
    if subject.lower().startswith(("difference", "the difference")):
        return ImplicitQuestion(subject, subject, is_request)
    if not _BEGINS_WITH_WH.match(subject):
        return ImplicitQuestion(subject, f"explain {subject}", is_request)
    asked = _WHAT_IS.match(subject)
    if asked is None:
        return ImplicitQuestion(subject, subject, is_request)
    verb = asked["verb"].lower()
    question = (
        f"what {verb} {asked['what']}" if verb in {"is", "are"} else f"what does {asked['what']} {verb.rstrip('es')}"
    )
    return ImplicitQuestion(subject, question, is_request)
