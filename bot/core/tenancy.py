"""What a platform has for a tenant: its word for one, and whether a role there says whom it holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tenancy:
    """A kind of tenant.

    Args:
        word: what its people call it.
        has_roles: whether an event says which roles its sender holds, so that a role can moderate.
    """

    word: str = "server or workspace"
    has_roles: bool = False


ANY = Tenancy()
"""What holds of every kind."""
