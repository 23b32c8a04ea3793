"""Calendar events for chat platforms and calendar links. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from bot.messages import markup

URL_MAX = 512
"""Most characters of a button's URL, on the strictest platform."""
_NAMES = (60, 30, 15)
"""Lengths of the name to try; URL encoding may turn one character into twelve."""
_CALENDAR = "https://calendar.google.com/calendar/render"


@dataclass(frozen=True)
class Happening:
    """A scheduled event.

    Args:
        name, about: plain text.
        starts_at, ends_at: aware UTC.
        zone: IANA zone, used if the platform doesn't know the reader's.
        link: the URL of the meeting, if any.
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
        """A Google Calendar link that adds the event.

        Source: https://github.com/InteractionDesignFoundation/add-event-to-calendar-docs, November 2026.
        """
        dates = "/".join(f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" for at in (self.starts_at, self.ends_at))
        params = {"action": "TEMPLATE", "dates": dates}
        place = {"location": self.link} if self.link else {}
        tries = [(60, place), *((most, {}) for most in _NAMES)]
        addresses = (_build_url(params | {"text": markup.clip(self.name, most)} | more) for most, more in tries)
        return next((address for address in addresses if len(address) <= URL_MAX), _build_url(params))


def _build_url(params: dict[str, str]) -> str:
    return f"{_CALENDAR}?{urlencode(params)}"
