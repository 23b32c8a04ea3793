"""Validate database URLs. Errors never quote the URL, because any part may be a mistyped password."""

from __future__ import annotations

import re
from collections.abc import Iterator

FORMS = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
_KNOWN = re.compile(r"(sqlite:///|postgresql(\+psycopg)?://)")
_PORTS = re.compile(r"\d{1,5}(,\d{1,5})*")


def wrong_with(address: str) -> str:
    """Return how to fix an invalid URL, without its last full stop. "" if the URL is valid."""
    if not _KNOWN.match(address):
        return f"use {FORMS}"
    return next(_find_faults(address), "")


def _find_faults(address: str) -> Iterator[str]:
    from sqlalchemy import make_url  # the verbs that need no database do without
    from sqlalchemy.exc import ArgumentError

    location = address.partition("://")[2]
    try:
        url = make_url(address)
    except (ValueError, ArgumentError):  # never quote the error: the "port" may be the end of a password
        yield "the port is not a number. In a password, write : as %3A, / as %2F and @ as %40"
        return
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
            yield "name a file, such as sqlite:////var/lib/trailmate/trailmate.db"
        return
    has_user = url.username is not None or url.password is not None or location.startswith("@")
    if location.count("@") > has_user:
        yield "there is one @ too many. In a user name or password, write @ as %40"
    if "[" in (host := url.host or "") or "]" in host:
        yield "the host needs both [ and ], such as [::1]"
    values = {name: (value,) if isinstance(value, str) else value for name, value in url.query.items()}
    if (url.port is not None and not 0 < url.port < 1 << 16) or not all(map(_PORTS.fullmatch, values.get("port", ()))):
        yield "use a port from 1 to 65535, such as 5432"
    if any("@" in host_value for host_value in values.get("host", ())):
        yield "a host can't have an @, such as db.example.org"
