"""A page of the dashboard is declared once: where it is, who may see it, what it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.context import Context
from bot.core.policy import Policy
from bot.features.cohort.ties import Tie
from bot.features.dashboard.address import PATH

OWN = Policy("member", cohort="needed", after_end=True, own=True)
"""Who sees pages of their own record: a member, also where they no longer see the group's room."""
MEMBERS = Policy("member", moderators_too=True, cohort="needed", after_end=True)
MODERATORS = Policy("moderator", cohort="needed", after_end=True)


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks at a page.

    Args:
        ctx: who they are, in the group that they look at, as a command would be told.
        query: what the address says besides; hostile.
    """

    ctx: Context
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def cohort_id(self) -> int:
        """The group that they look at."""
        assert self.ctx.actor.cohort_id is not None  # a page is asked for one of their groups
        return self.ctx.actor.cohort_id

    @property
    def moderates(self) -> bool:
        """Whether they moderate that group."""
        return "moderator" in self.ctx.actor.roles


@dataclass(frozen=True)
class Page:
    """A declared page.

    Args:
        path: its last part; the first page has none.
        title: what the navigation calls it.
        policy: who may see it: OWN, MEMBERS or MODERATORS.
        template: its file in `templates`.
        read: `fn(viewer, *, services) -> what the template is given`, run on a reader. What it raises for people is
            shown in its place.
    """

    path: str
    title: str
    policy: Policy
    template: str
    read: Callable[..., Mapping[str, Any]] = field(repr=False)

    def address(self, cohort_id: int | None = None) -> str:
        """Return where it is, for one of the viewer's groups."""
        path = f"{PATH}/{self.path}" if self.path else PATH
        return f"{path}?cohort={cohort_id}" if cohort_id is not None else path


@dataclass(frozen=True)
class Drawn:
    """A page that was read.

    Args:
        ties: the viewer's groups.
        nav: the pages that they may see of the one they look at.
        data: what the template is given; None where there is only `trouble`, a sentence, to be shown.
    """

    viewer: Viewer
    page: Page
    ties: tuple[Tie, ...] = ()
    nav: tuple[Page, ...] = ()
    data: Mapping[str, Any] | None = None
    trouble: str = ""
