"""A command is declared once, as a typed function: before its star stands what people type, after it what it needs.

What people say when they may want a command, though they do not name it.
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
    NUMBERS,
    Attachment,
    Kind,
    MemberRef,
    Minutes,
    RoomRef,
    UnitRef,
    Url,
    Zone,
)
from bot.commands.permissions import Cohorts, Policy
from bot.messages.call import DRAFT, Call, spelled
from bot.messages.reply import Reply


@dataclass(frozen=True)
class IntentPattern:
    """Free text that suggests a command, though it does not name it.

    Args:
        pattern: a regular expression, case aside; its named groups are arguments.
        button: the label of the button that does it; the command's title if empty.
        asks: the sentence that offers it.
        args: what the command is called with besides.
    """

    pattern: str
    button: str = ""
    asks: str = ""
    args: tuple[tuple[str, str], ...] = ()


_KEYWORD_ONLY = inspect.Parameter.KEYWORD_ONLY

PLATFORM_MAX = 25

"""Options of a command, choices of an option, commands of a group: what the strictest platform takes."""

FIELDS = 5

"""Fields of a form: what the strictest platform takes."""

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
}


@dataclass(frozen=True)
class SuggestedValue:
    """A suggestion: what is shown and what is sent, 100 characters each at most."""

    label: str
    value: str


@dataclass(frozen=True)
class Param:
    """What `Annotated` says about a parameter.

    Args:
        label: at most 45 characters, a form's field label and an option's description.
        example: shown in errors and as a placeholder.
        long: several lines in a form.
        max: characters of text, 200 unless said otherwise; for a number or minutes the greatest, as `min` the least.
        suggest: `fn(ctx, typed, *, services) -> list[Choice]`, run on a reader.
        formerly: old names that buttons in old messages still use.
        in_form: whether the form asks for it.
        listed: whether the form lists what is suggested, so that its label is seen and not the value.
        note: a sentence in the form below the field.
        mentions, is_account: the text names people and roles as in messages/mention; the number is a person's account.
        needed: `fn(ctx) -> bool`, whether this caller has to fill an optional field: nothing can stand in for it.
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


@dataclass(frozen=True)
class ParamSpec:
    """One parameter as the binder and the adapters see it."""

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
    def characters(self) -> int:
        """How many characters of text fit; a number's bounds say nothing about its length."""
        return self.says.max or _TEXT if self.kind not in NUMBERS else _TEXT

    @property
    def head(self) -> str:
        """The label without the hint in brackets: how a sentence names the parameter."""
        return self.says.label.split(" (")[0]

    @property
    def example(self) -> str:
        """Return something that this parameter accepts."""
        return self.says.example or (self.choices[0] if self.choices else EXAMPLES[self.kind])


@dataclass(frozen=True)
class OnMessage:
    """How the menu of any message leads to a command: its form opens with what the message says.

    Args:
        label: what the menu calls it, 24 characters at most.
        text, author: the parameters that take the message's text and who wrote it, if any; a bot is no author.
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
    formerly: tuple[str, ...] = ()
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

    def allows(self, roles: Collection[Role]) -> bool:
        """Whether someone with these roles may run the command."""
        return self.policy.allows(roles)

    def is_deed(self, reply: Reply) -> bool:
        """Whether an answer says that a moderator has changed something: what is only shown first has another tone."""
        return self.role == "moderator" and self.writes and reply.tone == "good"

    def param(self, key: str) -> ParamSpec | None:
        """Return the parameter of this name, present or former."""
        folded = key.lower().rstrip("_")
        return next((p for p in self.params if folded in (p.key, *p.says.formerly)), None)

    @property
    def names_days(self) -> bool:
        """Whether what it means depends on the day it is where the caller is."""
        return any(p.kind is Kind.DATE for p in self.params)

    def cohort_named(self, args: Mapping[str, object]) -> str | None:
        """Return the cohort that its arguments name, if any."""
        named = args.get(self.which.name) if self.which else None
        return str(named) if named else None

    def handed(self, args: Mapping[str, object]) -> dict[str, object]:
        """Return the arguments that its function takes: which cohort is meant stands in the context."""
        return {name: value for name, value in args.items() if self.which is None or name != self.which.name}

    def call(self, cohort: int | None = None, **args: object) -> Call:
        """Return a Call that runs the command; a name that it does not take raises TypeError.

        Any command takes the number of a `draft`, which keeps what was typed.
        """
        return Call(self.name, self._raw(args), cohort)

    def ask(self, cohort: int | None = None, **args: object) -> Call:
        """Return a Call that opens the command's form, `args` filled in."""
        return Call(self.name, self._raw(args), cohort, ask=True)

    def _raw(self, args: Mapping[str, object]) -> dict[str, str]:
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
        said = text[: param.characters] if param else text
        whose = {self.on_message.author: author} if self.on_message.author and author else {}
        return Call(self.name, {self.on_message.text: said, **whose}, ask=True)

    def file_param(self) -> ParamSpec | None:
        """Return the parameter that takes a file, if any."""
        return next((p for p in self.params if p.kind is Kind.FILE), None)

    @property
    def form_params(self) -> tuple[ParamSpec, ...]:
        """The parameters that a form asks for: required first, then optional, five at most."""
        asked = [p for p in self.params if p.says.in_form]
        return tuple(sorted(asked, key=lambda p: not p.required)[:FIELDS])

    def asking(self, keys: Collection[str]) -> Command:
        """Return the command as its form asks for these parameters; for none in particular, as it is declared."""
        if not keys:
            return self
        params = (replace(p, says=replace(p.says, in_form=p.key in keys)) for p in self.params)
        return replace(self, params=tuple(params))

    @property
    def usage(self) -> str:
        """Return how the command is typed: `checkin MINUTES NOTE [link=]`."""
        words = [p.key.upper() if p.required else f"[{p.key}=]" for p in self.params]
        return " ".join([self.name, *words])

    @property
    def example(self) -> str:
        """Return a line that works as it stands."""
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
    cohort: Cohorts = "if any",
    title: str = "",
    form_note: str = "",
    initial: Callable[..., Mapping[str, str]] | None = None,
    formerly: tuple[str, ...] = (),
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
        name: one or two lower-case words.
        private, role: whether its answer is for the caller only, and who may run it. A moderator's that has changed
            something answers in the tone "good", and is kept on record.
        slow, form: async, it opens short transactions itself; and what is missing opens a form instead of an error.
        writes, hidden: whether it changes anything (if not it runs on a reader), and is reached by buttons only.
        in_place: slow, but soon done: its answer takes the place of the clicked message, and nothing is said meanwhile.
        cohort, moderators_too, after_end, own, refuses_itself: see Policy.
        title, form_note: the form's heading, 24 characters at most, and a sentence at its top.
        initial: `fn(ctx, *, services) -> {parameter: value}`, what the form opens filled with.
        formerly: old names that old buttons still carry.
        spoken: other ways to type its name, understood where its first value follows, or nothing.
        hints: what people say when they may want it.
        asked: regular expressions of what people ask the way to who may want it; a whole question begins with ^.
        answers: regular expressions of whole questions that it is the answer to itself, rather than its page.
        which: the parameter `cohort`, by which somebody in several says which one is meant; not handed to the function.
        on_message: how the menu of a message leads to it, where a platform's messages have one.
        secret: its answer holds what only its reader may know, and is shown once where it would otherwise be kept.
        shortcut: whether its form stands in a menu that is open from anywhere, where a platform has one.
    """

    def declare(fn: Callable[..., Any]) -> Command:
        types = get_type_hints(fn, include_extras=True)
        typed = [p for p in list(inspect.signature(fn).parameters.values())[1:] if p.kind is not _KEYWORD_ONLY]
        said = ParamSpec("cohort", Kind.COHORT, False, None, which) if which else None
        params = (*(_spec(p, types[p.name]) for p in typed), *([said] if said else []))
        policy = Policy(role, moderators_too, cohort, after_end, own, refuses_itself)
        return Command(
            name,
            _summary(fn),
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
            formerly,
            spoken,
            hints,
            said,
            on_message,
            asked,
            answers,
            shortcut,
            secret,
        )

    return declare


def _summary(fn: Callable[..., Any]) -> str:
    return (inspect.getdoc(fn) or "").split("\n", 1)[0]


@cache
def needs_of(fn: Callable[..., Any]) -> Mapping[str, type]:
    """Return what stands after a function's star, by name: what the app hands over."""
    hints = get_type_hints(fn)
    return {p.name: hints[p.name] for p in inspect.signature(fn).parameters.values() if p.kind is _KEYWORD_ONLY}


def _spec(parameter: inspect.Parameter, hint: Any) -> ParamSpec:
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
