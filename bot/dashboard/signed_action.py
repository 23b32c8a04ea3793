"""Sign the actions of buttons and forms, so that a browser can send only actions from its own pages."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.messages.call import Call

LASTS = timedelta(hours=12)
"""How long a page's buttons work; processed events are remembered longer."""
Purpose = Literal["do", "form", "leave"]


class Unsealed(Exception):
    """The action was not signed by us for this visit."""


class Expired(Unsealed):
    """The action was signed too long ago."""


@dataclass(frozen=True)
class SignedAction:
    """What a button does.

    Args:
        call: what runs, or opens its form.
        back: the path of the page that it stands on.
        fields: the parameters that its form may fill.
        once: 8 characters, the same for every press of a button.
    """

    call: Call
    back: str
    fields: tuple[str, ...] = ()
    once: str = ""


class ActionSigner:
    """Signs and verifies actions of one visit.

    Args:
        key: the visit's own, unknown to its browser.
    """

    def __init__(self, key: bytes, now: datetime) -> None:
        self._key, self._now = key, now

    def close(self, purpose: Purpose, deed: SignedAction, over: Mapping[str, str] | None = None) -> str:
        """Return a signed action for a page, to be run once.

        Args:
            over: field values that must be sent unchanged with it; `open` needs the same values.
        """
        until = int((self._now + LASTS).timestamp())
        payload = json.dumps([deed.call.pack(), deed.back, deed.fields, secrets.token_urlsafe(6), until])
        body = base64.urlsafe_b64encode(payload.encode()).decode().rstrip("=")
        return f"{body}.{self._sign(purpose, body, over)}"

    def open(self, purpose: Purpose, closed: str, over: Mapping[str, str] | None = None) -> SignedAction:
        """Return the action; raises Unsealed or Expired."""
        body, _, mark = closed.partition(".")
        if not hmac.compare_digest(mark.encode(errors="replace"), self._sign(purpose, body, over).encode()):
            raise Unsealed
        try:
            packed, back, fields, once, until = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
            call = Call.unpack(packed)
        except (binascii.Error, ValueError):
            raise Unsealed from None
        if self._now >= datetime.fromtimestamp(until, UTC):
            raise Expired
        return SignedAction(call, back, tuple(fields), once)

    def _sign(self, purpose: Purpose, body: str, over: Mapping[str, str] | None) -> str:
        beside = "" if over is None else f":{json.dumps(sorted(over.items()))}"
        message = f"{purpose}:{body}{beside}".encode(errors="replace")
        return base64.urlsafe_b64encode(hmac.new(self._key, message, hashlib.sha256).digest()).decode().rstrip("=")
