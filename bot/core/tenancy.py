"""What a platform has for a tenant: its word for one, and what people find there. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tenancy:
    """A kind of tenant.

    Args:
        word: what its people call it.
        has_roles: whether an event says which roles its sender holds, so that a role can moderate.
        has_events: whether it lists what takes place there, so that people can put themselves down for it.
        takes_files: whether a line to the bot may bring a picture or another file.
        is_remote: whether its people sit at other machines than the bot's own.
    """

    word: str = "server or workspace"
    has_roles: bool = False
    has_events: bool = False
    takes_files: bool = False
    is_remote: bool = False


ANY = Tenancy()
"""What holds of every kind."""
