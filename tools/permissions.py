"""Who may run which command and see which page, made from the declarations."""

from __future__ import annotations

from bot.commands.command import Command
from bot.commands.context import Role
from bot.dashboard.page import DashboardPage

STANDS: dict[str, frozenset[Role]] = {
    "anybody": frozenset({"anyone"}),
    "member": frozenset({"anyone", "member"}),
    "moderator": frozenset({"anyone", "moderator"}),
    "manager": frozenset({"anyone", "moderator"}),
}
"""The roles that each kind of person has in the group that a command is about."""


def may(command: Command, stands: str) -> bool:
    """Whether a command is for this kind of person; only managers create groups."""
    return command.allows(STANDS[stands]) and not (stands == "moderator" and command.policy.founds)


def may_see(page: DashboardPage, stands: str) -> bool:
    """Whether a page is for this kind of person; without a group there is no page of one."""
    return stands != "anybody" and page.policy.allows(STANDS[stands])


def is_foreign(command: Command) -> bool:
    """Whether people of another server are refused, because the command is about a group."""
    return command.policy.group != "none"
