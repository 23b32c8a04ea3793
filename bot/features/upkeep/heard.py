"""What is said to the bot that is neither a command nor a question: what it may mean, for its writer alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.core import binding, hearing, markup, speech
from bot.core.call import DRAFT, Call
from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.registry import Registry
from bot.core.reply import Button, Quote, Reply, Text, say
from bot.core.values import Kind
from bot.core.way import Way
from bot.db.inbox import SqlDrafts
from bot.features import ways
from bot.features.cohort.service import Cohorts

GUESSES = 3
_SMALL_TALK: dict[speech.Chatter, str] = {
    "hello": "Hello! {help} shows what I can do.",
    "thanks": "You are welcome.",
    "bye": "See you soon.",
    "noted": "I am here when you need me. {help} shows what I can do.",
}


@command("heard", hidden=True, own=True)
def heard(
    ctx: Context,
    text: Annotated[str, Param("What was said", max=hearing.HEARD_MAX)],
    aloud: Annotated[bool, Param("Whether the room has read it")] = False,
    *,
    registry: Registry,
    cohorts: Cohorts,
) -> Reply:
    """Say what a line was taken for, with buttons for what it may have meant."""
    guessed = [g for g in hearing.guesses(registry, text) if _is_open_to(ctx, g.command)][:GUESSES]
    small_talk = speech.chatter(text)
    if small_talk is not None and not guessed:
        return say(_SMALL_TALK[small_talk].format(help=markup.typed("help")))
    ways = tuple(_way(ctx, cohorts, guess) for guess in guessed)
    if aloud:
        asks = () if guessed else (_asking(ctx, cohorts, text, "Ask the notes"),)
        return say(_sentence(guessed) or "Shall I look that up in our notes?", buttons=(*ways, *asks))
    blocks = (Quote(markup.escape(text, 300)), Text(_sentence(guessed) or _unclear()))
    # what somebody says of themselves is not one click from being read by all
    is_personal = any(guess.asks for guess in guessed)
    return Reply(blocks, (*ways, *_asks(ctx, cohorts, text, is_personal=is_personal)))


def _is_open_to(ctx: Context, one: Command) -> bool:
    return one.role != "moderator" or one.allows(ctx.actor.roles)


def _sentence(guessed: list[hearing.Guess]) -> str:
    if not guessed:
        return ""
    first = guessed[0]
    line = binding.written(first.command, first.call)
    return first.asks or f"Did you mean {markup.typed(markup.clip(line, 150))}?"


def _unclear() -> str:
    return (
        "I take that for neither a command nor a question, so I have posted nothing. "
        f"{markup.typed('help')} shows what I can do."
    )


def _way(ctx: Context, cohorts: Cohorts, guess: hearing.Guess) -> Button:
    """Return the button of a guess: a form opens filled with what was understood, anything else runs."""
    call = replace(guess.call, cohort=ctx.actor.cohort_id, ask=guess.command.form)
    given = (guess.command.param(key) for key in call.args)
    if any(param is not None and param.kind is not Kind.BOOL for param in given):
        call = _kept(ctx, cohorts, call)
    return Button(markup.clip(guess.button, 40), call, "primary")


def _asks(ctx: Context, cohorts: Cohorts, text: str, *, is_personal: bool) -> tuple[Button, ...]:
    if ctx.place.is_direct:
        return (_asking(ctx, cohorts, text, "Ask the notes"),)
    alone = _asking(ctx, cohorts, text, "Ask for myself", way=ways.CONSULT)
    return (alone,) if is_personal else (_asking(ctx, cohorts, text, "Ask publicly"), alone)


def _asking(ctx: Context, cohorts: Cohorts, text: str, label: str, *, way: Way = ways.ASK) -> Button:
    return Button(label, _kept(ctx, cohorts, way.call(ctx.actor.cohort_id, question=text)))


def _kept(ctx: Context, cohorts: Cohorts, call: Call) -> Call:
    """Return the Call with a draft of its arguments: a button carries an id, never prose."""
    draft = SqlDrafts().keep(cohorts.work, ctx.actor.account_id, replace(call, cohort=None, ask=False), None, ctx.now)
    return replace(call, args={DRAFT: draft})


COMMANDS: tuple[Command, ...] = (heard,)
