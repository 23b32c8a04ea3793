"""Texts of the activity log."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from string import Formatter

from bot.features.audit.service import BY_OPERATOR, Entry
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Button, Reply, say


def describe_unknown(name: str) -> str:
    """Return that a name fits nobody, or several people."""
    return f"“{markup.escape(name, 40)}” doesn't fit exactly one person here. Mention them, such as @mo."


def render_none(*, is_narrowed: bool, is_older: bool) -> Reply:
    """Return that there are no entries.

    Args:
        is_narrowed: whether only some entries were asked for.
        is_older: whether entries before another one were asked for.
    """
    if is_narrowed:
        return say("No changes fit that.")
    return say("There are no earlier changes." if is_older else "Moderators haven't changed anything here yet.")


def render_entries(entries: Sequence[Entry], group_name: str, zone: str, earlier: Call | None) -> Reply:
    """Return a page of the log, the newest first."""
    return say(
        "\n".join(_format_entry(entry, zone) for entry in entries),
        title=f"Changes in {markup.escape(group_name)}",
        buttons=(Button("Show earlier", earlier),) if earlier is not None else (),
    )


_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "correct": ("corrected {about}'s check-in for unit {unit}", "corrected {about}'s check-in"),
    "course add": ("added a course",),
    "course copy": ("copied a course",),
    "course edit": ("changed a course",),
    "course unit": ("changed the exercise of unit {unit}", "changed the exercise of a unit"),
    "course question": ("added a quiz question to unit {unit}", "added a quiz question"),
    "course remove": ("removed a course",),
    "create": ("created the group",),
    "digest": ("turned the weekly digest {weekly}", "changed the weekly digest"),
    "digest lead": ("said that they still lead the group",),
    "digest news": ("turned their digest messages {on}", "changed their digest messages"),
    "digest write": ("messaged {about} from the digest",),
    "edit": ("changed the group",),
    "end": ("ended the group",),
    "excuse": ("excused {about} from unit {unit}", "excused {about}"),
    "gap dismiss": ("took a question off the list",),
    "gap leave": ("put a quiz question back on the list{undo}", "took a quiz question off the list"),
    "gap line": ("added a note on a quiz question",),
    "gap reopen": ("put a question back on the list",),
    "gap write": ("answered a question with a note",),
    "lift": ("lifted the ruling on {about}'s unit {unit}", "lifted a ruling on {about}"),
    "notes add": ("added a note",),
    "notes remove": ("removed a note",),
    "notes replace": ("replaced a note",),
    "pause": ("paused the group",),
    "postnow": ("posted unit {unit} early", "posted a unit early"),
    "question accept": ("accepted a quiz question",),
    "question edit": ("edited a quiz question",),
    "question retire": ("retired a quiz question",),
    "remove": ("removed {about} from the group",),
    "resume": ("resumed the group",),
    "retry": ("retried failed messages",),
    "schedule extend": (
        "moved the deadline of unit {unit} to {at}",
        "moved the deadline to {at}",
        "extended unit {unit}",
        "extended the unit",
    ),
    "schedule move": ("moved unit {unit} to {at}", "moved unit {unit}", "moved a unit"),
    "schedule restore": ("restored unit {unit}", "restored a unit"),
    "schedule skip": ("skipped unit {unit}", "skipped a unit"),
    "session cancel": ("cancelled live session {id}", "cancelled the live session"),
    "session move": ("moved live session {id} to {at}", "moved the live session to {at}", "moved the live session"),
    "session plan": ("planned a live session for {at}", "planned a live session"),
    "setup create": ("set up the group",),
    "void": ("decided that {about}'s unit {unit} doesn't count", "decided that a unit of {about} doesn't count"),
}
"""What each command did, the sentence with the most details first. The command's name follows if it has none here."""
_SWITCHED: Mapping[tuple[str, str], str] = {
    ("weekly", "yes"): "on",
    ("weekly", "no"): "off",
    ("on", "yes"): "on",
    ("on", "no"): "off",
    ("undo", "yes"): "",
}
_UNSHOWN = frozenset({"item", "of", "note", "id"})
"""Details that mean nothing to a reader outside a sentence."""
_DETAIL = re.compile(r"(?:^|, )(\w+): ")
_LOCAL = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d) \([^)]*\)")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)\b")


def _format_entry(entry: Entry, zone: str) -> str:
    about = _format_name(entry.about)
    reason = f" Reason: “{markup.escape(entry.reason, 200)}”." if entry.reason else ""
    who = "the operator" if _is_operators(entry) else _format_name(entry.who)
    return f"- {markup.moment(entry.at, zone)}: {who} {_format_action(entry, about)}.{reason}"


def _is_operators(entry: Entry) -> bool:
    return entry.who is None and entry.said == BY_OPERATOR


def _format_action(entry: Entry, about: str) -> str:
    """Return what an entry's command did, with the details that its sentence doesn't name in brackets."""
    name = entry.command.removeprefix("manage ").removeprefix("cohort ")
    first, *pairs = _DETAIL.split("" if _is_operators(entry) else entry.said)
    if first and name == "transfer":
        return f"{markup.escape(first, 300)} from another group"
    details = {key: _format_value(key, value) for key, value in zip(pairs[::2], pairs[1::2], strict=True)}
    fields = {"about": about, **details}
    for sentence in _ACTIONS.get(name, ()):
        named = {field for _, field, _, _ in Formatter().parse(sentence) if field}
        if named <= fields.keys():
            action = sentence.format(**fields)
            break
    else:
        named, action = set[str](), f"used **{name}**" + (f" on {about}" if entry.about is not None else "")
    told = {key.replace("_", " "): value for key, value in details.items() if key not in named | _UNSHOWN}
    rest = [f"{key}: {value}" if value != "…" else key for key, value in told.items() if value != "…" or name == "edit"]
    shown = ", ".join([*([markup.escape(first, 300)] if first else []), *rest])
    return f"{action} ({shown})" if shown else action


def _format_value(key: str, value: str) -> str:
    if (switch := _SWITCHED.get((key, value))) is not None:
        return switch
    if moment := _LOCAL.fullmatch(value):
        return f"{markup.day(date.fromisoformat(moment[1]))}, {moment[2]}"
    plain = value.strip("'")
    return markup.escape(plain.capitalize() if _WEEKDAY.match(plain) else plain, 300)


def _format_name(account: AccountRow | None) -> str:
    return markup.name(account.external_id, account.name) if account is not None else "a former member"
