"""Who may run which command and see which page, made from the declarations.

`python -m tools.permissions_table` prints it.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.commands.command import Command
from bot.commands.context import Role
from bot.dashboard.page import DashboardPage
from bot.dashboard.pages import PAGES
from bot.runtime.catalogue import registry

HEAD = (
    "| Command | Anybody | Member | Moderator of the group | Who manages the server | From another server | Answer |",
    "| --- | --- | --- | --- | --- | --- | --- |",
)
STANDS: dict[str, frozenset[Role]] = {
    "anybody": frozenset({"anyone"}),
    "member": frozenset({"anyone", "member"}),
    "moderator": frozenset({"anyone", "moderator"}),
    "manager": frozenset({"anyone", "moderator"}),
}
"""Which roles each column has in the group that a command is about."""


def may(one: Command, stands: str) -> bool:
    """Whether a command is for somebody who stands so; what makes a group anew is for those of the server alone."""
    return one.allows(STANDS[stands]) and not (stands == "moderator" and one.policy.founds)


def tables() -> str:
    """Return one table of what people type, and one of what only buttons reach."""
    commands = list(registry())
    typed, pressed = ([c for c in commands if c.hidden is hidden] for hidden in (False, True))
    pages = ["Pages of the dashboard, whose buttons are these commands:", "", *_pages()]
    return "\n".join([*_table(typed), "", "Reached by buttons alone:", "", *_table(pressed), "", *pages])


def may_see(page: DashboardPage, stands: str) -> bool:
    """Whether a page is for somebody who stands so; nobody who has nothing to do with a group sees one of it."""
    return stands != "anybody" and page.policy.allows(STANDS[stands])


def _pages() -> list[str]:
    lets = {page: " | ".join("yes" if may_see(page, stand) else "no" for stand in STANDS) for page in PAGES}
    rows = [f"| {page.title} (`{page.address()}`) | {lets[page]} | no |" for page in PAGES]
    head = "| Page | Anybody | Member | Moderator of the group | Who manages the server | From another server |"
    return [head, "| --- | --- | --- | --- | --- | --- |", *rows]


def is_foreign(one: Command) -> bool:
    """Whether somebody of another server is refused: it is about a group, which does not exist for them."""
    return one.policy.group != "none"


def _table(commands: Iterable[Command]) -> list[str]:
    return [*HEAD, *map(_row, commands)]


def _row(one: Command) -> str:
    lets = " | ".join("yes" if may(one, stands) else "no" for stands in STANDS)
    foreign = "no" if is_foreign(one) else "is about no group"
    return f"| `{one.name}` | {lets} | {foreign} | {'private' if one.private else 'public'} |"


if __name__ == "__main__":
    print(tables())
