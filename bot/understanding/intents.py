"""Read a line of text as a command, a question, or neither. Pure.

Text is private unless it is clearly meant for others: only a question to the bot in a channel gets a public answer. The
answer to a slash command's question is private, and so is the answer to a line that names no command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.commands import parsing
from bot.commands.command import Command, ParamSpec
from bot.commands.parameter_types import Kind, straighten
from bot.commands.registry import Registry
from bot.messages import markup, names
from bot.messages.call import Call
from bot.understanding import free_text, help_questions
from bot.understanding.free_text import Utterance

COINED = frozenset({"checkin", "leaderboard", "pledge", "plan"})
"""Names that hardly any sentence begins with. What follows `plan` is prose that must stay private."""


def is_addressed_to_bot(registry: Registry, call: Call, text: str) -> bool:
    """Whether a line that begins with a command's name gives what that command takes, rather than going on as prose.

    `join us at eight`, `progress bar is stuck` and `void is a C keyword` are said to people.
    """
    command = registry.find(call.name)
    assert command is not None
    name = _find_name(registry, text) or command.name
    rest = " ".join(text.split()[name.count(" ") + 1 :]).strip(" ,.;:")
    if not call.args or not rest:
        return not rest
    if name in COINED or "=" in rest or rest[0] in "\"'":
        return True
    if command.name == registry.fallback:
        saying = free_text.read(rest)
        return saying.is_question or saying.is_topic
    if command.name == registry.root:
        return registry.find(rest.lower()) is not None or rest.lower() == "all"
    first = next(p for p in command.params if p.key in call.args)
    return _gives(command, first, rest)


def _gives(command: Command, first: ParamSpec, rest: str) -> bool:
    shapes: Mapping[Kind, Callable[[str], bool]] = {
        Kind.MEMBER: lambda text: text[0] in "@<" or " " not in text,
        Kind.UNIT: lambda text: text[0].isdigit() or " " not in text,
        Kind.GROUP: lambda text: text[0].isupper() or text[0].isdigit(),
        Kind.TEXT: lambda text: (first.required and " " in command.name) or _is_suggested(first, text),
    }
    looks_right = shapes.get(first.kind)
    return looks_right(rest) if looks_right else parsing.reads(command, rest)


def _is_suggested(param: ParamSpec, text: str) -> bool:
    """Whether a text looks like an id that was put into the line for what was chosen."""
    return param.says.suggest is not None and re.fullmatch(r"[a-z0-9]+(?:[.-][a-z0-9]+)+", text) is not None


Way = Literal["slash", "mention", "direct"]
"""How a line came: by a slash command, put to the bot where others read, or written to the bot alone."""

NAME_WORDS = 3
"""Most words of a command's name."""
HEARD_MAX = 3000
"""Characters of a line that is not understood, kept for its buttons."""
NAMED = re.compile(r"^\s*@?trailmate\s*[,:]\s*|(?<![ ,:])[ ,:]*@trailmate\b[ ,:]*", re.IGNORECASE)
"""The bot's name where a line is put to it, for platforms without mentions of their own."""

_SLASHED = re.compile(r"^/\s*(?:(?:study|trailmate)\b[\s,:]*)?", re.IGNORECASE)
_ROOT = re.compile(r"^(?:study|trailmate)\b[\s,:]*", re.IGNORECASE)
_NAMES_SOMEBODY = re.compile(r"<[@!]|(?<![\w.])@\w")
_ONLY_HELP = re.compile(r"(?:(?:me|mij|us|out|please|pls|now|here)\b\W*)+", re.IGNORECASE)
"""Words after `help` that name no topic."""
_ROUND_NAME, _NAME_WORDS = ".,:;!?", 3


@dataclass(frozen=True)
class Guess:
    """A possible meaning of a line.

    Args:
        button: the label of the button that does it.
        asks: the sentence that offers it.
    """

    command: Command
    call: Call
    button: str
    asks: str = ""


def hear(registry: Registry, text: str, way: Way, me: re.Pattern[str] | None = None, *, follows: bool = False) -> Call:
    """Return the Call of a line.

    Args:
        follows: whether it is said to an answer: then what disputes the answer is a question too.
        me: how a mention of the bot looks in it; what follows one is the line if that names a command, else all of it.
    """
    return _as_typed(registry, _heard(registry, straighten(text), way, me, follows=follows), text)


def _as_typed(registry: Registry, call: Call, text: str) -> Call:
    """Return a Call whose prose has the quotes and dashes that its line has: only what is compared is straightened."""
    command = registry.find(call.name)
    if command is None or call.name in (registry.fallback, registry.aside):
        return call
    typed, args = " ".join(markup.clean(text).split()), dict(call.args)
    straight = straighten(typed)
    places = [at for at, character in enumerate(straight) if character != " "]  # between pieces spaces may have come in
    marks = straight.replace(" ", "")
    for param in command.params:
        value = args.get(param.key, "").replace(" ", "")
        if param.says.long and value and (at := marks.rfind(value)) >= 0:
            args[param.key] = typed[places[at] : places[at + len(value) - 1] + 1]
    return replace(call, args=args)


def _heard(registry: Registry, text: str, way: Way, me: re.Pattern[str] | None, *, follows: bool) -> Call:
    if me is not None and (match := me.search(text)):
        after = me.sub(" ", text[match.end() :]).strip()
        if after and (call := named(registry, after)) is not None:
            return call
        text = me.sub(" ", text).strip()
    if text.startswith("/") and way == "mention":
        way = "slash"
    if (call := named(registry, text)) is not None:
        return call
    bare = _bare(text)
    if way == "slash" and (call := _on_somebody(registry, bare)) is not None:
        return call
    saying = free_text.read(bare)
    # what is written to the bot alone may well follow no answer: who is lost there is led on
    is_reply = follows and (saying.objects or (way != "direct" and saying.is_puzzled))
    is_reply = is_reply or (way == "mention" and saying.misses_something)
    if saying.is_manners and not is_reply:
        return Call(registry.unclear, {"text": bare[:HEARD_MAX]})
    if (call := help_questions.asked_about(registry, bare)) is not None:
        return call
    if way == "mention" and not follows and saying.is_to_members:
        return Call(registry.unclear, {"text": bare[:HEARD_MAX]})
    is_slip = len(bare.split()) == 1 and _slip(registry, bare) is not None
    is_asked = saying.is_question or saying.asks_further or is_reply
    is_asked = is_asked or _asks_after_all(registry, saying, is_meant=way != "slash")
    if is_asked and not is_slip:
        return Call(registry.aside if way == "slash" else registry.fallback, {"question": bare})
    is_clear = way != "slash" and _is_term(registry, saying)
    is_clear = is_clear or (way == "direct" and saying.is_bare_topic)
    if is_clear and not is_slip and not guesses(registry, bare):
        return Call(registry.fallback, {"question": bare})
    return Call(registry.unclear, {"text": bare[:HEARD_MAX]})


def with_file(registry: Registry, call: Call, link: str, name: str) -> Call:
    """Return the Call of a line with a file that came with it; of a file alone its name is what was said."""
    if link and call == Call(registry.root):
        call = Call(registry.unclear, {"text": name[:HEARD_MAX]})
    return parsing.with_file(registry.find(call.name), call, link, name)


def overhear(registry: Registry, text: str, *, follows: bool = False) -> Call | None:
    """Return the Call of a line in a channel; None if it is meant for people, not for the bot.

    Args:
        follows: whether it replies to an answer, as in `hear`.
    """
    line = straighten(text)
    if NAMED.search(line):
        return hear(registry, text, "mention", NAMED, follows=follows)
    if line.startswith("/") or _is_slip_of_a_command(registry, line):
        return hear(registry, text, "slash")
    call = named(registry, line)
    return _as_typed(registry, call, text) if call is not None and is_addressed_to_bot(registry, call, line) else None


def carry_on(registry: Registry, text: str) -> Call | None:
    """Return the Call of a follow-up in an answer's thread; None if the line is meant for people.

    The line doesn't mention the bot, so it must read as a question, a follow-up or an objection.
    """
    line = straighten(text)
    if _NAMES_SOMEBODY.search(line) or named(registry, line) is not None:
        return None
    bare = _bare(line)
    saying = free_text.read(bare)
    asks = saying.is_question or saying.asks_further or _asks_after_all(registry, saying)
    asks = asks or saying.is_puzzled or _is_term(registry, saying)
    if not (saying.disputes or asks) or saying.is_to_anybody or saying.is_to_members:
        return None
    is_to_bot = saying.disputes or saying.is_to_bot or saying.manner is not None
    if free_text.read(saying.bare).is_to_people and not is_to_bot:
        return None
    return Call(registry.fallback, {"question": bare})


def is_courtesy(registry: Registry, call: Call) -> bool:
    """Whether a line that is neither command nor question wants no answer: it thanks, laughs, agrees or takes leave."""
    text = call.args.get("text", "")
    return call.name == registry.unclear and free_text.read(text).wants_nothing and not guesses(registry, text)


def aside(call: Call) -> Call | None:
    """Return the Call of manners where others read that may thank a member by name; None of any others."""
    saying = free_text.read(call.args.get("text", ""))
    return replace(call, args={**call.args, "aloud": "yes"}) if saying.thanks_somebody else None


def is_greeting(registry: Registry, call: Call) -> bool:
    """Whether a line is manners that get an answer, as a hello does, which is no news to anybody else."""
    text, is_aside = call.args.get("text", ""), "aloud" in call.args
    is_manners = call.name == registry.unclear and not is_aside and free_text.read(text).is_manners
    return is_manners and not guesses(registry, text)


def remark(registry: Registry, text: str) -> Call | None:
    """Return the Call of a private hint to the author of a channel message; None if there is none.

    There is one if the notes may answer the message, if it begins like a command, or if it may thank a member by name.
    """
    line = straighten(text)
    saying = free_text.read(line)
    asks = saying.is_question and not (saying.is_to_people or saying.is_to_members)
    if asks or named(registry, line) is not None or saying.thanks_somebody:
        return Call(registry.unclear, {"text": line[:HEARD_MAX], "aloud": "yes"})
    return None


def named(registry: Registry, text: str) -> Call | None:
    """Return the Call of a line that begins with a command's name, or with how people say it; None if none does."""
    bare = _bare(straighten(text))
    if not bare or _ROOT.fullmatch(bare):
        return Call(registry.root)
    for line in (bare, _ROOT.sub("", bare)):
        call = _exactly(registry, line)
        if call is not None and _is_told(registry, call, line):
            call = None
        if call := call or _spoken(registry, line):
            return call
    words = bare.lower().split()
    group = " ".join(words) if len(words) == 2 and registry.list_group(" ".join(words)) else words[0]
    if len(words) <= 2 and registry.list_group(group):
        return Call(registry.root, {"command": group})
    return None


def guesses(registry: Registry, text: str) -> tuple[Guess, ...]:
    """Return what a line that names no command may have meant, the likeliest first."""
    by_command: dict[str, Guess] = {}
    for guess in _guesses(registry, _bare(straighten(text))):
        by_command.setdefault(guess.command.name, guess)
    return tuple(by_command.values())


def _guesses(registry: Registry, text: str) -> Iterator[Guess]:
    if (call := named(registry, text)) is not None and (meant := registry.find(call.name)) is not None and call.args:
        yield Guess(meant, call, meant.title)
    if slip := _slip(registry, text):
        command, rest = slip
        yield Guess(command, Call(command.name, parsing.split(command, rest)), command.title)
    for command in registry:
        for hint in command.hints:
            if match := re.search(hint.pattern, text, re.IGNORECASE):
                given = {k: v.strip(" ,.;:-") for k, v in match.groupdict().items() if v}
                args = {**dict(hint.args), **{k: v for k, v in given.items() if v}}
                yield Guess(command, Call(command.name, args), hint.button or command.title, hint.asks)
                break
    if (call := _exactly(registry, text)) is not None and (typed := registry.find(call.name)) is not None:
        yield Guess(typed, call, typed.title)


def _bare(text: str) -> str:
    return _SLASHED.sub("", text).strip()


def _exactly(registry: Registry, text: str) -> Call | None:
    for count, name in _read_names(text):
        command = registry.find(name)
        if command is None or _only_begins_so(command, text):
            continue
        if command.hidden and _would_be_dropped(registry, command):
            return Call(registry.root, {"command": command.name})
        if not command.hidden:
            rest = "".join(text.split(maxsplit=count)[count:])
            if command.name == registry.root and _ONLY_HELP.fullmatch(rest):
                return Call(registry.root)
            if command.name == registry.root and _is_plea(registry, text, rest):
                return None
            return registry.present(Call(name, parsing.split(command, rest)))
    return None


def _read_names(text: str) -> Iterator[tuple[int, str]]:
    """Return what may be a command's name at the beginning of a line, the longest first, and its number of words."""
    words = text.split(maxsplit=NAME_WORDS)
    for count in range(min(NAME_WORDS, len(words)), 0, -1):
        name = " ".join(words[:count]).lower()
        yield count, (name.rstrip(_ROUND_NAME) if len(words) == count else name).removesuffix(":")


def _find_name(registry: Registry, text: str) -> str | None:
    """Return the name of a command, present or former, that a line begins with."""
    return next((name for _, name in _read_names(text) if registry.find(name) is not None), None)


def _is_term(registry: Registry, saying: Utterance) -> bool:
    return saying.is_topic and registry.is_term(saying.bare)


def _only_begins_so(command: Command, text: str) -> bool:
    """Whether a line only begins like a command on somebody: `thanks @ben` is that command, `thanks a lot` none."""
    is_on_somebody = any(param.kind is Kind.MEMBER for param in command.params)
    is_keyed = any(f" {param.key}=" in text for param in command.params)
    if not free_text.read(command.name).is_manners or not is_on_somebody or is_keyed:
        return False
    return not free_text.read(text).is_manners or _NAMES_SOMEBODY.search(text) is None


def _on_somebody(registry: Registry, text: str) -> Call | None:
    """Return the Call of `thanks lou for the link` or `thanks`, which typed after a slash is more than manners."""
    name, _, rest = text.partition(" ")
    command = registry.find(name.lower())
    member = next((p for p in command.params if p.kind is Kind.MEMBER), None) if command is not None else None
    if command is None or member is None or not free_text.read(command.name).is_manners:
        return None
    who, what = free_text.read(text).thanked or ("", "")
    if rest and (not free_text.read(text).thanks_somebody or len(who.split()) > _NAME_WORDS):
        return None
    reason = next((p.key for p in command.params if p.kind is Kind.TEXT), "")
    given = {member.key: who.strip(_ROUND_NAME + " "), reason: what}
    return Call(command.name, {key: value for key, value in given.items() if key and value})


def _asks_after_all(registry: Registry, saying: Utterance, *, is_meant: bool = False) -> bool:
    """Whether a line that is put to the bot asks the notes although it begins otherwise, and means no command."""
    if saying.pleads(registry):
        return True
    if not saying.asks_after_all and not (is_meant and saying.asks_within(registry)):
        return False
    last = saying.said.split()[-1].lower().strip(_ROUND_NAME)
    return (registry.find(last) is None or free_text.read(last).is_manners) and not guesses(registry, saying.said)


def _is_told(registry: Registry, call: Call, text: str) -> bool:
    """Whether a line that begins with a command's name is how people say another one: `read two papers today`."""
    others = (other for other in registry if other.name != call.name)
    return any(re.match(hint.pattern, text, re.IGNORECASE) for other in others for hint in other.hints)


def _would_be_dropped(registry: Registry, hidden: Command) -> bool:
    """Whether the shown command would ignore the text typed after the hidden one's name."""
    head, _, rest = hidden.name.partition(" ")
    beside = registry.find(head) if rest else None
    return beside is not None and not beside.hidden and not beside.params


def _is_plea(registry: Registry, text: str, rest: str) -> bool:
    """Whether `help me understand sets` asks about a thing rather than about a command."""
    saying = free_text.read(text)
    return (saying.is_question or saying.pleads(registry)) and registry.find(
        rest.lower().strip(_ROUND_NAME + " ")
    ) is None


def _spoken(registry: Registry, text: str) -> Call | None:
    """Return the Call of `check in 45 minutes`: another way to say a name, then a value, so that no prose is meant."""
    for command in registry.shown:
        for phrase in command.spoken:
            match = re.match(rf"{re.escape(phrase)}\b[\s,:]*(?:for\s+)?", text, re.IGNORECASE)
            rest = text[match.end() :].strip(_ROUND_NAME + " ") if match else ""
            if match and (not rest or _begins_with_value(command, rest)):
                return Call(command.name, parsing.split(command, rest))
    return None


def _begins_with_value(command: Command, text: str) -> bool:
    """Whether a text begins with the command's first value; a person needs an @, as any word may be a name."""
    if command.params and command.params[0].kind is Kind.MEMBER and text[0] not in "@<":
        return False
    return parsing.reads(command, text)


def _is_slip_of_a_command(registry: Registry, text: str) -> bool:
    """Whether a line is a misspelt command rather than talk: it stands alone, or a number follows it."""
    slip = _slip(registry, text)
    return slip is not None and (not slip[1] or slip[1][0].isdigit())


def _slip(registry: Registry, text: str) -> tuple[Command, str] | None:
    """Return the command whose name the first words miss by one letter, and the rest of the line."""
    if free_text.read(text).is_manners:  # `hola` is no slip of `hold`
        return None
    for count, typed in _read_names(text):
        for name, command in registry.typed_names.items():
            if name.count(" ") == count - 1 and names.is_near(typed.rstrip(_ROUND_NAME), name):
                rest = text.split(maxsplit=count)[count:]
                return command, rest[0] if rest else ""
    return None
