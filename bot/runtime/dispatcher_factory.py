"""What stands behind commands and pages alike: the dispatcher, and who people are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import blake2b

from bot.base.clock import Clock
from bot.base.observer import Observer
from bot.commands.command import Command
from bot.commands.context import Context, Invocation, Place
from bot.commands.dispatcher import Dispatcher
from bot.commands.ports import Provide
from bot.commands.registry import Registry
from bot.commands.room_access import AccessChecker
from bot.dashboard.page_services import PageServices
from bot.delivery import outbox
from bot.delivery.outbox import Announcement
from bot.delivery.processed_events import SqlDrafts, SqlInbox
from bot.features.ask.answering import Answering
from bot.features.ask.group_notes_index import OwnNotes
from bot.features.ask.interrupted_answers import AnswersInProgress
from bot.features.ask.question_log import Retention
from bot.features.ask.terms import Terms
from bot.features.ask.transcript import Listening
from bot.features.audit.service import Audit
from bot.features.group_access.actor import Identity
from bot.features.people.service import People
from bot.features.token_budget.service import Budget, Meter, QuestionRateLimit
from bot.messages import markup
from bot.messages.reply import Reply, Text, say
from bot.runtime.answer_engine import AnswerEngine
from bot.runtime.settings import Settings
from bot.storage.engine import is_sqlite
from bot.storage.unit_of_work import Database, Work

REPORTED = timedelta(hours=1)
"""How long it is worth telling what became of a commit."""


def retention_of(settings: Settings) -> Retention:
    """Return how long what is asked is kept."""
    return Retention(settings.question_days, timedelta(minutes=settings.keep_conversation_minutes))


def _load_ordinary_words() -> Mapping[str, int]:
    from bot.llm.embedded import ordinary_words

    return ordinary_words()


def open_answering(
    settings: Settings, database: Database, notebook: AnswerEngine, registry: Registry, observer: Observer
) -> Answering:
    """Return what answers questions, as commands and pages ask it."""
    budget = Budget(settings.tokens_per_day, settings.member_token_share)
    has_model = notebook.chat_model is not None
    meter = Meter(database, budget, QuestionRateLimit(settings.asks_per_minute), has_model=has_model, observer=observer)
    own_notes = OwnNotes(database, notebook.index, notebook.pool, notebook.aside)
    registry.is_term = terms = Terms(notebook.library, _load_ordinary_words)
    registry.terms_in, registry.knows = terms.count, terms.knows
    return Answering(notebook.answerer, database, notebook.library, own_notes, meter, registry, retention_of(settings))


def open_desk(
    registry: Registry,
    database: Database,
    supply: Provide[Work],
    settings: Settings,
    clock: Clock,
    lookout: AccessChecker,
    observer: Observer,
    process: str,
) -> PageServices:
    """Return the desk at which every event of a bot is answered; `process` is this one's name among the living."""
    identity = Identity(settings.moderators, owners_may_start=settings.channel_owners_can_create_groups)
    dispatcher = Dispatcher(
        registry,
        run=database.run,
        identify=identity,
        supply=supply,
        inbox=SqlInbox(),
        drafts=SqlDrafts(),
        clock=clock,
        epilogue=partial(_add_notices, registry),
        look=lookout.look,
        carries_on=Listening(database, clock, retention_of(settings)),
        note=lambda work, *entry: Audit(work).note(*entry),
        report=partial(_report, registry, clock),
        stands=AnswersInProgress(database, clock, process),
        is_shared=not is_sqlite(database.url),
        observer=observer,
    )
    return PageServices(database, dispatcher, identity, supply, lookout, clock)


def _report(registry: Registry, clock: Clock, work: Work, invocation: Invocation, is_kept: bool) -> None:
    account, call, now = invocation.account, invocation.call, clock.now()
    place = Place.direct(account.platform, invocation.place.tenant or account.scope or None, account.id)
    command = registry.find(call.name)
    sent = "what you sent" if command is None or command.hidden else f"your {markup.typed(command.name)}"
    message = (
        say(f"My database is back. I kept {sent}, so there's nothing to repeat.", tone="good")
        if is_kept
        else say(f"My database is back. I did not keep {sent}. Please try again.", tone="warn")
    )
    key = f"resolved:{blake2b(invocation.key.encode(), digest_size=20).hexdigest()}"
    outbox.announce(work, Announcement(key, place, message, now, now + REPORTED))


def with_group(ctx: Context, command: Command | None, reply: Reply) -> Reply:
    """Return a receipt, a moderator's preview or a member's own record with its group, for whoever is in several.

    What they wrote may have the name in it by chance, so only the bot's own sentences name it.
    """
    group, is_receipt = ctx.actor.group, reply.tone == "good"
    is_record = command is not None and command.policy.own and command.role == "member" and reply.tone == "plain"
    is_ruling = command is not None and command.role == "moderator" and reply.tone != "error"
    if not group or not (is_receipt or is_record or is_ruling):
        return reply
    text = replace(reply, blocks=tuple(block for block in reply.blocks if isinstance(block, Text))).plain()
    if re.search(rf"(?<!\w){re.escape(group)}(?!\w)", text):
        return reply
    return reply.followed_by(Text(f"_In {markup.escape(group)}._"))


def _add_notices(registry: Registry, work: Work, ctx: Context, reply: Reply) -> Reply | None:
    """Name a receipt's group, add what the reader is still to be told, put words where they want no pictures."""
    people, reader = People(work), ctx.actor.account_id
    reply = with_group(ctx, registry.find(ctx.call.name), reply)
    reply = reply if ctx.actor.sees_pictures else reply.in_words()
    if not reader or not people.has_notices(reader):
        return reply
    return people.with_notices(reader, reply, ctx.now) if work.writes else None
