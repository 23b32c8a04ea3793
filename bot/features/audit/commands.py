"""The command that shows what moderators have changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.commands.command import Command, Param, SuggestedValue
from bot.commands.context import MODERATES, Context
from bot.commands.parameter_types import MemberRef
from bot.commands.registry import Registry
from bot.features.audit import wording
from bot.features.audit.service import LISTED, Audit, Entry, list_names
from bot.features.groups.params import moderator_command
from bot.features.groups.service import Groups
from bot.features.people.service import is_called
from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.messages.reply import Reply


def suggest_person(ctx: Context, typed: str, *, groups: Groups) -> list[SuggestedValue]:
    """Return moderators and members by name."""
    group = groups.get(ctx.actor.group_id)
    people = {a.id: a for a in (*groups.moderators(group), *(a for _, a in groups.list_members(group.id)))}
    return [SuggestedValue(a.name, a.external_id) for a in people.values() if is_called(a, typed)][:25]


@moderator_command(
    "manage audit",
    formerly=("audit",),
    title="Audit",
    writes=False,
    after_end=True,
    asked=(
        r"^who (?:has )?(?:changed|paused|ended|excused|voided|edited|moved|cancell?ed|did|decided)\b",
        r"(?:see|read|check) what (?:the )?(?:other )?moderators (?:did|do|have done|changed)",
    ),
)
def audit(
    ctx: Context,
    person: Annotated[
        MemberRef | None, Param("Author of the change, or member concerned", example="@mo", suggest=suggest_person)
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
        raise NotFound(wording.describe_unknown(person), field="person")
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
        return wording.render_none(is_narrowed=bool(person or command or since), is_older=before is not None)
    return wording.render_entries(entries[:LISTED], group.name, zone, _find_earlier(ctx, entries))


def _find_earlier(ctx: Context, entries: Sequence[Entry]) -> Call | None:
    """Return the Call for the next older page, if there is one."""
    if len(entries) <= LISTED:
        return None
    args = {**ctx.call.args, "before": str(entries[LISTED - 1].id)}
    return audit.call(ctx.actor.group_id, **{k: v for k, v in args.items() if k != "group"})


COMMANDS: tuple[Command, ...] = (audit,)
