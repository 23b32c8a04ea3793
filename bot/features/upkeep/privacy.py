"""What is kept about a person, told to that person; and private answers that waited for a click."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import func, select

from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.errors import NotFound
from bot.core.reply import Fields, Reply, Text
from bot.db.inbox import SqlDrafts
from bot.db.work import Work
from bot.features.feature import Features, Kept

ABOUT_ME = (
    r"^what do(?:es)? (?:you|it|trailmate|the bot) (?:keep|know|store|save|remember|collect|record) (?:about|of|on) me",
    r"^what data(?: of mine| about me)? do you (?:keep|have|store|collect)|^(?:is|are) my data (?:safe|private|stored)",
    r"^(?:do|does|will|are|is) (?:you|it|trailmate|the bot|this bot)(?: also| ever)?"
    r" (?:stor|keep|sav|logg?|record|remember|read|collect|track)(?:e|ing)? (?:all )?(?:of )?(?:my|our)"
    r" (?:messages?|questions?|chats?|conversations?|data|answers?|dms?|direct messages)",
    r"^who (?:can )?sees? (?:my )?(?:data|record|check[ -]?ins?|notes|answers|questions|what i (?:ask|write|do|say))",
    r"(?:delete|erase|see|export|get) my (?:own )?(?:data|account)|be forgotten",
)
"""How people ask what is known of them."""


@command("kept", hidden=True, writes=False, after_end=True, asked=ABOUT_ME)
def kept(ctx: Context, *, work: Work, features: Features) -> Reply:
    """What is kept about you, and who can see it."""
    told = features.personal_data
    rows = tuple((one.title, _said(work, one, ctx.actor.account_id)) for one in told.kept if one.title)
    return Reply((Fields(rows), Text(told.seen)), title="What is kept about you")


def _said(work: Work, kept: Kept, account_id: int) -> str:
    chosen = select(func.count()).where(kept.whose == kept.key(account_id))
    count = work.session.scalar(chosen) or 0
    if kept.is_one:
        return kept.holds if count else "nothing yet"
    return f"{count}, {kept.holds}" if kept.holds else str(count)


@command("show", hidden=True, writes=False, after_end=True)
def show(ctx: Context, id: Annotated[str, Param("Answer", max=20)], *, work: Work) -> Reply:
    """Show a private answer that waited for its reader."""
    found = SqlDrafts().find(work, id, ctx.actor.account_id, ctx.now)
    if found is None or found[1] is None:
        raise NotFound("That answer is for somebody else, or over an hour old. Ask again and it is yours.")
    return found[1]


COMMANDS: tuple[Command, ...] = (kept, show)
