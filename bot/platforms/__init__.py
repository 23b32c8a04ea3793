"""The chat platforms: each a folder that plays the same roles, and one entry here.

The rest of the program reads these entries and imports a platform only if its tokens are set.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType


@dataclass(frozen=True)
class PlatformEntry:
    """A platform as the rest of the program knows it.

    Args:
        name: what accounts and places call it. A platform with an SDK has a folder of this name, with a `factory`.
        sdk: the module of its SDK; "" if it has none.
        package: the package that brings the SDK.
        loggers: the SDK's loggers, of which only errors are written.
        stores_tokens: whether each tenant has a token of its own, which the database stores encrypted.
    """

    name: str
    sdk: str = ""
    package: str = ""
    loggers: tuple[str, ...] = ()
    stores_tokens: bool = False

    @property
    def title(self) -> str:
        """The platform's own name, for sentences."""
        return self.name.title()

    def load_factory(self) -> ModuleType:
        """Import the module that opens the platform and describes its settings."""
        return import_module(f"{__name__}.{self.name}.factory")


REMOTE = (
    PlatformEntry("discord", "discord", "discord.py", ("discord",)),
    PlatformEntry("slack", "slack_bolt", "slack-bolt", ("slack_bolt", "slack_sdk"), stores_tokens=True),
)
"""The platforms on other people's servers, in the order in which doctor lists them."""

LOCAL = PlatformEntry("local")
"""The page and the terminal are two doors to this one."""

NAMES = frozenset(entry.name for entry in (*REMOTE, LOCAL))
"""What accounts and places call their platform."""
