"""A command is declared once, as a typed function: before its star stands what people type, after it what it needs."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from bot.core.call import Call
from bot.core.context import Context, Role
from bot.core.hint import Hint
from bot.core.values import (
    EXAMPLES,
    CohortRef,
    Kind,
    MemberRef,
    Minutes,
    RoomRef,
    UnitRef,
    Url,
    Zone,
)

_KEYWORD_ONLY = inspect.Parameter.KEYWORD_ONLY

PLATFORM_MAX = 25
"""Options of a command, choices of an option, commands of a group: what the strictest platform takes."""

_TEXT = 200

Cohorts = Literal["needed", "choose", "if any", "none"]

KINDS: Mapping[Any, Kind] = {
    str: Kind.TEXT,
    int: Kind.INT,
    bool: Kind.BOOL,
    date: Kind.DATE,
    Minutes: Kind.MINUTES,
    Url: Kind.URL,
    Zone: Kind.ZONE,
    MemberRef: Kind.MEMBER,
    RoomRef: Kind.ROOM,
    CohortRef: Kind.COHORT,
    UnitRef: Kind.UNIT,
}


@dataclass(frozen=True)
class Choice:
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
        max: characters of text, 200 unless said otherwise; for a whole number the greatest one.
        min: the least whole number.
        suggest: `fn(ctx, typed, *, services) -> list[Choice]`, run on a reader.
        formerly: old names that buttons in old messages still use.
        in_form: whether the form asks for it.
        note: a sentence in the form below the field.
        mentions: the text may name people and roles, as the platform itself spells them.
        needed: `fn(ctx) -> bool`, whether this caller has to fill an optional field: nothing can stand in for it.
    """

    label: str
    example: str = ""
    long: bool = False
    max: int | None = None
    min: int | None = None
    suggest: Callable[..., list[Choice]] | None = None
    formerly: tuple[str, ...] = ()
    in_form: bool = True
    note: str = ""
    mentions: bool = False
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
        return self.says.max or _TEXT if self.kind is not Kind.INT else _TEXT

    @property
    def head(self) -> str:
        """The label without the hint in brackets: how a sentence names the parameter."""
        return self.says.label.split(" (")[0]

    @property
    def example(self) -> str:
        """Return something that this parameter accepts."""
        return self.says.example or (self.choices[0] if self.choices else EXAMPLES[self.kind])


@dataclass(frozen=True)
class Command:
    """A declared command; see `command`."""

    name: str
    summary: str
    params: tuple[ParamSpec, ...]
    needs: Mapping[str, type]
    run: Callable[..., Any] = field(repr=False, compare=False)
    private: bool = True
    role: Role = "anyone"
    slow: bool = False
    writes: bool = True
    form: bool = False
    hidden: bool = False
    cohort: Cohorts = "if any"
    title: str = ""
    form_note: str = ""
    initial: Callable[..., Mapping[str, str]] | None = field(default=None, repr=False, compare=False)
    formerly: tuple[str, ...] = ()
    moderators_too: bool = False
    after_end: bool = False
    spoken: tuple[str, ...] = ()
    hints: tuple[Hint, ...] = ()
    own: bool = False

    def allows(self, roles: Collection[Role]) -> bool:
        """Whether someone with these roles may run the command."""
        return self.role in roles or (self.moderators_too and "moderator" in roles)

    def param(self, key: str) -> ParamSpec | None:
        """Return the parameter of this name, present or former."""
        folded = key.lower().rstrip("_")
        return next((p for p in self.params if folded in (p.key, *p.says.formerly)), None)

    def call(self, cohort: int | None = None, **args: object) -> Call:
        """Return a Call that runs the command; a name that it does not take raises TypeError."""
        return Call(self.name, self._raw(args), cohort)

    def ask(self, cohort: int | None = None, **args: object) -> Call:
        """Return a Call that opens the command's form, `args` filled in."""
        return Call(self.name, self._raw(args), cohort, ask=True)

    def _raw(self, args: Mapping[str, object]) -> dict[str, str]:
        raw = {}
        for key, value in args.items():
            if (param := self.param(key)) is None:
                raise TypeError(f"{self.name} takes no {key}")
            if value is not None:
                raw[param.key] = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        return raw

    @property
    def form_params(self) -> tuple[ParamSpec, ...]:
        """The parameters that a form asks for: required first, then optional, five at most."""
        asked = [p for p in self.params if p.says.in_form]
        return tuple(sorted(asked, key=lambda p: not p.required)[:5])

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
    cohort: Cohorts = "if any",
    title: str = "",
    form_note: str = "",
    initial: Callable[..., Mapping[str, str]] | None = None,
    formerly: tuple[str, ...] = (),
    moderators_too: bool = False,
    after_end: bool = False,
    spoken: tuple[str, ...] = (),
    hints: tuple[Hint, ...] = (),
    own: bool = False,
) -> Callable[[Callable[..., Any]], Command]:
    """Declare a command.

    Args:
        name: one or two lower-case words.
        private: whether its answer is for the caller only.
        role: who may run it.
        slow: an async function that opens short transactions itself.
        writes: whether it changes anything; if not it runs on a reader.
        form: missing parameters open a form instead of an error.
        hidden: reached by buttons only.
        cohort: "needed" refuses without one, "choose" asks only somebody who is in several, "if any" takes what is
            there, "none" looks for none.
        title: the form's heading, 24 characters at most.
        form_note: a sentence at the top of the form.
        initial: `fn(ctx, *, services) -> {parameter: value}`, what the form opens filled with.
        formerly: old names that old buttons still carry.
        moderators_too: a command of members that moderators may run without joining.
        after_end: whether it still works on a cohort that has ended: it only looks at the record.
        spoken: other ways to type its name, understood where its first value follows, or nothing.
        hints: what people say when they may want it.
        own: it shows the caller's own record and the roadmap, nothing of others: a member keeps it also where they no
            longer see the room.
    """

    def declare(fn: Callable[..., Any]) -> Command:
        types = get_type_hints(fn, include_extras=True)
        typed = [p for p in list(inspect.signature(fn).parameters.values())[1:] if p.kind is not _KEYWORD_ONLY]
        params = tuple(_spec(p, types[p.name]) for p in typed)
        summary = (inspect.getdoc(fn) or "").split("\n", 1)[0]
        return Command(
            name, summary, params, needs_of(fn), fn, private, role, slow, writes, form, hidden, cohort,
            title or name.capitalize(), form_note, initial, formerly, moderators_too, after_end, spoken, hints, own,
        )  # fmt: skip

    return declare


def needs_of(fn: Callable[..., Any]) -> dict[str, type]:
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


class Registry:
    """The commands of an app, checked together at start.

    Args:
        commands: in the order in which help lists them.
        fallback: the command that answers a question where it was asked.
        root: the command for an empty line.
        aside: the command that answers a question to the asker alone.
        unclear: the command for text that is neither a command nor a question.
    """

    def __init__(
        self,
        commands: Iterable[Command],
        *,
        fallback: str = "ask",
        root: str = "help",
        aside: str = "consult",
        unclear: str = "heard",
    ) -> None:
        self.commands: dict[str, Command] = {}
        self._former: dict[str, Command] = {}
        self.fallback, self.root, self.aside, self.unclear = fallback, root, aside, unclear
        for one in commands:
            _check(one)
            for called in (one.name, *one.formerly):
                if called in self.commands or called in self._former:
                    raise ValueError(f"two commands are called {called}")
                (self.commands if called == one.name else self._former)[called] = one
        groups = Counter(n.split(" ")[0] for n in self.commands if " " in n)
        if clash := groups.keys() & self.commands.keys():
            raise ValueError(f"a command and a group share the name {clash.pop()}")
        if crowded := [g for g, count in groups.items() if count > PLATFORM_MAX]:
            raise ValueError(f"group {crowded[0]} has over {PLATFORM_MAX} commands")

    def __iter__(self) -> Iterator[Command]:
        return iter(self.commands.values())

    def find(self, name: str) -> Command | None:
        """Return the command of this present or former name."""
        return self.commands.get(name) or self._former.get(name)

    @property
    def shown(self) -> list[Command]:
        """The commands that people type, in order."""
        return [c for c in self if not c.hidden]


def _check(one: Command) -> None:
    if trouble := _trouble(one):
        raise ValueError(f"command {one.name}: {trouble}")


def _trouble(one: Command) -> str:
    names = Counter(n for p in one.params for n in (p.key, *p.says.formerly))
    if not re.fullmatch(r"[a-z]{1,20}(?: [a-z]{1,20})?", one.name):
        return "its name is not one or two lower-case words"
    if not 0 < len(one.summary) <= 100:
        return "its summary is not 1 to 100 characters"
    if len(one.params) > PLATFORM_MAX:
        return f"it takes over {PLATFORM_MAX} parameters"
    if len(one.title) > 24:
        return "its title is over 24 characters"
    if long := next((p for p in one.params if len(p.says.label) > 45), None):
        return f"the label of {long.name} is over 45 characters"
    if twice := [name for name, count in names.items() if count > 1]:
        return f"two parameters are called {twice[0]}"
    if crowded := next((p for p in one.params if len(p.choices) > PLATFORM_MAX), None):
        return f"{crowded.name} has over {PLATFORM_MAX} choices"
    if one.form and sum(p.required and p.says.in_form for p in one.params) > 5:
        return "its form has over five required fields"
    if one.slow != inspect.iscoroutinefunction(one.run):
        return "it is slow exactly if it is async"
    return ""
