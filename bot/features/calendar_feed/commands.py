"""The `calendar` command: a member's private calendar address."""

from __future__ import annotations

from typing import Annotated, Literal

from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.features.calendar_feed import wording
from bot.features.calendar_feed.service import Agenda
from bot.features.dashboard_access.service import Address
from bot.messages import markup
from bot.messages.errors import NotFound
from bot.messages.reply import Reply

PATH = "/calendar"
ACTION = Param("Show it, a new address, or off", example="new", formerly=("what",))
ASKED = (
    r"(?:add|put|get|see|have|sync|import) (?:the |my |our |your |all )?(?:dates|deadlines|units|schedule|posts|"
    r"live hours) (?:in|into|to|on|with) (?:my |a |an |the |google |apple )*(?:calendar|outlook|ical)",
    r"(?:subscribe to|have|get|export) (?:a |the |my |our )?(?:calendar|ical|ics)",
    r"^(?:is there|do you have|have you) (?:a |an )?(?:calendar|ical|ics)",
)
"""How people ask for their calendar."""


@command("calendar", after_end=True, own=True, group="none", asked=ASKED, secret=True)
def calendar(
    ctx: Context,
    action: Annotated[Literal["show", "new", "off"], ACTION] = "show",
    *,
    agenda: Agenda,
    address: Address,
) -> Reply:
    """Subscribe to units and live sessions in your calendar."""
    whose = ctx.actor.account_id
    if action == "off":
        is_ended = agenda.end(whose)
        return wording.render_off(was_on=is_ended)
    if not agenda.list_groups(whose):
        raise NotFound(
            f"You aren't in a running group, so your calendar would be empty. To join one, type {markup.typed('join')}."
        )
    feed = agenda.find(whose)
    if action == "show" and feed is not None:
        return wording.render_known(feed.made_at, ctx.actor.zone)
    address.require(ctx, "Your calendar")
    url = address.of(f"{PATH}/{agenda.renew(whose, ctx.now)}.ics")
    assert url is not None
    return wording.render_address(url, is_public=address.public is not None, is_renewed=feed is not None)


COMMANDS: tuple[Command, ...] = (calendar,)
