"""Protocols that the app implements for the dispatcher: transactions, identity, services, drafts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.commands.command import Command
from bot.commands.context import AccessReport, Account, Actor, Context, Invocation, Place
from bot.commands.permissions import Policy
from bot.messages.call import Call
from bot.messages.reply import Reply

T = TypeVar("T")
W_co = TypeVar("W_co", covariant=True)
W_contra = TypeVar("W_contra", contravariant=True)
"""The app's unit of work, which this package only passes on."""
Show = Callable[[Reply], Awaitable[None]]
"""Shows an intermediate state of a slow answer; the adapter limits the rate."""


class RunInTransaction(Protocol[W_co]):
    """Runs a function as one transaction on a database thread; a retry calls the function again."""

    def __call__(self, fn: Callable[[W_co], T], *, writes: bool = True) -> Awaitable[T]: ...


class Inbox(Protocol[W_contra]):
    """Keys of answered events; a row commits with the changes of its answer."""

    def accept(self, work: W_contra, key: str, now: datetime) -> bool:
        """Store the key as answered; False if it was already."""

    def claim(self, work: W_contra, key: str, now: datetime, until: datetime) -> bool:
        """Lease the key until `until`; False if it is answered or leased."""

    def finish(self, work: W_contra, key: str, now: datetime) -> None:
        """Mark the leased key as answered."""


ANYBODY = 0
"""The account id of drafts that anybody may open; no account has it."""


class Drafts(Protocol[W_contra]):
    """Failed form input and private answers that wait for a click, stored for an hour."""

    def keep(self, work: W_contra, account_id: int, call: Call, reply: Reply | None, now: datetime) -> str:
        """Store it and return its id."""

    def find(self, work: W_contra, draft_id: str, account_id: int, now: datetime) -> tuple[Call, Reply | None] | None:
        """Return the draft if it belongs to this account and hasn't expired."""


class Identify(Protocol[W_contra]):
    """Resolves an account to an actor, with the group of the Call and the roles in it.

    Args:
        policy: the requirements of the Call; an actor is returned even if it doesn't meet them.
        named: the typed group, if any.

    Raises AccessUnknown if the result depends on rooms that the invocation's `sight` lacks.
    """

    def __call__(self, work: W_contra, invocation: Invocation, policy: Policy, named: str | None = None) -> Actor: ...


class CheckAccess(Protocol):
    """Asks a platform which rooms a person sees; None if it doesn't answer in time."""

    def __call__(
        self, account: Account, rooms: frozenset[Place], within_s: float
    ) -> Awaitable[AccessReport | None]: ...


class IsFollowUp(Protocol):
    """Tells whether a line without a mention continues a conversation with the bot."""

    def __call__(self, invocation: Invocation) -> Awaitable[bool]: ...


class Provide(Protocol[W_contra]):
    """Builds the services that a command declares after its `*`."""

    def __call__(self, needs: Mapping[str, type], work: W_contra | None, show: Show) -> dict[str, Any]: ...


class AuditChange(Protocol[W_contra]):
    """Stores an audit entry for a moderator's change, in the transaction of the change."""

    def __call__(self, work: W_contra, ctx: Context, command: Command, args: Mapping[str, object]) -> None: ...


class Report(Protocol[W_contra]):
    """Queues a message that tells a person whether a commit of unknown outcome was saved."""

    def __call__(self, work: W_contra, invocation: Invocation, is_kept: bool, /) -> None: ...


class Epilogue(Protocol[W_contra]):
    """Adds the reader's pending notices to a private answer, in the transaction of the answer.

    Returns None on a read-only connection if there are notices, because marking them as shown needs a write.
    """

    def __call__(self, work: W_contra, ctx: Context, reply: Reply) -> Reply | None: ...
