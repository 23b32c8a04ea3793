"""Marks what the bot hands to Slack to carry, so that it believes only what it wrote itself."""

from __future__ import annotations

import base64
import hashlib
import hmac

LENGTH = 22
"""Characters of a seal: 16 bytes in base64, unpadded."""


class StateSigner:
    """Closes and opens texts with a key that is made from a secret.

    Args:
        secret: the same in every process of the app, such as its token.
    """

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"trailmate view:" + secret.encode()).digest()

    def close(self, text: str) -> str:
        """Return the text behind its seal."""
        return self._seal(text) + text

    def open(self, closed: str) -> str:
        """Return the text of one that `close` made; anything else raises ValueError."""
        text = closed[LENGTH:]
        if not hmac.compare_digest(closed[:LENGTH].encode(errors="replace"), self._seal(text).encode()):
            raise ValueError("the seal is not ours")
        return text

    def _seal(self, text: str) -> str:
        digest = hmac.new(self._key, text.encode(errors="replace"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
