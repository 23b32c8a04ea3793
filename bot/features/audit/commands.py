"""What moderators read of what moderators have done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import MODERATES, Context
from bot.commands.parameter_types import MemberRef
from bot.commands.registry import Registry
from bot.features.audit.service import LISTED, Audit, Entry, list_names
from bot.features.groups.params import GROUP
from bot.features.groups.service import Groups
from bot.features.people.service import is_called
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.messages.errors import NotFound
from bot.messages.reply import Button, Reply, say


def suggest_person(ctx: Context, typed: str, *, groups: Groups) -> list[SuggestedValue]:
    """Return who moderates and who is a member, by name."""
    group = groups.get(ctx.actor.group_id)
    people = {a.id: a for a in (*groups.moderators(group), *(a for _, a in groups.list_members(group.id)))}
    return [SuggestedValue(a.name, a.external_id) for a in people.values() if is_called(a, typed)][:25]


@command(
    "manage audit",
    formerly=("audit",),
    title="Audit",
    role="moderator",
    writes=False,
    group="needed",
    which=GROUP,
    after_end=True,
    asked=(
        r"^who (?:has )?(?:changed|paused|ended|excused|voided|edited|moved|cancell?ed|did|decided)\b",
        r"(?:see|read|check) what (?:the )?(?:other )?moderators (?:did|do|have done|changed)",
    ),
)
def audit(
    ctx: Context,
    person: Annotated[
        MemberRef | None, Param("Who did it, or whom it was about", example="@mo", suggest=suggest_person)
    ] = None,
    command: Annotated[str | None, Param("Command", example="manage edit", max=42, formerly=("what",))] = None,
    since: Annotated[date | None, Param("Since", example="2026-12-01")] = None,
    before: Annotated[int | None, Param("Before", in_form=False)] = None,
    *,
    groups: Groups,
    audit: Audit,
    registry: Registry,
) -> Reply:
    """See what moderators changed, when and why."""
    group = groups.get(ctx.actor.group_id)
    who = audit.find_person(group.id, person) if person else None
    if person and who is None:
        raise NotFound(
            f"Nobody here is called “{markup.escape(person, 40)}”, or more than one is. Name them by @.", field="person"
        )
    zone = group.zone
    entries = audit.entries(
        group.id,
        with_tenant=MODERATES in ctx.actor.grants,
        who=who.id if who else None,
        commands=list_names(registry, command) if command else (),
        since=datetime.combine(since, time(), ZoneInfo(ctx.actor.zone)) if since else None,
        before=before,
        most=LISTED + 1,
    )
    if not entries:
        none = "Nothing before that." if before else "Nothing has been done here that would stand on this record."
        return say(none if not (person or command or since) else "Nothing on record fits that.")
    title = f"What moderators did in {markup.escape(group.name)}"
    return say(
        "\n".join(_format_entry(entry, zone) for entry in entries[:LISTED]),
        title=title,
        buttons=_offer_older(ctx, entries),
    )


def _offer_older(ctx: Context, entries: Sequence[Entry]) -> tuple[Button, ...]:
    if len(entries) <= LISTED:
        return ()
    args = {**ctx.call.args, "before": str(entries[LISTED - 1].id)}
    return (Button("Earlier", audit.call(ctx.actor.group_id, **{k: v for k, v in args.items() if k != "group"})),)


def _format_entry(entry: Entry, zone: str) -> str:
    name = entry.command.removeprefix("manage ")
    about = f" {_format_name(entry.about)}" if entry.about is not None else ""
    details = f" ({markup.escape(entry.said, 300)})" if entry.said else ""
    reason = f": {markup.escape(entry.reason, 200)}" if entry.reason else ""
    return f"- {markup.moment(entry.at, zone)}, {_format_name(entry.who)}: **{name}**{about}{details}{reason}"


def _format_name(account: AccountRow | None) -> str:
    return markup.name(account.external_id, account.name) if account is not None else "somebody who has left"


COMMANDS: tuple[Command, ...] = (audit,)
