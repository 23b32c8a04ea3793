"""What people typed and could not send, held in memory: where the database is away, no draft can be kept in it."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from datetime import datetime, timedelta

from bot.core.call import Call
from bot.core.context import Account, Invocation

MOST, HELD = 500, timedelta(hours=1)


class Typed:
    """The latest Calls that failed, each for the account that typed it."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[tuple[str, str, str], Call, datetime]] = OrderedDict()

    def hold(self, invocation: Invocation, now: datetime) -> str:
        """Hold a Call for an hour and return its id."""
        held_id = secrets.token_urlsafe(6)
        self._held[held_id] = (_who(invocation.account), invocation.call, now + HELD)
        while len(self._held) > MOST:
            self._held.popitem(last=False)
        return held_id

    def find(self, held_id: str, account: Account, now: datetime) -> Call | None:
        """Return what is held, if it is this account's and fresh."""
        who, call, until = self._held.get(held_id, (None, None, now))
        return call if who == _who(account) and until > now else None


def _who(account: Account) -> tuple[str, str, str]:
    return account.platform, account.scope, account.id
