"""Texts of the calendar command."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from bot.features import command_links
from bot.features.dashboard_access.wording import PUBLIC_URL_HINT
from bot.messages import markup
from bot.messages.reply import Button, Listing, Reply, Text, say

TITLE = "Your calendar"


def _offer_renewal() -> Button:
    return Button("Get new address", command_links.CALENDAR.call(action="new"))


def _offer_off() -> Button:
    return Button("Turn off calendar", command_links.CALENDAR.call(action="off"), "danger")


def render_off(*, was_on: bool) -> Reply:
    """Return the reply after the calendar was turned off."""
    text = "Your calendar is off. The old address no longer works." if was_on else "Your calendar was already off."
    return say(text, tone="good" if was_on else "plain", buttons=(_offer_renewal(),))


def render_known(since: datetime, zone: str) -> Reply:
    """Return the reply if the calendar has an address, which can't be shown again."""
    return say(
        f"Your calendar has been on since {markup.moment(since, zone, 'day')}. I can't show its address again, but "
        "you can get a new one. The old address will then stop working.",
        title=TITLE,
        buttons=(_offer_renewal(), _offer_off()),
    )


def render_address(url: str, *, is_public: bool, is_renewed: bool) -> Reply:
    """Return the new address and how to use it.

    Args:
        is_public: whether the address opens from anywhere.
        is_renewed: whether it replaces an older address.
    """
    how = "In your calendar app, choose “Add from URL” or “Subscribe”, then paste this address. It stays up to date."
    warning = "Keep the address private: anyone who has it can see your dates. I won't be able to show it again."
    gone = " The old address no longer works." if is_renewed else ""
    local = () if is_public else (Text(f"This address only works on the machine I run on. {PUBLIC_URL_HINT}"),)
    webcal = f"webcal://{url.partition('://')[2]}"
    google = f"https://calendar.google.com/calendar/render?{urlencode({'cid': webcal})}"
    buttons = (*((Button("Add to Google", google),) if is_public else ()), _offer_off())
    return Reply((Text(how), Listing(url), Text(warning + gone), *local), buttons, title=TITLE, tone="good")
