"""The commands of an app, checked together at start.

A way to a command from code that stands below it, and so cannot import it.
"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.commands.command import PLATFORM_MAX, Command
from bot.messages.call import DRAFT, Call, spelled


@dataclass(frozen=True)
class Way:
    """A command by its name; the registry refuses at start what leads to none.

    Args:
        takes: those of its parameters that are given on the way.
    """

    name: str
    takes: tuple[str, ...] = ()

    def call(self, cohort: int | None = None, **args: object) -> Call:
        """Return a Call that runs the command; a name that is not given on this way raises TypeError."""
        if wrong := args.keys() - {*self.takes, DRAFT}:
            raise TypeError(f"the way to {self.name} takes no {min(wrong)}")
        return Call(self.name, spelled(args), cohort)

    def ask(self, cohort: int | None = None, **args: object) -> Call:
        """Return a Call that opens the command's form, `args` filled in."""
        call = self.call(cohort, **args)
        return Call(call.name, call.args, call.cohort, ask=True)


class Registry:
    """The commands of an app, checked together at start.

    Args:
        commands: in the order in which help lists them.
        ways: what the features' buttons lead to; each must be there, with the parameters that it gives.
        fallback: the command that answers a question where it was asked.
        root: the command for an empty line.
        aside: the command that answers a question to the asker alone.
        unclear: the command for text that is neither a command nor a question.
    """

    def __init__(
        self,
        commands: Iterable[Command],
        ways: Iterable[Way] = (),
        *,
        fallback: str = "ask",
        root: str = "help",
        aside: str = "consult",
        unclear: str = "heard",
    ) -> None:
        self.commands: dict[str, Command] = {}
        self._former: dict[str, Command] = {}
        self.fallback, self.root, self.aside, self.unclear = fallback, root, aside, unclear
        self.is_term: Callable[[str], bool] = lambda _: False
        """Says whether a line is a term that the notes explain; none is until the app knows the notes."""
        self.terms_in: Callable[[str], int] = lambda _: 0
        """Counts the terms of the notes that a line names."""
        self.knows: Callable[[str], bool] = lambda _: False
        """Says whether the notes may well know a subject, by its words."""
        for one in commands:
            _check(one)
            for called in (one.name, *one.formerly):
                if called in self.commands or called in self._former:
                    raise ValueError(f"two commands are called {called}")
                (self.commands if called == one.name else self._former)[called] = one
        # a hidden command is reached by buttons alone, so it takes no place among those that are typed
        shown = [one.name for one in self.shown]
        groups = Counter(name.split(" ")[0] for name in shown if " " in name)
        if clash := groups.keys() & set(shown):
            raise ValueError(f"a command and a group share the name {clash.pop()}")
        if crowded := [g for g, count in groups.items() if count > PLATFORM_MAX]:
            raise ValueError(f"group {crowded[0]} has over {PLATFORM_MAX} commands")
        for way in ways:
            led = self.commands.get(way.name)
            if led is None or not set(way.takes) <= {param.key for param in led.params}:
                raise ValueError(f"no command is as the way to {way.name} has it")

    @property
    def on_message(self) -> list[Command]:
        """The commands that the menu of a message leads to."""
        return [c for c in self if c.on_message is not None]

    @property
    def shortcuts(self) -> list[Command]:
        """The commands whose form is open from anywhere."""
        return [c for c in self if c.shortcut]

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
    if DRAFT in names:
        return f"{DRAFT} is what a Call calls its draft"
    if crowded := next((p for p in one.params if len(p.choices) > PLATFORM_MAX), None):
        return f"{crowded.name} has over {PLATFORM_MAX} choices"
    if one.on_message and not (one.form and len(one.on_message.label) <= 24):
        return "a message leads to a form, by a label of at most 24 characters"
    if one.shortcut and not one.form:
        return "a shortcut leads to a form"
    if one.form and sum(p.required and p.says.in_form for p in one.params) > 5:
        return "its form has over five required fields"
    if one.slow != inspect.iscoroutinefunction(one.run):
        return "it is slow exactly if it is async"
    return ""
