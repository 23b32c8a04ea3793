"""Questions about the bot and its commands, answered by its help: told from those for the notes. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.commands.command import Command
from bot.commands.registry import Registry
from bot.messages.call import Call
from bot.understanding import words
from bot.understanding.phrases import lead

LONGEST = 120
"""Characters; a longer question asks for more than a command."""

_GREETING = lead(words.LEAD, words.BOT)
_SOMEBODY = r"(?:i|we|you|u|one|people|someone|somebody|a member|members|a moderator|moderators)"
_STILL = r"(?:actually|just|also|even|still|properly|best|now|here|please|go and|go to|get to|be able to|able to)"
_WAYS = (
    rf"(?:how|where|when|until when) (?:do|does|can|could|would|should|shall|must|may|might|to|am)\b(?: {_SOMEBODY})?",
    rf"(?:can|may|could|should|must|do|am|are) {_SOMEBODY}\b(?: (?:have|need|allowed|able|get|allow me|let me) to)?",
    r"(?:is it|would it be)(?: (?:possible|ok|okay|allowed|fine))(?: for (?:me|us))?(?: to)?",
    r"(?:is there|are there|do you have)(?: (?:an?|any|some))?(?: (?:other|easy|quick))?"
    r" (?:ways?|options?|commands?|buttons?|settings?|possibilit(?:y|ies))(?: for (?:me|us))?(?: to| for| of)?",
    r"(?:what|which)(?:'?s| is| are)?(?: the| your)? (?:command|button|option|way|setting|word|syntax)s?"
    rf"(?: (?:do|should|can|must) {_SOMEBODY} (?:use|need|type|press|click))?(?: is(?: there)?)?(?: to| for| of)?",
    rf"what (?:do|should|must|can) {_SOMEBODY} (?:do|type|say|write|press|click|need)(?: to| for)",
    r"(?:i|we)(?:'d| would)? (?:want|like|need|wish|have) to|(?:i|we)(?:'m| am| are|'re) trying to",
    rf"(?:i|we) (?:do not|don'?t|cannot|can'?t) (?:know|see|find|figure)(?: out)? (?:how|where)"
    rf"(?: (?:to|{_SOMEBODY} can))?",
    r"(?:tell|show|explain to|teach) (?:me|us) (?:how|where)(?: (?:to|i can|we can|i|we))?",
)
"""How one begins who wants to know the way to something that the bot does."""
_FRAME = rf"{_GREETING}(?:{'|'.join(_WAYS)})(?: {_STILL})*\s+"
_AROUND = (
    r"(?:\W+(?:the|a|an|my|our|this|that|your|here|group|cohort|study|unit|week|again|late|with|you|bot|trailmate|for|to"
    r"|in|please|pls|question|questions|check-in|checkin|check-ins|on|at|now|today|yet|later|anyway|too|also|afterwards"
    r"|from|phone|channel|myself|somewhere|somehow|is|it|last|next|first|new|twice|more|exactly|there))*"
    r"\W*$"
)
"""The only words that a question about a command may have besides the command's own."""
_OPEN = re.compile(
    rf"{_GREETING}(?:"
    r"what (?:all |else )?(?:can|do|could|will|would) (?:you|i|we|it|trailmate|this bot|the bot)(?: all)? (?:do|offer)"
    r"(?: here| with (?:you|it|this))?(?: for (?:me|us))?"
    r"|what (?:are|is) (?:you|this|it|trailmate|this bot|the bot) (?:good |here )?for|what is this"
    r"|what are (?:my|the|your) (?:options|commands|features|functions)"
    r"|how (?:do|does) (?:you|it|this|this bot|the bot|trailmate) work"
    r"|how (?:do|can|to|should)(?: (?:i|we|one))? use (?:you|it|this|this bot|the bot|trailmate)"
    r"|how (?:do|can|should)(?: (?:i|we))? (?:start|begin|get started|go on|proceed)"
    r"|where (?:do|can|should)(?: (?:i|we))? (?:start|begin)|(?:where|how) to (?:start|begin|get started)"
    r"|(?:show|tell|list) (?:me )?(?:what you can do|everything you can do|(?:all )?(?:the |your )?commands)"
    r"|(?:what|which) commands (?:are there|do you (?:have|know|understand)|can i (?:use|type)|exist)"
    r"|(?:what|who) do i (?:do|ask|say|type)(?: now| here| first| next)?"
    r"|(?:i'?m|i am)(?: completely| totally| quite)? new(?: here| to this| to this group)?(?: what now| what do i do)?"
    r"|(?:can|could|will|would) (?:you|u|someone|somebody|anyone) (?:please )?help(?: me| us)?(?: out)?"
    r"|i (?:need|want|could use)(?: some| your)? help|(?:some |any )?help(?: me| us)?(?: out)?|helpme"
    r"|start|get started|commands?|menu|options|instructions|manual"
    rf"){_AROUND}",
    re.IGNORECASE,
)
"""Questions about everything that the bot does."""


_OF_A_RULE = re.compile(
    r"^(?=.*\b(?:i|we|you|one|to) (?:still )?check[ -]?in\b)(?=.*\b(?:late|later|still|last|after|until when)\b)",
    re.IGNORECASE,
)
"""Asks until when a check-in counts, which is a rule and no way to one."""


def asked_about(registry: Registry, text: str) -> Call | None:
    """Return the help that a question about the bot or its commands is answered by; None for any other line."""
    if len(text) > LONGEST:
        return None
    line = " ".join(text.replace("’", "'").split())
    if _OF_A_RULE.match(line):
        return None
    for command in registry:
        answered = _compiled((), command.answers)
        if answered is not None and answered.match(line):
            return Call(command.name)
        pattern = _questions(command)
        if pattern is not None and pattern.match(line):
            # the page of what is only reached by buttons is what it shows
            return Call(command.name) if command.hidden else Call(registry.root, {"command": command.name})
    return Call(registry.root) if _OPEN.match(line) else None


@lru_cache(maxsize=256)
def _compiled(framed: tuple[str, ...], whole: tuple[str, ...]) -> re.Pattern[str] | None:
    ways = [rf"{_FRAME}(?:{'|'.join(framed)}){_AROUND}"] if framed else []
    ways += [rf"{_GREETING}(?:{'|'.join(whole)}){_AROUND}"] if whole else []
    return re.compile("|".join(ways), re.IGNORECASE) if ways else None


def _questions(command: Command) -> re.Pattern[str] | None:
    """Return what asks for a command: the way to its name, or to what it says itself that people want of it."""
    names = () if command.hidden else (command.name, command.title, *command.spoken)
    framed = [re.escape(name) for name in names] + [phrase for phrase in command.asked if not phrase.startswith("^")]
    return _compiled(
        tuple(framed), tuple(phrase.removeprefix("^") for phrase in command.asked if phrase.startswith("^"))
    )
