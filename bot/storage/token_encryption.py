"""Secrets as they lie in the database: encrypted, by keys that can be exchanged."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.chat.installs import Sealed


def new_key() -> str:
    """Return a fresh key: 32 random bytes in base64."""
    return Fernet.generate_key().decode()


class Vault:
    """Closes with the newest key and opens with any.

    Args:
        keys: at least one, the newest first; each as `new_key` makes them.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = MultiFernet([Fernet(key) for key in keys])

    def close(self, secret: str) -> str:
        """Return a secret encrypted."""
        return self._keys.encrypt(secret.encode()).decode()

    def open(self, closed: str) -> str:
        """Return the secret of one that `close` made with one of the keys; raises Sealed."""
        try:
            return self._keys.decrypt(closed.encode()).decode()
        except InvalidToken:
            raise Sealed(
                "A token was kept with a key that TRAILMATE_SLACK_TOKEN_KEYS does not name: add that key behind the "
                "others, or have the app installed again."
            ) from None

    def renew(self, closed: str) -> str:
        """Return the secret encrypted with the newest key; raises Sealed."""
        return self.close(self.open(closed))
