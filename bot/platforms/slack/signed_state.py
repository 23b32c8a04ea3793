"""Sign texts that Slack carries for the bot, so that the bot accepts only its own."""

from __future__ import annotations

import base64
import hashlib
import hmac

LENGTH = 22
"""Characters of a seal: 16 bytes in base64, unpadded."""


class StateSigner:
    """Signs and verifies texts with a key derived from a secret.

    Args:
        secret: the same in every process of the app, such as its token.
    """

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"trailmate view:" + secret.encode()).digest()

    def close(self, text: str) -> str:
        """Return the text with its seal before it."""
        return self._seal(text) + text

    def open(self, closed: str) -> str:
        """Return the text that `close` signed; raise ValueError for any other input."""
        text = closed[LENGTH:]
        if not hmac.compare_digest(closed[:LENGTH].encode(errors="replace"), self._seal(text).encode()):
            raise ValueError("the seal is not ours")
        return text

    def _seal(self, text: str) -> str:
        digest = hmac.new(self._key, text.encode(errors="replace"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
