"""Put a question that the notes don't answer to the group, in the thread of the running unit."""

from __future__ import annotations

import hashlib
from typing import Annotated

from bot.commands.command import Command, Param
from bot.commands.context import Context
from bot.delivery import outbox
from bot.delivery.outbox import Announcement, Within
from bot.features.ask import wording
from bot.features.checkins import sharing
from bot.features.groups import message_keys
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.confirmation import Pending
from bot.features.groups.params import CONFIRM, member_action
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import NotAllowed, TryLater
from bot.messages.reply import Button, Reply

QUESTION_MAX = 500


@member_action("askgroup", moderators_too=True, title="Ask the group")
def askgroup(
    ctx: Context,
    question: Annotated[str, Param("Your question", long=True, max=QUESTION_MAX)],
    by: Annotated[int, Param("Who asked", in_form=False)],
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
) -> Reply:
    """Ask your group in the unit's thread, after a preview."""
    if ctx.actor.account_id != by:
        raise NotAllowed("Only the person who asked can put this to the group.")
    timeline = groups.here(ctx)
    running = timeline.running(ctx.now)
    if running is None:
        raise TryLater("No unit is running, so there is no thread to ask in. Try again when the next unit opens.")
    group, label = timeline.group, markup.escape(timeline.label(running.slot))
    who = sharing.format_signature(groups, group, ctx.actor)
    if not confirm:
        pending = Pending.keep(groups.work, ctx, askgroup, group.id)
        return wording.preview_group_question(group, label, who, question, confirm=pending.call())
    post = wording.group_question(group.id, who, question, QUESTION_MAX)
    is_new = outbox.announce(
        groups.work,
        Announcement(
            _make_key(group.id, by, question),
            groups.place(group),
            post,
            ctx.now,
            ctx.now + sharing.LASTS,
            Within(message_keys.make_post_key(group.id, running.slot.unit_id)),
        ),
    )
    return wording.asked_group(label, is_new=is_new)


def add_answer(
    ctx: Context, groups: Groups, group: Group, asker: AccountRow, question: str, notice: str, read: Button
) -> None:
    """Add to a question in the group's thread that a note answers it now; does nothing if it was not put there."""
    who = sharing.format_member(groups, group, asker)
    post = wording.answered_group_question(group.id, who, question, QUESTION_MAX, notice, read)
    outbox.revise(groups.work, _make_key(group.id, asker.id, question), post, due_at=ctx.now)


def may_ask(ctx: Context, timeline: Timeline) -> bool:
    """Whether the caller can put a question to the group now."""
    return askgroup.allows(ctx.actor.roles) and timeline.running(ctx.now) is not None


def way(ctx: Context, question: str) -> Call:
    """Return the Call that puts the caller's question to the group."""
    return askgroup.call(ctx.actor.group_id, by=ctx.actor.account_id, question=question)


def _make_key(group_id: int, account_id: int, question: str) -> str:
    digest = hashlib.sha256(" ".join(question.casefold().split()).encode()).hexdigest()[:12]
    return message_keys.make_key(group_id, "question", account_id, digest)


COMMANDS: tuple[Command, ...] = (askgroup,)
