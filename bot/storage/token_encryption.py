"""Encrypt secrets for the database, with key rotation."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.chat.installs import Sealed


def new_key() -> str:
    """Return a new key: 32 random bytes in base64."""
    return Fernet.generate_key().decode()


class Vault:
    """Encrypts with the newest key and decrypts with any.

    Args:
        keys: at least one key from `new_key`, newest first.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = MultiFernet([Fernet(key) for key in keys])

    def close(self, secret: str) -> str:
        """Encrypt a secret."""
        return self._keys.encrypt(secret.encode()).decode()

    def open(self, closed: str) -> str:
        """Decrypt a secret; raises Sealed if no key fits."""
        try:
            return self._keys.decrypt(closed.encode()).decode()
        except InvalidToken:
            raise Sealed(
                "A stored token uses a key that TRAILMATE_SLACK_TOKEN_KEYS lacks. Add that key after the others, "
                "or install the app again."
            ) from None

    def renew(self, closed: str) -> str:
        """Encrypt a secret again with the newest key; raises Sealed."""
        return self.close(self.open(closed))
