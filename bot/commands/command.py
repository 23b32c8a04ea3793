"""Declare commands as typed functions.

Parameters before the `*` are typed by people; those after it are services that the app supplies.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from bot.commands.context import Context, Role
from bot.commands.parameter_types import (
    EXAMPLES,
    FILES,
    NUMBERS,
    Attachment,
    DocumentFile,
    Kind,
    MemberRef,
    Minutes,
    PictureFile,
    RoomRef,
    Ticks,
    UnitRef,
    Url,
    Zone,
)
from bot.commands.permissions import GroupNeed, Policy
from bot.messages.call import DRAFT, Call, spelled
from bot.messages.reply import Reply


@dataclass(frozen=True)
class IntentPattern:
    """Free text that suggests a command, though it does not name it.

    Args:
        pattern: a case-insensitive regular expression; its named groups are arguments.
        button: the label of the button that runs the command; its title if empty.
        asks: the sentence that offers the command.
        args: further arguments of the call.
    """

    pattern: str
    button: str = ""
    asks: str = ""
    args: tuple[tuple[str, str], ...] = ()


_KEYWORD_ONLY = inspect.Parameter.KEYWORD_ONLY

PLATFORM_MAX = 25

"""Most options of a command, choices of an option and commands of a group, on the strictest platform."""

OTHER = "other"

"""The value of a form's list that refers to the parameter for other values, and the key of this parameter."""

FIELDS = 5

"""Most fields of a form, on the strictest platform."""

_TEXT = 200

KINDS: Mapping[Any, Kind] = {
    str: Kind.TEXT,
    int: Kind.INT,
    bool: Kind.BOOL,
    date: Kind.DATE,
    time: Kind.TIME,
    Minutes: Kind.MINUTES,
    Url: Kind.URL,
    Zone: Kind.ZONE,
    MemberRef: Kind.MEMBER,
    RoomRef: Kind.ROOM,
    UnitRef: Kind.UNIT,
    Attachment: Kind.FILE,
    PictureFile: Kind.PICTURE,
    DocumentFile: Kind.DOCUMENT,
    Ticks: Kind.TICKS,
}


@dataclass(frozen=True)
class SuggestedValue:
    """A suggestion: the label that people see and the value that is sent, 100 characters each at most."""

    label: str
    value: str


@dataclass(frozen=True)
class Param:
    """The `Annotated` metadata of a parameter.

    Args:
        label: at most 45 characters, a form's field label and an option's description.
        example: shown in errors and as a placeholder.
        long: free text: it takes the rest of a typed line, and has several lines in a form.
        max, min: most characters of a text (200 by default); greatest and least value of a number or minutes.
        suggest: `fn(ctx, typed, *, services) -> list[SuggestedValue]`, run on a read-only connection.
        formerly: old names that buttons in old messages still use.
        in_form: whether the form asks for it.
        listed: whether the form lists the suggestions by label.
        note: a sentence in the form below the field.
        mentions, is_account: the text may mention people and roles; the number is a person's account.
        needed: `fn(ctx) -> bool`, whether this caller must fill an optional field because it has no default for them.
        offered: whether menus, hints and tables show it; if not, only buttons and whoever knows it set it.
        subject: whether it only names what the form is about: given by itself, it opens the form.
        field: its field in a form. "one line": although it is long; "folded": folded away, or left out where nothing
            can be folded; "with other": a list that ends in "Other", whose values the parameter `other` takes.
        is_voice: whether it names a voice channel instead of one that the bot posts in.
    """

    label: str
    example: str = ""
    long: bool = False
    max: int | None = None
    min: int | None = None
    suggest: Callable[..., list[SuggestedValue]] | None = None
    formerly: tuple[str, ...] = ()
    in_form: bool = True
    listed: bool = False
    note: str = ""
    mentions: bool = False
    is_account: bool = False
    needed: Callable[[Context], bool] | None = None
    offered: bool = True
    subject: bool = False
    field: Literal["usual", "one line", "folded", "with other"] = "usual"
    is_voice: bool = False


@dataclass(frozen=True)
class FormerName:
    """An old name of a command, with the arguments that it stands for.

    Args:
        name: one to three lower-case words, as old buttons and typed lines have it.
        args: arguments of the present command that a call under this name has, unless it sets them itself.
    """

    name: str
    args: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ParamSpec:
    """One parameter as the parser and the adapters see it."""

    name: str
    kind: Kind
    required: bool
    default: object
    says: Param
    choices: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name as people type it: `from` for `from_`."""
        return self.name.rstrip("_")

    @property
    def extension(self) -> str:
        """The key of the parameter that takes a value which its list lacks; "" if it has no such list."""
        return OTHER if self.says.field == "with other" else ""

    @property
    def characters(self) -> int:
        """Most characters of its text; `max` of a number is a value, not a length."""
        return self.says.max or _TEXT if self.kind not in NUMBERS else _TEXT

    @property
    def head(self) -> str:
        """The label without the hint in brackets or the question mark, for use in a sentence."""
        return self.says.label.split(" (")[0].rstrip("?")

    @property
    def example(self) -> str:
        """Return something that this parameter accepts."""
        return self.says.example or (self.choices[0] if self.choices else EXAMPLES[self.kind])


@dataclass(frozen=True)
class OnMessage:
    """An entry in the menu of a message that opens a command's form, filled from the message.

    Args:
        label: the menu entry, 24 characters at most.
        text, author: the parameters that take the message's text and its author; a bot is no author.
    """

    label: str
    text: str
    author: str = ""


@dataclass(frozen=True)
class Command:
    """A declared command; see `command`."""

    name: str
    summary: str
    params: tuple[ParamSpec, ...]
    needs: Mapping[str, type]
    run: Callable[..., Any] = field(repr=False, compare=False)
    policy: Policy
    private: bool = True
    slow: bool = False
    writes: bool = True
    form: bool = False
    hidden: bool = False
    in_place: bool = False
    title: str = ""
    form_note: str = ""
    initial: Callable[..., Mapping[str, str]] | None = field(default=None, repr=False, compare=False)
    formerly: tuple[FormerName, ...] = ()
    spoken: tuple[str, ...] = ()
    hints: tuple[IntentPattern, ...] = ()
    which: ParamSpec | None = None
    on_message: OnMessage | None = None
    asked: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    shortcut: bool = False
    secret: bool = False

    @property
    def role(self) -> Role:
        """Who may run the command."""
        return self.policy.role

    @property
    def answers_later(self) -> bool:
        """Whether an adapter acknowledges an event first and gives the answer later."""
        return self.slow and not self.in_place

    def allows(self, roles: Collection[Role]) -> bool:
        """Whether someone with these roles may run the command."""
        return self.policy.allows(roles)

    def is_offered_to(self, roles: Collection[Role]) -> bool:
        """Whether the command is offered to someone with these roles: all may try one, but for moderators' commands."""
        return self.role != "moderator" or self.allows(roles)

    def is_deed(self, reply: Reply) -> bool:
        """Whether the reply reports a moderator's change; a preview has another tone than "good"."""
        return self.role == "moderator" and self.writes and reply.tone == "good"

    def param(self, key: str) -> ParamSpec | None:
        """Return the parameter of this name, present or former."""
        folded = key.lower().rstrip("_")
        return next((p for p in self.params if folded in (p.key, *p.says.formerly)), None)

    @property
    def offered(self) -> tuple[ParamSpec, ...]:
        """The parameters that menus, hints and tables show."""
        return tuple(p for p in self.params if p.says.offered)

    @property
    def names_days(self) -> bool:
        """Whether its arguments depend on the caller's current day."""
        return any(p.kind is Kind.DATE for p in self.params)

    def group_named(self, args: Mapping[str, object]) -> str | None:
        """Return the group that its arguments name, if any."""
        named = args.get(self.which.name) if self.which else None
        return str(named) if named else None

    def handed(self, args: Mapping[str, object]) -> dict[str, object]:
        """Return the arguments that its function takes, without the group, which the context has."""
        return {name: value for name, value in args.items() if self.which is None or name != self.which.name}

    def call(self, group: int | None = None, /, **args: object) -> Call:
        """Return a Call that runs the command; an unknown parameter raises TypeError.

        Every command takes a `draft`, the id of stored arguments.
        """
        return Call(self.name, self._raw_args(args), group)

    def ask(self, group: int | None = None, /, **args: object) -> Call:
        """Return a Call that opens the command's form, `args` filled in."""
        return Call(self.name, self._raw_args(args), group, ask=True)

    def _raw_args(self, args: Mapping[str, object]) -> dict[str, str]:
        raw = {}
        for key, text in spelled(args).items():
            param = self.param(key)
            if param is None and key != DRAFT:
                raise TypeError(f"{self.name} takes no {key}")
            raw[param.key if param else key] = text
        return raw

    def upon(self, text: str, author: str) -> Call:
        """Return the Call for its form, filled from a message.

        Args:
            author: the platform's id of who wrote it; empty if a bot did.
        """
        assert self.on_message is not None
        param = self.param(self.on_message.text)
        content = text[: param.characters] if param else text
        whose = {self.on_message.author: author} if self.on_message.author and author else {}
        return Call(self.name, {self.on_message.text: content, **whose}, ask=True)

    def file_param(self) -> ParamSpec | None:
        """Return the parameter that takes a file, if any."""
        return next((p for p in self.params if p.kind in FILES), None)

    @property
    def form_params(self) -> tuple[ParamSpec, ...]:
        """The parameters that a form asks for: required first, then optional, five at most."""
        asked = [p for p in self.params if p.says.in_form]
        return tuple(sorted(asked, key=lambda p: not p.required)[:FIELDS])

    def asking(self, keys: Collection[str]) -> Command:
        """Return the command with a form of these parameters; without keys, the command as declared."""
        if not keys:
            return self
        params = (replace(p, says=replace(p.says, in_form=p.key in keys)) for p in self.params)
        return replace(self, params=tuple(params))

    @property
    def usage(self) -> str:
        """The syntax of the typed command: `checkin MINUTES NOTE [link=]`."""
        words = [p.key.upper() if p.required else f"[{p.key}=]" for p in self.offered]
        return " ".join([self.name, *words])

    @property
    def example(self) -> str:
        """A typed line that works unchanged."""
        return " ".join([self.name, *(p.example for p in self.params if p.required)])


def command(
    name: str,
    *,
    private: bool = True,
    role: Role = "anyone",
    slow: bool = False,
    writes: bool = True,
    form: bool = False,
    hidden: bool = False,
    in_place: bool = False,
    shortcut: bool = False,
    group: GroupNeed = "if any",
    title: str = "",
    form_note: str = "",
    initial: Callable[..., Mapping[str, str]] | None = None,
    formerly: tuple[str | FormerName, ...] = (),
    moderators_too: bool = False,
    after_end: bool = False,
    refuses_itself: bool = False,
    spoken: tuple[str, ...] = (),
    hints: tuple[IntentPattern, ...] = (),
    asked: tuple[str, ...] = (),
    own: bool = False,
    which: Param | None = None,
    answers: tuple[str, ...] = (),
    on_message: OnMessage | None = None,
    secret: bool = False,
) -> Callable[[Callable[..., Any]], Command]:
    """Declare a command.

    Args:
        name: one to three lower-case words.
        private, role: whether only the caller sees its answer, and who may run it. A moderator's command answers
            in the tone "good" if it changed something; the change is then audited.
        slow, form: slow is async and opens short transactions itself; form opens a form if a parameter is missing.
        writes, hidden: whether it changes data (if not, it runs on a read-only connection); only buttons reach it.
        in_place: slow, but done soon: its answer replaces the clicked message without an intermediate state.
        group, moderators_too, after_end, own, refuses_itself: see Policy.
        title, form_note: the form's heading, 24 characters at most, and a sentence at its top.
        initial: `fn(ctx, *, services) -> {parameter: value}`, the first values of the form.
        formerly: old names, which old buttons use and people may still type.
        spoken: other ways to type its name, valid if the first value or nothing follows.
        hints: free text that suggests the command.
        asked: regular expressions of "how do I" questions about it; ^ marks a whole question.
        answers: regular expressions of whole questions that running the command answers.
        which: the parameter `group`, for people in several; the function doesn't get it.
        on_message: its entry in the menu of a message, on platforms that have one.
        secret: its answer is only for its reader, so it is shown once and never stored.
        shortcut: whether a platform's global menu lists its form.
    """

    def declare(fn: Callable[..., Any]) -> Command:
        types = get_type_hints(fn, include_extras=True)
        typed = [p for p in list(inspect.signature(fn).parameters.values())[1:] if p.kind is not _KEYWORD_ONLY]
        says = replace(which, formerly=("cohort", *which.formerly)) if which else None
        group_param = ParamSpec("group", Kind.GROUP, False, None, says) if says else None
        params = (*(_build_spec(p, types[p.name]) for p in typed), *([group_param] if group_param else []))
        policy = Policy(role, moderators_too, group, after_end, own, refuses_itself)
        return Command(
            name,
            _first_line(fn),
            params,
            needs_of(fn),
            fn,
            policy,
            private,
            slow,
            writes,
            form,
            hidden,
            in_place,
            title or name.capitalize(),
            form_note,
            initial,
            tuple(former if isinstance(former, FormerName) else FormerName(former) for former in formerly),
            spoken,
            hints,
            group_param,
            on_message,
            asked,
            answers,
            shortcut,
            secret,
        )

    return declare


def _first_line(fn: Callable[..., Any]) -> str:
    return (inspect.getdoc(fn) or "").split("\n", 1)[0]


@cache
def needs_of(fn: Callable[..., Any]) -> Mapping[str, type]:
    """Return the keyword-only parameters of a function, by name: the services that the app supplies."""
    hints = get_type_hints(fn)
    return {p.name: hints[p.name] for p in inspect.signature(fn).parameters.values() if p.kind is _KEYWORD_ONLY}


def _build_spec(parameter: inspect.Parameter, hint: Any) -> ParamSpec:
    says = Param(parameter.name.rstrip("_").replace("_", " ").capitalize())
    if get_origin(hint) is Annotated:
        hint, *extras = get_args(hint)
        says = next((e for e in extras if isinstance(e, Param)), says)
    if get_origin(hint) in (Union, UnionType):
        hint = next(h for h in get_args(hint) if h is not NoneType)
    required = parameter.default is inspect.Parameter.empty
    default = None if required else parameter.default
    if get_origin(hint) is Literal:
        return ParamSpec(parameter.name, Kind.CHOICE, required, default, says, tuple(get_args(hint)))
    return ParamSpec(parameter.name, KINDS[hint], required, default, says)
