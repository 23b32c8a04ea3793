"""Parse raw text into typed arguments, for every platform. No I/O."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.commands import durations
from bot.commands.command import OTHER, Command, ParamSpec
from bot.commands.parameter_types import (
    BINARY,
    FILES,
    LAST_DAY,
    NUMBERS,
    Kind,
    parse,
    parse_choice,
    parse_url,
    straighten,
)
from bot.commands.registry import Registry
from bot.messages import attachment, markup
from bot.messages.call import SEEN, Call
from bot.messages.errors import BadInput

_REST = {Kind.TEXT, Kind.GROUP, Kind.UNIT}
_URL = re.compile(r"<?https?://[^\s<>|]+(?:\|[^>\s]*)?>?")
_LOOSE = {Kind.MEMBER, Kind.ROOM}
_SPAN = 6
"""Most words of one value, such as `in 2 weeks` or `for 1 hour and 30 minutes`."""
_AFTER = {**dict.fromkeys(_REST | {Kind.URL}, ""), **dict.fromkeys(_LOOSE, ",;:")}
"""Punctuation of the sentence to strip from the end of a value, by kind; a name may end with a full stop."""


@dataclass(frozen=True)
class Ready:
    """All required values are there and valid."""

    args: dict[str, object]


@dataclass(frozen=True)
class NeedsForm:
    """The form has to open: a value is missing, or the Call asks for the form."""

    missing: tuple[str, ...]


@dataclass(frozen=True)
class Wrong:
    """Invalid values, with an error sentence for each parameter."""

    errors: dict[str, str]


def value(param: ParamSpec, text: str, today: date) -> object:
    """Parse a parameter's value; BadInput has the field, the reason and an example."""
    try:
        read = _parse(param, text, today)
        if isinstance(read, int) and param.kind in NUMBERS:
            _check_bounds(read, param.says.min, param.says.max)
        elif isinstance(read, str) and len(read) > param.characters and param.kind not in {Kind.URL, Kind.CHOICE}:
            raise BadInput(f"that's {len(read)} characters, {param.characters} fit")
    except BadInput as wrong:
        sentence = markup.end_sentence(f"**{param.head}**: {wrong.sentence}")
        raise BadInput(f"{sentence} Example: `{param.example}`", field=param.key) from None
    return read


def _parse(param: ParamSpec, text: str, today: date) -> object:
    if param.kind in FILES:
        return parse(param.kind, text, today)
    trimmed = text.rstrip().rstrip(_AFTER.get(param.kind, ",;:.")) or text
    return parse_choice(trimmed, param.choices) if param.kind is Kind.CHOICE else parse(param.kind, trimmed, today)


def _check_bounds(number: int, least: int | None, greatest: int | None) -> None:
    if least is not None and greatest is not None and not least <= number <= greatest:
        raise BadInput(f"{number} is not between {least} and {greatest}")
    if least is not None and number < least:
        raise BadInput(f"{number} is too small. The least is {least}")
    if greatest is not None and number > greatest:
        raise BadInput(f"{number} is too large. The most is {greatest}")


def plan(command: Command, call: Call, today: date) -> Ready | NeedsForm | Wrong:
    """Decide what to do with a Call: run it, open its form, or report errors.

    Args:
        today: the caller's current day, for words such as `tomorrow`.
    """
    raw = _name_args(command, call.args)
    if call.ask and command.form_params:
        return NeedsForm(())
    args: dict[str, object] = {p.name: p.default for p in command.params if not p.required}
    errors: dict[str, str] = {}
    for param in command.params:
        typed = raw.get(param.key, "")
        cleaned = typed if param.kind in FILES else markup.clean(typed).strip()
        text = cleaned if param.says.long or param.kind in FILES else straighten(typed)
        if not text or (param.extension and text == OTHER):
            continue
        try:
            args[param.name] = value(param, text, today)
        except BadInput as wrong:
            errors[param.key] = wrong.sentence
    _take_others(command, raw, args, errors)
    if errors:
        return Wrong(errors)
    missing = tuple(p.key for p in command.params if p.name not in args)
    if (missing and command.form) or _opens_form(command, call, raw):
        return NeedsForm(missing)
    if missing:
        return Wrong({key: _describe_missing(command, key) for key in missing})
    return Ready(args)


def _opens_form(command: Command, call: Call, raw: Mapping[str, str]) -> bool:
    """Whether nothing is given but what a form is about; a form that was emptied has been seen."""
    if not command.form or command.initial is None or SEEN in call.args:
        return False
    subject = next((p.key for p in command.params if p.says.subject), None)
    rest = any(text for key, text in raw.items() if key != subject)
    return not rest and (subject is None or bool(raw.get(subject)))


def _take_others(command: Command, raw: Mapping[str, str], args: dict[str, object], errors: dict[str, str]) -> None:
    """Give a value that was typed instead of a listed one to the parameter that it is for."""
    for param in command.params:
        if (other := command.param(param.extension)) is None:
            continue
        if (typed := args.get(other.name)) is not None:
            args[param.name] = typed
            errors.pop(param.key, None)
        elif raw.get(param.key) == OTHER and other.key not in errors:
            errors[other.key] = f"**{other.head}**: write a value. Example: `{other.example}`"


def _describe_missing(command: Command, key: str) -> str:
    param = command.param(key)
    assert param is not None
    return f"**{param.head}** is missing. Example: {markup.typed(command.example)}"


def _name_args(command: Command, args: Mapping[str, str]) -> dict[str, str]:
    raw = {}
    for key, text in args.items():
        if (param := command.param(key)) is not None:
            raw[param.key] = text
    link = next((p for p in command.params if p.kind is Kind.URL), None)
    note = next((p for p in command.params if p.says.long), None)
    if link and note and not raw.get(link.key) and (url := _find_link(raw.get(note.key, ""))):
        raw[link.key] = url
        rest = " ".join(re.sub(r"\(\s*\)", "", raw[note.key].replace(url, "", 1)).split())
        raw[note.key] = rest or raw[note.key]
    return raw


def _find_link(note: str) -> str | None:
    """Return the first valid web address in a note, without the punctuation after it."""
    if (match := _URL.search(note)) is None:
        return None
    url = match[0]
    while url and (url[-1] in ".,;:!?'\"`*_" or (url[-1] == ")" and url.count(")") > url.count("("))):
        url = url[:-1]
    return url if _is_link(url) else None


def _is_link(text: str) -> bool:
    try:
        parse_url(text)
    except BadInput:
        return False
    return True


def split(command: Command, text: str) -> dict[str, str]:
    """Split a typed line into raw arguments.

    `key=value` may stand anywhere. Other values go to the remaining parameters in order. The last text takes the
    rest without quotes. Examples: "45 read two papers link=https://x" or "minutes=45 note=read two papers".
    """
    words = re.findall(r"""[a-z_]+="[^"]*"|[a-z_]+='[^']*'(?!\S)|"[^"]*"|\S+""", straighten(text), re.IGNORECASE)
    words, ahead = _with_days_named(command, words)
    raw: dict[str, str] = {}
    at = 0
    while at < len(words):
        if named := _split_key(command, words[at]):
            param, first = named
            at += 1
            rest = words[at : _find_next_key(command, words, at)]
            following = _find_following_named(command, raw, param, words[at:])
            taken, used = _take(param, [first, *rest] if first else rest, following)
            at += used - (1 if first else 0)
        else:
            here = _next_in_order(command, {**ahead, **raw}, words, at)
            if here is None:
                break
            param, until = here, _find_next_key(command, words, at)
            if param.key in raw or _is_prose(command, {**ahead, **raw}, param, words[at:until]):
                taken, used = " ".join(words[at:until]), until - at
            else:
                taken, used = _take(param, words[at:until], _find_following(command, raw, param))
            at += used
        raw[param.key] = f"{raw[param.key]} {taken}" if param.key in raw else taken
    return raw


def _with_days_named(command: Command, words: list[str]) -> tuple[list[str], dict[str, str]]:
    """Rewrite `from monday until friday` as `key=value` words; return the words and the keys.

    Only before prose: after a day, the first word that is no day begins the reason.
    """
    days = [p for p in command.params if p.kind is Kind.DATE]
    taken = {named[0].key for word in words if (named := _split_key(command, word))}
    named_words: list[str] = []
    ahead: dict[str, str] = {}
    at = 0
    is_dated = False
    while days and at < len(words):
        param = _find_day_param(days, words[at])
        if param and param.key not in taken | set(ahead) and (span := _count_words(param, words, at + 1)):
            named_words += [f"{param.key}={words[at + 1]}", *words[at + 2 : at + 1 + span]]
            ahead[param.key] = ""
            at, is_dated = at + 1 + span, True
            continue
        span = _count_words(days[0], words, at)
        if is_dated and not span:
            break
        named_words += words[at : at + (span or 1)]
        at, is_dated = at + (span or 1), is_dated or span > 0
    return [*named_words, *words[at:]], ahead


def _find_day_param(days: list[ParamSpec], word: str) -> ParamSpec | None:
    """Return the date parameter that a word such as `from` or `till` introduces."""
    key = "until" if word.lower() in LAST_DAY else word.lower()
    return next((p for p in days if p.key == key), None)


def _find_next_key(command: Command, words: list[str], at: int) -> int:
    return next((i for i in range(at, len(words)) if _split_key(command, words[i])), len(words))


def _split_key(command: Command, word: str) -> tuple[ParamSpec, str] | None:
    """Return the parameter and the value of a word such as `minutes=45`."""
    match = re.fullmatch(r"([A-Za-z_]+)=(.*)", word, re.DOTALL)
    param = command.param(match[1]) if match else None
    if not match or not param:
        return None
    quoted = re.fullmatch(r"'([^']*)'", match[2])
    return param, f'"{quoted[1]}"' if quoted else match[2]


def _next_in_order(command: Command, raw: Mapping[str, str], words: list[str], at: int) -> ParamSpec | None:
    free = [p for p in command.params if p.key not in raw]
    for i, param in enumerate(free):
        later_text = any(p.kind in _REST for p in free[i + 1 :])
        if param.kind in _REST or param.required or _count_words(param, words, at) or not later_text:
            return param
    taken = [p for p in command.params if p.key in raw]
    return next((p for p in reversed(taken) if p.kind is Kind.TEXT), taken[-1] if taken else None)


def _is_prose(command: Command, raw: Mapping[str, str], param: ParamSpec, words: list[str]) -> bool:
    """Whether a quoted word only begins the last text, as in `"Walden" chapter 1`, and no other value follows."""
    if not param.says.long or len(words) < 2 or not words[0].startswith('"'):
        return False
    later = [p for p in command.params[command.params.index(param) + 1 :] if p.key not in raw]
    rest = " ".join(words[1:])
    is_unit = re.fullmatch(r"(?:unit )?#?\d{1,3}", rest, re.IGNORECASE) is not None
    if any(p.kind is Kind.TEXT for p in later):
        return False
    return not any(is_unit if p.kind is Kind.UNIT else _count_words(p, words, 1) == len(words) - 1 for p in later)


def _find_following(command: Command, raw: Mapping[str, str], param: ParamSpec) -> ParamSpec | None:
    free = [p for p in command.params if p.key not in raw]
    after = free[free.index(param) + 1 :] if param in free else []
    return next((p for p in after if p.required), None)


def _find_following_named(
    command: Command, raw: Mapping[str, str], param: ParamSpec, words: list[str]
) -> ParamSpec | None:
    """Return the parameter whose value ends a named one, as in `unit=7 45 read two papers`."""
    later = {named[0].key for word in words if (named := _split_key(command, word))}
    owed = (p for p in command.params if p.required and p.key not in {param.key, *raw, *later})
    return next((p for p in owed if p.says.long or param.kind is not Kind.TEXT), None)


def _count_words(param: ParamSpec, words: list[str], at: int) -> int:
    """Return the greatest number of words from `at` that parse as the parameter's value; 0 if none do."""
    for span in range(min(_SPAN, len(words) - at), 0, -1):
        try:
            _parse(param, " ".join(words[at : at + span]), date(2026, 1, 1))
        except BadInput:
            continue
        return span
    return 0


def _take(param: ParamSpec, words: list[str], following: ParamSpec | None) -> tuple[str, int]:
    if not words:
        return "", 0
    if words[0].startswith('"') and words[0].endswith('"') and len(words[0]) > 1:
        return words[0][1:-1], 1
    if param.kind not in _REST:
        span = 1 if param.kind in _LOOSE else _count_words(param, words, 0) or 1
        while param.kind is Kind.MINUTES and span < len(words) and durations.is_unit(words[span]):
            span += 1
        return " ".join(words[:span]), span
    if following is None:
        return " ".join(words), len(words)
    end = next(
        (i for i in range(1, len(words)) if following.kind in _REST or _count_words(following, words, i)), len(words)
    )
    return " ".join(words[:end]), end


def written(command: Command, call: Call) -> str:
    """Return a Call as people type it: required values in order, optional ones by name."""
    typed = (p for p in command.params if p.kind not in FILES)
    values = ((p, " ".join(call.args.get(p.key, "").split())) for p in typed)
    return " ".join([command.name, *(v if p.required else f"{p.key}={v}" for p, v in values if v)])


def with_file(command: Command | None, call: Call, link: str, name: str = "") -> Call:
    """Add the link of a line's file to a Call, if the command takes a link and none was typed.

    Args:
        name: the file's name, used as the text if only the text is missing.
    """
    takes = next((p for p in command.params if p.kind is Kind.URL), None) if command is not None else None
    if command is None or takes is None or not _is_link(link):
        return call
    raw = _name_args(command, call.args)
    if takes.key in raw:
        return call
    missing = [p for p in command.params if p.required and not raw.get(p.key)]
    is_said = len(missing) == 1 and missing[0].says.long and name
    description = {missing[0].key: markup.clip(name, missing[0].characters)} if is_said else {}
    return replace(call, args={**call.args, **description, takes.key: link})


async def attached(
    command: Command | None, call: Call, name: str, size: int, read: Callable[[], Awaitable[bytes]]
) -> Call:
    """Add an attached file to a Call, if the command takes one; BadInput says why it can't be used.

    Args:
        size: bytes, as the platform reports; a file that is too large is not fetched.
    """
    takes = command.file_param() if command is not None else None
    if takes is None or call.ask:
        return call
    try:
        file = await attachment.fetch(name, size, takes.characters, read, is_binary=takes.kind in BINARY)
    except BadInput as wrong:
        raise BadInput(f"**{takes.head}**: {wrong.sentence}", field=takes.key) from None
    return replace(call, args={**call.args, takes.key: file})


def reads(command: Command, text: str) -> bool:
    """Whether a line's first words parse as the command's first parameter."""
    words = straighten(text).split()
    return bool(words and command.params) and _count_words(command.params[0], words, 0) > 0


def complete(registry: Registry, text: str) -> list[str]:
    """Return the command names that begin with a half-typed line."""
    prefix = text.lstrip("/").lower()
    return [c.name for c in registry.shown if c.name.startswith(prefix)]
