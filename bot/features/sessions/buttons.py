"""The buttons of a live hour, wherever they stand."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.core.reply import Button
from bot.features import ways
from bot.features.cohort.tables import Cohort
from bot.features.sessions import wording
from bot.features.sessions.tables import LiveHour, Says

LABELS: dict[Says, str] = {"coming": "Coming", "perhaps": "Perhaps", "not": "Not this time"}


def rsvp(cohort_id: int, hour: LiveHour, says: Says, when: str = "") -> Button:
    """Return the button by which somebody says whether they come; it names its hour where others stand beside it."""
    call = ways.SESSION_ANSWER.call(cohort_id, id=hour.id, says=says)
    return Button(_named(LABELS[says], when), call, "primary" if says == "coming" else "plain")


def host_on(cohort_id: int) -> Button:
    """Return the button by which somebody agrees to host when it is their turn."""
    return Button("I can host", ways.SESSION_HOST.call(cohort_id))


def host_this(cohort_id: int, hour: LiveHour, when: str = "") -> Button:
    """Return the button by which somebody hosts this hour."""
    return Button(_named("I can host", when), ways.SESSION_HOST.call(cohort_id, id=hour.id))


def _named(label: str, when: str) -> str:
    return f"{label}: {when}" if when else label


def when(cohort: Cohort, hour: LiveHour) -> str:
    """Return when an hour is as a button says it, in the group's zone: no platform shows a reader's time in one."""
    return f"{hour.starts_at.astimezone(ZoneInfo(cohort.zone)):%a %-d %b, %H:%M}"


def host_off(cohort_id: int) -> Button:
    """Return the button by which somebody is asked no more to host."""
    return Button("Never ask me to host", ways.SESSION_HOST.call(cohort_id, on=False))


def calendar(cohort: Cohort, hour: LiveHour) -> Button:
    """Return the button that puts a live hour into a calendar."""
    return Button("Add to calendar", wording.happening(cohort, hour).calendar_url)


def under_post(cohort: Cohort, hour: LiveHour, when: str = "") -> tuple[Button, ...]:
    """Return what stands under a live hour's post."""
    answers = (rsvp(cohort.id, hour, says, when) for says in LABELS)
    return (*answers, host_this(cohort.id, hour, when), calendar(cohort, hour))
