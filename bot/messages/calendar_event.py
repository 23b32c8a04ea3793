"""Something that takes place at an instant, as calendars and chat platforms take it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from bot.messages import markup

URL_MAX = 512
"""Characters of an address on a button, by the strictest platform."""
_NAMES = (60, 30, 15)
"""Characters of a name, of which each may take twelve in an address."""
_CALENDAR = "https://calendar.google.com/calendar/render"


@dataclass(frozen=True)
class Happening:
    """What takes place, and when.

    Args:
        name, about: plain text.
        starts_at, ends_at: aware UTC.
        zone: IANA name for where a platform does not know its reader's.
        link: where people meet, if that has an address.
        is_off: whether it was cancelled.
    """

    name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    about: str = ""
    link: str = ""
    is_off: bool = False

    def __post_init__(self) -> None:
        for field in ("name", "about"):
            object.__setattr__(self, field, " ".join(markup.clean(getattr(self, field)).split()))

    @property
    def text(self) -> str:
        """When it is, as small Markdown."""
        minutes = (self.ends_at - self.starts_at) // timedelta(minutes=1)
        if self.is_off:
            return f"_Cancelled: it would have been {markup.moment(self.starts_at, self.zone)}._"
        return f"**{markup.moment(self.starts_at, self.zone, 'countdown')}**, {minutes} minutes"

    @property
    def calendar_url(self) -> str:
        """An address that puts it into a calendar, in the form that most of them open.

        Source: https://github.com/InteractionDesignFoundation/add-event-to-calendar-docs, November 2026.
        """
        dates = "/".join(f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" for at in (self.starts_at, self.ends_at))
        told = {"action": "TEMPLATE", "dates": dates}
        place = {"location": self.link} if self.link else {}
        tries = [(60, place), *((most, {}) for most in _NAMES)]
        addresses = (_address(told | {"text": markup.clip(self.name, most)} | more) for most, more in tries)
        return next((address for address in addresses if len(address) <= URL_MAX), _address(told))


def _address(said: dict[str, str]) -> str:
    return f"{_CALENDAR}?{urlencode(said)}"
