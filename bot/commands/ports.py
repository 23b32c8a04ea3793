"""What the dispatcher is given by the app: the database, who people are, what commands need."""

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
"""The app's unit of work: the language hands it on and never looks into it."""
Show = Callable[[Reply], Awaitable[None]]
"""Shows an intermediate state of a slow answer; the adapter sets the pace."""


class RunInTransaction(Protocol[W_co]):
    """Runs a function as one transaction on a database thread; it may run the function again."""

    def __call__(self, fn: Callable[[W_co], T], *, writes: bool = True) -> Awaitable[T]: ...


class Inbox(Protocol[W_contra]):
    """Which events have been answered; rows commit with the facts of the answer."""

    def accept(self, work: W_contra, key: str, now: datetime) -> bool:
        """Note the key as answered; False if it was already."""
        ...

    def claim(self, work: W_contra, key: str, now: datetime, until: datetime) -> bool:
        """Note the key as being answered until `until`; False if it was answered or is."""
        ...

    def finish(self, work: W_contra, key: str, now: datetime) -> None:
        """Note that the claimed key is answered."""
        ...


ANYBODY = 0
"""No account has this number: what stood in a room for all is kept for whoever presses there."""


class Drafts(Protocol[W_contra]):
    """What was typed into a form that failed, and private answers that wait for a click; an hour."""

    def keep(self, work: W_contra, account_id: int, call: Call, reply: Reply | None, now: datetime) -> str:
        """Store it and return its id."""
        ...

    def find(self, work: W_contra, draft_id: str, account_id: int, now: datetime) -> tuple[Call, Reply | None] | None:
        """Return what is kept, if it is this account's and fresh."""
        ...


class Identify(Protocol[W_contra]):
    """Turns an account into an actor: who they are, which cohort the Call is about, which roles they hold.

    Args:
        policy: what the Call needs of them; an actor is returned also where it does not allow them.
        named: the cohort as it was typed, if any was.

    Raises Unseen where that depends on rooms of which the invocation's sight knows nothing.
    """

    def __call__(self, work: W_contra, invocation: Invocation, policy: Policy, named: str | None = None) -> Actor: ...


class CheckAccess(Protocol):
    """Asks a platform what somebody sees of rooms; None if that cannot be said in time."""

    def __call__(
        self, account: Account, rooms: frozenset[Place], within_s: float
    ) -> Awaitable[AccessReport | None]: ...


class IsFollowUp(Protocol):
    """Says whether a line goes on with what the bot has answered, although it does not name it."""

    def __call__(self, invocation: Invocation) -> Awaitable[bool]: ...


class Provide(Protocol[W_contra]):
    """Builds what a command declares after its star."""

    def __call__(self, needs: Mapping[str, type], work: W_contra | None, show: Show) -> dict[str, Any]: ...


class AuditChange(Protocol[W_contra]):
    """Keeps that a moderator has done something; runs in the transaction in which it was done."""

    def __call__(self, work: W_contra, ctx: Context, command: Command, args: Mapping[str, object]) -> None: ...


class Report(Protocol[W_contra]):
    """Queues a message to a person: whether what they said was kept, of which they were told that nobody knew."""

    def __call__(self, work: W_contra, invocation: Invocation, is_kept: bool, /) -> None: ...


class Epilogue(Protocol[W_contra]):
    """Adds to a private answer what its reader is still to be told; runs in the answer's transaction.

    None on a reader: there is something to tell, and noting that it was told needs a writer.
    """

    def __call__(self, work: W_contra, ctx: Context, reply: Reply) -> Reply | None: ...
