"""What each platform has for a tenant: its word for one, and whether a role there says whom it holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tenancy:
    """A kind of tenant.

    Args:
        word: what its people call it.
        has_roles: whether an event says which roles its sender holds, so that a role can moderate.
    """

    word: str
    has_roles: bool = False


_KINDS = {"discord": Tenancy("server", has_roles=True), "slack": Tenancy("workspace")}
_ANY = Tenancy("server or workspace")


def tenancy(platform: str) -> Tenancy:
    """Return what a platform has for a tenant; of one that is not known, what holds of every one."""
    return _KINDS.get(platform, _ANY)
