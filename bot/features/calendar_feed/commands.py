"""A member's own calendar, at an address that only they know."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.features.calendar_feed.service import Agenda
from bot.features.calendar_feed.tables import CalendarFeed
from bot.features.dashboard_access.service import Address
from bot.features.dashboard_access.wording import PUBLIC_URL_HINT
from bot.messages import markup
from bot.messages.errors import NotFound
from bot.messages.reply import Button, Listing, Reply, Text, say

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
        sentence = "That address shows nothing any more." if is_ended else "No calendar of yours was on."
        return say(sentence, tone="good" if is_ended else "plain", buttons=(_offer_renewal(),))
    if not agenda.list_groups(whose):
        raise NotFound(f"No group of yours runs, so there is nothing to show. {markup.typed('join')} changes that.")
    feed = agenda.find(whose)
    if action == "show" and feed is not None:
        return _show_known(feed, ctx.actor.zone)
    address.require(ctx, "Your calendar")
    url = address.of(f"{PATH}/{agenda.renew(whose, ctx.now)}.ics")
    assert url is not None
    return _show_address(url, is_public=address.public is not None, is_new=feed is not None)


def _show_known(feed: CalendarFeed, zone: str) -> Reply:
    since = markup.moment(feed.made_at, zone, "day")
    return say(
        f"Your calendar has been on since {since}. I keep only a mark of its address, so I cannot show it again: a new "
        "one takes its place, and the old one shows nothing from then on.",
        title="Your calendar",
        buttons=(_offer_renewal(), _offer_off()),
    )


def _offer_renewal() -> Button:
    return Button("A new address", calendar.call(action="new"))


def _offer_off() -> Button:
    return Button("Turn it off", calendar.call(action="off"), "danger")


def _show_address(url: str, *, is_public: bool, is_new: bool) -> Reply:
    how = "In your calendar app, add a calendar “from URL” or “subscribe”, and paste this. What moves here moves there."
    keep = "Whoever has it can read along, so please keep it to yourself. I show it this once."
    gone = " The one before shows nothing any more." if is_new else ""
    here = () if is_public else (Text(f"This address opens only on the machine that I run on. {PUBLIC_URL_HINT}"),)
    webcal = f"webcal://{url.partition('://')[2]}"
    google = f"https://calendar.google.com/calendar/render?{urlencode({'cid': webcal})}"
    buttons = (*((Button("Add it to Google Calendar", google),) if is_public else ()), _offer_off())
    return Reply((Text(how), Listing(url), Text(keep + gone), *here), buttons, title="Your calendar", tone="good")


COMMANDS: tuple[Command, ...] = (calendar,)
