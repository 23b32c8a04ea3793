"""Moderators' commands for the digest: read it, write to a member, or turn it off; and a member's offer to lead."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.delivery.outbox import Announcement, announce
from bot.features.audit.service import Audit
from bot.features.checkins import sharing
from bot.features.digest import service, wording
from bot.features.digest.service import KindWord
from bot.features.groups import message_keys
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.commands import group_edit
from bot.features.groups.direct_messages import notify_member
from bot.features.groups.params import moderator_action, moderator_command
from bot.features.groups.service import Groups, lock_group
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.messages.errors import TryLater
from bot.messages.reply import Reply

OFFERED_FOR = timedelta(days=1)
"""How long a member's offer to lead waits for a channel that can't be reached."""


@moderator_command(
    "manage digest",
    formerly=("digest",),
    title="Digest",
    asked=(r"(?:see|find out|know) (?:who|whom) (?:needs help|never started|(?:i should |to )(?:write to|thank))",),
)
def digest(
    ctx: Context,
    weekly: Annotated[bool | None, Param("Send it to moderators each week", example="no")] = None,
    *,
    groups: Groups,
) -> Reply:
    """See who to contact and thank after each unit."""
    timeline = groups.here(ctx)
    if weekly is not None:
        return _set_weekly(ctx, groups, timeline, weekly=weekly)
    latest = service.of(groups, timeline, ctx.now)
    if latest is None:
        return wording.no_digest_yet()
    reader = service.note_reader(ctx, groups, timeline.group)
    has_notices = reader.is_told if reader is not None else None
    return wording.render_digest(timeline, latest.read_by(ctx.actor.account_id), has_notices=has_notices)


def _set_weekly(ctx: Context, groups: Groups, timeline: Timeline, *, weekly: bool) -> Reply:
    timeline.group.has_digest = weekly
    groups.wake(timeline.group, ctx.now)
    return wording.weekly_set(timeline.group)


@moderator_action("digest write")
def write_to(ctx: Context, who: Annotated[int, Param("Which member", is_account=True)], *, groups: Groups) -> Reply:
    """Send a suggested message to a member."""
    timeline = groups.here(ctx)
    group = timeline.group
    lock_group(groups.session, group.id)
    quiet = service.find_quiet(groups, timeline, who, ctx.now)
    if quiet is None:
        raise TryLater("This member doesn't need a message any more.")
    if quiet.wrote_at is not None:
        raise TryLater("This member has already had a message this week. Once a week is enough.")
    name = markup.name(quiet.account.external_id, quiet.account.name)
    if not quiet.is_reached:
        raise wording.unreachable(group, name)
    row = KindWord(group_id=group.id, account_id=quiet.account.id, author_id=ctx.actor.account_id, at=ctx.now)
    groups.session.add(row)
    groups.session.flush()
    author = sharing.format_signature(groups, group, ctx.actor)
    is_break = timeline.break_at(ctx.now) is not None
    message, sentence = wording.message(timeline, quiet, author, is_break=is_break)
    key = message_keys.make_key(group.id, "word", row.id)
    at = notify_member(groups, group, quiet.account, key, message, ctx.now, sentence=sentence)
    return wording.message_sent(name, is_delayed=at != ctx.now)


@moderator_action("digest news")
def tell_me(ctx: Context, on: Annotated[bool, Param("Message me about new digests")], *, groups: Groups) -> Reply:
    """Turn messages about new digests on or off."""
    timeline = groups.here(ctx)
    if (reader := service.note_reader(ctx, groups, timeline.group)) is None:
        return wording.named_moderator()
    reader.is_told = on
    return wording.notices_set(timeline.group, is_on=on)


@moderator_action("digest texts", writes=False)
def copy_texts(ctx: Context, *, groups: Groups) -> Reply:
    """Show the suggested messages to copy."""
    timeline = groups.here(ctx)
    latest = service.of(groups, timeline, ctx.now)
    listed = wording.listed(latest.read_by(ctx.actor.account_id)) if latest is not None else []
    if latest is None or not listed:
        return wording.no_texts()
    return wording.texts(timeline, listed[: wording.NAMES], is_break=latest.is_break)


@command("digest lead", hidden=True, role="member", moderators_too=True, group="needed")
def lead(ctx: Context, *, groups: Groups) -> Reply:
    """Say that you lead the group, or offer to."""
    group = groups.here(ctx).group
    if "moderator" in ctx.actor.roles:
        Audit(groups.work).note_own(group, ctx.actor.account_id, lead.name, "", ctx.now)
        groups.wake(group, ctx.now)
        return wording.render_present()
    account = groups.session.get_one(AccountRow, ctx.actor.account_id)
    confirm = group_edit.call(group.id, moderators=account.external_id)
    key = message_keys.make_key(group.id, f"offer:{account.id}:{ctx.now:%Y%m%d}")
    offer = wording.render_offer(group, account, confirm)
    is_new = announce(groups.work, Announcement(key, groups.place(group), offer, ctx.now, ctx.now + OFFERED_FOR))
    return wording.render_offered(is_new=is_new)


COMMANDS: tuple[Command, ...] = (digest, write_to, tell_me, copy_texts, lead)
