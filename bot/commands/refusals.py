"""Turn refusals and faults into private replies; a fault has a reference to the log."""

from __future__ import annotations

import logging
import re
import secrets
import sys
from dataclasses import replace
from typing import TypeVar

from bot.base.event import present
from bot.base.safe_traceback import trace
from bot.commands.command import Command
from bot.commands.context import Actor, Place
from bot.commands.parameter_types import FILES
from bot.commands.permissions import WHOEVER
from bot.commands.ports import Epilogue, Identify, RunInTransaction
from bot.commands.request import Request
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import Busy, MaybeSaved, NotAllowed, NotFound, TooMuch, TryLater, UserError
from bot.messages.reply import Block, Button, File, Listing, Reply, Text, Tone, say

log = logging.getLogger(__name__)
COPY = Text("I couldn't save what you typed. Copy it from here:")
"""Heads what was typed, below a refusal."""
_LISTED = 1500
"""Most characters of a value in the message itself; a longer one is attached as a file."""


def refused(refusal: UserError) -> Reply:
    """Return the private message of a refusal; MaybeSaved doesn't look like an error."""
    tone: Tone = "plain" if isinstance(refusal, MaybeSaved) else "error"
    reply = say(refusal.sentence, tone=tone, buttons=refusal.buttons).settled("private")
    return replace(reply, is_limit=isinstance(refusal, TooMuch), is_busy=isinstance(refusal, Busy))


def fault(doing: str, *, is_unkept: bool = True) -> Reply:
    """Log the current exception under a reference and return a private message that names the reference.

    Args:
        is_unkept: whether it is certain that nothing was changed.
    """
    reference = present() or secrets.token_hex(3)
    error = sys.exception()
    log.error("fault %s while %s\n%s", reference, doing, trace(error) if error else "")
    outcome = (
        ". Nothing was changed" if is_unkept else ", and I can't tell whether I saved that. Check before you try again"
    )
    return say(
        f"Something went wrong on my side{outcome}. Fault `{reference}` in the log has the details.", tone="error"
    ).settled("private")


def old_button() -> UserError:
    """Return the refusal of a button that no command answers."""
    return NotFound(
        f"This button is from an older version and no longer works. To see what I can do, type {markup.typed('help')}."
    )


def old_form() -> UserError:
    """Return the refusal of a form that no command answers."""
    return NotFound("This form is from an older version and no longer works. Type the command again.")


def busy(*ways_out: Button) -> UserError:
    """Return the refusal for a write while the database doesn't answer."""
    text = "I'm busy at the moment, so I haven't changed anything. Please try again in a minute."
    return Busy(text, buttons=ways_out)


def unread() -> UserError:
    """Return the refusal for a read while the database doesn't answer."""
    return Busy("I'm busy at the moment. Please try again in a minute.")


def unanswered() -> UserError:
    """Return the refusal for a commit whose outcome is unknown."""
    return MaybeSaved(
        "I'm busy at the moment and can't tell whether I saved that. Check in a minute, before you try again."
    )


def unproven() -> UserError:
    """Return the refusal for a person whose permissions the platform couldn't confirm."""
    return TryLater("I couldn't check whether you're a moderator here. Please try again in half a minute.")


def show_typed(command: Command, call: Call, reply: Reply) -> Reply:
    """Return a refusal with what was typed, for copying; a file stays where its sender has it."""
    blocks: list[Block] = []
    for param in command.offered:
        text = call.args.get(param.key, "")
        if text and param.kind not in FILES:
            listed = Listing(text) if len(text) <= _LISTED else File(f"{param.key}.txt", "text/plain", text)
            blocks += (Text(f"**{param.head}**"), listed)
    return reply.followed_by(COPY, *blocks) if blocks else reply


def on_field(command: Command, refusal: UserError) -> str:
    """Return the sentence of a refusal, headed by the label of its form field."""
    param = command.param(refusal.field) if refusal.field else None
    if param is None:
        return refusal.sentence
    sentence = re.sub(r"^\*\*[^*]+\*\*: ", "", refusal.sentence)
    return f"**{param.head}**: {sentence}"


def not_allowed(command: Command, actor: Actor, place: Place) -> NotAllowed:
    """Return the refusal for a person without the command's role; it says who can help, and how."""
    if command.role == "member":
        join = Button("Join", Call("join", {}, actor.group_id), "primary")
        return NotAllowed(f"That's for members of the group. To join, type {markup.typed('join')}.", buttons=(join,))
    if command.policy.founds and place.tenant is None:
        return NotAllowed("A group meets in a channel. Please run this in that channel.")
    kind = actor.tenancy
    named = markup.typed("manage edit moderators=@you") + (", which takes a role too" if kind.has_roles else "")
    able = " or ".join(actor.helpers) or f"Someone who manages the {kind.word}"
    if not command.policy.founds:
        return NotAllowed(
            f"Only moderators can do that. {able} can do it for you, or make you a moderator with {named}."
        )
    if actor.may_own:
        return NotAllowed(
            f"That's for people who manage the {kind.word} or the channel. In a channel of your own you can do it "
            f"yourself. {able} can do it for you here, and then make you a moderator of that group with {named}."
        )
    return NotAllowed(
        f"That's for people who manage the {kind.word}. Moderators only manage their own group. {able} can do it for "
        f"you, and make you a moderator of a group with {named}. The bot's operator can let people start groups in "
        "their own channels."
    )


W = TypeVar("W")


async def add_notices(
    turn: Request, reply: Reply, epilogue: Epilogue[W], run: RunInTransaction[W], identify: Identify[W]
) -> Reply:
    """Add the reader's pending notices to a refusal; on any error, return it alone and keep the notices pending."""

    def tell(work: W) -> Reply | None:
        return epilogue(work, turn.context(identify(work, turn.invocation, WHOEVER)), reply)

    try:
        return await run(tell, writes=False) or await run(tell, writes=True) or reply
    except Exception:  # noqa: BLE001  (the refusal is the answer; what else there is to tell waits for the next one)
        fault(f"telling more with a refusal of {turn.command.name}")
        return reply
