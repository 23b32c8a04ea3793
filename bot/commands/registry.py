"""The registry of commands, and references to commands from code that can't import them."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.commands.command import PLATFORM_MAX, Command
from bot.messages.call import DRAFT, Call, spelled


@dataclass(frozen=True)
class CommandLink:
    """A reference to a command by name; the registry checks at start that the command exists.

    Args:
        takes: the parameters that calls through this reference may set.
    """

    name: str
    takes: tuple[str, ...] = ()

    def call(self, group: int | None = None, /, **args: object) -> Call:
        """Return a Call that runs the command; a parameter outside `takes` raises TypeError."""
        if wrong := args.keys() - {*self.takes, DRAFT}:
            raise TypeError(f"the link to {self.name} takes no {min(wrong)}")
        return Call(self.name, spelled(args), group)

    def ask(self, group: int | None = None, /, **args: object) -> Call:
        """Return a Call that opens the command's form, `args` filled in."""
        call = self.call(group, **args)
        return Call(call.name, call.args, call.group, ask=True)


@dataclass(frozen=True)
class Menu:
    """What the slash menu of a platform lists. Everything else can be typed, or is a button.

    Args:
        commands: the names, in order; the first word of longer names is a group.
        purposes: what each group is for, at most 60 characters.
    """

    commands: tuple[str, ...]
    purposes: Mapping[str, str] = field(default_factory=dict)


class Registry:
    """The commands of an app, checked together at start.

    Args:
        commands: in the order in which help lists them.
        links: references to commands from features; each command must exist and take the parameters.
        fallback: the command that answers a question in the room.
        root: the command for an empty line.
        aside: the command that answers a question in private.
        unclear: the command for text that is neither a command nor a question.
        menu: the slash menu; without one, every command that people type is in it.
    """

    def __init__(
        self,
        commands: Iterable[Command],
        links: Iterable[CommandLink] = (),
        *,
        fallback: str = "ask",
        root: str = "help",
        aside: str = "consult",
        unclear: str = "heard",
        menu: Menu | None = None,
    ) -> None:
        self.commands: dict[str, Command] = {}
        self._former: dict[str, tuple[Command, Mapping[str, str]]] = {}
        self.fallback, self.root, self.aside, self.unclear = fallback, root, aside, unclear
        self.is_term: Callable[[str], bool] = lambda _: False
        """Tells whether a line is a term that the notes explain; the app sets this after it has read the notes."""
        self.terms_in: Callable[[str], int] = lambda _: 0
        """Counts the terms of the notes that a line names."""
        self.knows: Callable[[str], bool] = lambda _: False
        """Tells whether the notes probably cover a subject, by its words."""
        for command in commands:
            _check(command)
            for called in (command.name, *(former.name for former in command.formerly)):
                if called in self.commands or called in self._former:
                    raise ValueError(f"two commands are called {called}")
                self.commands.setdefault(command.name, command)
            self._former |= {former.name: (command, dict(former.args)) for former in command.formerly}
        names = [command.name for command in self.shown]
        if clash := {group for name in names for group in _list_groups(name)} & set(names):
            raise ValueError(f"a command and a group share the name {clash.pop()}")
        self.menu = self._read_menu(menu) if menu is not None else self.shown
        self.purposes = dict(menu.purposes) if menu is not None else {}
        self._check_groups()
        for link in links:
            led = self.commands.get(link.name)
            if led is None or not set(link.takes) <= {param.key for param in led.params}:
                raise ValueError(f"no command fits the link to {link.name}")

    def _read_menu(self, menu: Menu) -> list[Command]:
        shown = {command.name: command for command in self.shown}
        if missing := [name for name in menu.commands if name not in shown]:
            raise ValueError(f"the menu has {missing[0]}, which nobody can type")
        groups = {group for name in menu.commands for group in _list_groups(name)}
        if groups != menu.purposes.keys():
            raise ValueError(f"the menu has to say what {min(groups ^ menu.purposes.keys())} is for")
        return [shown[name] for name in menu.commands]

    def _check_groups(self) -> None:
        entries = {(group, name.removeprefix(f"{group} ").split(" ")[0]) for name, group in self._grouped()}
        if crowded := [g for g, count in Counter(group for group, _ in entries).items() if count > PLATFORM_MAX]:
            raise ValueError(f"group {crowded[0]} has over {PLATFORM_MAX} commands")

    def _grouped(self) -> Iterator[tuple[str, str]]:
        return ((command.name, group) for command in self.menu for group in _list_groups(command.name))

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
        return self.commands.get(name) or self._former.get(name, (None,))[0]

    def present(self, call: Call) -> Call:
        """Return a Call under the present names of its command and parameters.

        A former name of a command also adds the arguments that it stands for.
        """
        command, preset = self._former.get(call.name, (self.commands.get(call.name), {}))
        if command is None:
            return call
        given = {param.key if (param := command.param(key)) else key: value for key, value in call.args.items()}
        return replace(call, name=command.name, args={**preset, **given})

    @property
    def shown(self) -> list[Command]:
        """The commands that people type, in order."""
        return [c for c in self if not c.hidden]

    @property
    def typed_names(self) -> dict[str, Command]:
        """The commands that people type, by each of their names, present ones first."""
        former = {name: command for name, (command, _) in self._former.items() if not command.hidden}
        return {**{c.name: c for c in self.shown}, **former}

    def list_group(self, group: str) -> list[Command]:
        """Return the typed commands of a group, by its present or former name, once each."""
        return list({c.name: c for name, c in self.typed_names.items() if name.startswith(f"{group} ")}.values())


def _list_groups(name: str) -> list[str]:
    """Return the groups that a command of this name stands in: "manage" and "manage notes"."""
    words = name.split(" ")
    return [" ".join(words[:count]) for count in range(1, len(words))]


def _check(command: Command) -> None:
    if trouble := _find_fault(command):
        raise ValueError(f"command {command.name}: {trouble}")


def _find_fault(command: Command) -> str:
    names = Counter(n for p in command.params for n in (p.key, *p.says.formerly))
    if not re.fullmatch(r"[a-z]{1,20}(?: [a-z]{1,20}){0,2}", command.name):
        return "its name is not one to three lower-case words"
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
    if strange := [key for former in command.formerly for key, _ in former.args if command.param(key) is None]:
        return f"a former name sets {strange[0]}, which it doesn't take"
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
