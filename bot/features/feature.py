"""What a feature declares of itself, and what the features of an app declare together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import InstrumentedAttribute

from bot.commands.command import Command
from bot.commands.registry import Registry
from bot.delivery.outbox_lease import Check
from bot.delivery.scheduled_post import ScheduledPost
from bot.features.command_links import LINKS
from bot.features.menu import MENU
from bot.storage.base import Base
from bot.storage.unit_of_work import Work

Sweep = Callable[[Work, datetime], int]
Forget = Callable[[Work, int], None]

FIRST = "help"
"""The command that help lists first: it is where people begin."""


@dataclass(frozen=True)
class StoredData:
    """Rows that are about one person, or that one person wrote.

    Args:
        whose: the column that says whose a row is.
        why: what they are kept for.
        forgotten: what becomes of them when their person is forgotten: they go, or they stay without the name.
        title: how the list of what is kept calls them; rows without one belong to what another title names.
        holds: what each of them holds.
        is_one: a person has one such row, so that it is not counted.
        spelled: how the column writes an account's id, if not as the number.
    """

    whose: InstrumentedAttribute[Any]
    why: str
    forgotten: Literal["deleted", "unlinked"]
    title: str = ""
    holds: str = ""
    is_one: bool = False
    spelled: str = ""

    def key(self, account_id: int) -> int | str:
        """Return what stands in the column for an account."""
        return self.spelled.format(account_id) if self.spelled else account_id


@dataclass(frozen=True)
class PersonalData:
    """What a feature keeps of people, and who sees it, in sentences for the person.

    Args:
        texts: columns with words of members, which may name others; a table of them leads to a group or a place.
    """

    kept: tuple[StoredData, ...] = ()
    seen: str = ""
    texts: tuple[InstrumentedAttribute[Any], ...] = ()


@dataclass(frozen=True)
class Feature:
    """A feature as the rest of the bot sees it; each folder's `feature.py` has one.

    Args:
        name: its folder.
        commands: in the order in which help lists them.
        tables: what it keeps; a migration makes them.
        services: classes that live in one unit of work. Their parameters are handed over by type, like what a
            command declares after its star.
        posts: what it posts at its time, each in its `posts.py`.
        sweeps: delete what has served its time as of an instant, and return how many rows that were.
        checks: what a queued message may name in its `unless`; True drops the message.
        personal_data: which of its rows are about people.
        forgets: done about an account before its rows go, where no foreign key can do it.
    """

    name: str
    commands: tuple[Command, ...] = ()
    tables: tuple[type[Base], ...] = ()
    services: tuple[type, ...] = ()
    posts: tuple[ScheduledPost[Any], ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    checks: Mapping[str, Check] = field(default_factory=dict)
    personal_data: PersonalData = PersonalData()
    forgets: tuple[Forget, ...] = ()


class Features:
    """The features of an app, in the order in which each may build on those before it."""

    def __init__(self, features: Iterable[Feature]) -> None:
        self._all = tuple(features)

    @property
    def commands(self) -> tuple[Command, ...]:
        """Every command in the order of help: what all can do, then what moderators can, each as the features stand."""
        declared = (command for feature in self._all for command in feature.commands)
        return tuple(sorted(declared, key=lambda one: (one.name != FIRST, one.role == "moderator")))

    def registry(self) -> Registry:
        """Return the registry of every command, checked together with what the features' buttons lead to."""
        return Registry(self.commands, LINKS, menu=MENU)

    @property
    def tables(self) -> tuple[type[Base], ...]:
        """Every table, those that others refer to first."""
        return tuple(table for feature in self._all for table in feature.tables)

    @property
    def services(self) -> tuple[type, ...]:
        """Every service of a unit of work."""
        return tuple(service for feature in self._all for service in feature.services)

    @property
    def posts(self) -> tuple[ScheduledPost[Any], ...]:
        """Every scheduled post."""
        return tuple(post for feature in self._all for post in feature.posts)

    @property
    def sweeps(self) -> tuple[Sweep, ...]:
        """Everything that deletes what has served its time."""
        return tuple(sweep for feature in self._all for sweep in feature.sweeps)

    @property
    def checks(self) -> dict[str, Check]:
        """Every check of a queued message, by its name."""
        named = [pair for feature in self._all for pair in feature.checks.items()]
        if len(checks := dict(named)) < len(named):
            raise ValueError(f"two checks share a name among {', '.join(sorted(name for name, _ in named))}")
        return checks

    @property
    def forgets(self) -> tuple[Forget, ...]:
        """Everything that is done about an account before its rows go."""
        return tuple(forget for feature in self._all for forget in feature.forgets)

    @property
    def personal_data(self) -> PersonalData:
        """All that is kept of people, and who sees it."""
        said = [feature.personal_data for feature in self._all]
        return PersonalData(
            tuple(kept for one in said for kept in one.kept),
            "\n".join(s.seen for s in said if s.seen),
            tuple(text for one in said for text in one.texts),
        )
