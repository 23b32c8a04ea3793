"""What buttons and forms carry, closed so that a browser can send nothing that was not on a page of its own."""

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
"""How long a page's buttons work: less than the inbox remembers that one was pressed."""
Purpose = Literal["do", "form", "leave"]


class Unsealed(Exception):
    """It was not closed by us for this visit."""


class Expired(Unsealed):
    """It was closed too long ago."""


@dataclass(frozen=True)
class SignedAction:
    """What a button does.

    Args:
        call: what runs, or opens its form.
        back: the path of the page that it stands on.
        fields: the parameters that its form may fill.
        once: 8 characters, the same for as often as one button is pressed.
    """

    call: Call
    back: str
    fields: tuple[str, ...] = ()
    once: str = ""


class ActionSigner:
    """Closes and opens deeds of one visit.

    Args:
        key: the visit's own, unknown to its browser.
    """

    def __init__(self, key: bytes, now: datetime) -> None:
        self._key, self._now = key, now

    def close(self, purpose: Purpose, deed: SignedAction, over: Mapping[str, str] | None = None) -> str:
        """Return a deed as a page carries it, to be done once.

        Args:
            over: what has to come along with it unchanged, by field: it opens over nothing else.
        """
        until = int((self._now + LASTS).timestamp())
        payload = json.dumps([deed.call.pack(), deed.back, deed.fields, secrets.token_urlsafe(6), until])
        body = base64.urlsafe_b64encode(payload.encode()).decode().rstrip("=")
        return f"{body}.{self._sign(purpose, body, over)}"

    def open(self, purpose: Purpose, closed: str, over: Mapping[str, str] | None = None) -> SignedAction:
        """Return the deed; raises Unsealed, or Expired."""
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
