"""Audit: who did what, about whom, when and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.commands.context import MODERATES
from bot.commands.registry import Registry
from bot.dashboard.page import MODERATORS, DashboardPage, Viewer
from bot.features.audit.service import Audit, Entry, list_names
from bot.features.people.tables import AccountRow
from bot.messages.spreadsheet import Spreadsheet

LISTED, TAKEN = 50, 5000
"""Entries of a page, and of the file."""
KEEPS = ("person", "what", "since", "before")


def read(viewer: Viewer, *, audit: Audit, registry: Registry) -> Mapping[str, object]:
    """Return a page of the record, the newest first."""
    trouble = _find_error(viewer, audit)
    entries = [] if trouble else _list_entries(viewer, audit, registry, LISTED + 1)
    older = entries[LISTED - 1].id if len(entries) > LISTED else None
    return {
        "entries": entries[:LISTED],
        "older": older,
        "trouble": trouble,
        "asked": {key: viewer.query.get(key, "") for key in KEEPS[:3]},
        "is_narrow": any(viewer.query.get(key) for key in KEEPS),
    }


def sheet(viewer: Viewer, *, audit: Audit, registry: Registry) -> Spreadsheet:
    """Return the record as it was asked for as a table."""
    entries = [] if _find_error(viewer, audit) else _list_entries(viewer, audit, registry, TAKEN)
    rows = [
        (entry.at, _name_account(entry.who), entry.command, _name_account(entry.about), entry.said, entry.reason)
        for entry in entries
    ]
    return Spreadsheet(("When (UTC)", "Who", "Command", "About", "What", "Why"), rows)


def _list_entries(viewer: Viewer, audit: Audit, registry: Registry, most: int) -> Sequence[Entry]:
    query, before = viewer.query, viewer.query.get("before", "")
    what = query.get("what", "").strip()
    who = audit.find_person(viewer.group_id, query["person"]) if query.get("person") else None
    since = _parse_day(query.get("since", ""))
    return audit.entries(
        viewer.group_id,
        with_tenant=MODERATES in viewer.ctx.actor.grants,
        who=who.id if who is not None else None,
        commands=list_names(registry, what) if what else (),
        since=datetime.combine(since, time(), ZoneInfo(viewer.ctx.actor.zone)) if since else None,
        before=int(before) if before.isascii() and before.isdigit() and len(before) <= 18 else None,
        most=most,
    )


def _find_error(viewer: Viewer, audit: Audit) -> str:
    """Return the error in the query; "" if there is none."""
    person, since = viewer.query.get("person", ""), viewer.query.get("since", "")
    if person and audit.find_person(viewer.group_id, person) is None:
        return "No single person in this log has that name. Try the full name."
    return "I can't read that date. Write it like 2026-12-01." if since and _parse_day(since) is None else ""


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _name_account(account: AccountRow | None) -> str:
    return account.name if account is not None else ""


AUDIT = DashboardPage("audit", "Activity log", MODERATORS, "audit.html", read, keeps=KEEPS, sheet=sheet)
