"""Putting a question that the notes do not answer to the group, in the thread of the unit that is running."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Annotated

from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.delivery import outbox
from bot.delivery.outbox import Announcement, Within
from bot.features import command_links
from bot.features.checkins import sharing
from bot.features.groups import message_keys
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.service import Cohorts
from bot.features.groups.tables import Cohort
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import NotAllowed, TryLater
from bot.messages.reply import Button, Quote, Reply, Text, say

QUESTION_MAX = 500


@command("askgroup", hidden=True, role="member", moderators_too=True, cohort="needed", title="Ask the group")
def askgroup(
    ctx: Context,
    question: Annotated[str, Param("Your question", long=True, max=QUESTION_MAX)],
    by: Annotated[int, Param("Who asked", in_form=False)],
    *,
    cohorts: Cohorts,
) -> Reply:
    """Put a question into the running unit's thread, once."""
    if ctx.actor.account_id != by:
        raise NotAllowed("Only the person who asked can put this to the group.")
    timeline = cohorts.here(ctx)
    running = timeline.running(ctx.now)
    if running is None:
        raise TryLater("No unit is running, so there is no thread for it. Ask again when the next one is out.")
    cohort, label = timeline.cohort, markup.escape(timeline.label(running.slot))
    post = _draw_post(cohort, sharing.format_signature(cohorts, cohort, ctx.actor), question)
    is_new = outbox.announce(
        cohorts.work,
        Announcement(
            _make_key(cohort.id, by, question),
            cohorts.place(cohort),
            post,
            ctx.now,
            ctx.now + sharing.LASTS,
            Within(message_keys.make_post_key(cohort.id, running.slot.unit_id)),
        ),
    )
    sentence = (
        f"Your question is on its way to the thread of **{label}**." if is_new else "You have asked the group this."
    )
    return say(sentence, tone="good")


def _draw_post(cohort: Cohort, who: str, question: str) -> Reply:
    return Reply(
        (
            Text(f"**{who}** asks the group, for our notes do not answer it:"),
            Quote(markup.escape(question, QUESTION_MAX)),
        ),
        (Button("Thank who helped", command_links.THANKS.ask(cohort.id)),),
    )


def add_answer(
    ctx: Context, cohorts: Cohorts, cohort: Cohort, asker: AccountRow, question: str, notice: str, read: Button
) -> None:
    """Write below a question that was put to the group that a note answers it now; nothing where it was not put."""
    post = _draw_post(cohort, sharing.format_member(cohorts, cohort, asker), question).followed_by(Text(notice))
    outbox.revise(
        cohorts.work,
        _make_key(cohort.id, asker.id, question),
        replace(post, buttons=(read, *post.buttons)),
        due_at=ctx.now,
    )


def may_ask(ctx: Context, timeline: Timeline) -> bool:
    """Whether the caller can put a question to the group now."""
    return askgroup.allows(ctx.actor.roles) and timeline.running(ctx.now) is not None


def way(ctx: Context, question: str) -> Call:
    """Return what puts the caller's question to the group."""
    return askgroup.call(ctx.actor.cohort_id, by=ctx.actor.account_id, question=question)


def _make_key(cohort_id: int, account_id: int, question: str) -> str:
    digest = hashlib.sha256(" ".join(question.casefold().split()).encode()).hexdigest()[:12]
    return message_keys.make_key(cohort_id, "question", account_id, digest)


COMMANDS: tuple[Command, ...] = (askgroup,)
