"""The registry of commands, and references to commands from code that can't import them."""

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
    """A reference to a command by name; the registry checks at start that the command exists.

    Args:
        takes: the parameters that calls through this reference may set.
    """

    name: str
    takes: tuple[str, ...] = ()

    def call(self, group: int | None = None, /, **args: object) -> Call:
        """Return a Call that runs the command; a parameter outside `takes` raises TypeError."""
        if wrong := args.keys() - {*self.takes, DRAFT}:
            raise TypeError(f"the way to {self.name} takes no {min(wrong)}")
        return Call(self.name, spelled(args), group)

    def ask(self, group: int | None = None, /, **args: object) -> Call:
        """Return a Call that opens the command's form, `args` filled in."""
        call = self.call(group, **args)
        return Call(call.name, call.args, call.group, ask=True)


class Registry:
    """The commands of an app, checked together at start.

    Args:
        commands: in the order in which help lists them.
        ways: references to commands from features; each command must exist and take the parameters.
        fallback: the command that answers a question in the room.
        root: the command for an empty line.
        aside: the command that answers a question in private.
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
        """Tells whether a line is a term that the notes explain; the app sets this after it has read the notes."""
        self.terms_in: Callable[[str], int] = lambda _: 0
        """Counts the terms of the notes that a line names."""
        self.knows: Callable[[str], bool] = lambda _: False
        """Tells whether the notes probably cover a subject, by its words."""
        for command in commands:
            _check(command)
            for called in (command.name, *command.formerly):
                if called in self.commands or called in self._former:
                    raise ValueError(f"two commands are called {called}")
                (self.commands if called == command.name else self._former)[called] = command
        # hidden commands are never typed, so they don't count towards a platform's limits
        names = [command.name for command in self.shown]
        groups = Counter(name.split(" ")[0] for name in names if " " in name)
        if clash := groups.keys() & set(names):
            raise ValueError(f"a command and a group share the name {clash.pop()}")
        if crowded := [g for g, count in groups.items() if count > PLATFORM_MAX]:
            raise ValueError(f"group {crowded[0]} has over {PLATFORM_MAX} commands")
        for way in ways:
            led = self.commands.get(way.name)
            if led is None or not set(way.takes) <= {param.key for param in led.params}:
                raise ValueError(f"no command is as the way to {way.name} has it")

    @property
    def on_message(self) -> list[Command]:
        """The commands in the menu of a message."""
        return [c for c in self if c.on_message is not None]

    @property
    def shortcuts(self) -> list[Command]:
        """The commands in the global menu."""
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


def _check(command: Command) -> None:
    if trouble := _find_fault(command):
        raise ValueError(f"command {command.name}: {trouble}")


def _find_fault(command: Command) -> str:
    names = Counter(n for p in command.params for n in (p.key, *p.says.formerly))
    if not re.fullmatch(r"[a-z]{1,20}(?: [a-z]{1,20})?", command.name):
        return "its name is not one or two lower-case words"
    if not 0 < len(command.summary) <= 100:
        return "its summary is not 1 to 100 characters"
    if len(command.params) > PLATFORM_MAX:
        return f"it takes over {PLATFORM_MAX} parameters"
    if len(command.title) > 24:
        return "its title is over 24 characters"
    if long := next((p for p in command.params if len(p.says.label) > 45), None):
        return f"the label of {long.name} is over 45 characters"
    if twice := [name for name, count in names.items() if count > 1]:
        return f"two parameters are called {twice[0]}"
    if DRAFT in names:
        return f"{DRAFT} is what a Call calls its draft"
    if crowded := next((p for p in command.params if len(p.choices) > PLATFORM_MAX), None):
        return f"{crowded.name} has over {PLATFORM_MAX} choices"
    if command.on_message and not (command.form and len(command.on_message.label) <= 24):
        return "a message leads to a form, by a label of at most 24 characters"
    if command.shortcut and not command.form:
        return "a shortcut leads to a form"
    if command.form and sum(p.required and p.says.in_form for p in command.params) > 5:
        return "its form has over five required fields"
    if command.slow != inspect.iscoroutinefunction(command.run):
        return "it is slow exactly if it is async"
    return ""
