"""Declarations of dashboard pages: address, policy and content."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bot.commands.context import Context
from bot.commands.permissions import Policy
from bot.features.dashboard_access.service import DASHBOARD_PATH
from bot.features.groups.memberships import Tie
from bot.messages.call import Call
from bot.messages.spreadsheet import Spreadsheet

OWN = Policy("member", group="needed", after_end=True, own=True)
"""Policy of personal pages: members, even if they no longer see the group's channel."""
MEMBERS = Policy("member", moderators_too=True, group="needed", after_end=True)
READERS = Policy("member", moderators_too=True, group="needed", after_end=True, own=True)
"""Policy of learning pages: members, wherever they are, and their moderators."""
MODERATORS = Policy("moderator", group="needed", after_end=True)


@dataclass(frozen=True)
class Viewer:
    """The viewer of a page.

    Args:
        ctx: the viewer in the group that they look at, like a command's context.
        query: the address's query; untrusted.
    """

    ctx: Context
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def group_id(self) -> int:
        """The group that they look at."""
        assert self.ctx.actor.group_id is not None  # a page is asked for one of their groups
        return self.ctx.actor.group_id

    @property
    def moderates(self) -> bool:
        """Whether they moderate that group."""
        return "moderator" in self.ctx.actor.roles


@dataclass(frozen=True)
class DashboardPage:
    """A declared page.

    Args:
        path: its last part; the first page has none.
        title: what the navigation calls it.
        policy: who may see it: OWN, MEMBERS or MODERATORS.
        template: its file in `templates`.
        read: `fn(viewer, *, services) -> what the template is given`, run on a reader. What it raises for people is
            shown in its place. A slow one is async, and opens short units of work itself, as a slow command does.
        keeps: what else its address may say, such as a search; a button of it leads back to the same.
        opens: `fn(call) -> what its address says further to show what this Call would`, "note=x#s2"; None where it has
            no place for that.
        sheet: `fn(viewer, *, services) -> Spreadsheet`, the page's table to take along.
        count: `fn(viewer, *, services) -> int`, how much waits there for the viewer; told by the navigation of every
            page, so it is one small query.
        takes: first words of commands whose answers are shown here, from whichever page they were sent.
    """

    path: str
    title: str
    policy: Policy
    template: str
    read: Callable[..., Mapping[str, Any]] | Callable[..., Awaitable[Mapping[str, Any]]] = field(repr=False)
    keeps: tuple[str, ...] = ()
    opens: Callable[[Call], str | None] = field(default=lambda _: None, repr=False)
    sheet: Callable[..., Spreadsheet] | None = field(default=None, repr=False)
    count: Callable[..., int] | None = field(default=None, repr=False)
    takes: tuple[str, ...] = ()

    def address(self, group_id: int | None = None, **params: object) -> str:
        """Return the page's address for one of the viewer's groups, without empty parameters."""
        path = f"{DASHBOARD_PATH}/{self.path}" if self.path else DASHBOARD_PATH
        query = {"cohort": group_id, **params}
        encoded = urlencode({key: str(value) for key, value in query.items() if value not in (None, "")})
        return f"{path}?{encoded}" if encoded else path

    def again(self, viewer: Viewer) -> str:
        """Return the page's address with the query that the viewer has now."""
        params = {key: viewer.query[key] for key in self.keeps if key in viewer.query}
        return self.address(viewer.ctx.actor.group_id, **params)

    def file(self, viewer: Viewer) -> str:
        """Return the address of the page's table with the query that the viewer has now."""
        path, _, query = self.again(viewer).partition("?")
        return f"{path}.csv?{query}"


@dataclass(frozen=True)
class Drawn:
    """A page that was read.

    Args:
        ties: the viewer's groups.
        nav: the pages that they may see of the one they look at.
        counts: how much waits on these, by path.
        data: what the template is given; None where there is only `trouble`, a sentence, to be shown.
        sheet: its table instead, where that was asked for.
    """

    viewer: Viewer
    page: DashboardPage
    ties: tuple[Tie, ...] = ()
    nav: tuple[DashboardPage, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    data: Mapping[str, Any] | None = None
    sheet: Spreadsheet | None = None
    trouble: str = ""

    @property
    def is_unread(self) -> bool:
        """Whether the page has something for its viewer that nobody has read yet: it is a slow one."""
        return bool(self.ties) and self.data is None and self.sheet is None and not self.trouble
