"""What commands declare after their star, found by its type."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, get_type_hints

from bot.commands.command import Command, needs_of
from bot.commands.ports import Show
from bot.storage.unit_of_work import Work


class ServiceProvider:
    """Hands over what lives as long as the process, and the services of one unit of work, each built once in it.

    Args:
        lasting: what lives as long as the process, by its type.
        services: classes whose parameters are supplied in the same way, each also where a class is asked for of which
            it is one; a fault of a declaration is a TypeError.
    """

    def __init__(self, lasting: Mapping[Any, Any], services: Iterable[type]) -> None:
        self._lasting = lasting
        listed = tuple(services)
        self._services = {kind: _list_parameters(kind) for kind in listed}
        ports = {port: kind for kind in listed for port in kind.__mro__[1:-1] if port is not ABC}
        self._filled = {port: kind for port, kind in ports.items() if port not in self._services}
        for kind, needs in self._services.items():
            for need in needs:
                if not self.can(need, is_slow=False):
                    raise TypeError(f"the service {kind.__name__} needs a {_name(need)}, and nothing supplies one")

    def __call__(self, needs: Mapping[str, type], work: Work | None, show: Show) -> dict[str, Any]:
        """Return a value for each need; one that nobody can supply is a fault of the declaration."""
        return {name: self._supply_one(kind, work, show) for name, kind in needs.items()}

    def _supply_one(self, kind: Any, work: Work | None, show: Show) -> Any:
        if kind == Show:
            return show
        if kind in self._lasting:
            return self._lasting[kind]
        if work is None:
            raise TypeError(f"{_name(kind)} lives in a transaction, and this command is slow")
        if kind == Work:
            return work
        kind = self._filled.get(kind, kind)
        if kind not in work.services:
            work.services[kind] = kind(*(self._supply_one(need, work, show) for need in self._services[kind]))
        return work.services[kind]

    def can(self, kind: Any, *, is_slow: bool) -> bool:
        """Whether a command may declare this need."""
        if kind == Show or kind in self._lasting:
            return True
        return not is_slow and (kind == Work or kind in self._services or kind in self._filled)

    def check(self, commands: Iterable[Command]) -> None:
        """Look whether everything that the commands declare can be handed over; a TypeError names what cannot."""
        for command in commands:
            for needs, is_slow in _list_needs(command):
                for name, kind in needs.items():
                    if not self.can(kind, is_slow=is_slow):
                        raise TypeError(
                            f"the command {command.name} needs {name}, and nothing supplies a {_name(kind)}"
                        )


def _list_needs(command: Command) -> list[tuple[Mapping[str, Any], bool]]:
    """Return the needs of a command, of its form and of its suggestions, each with whether it may be slow."""
    aside: list[Callable[..., Any] | None] = [command.initial, *(p.says.suggest for p in command.params)]
    return [(command.needs, command.slow), *((needs_of(fn), False) for fn in aside if fn is not None)]


@cache
def _list_parameters(kind: type) -> tuple[Any, ...]:
    hints = get_type_hints(getattr(kind, "__init__"))  # noqa: B009  (mypy takes it for an instance's)
    return tuple(hint for name, hint in hints.items() if name != "return")


def _name(kind: Any) -> str:
    return getattr(kind, "__name__", str(kind))
