"""The buttons of a live hour, wherever they stand."""

from __future__ import annotations

from bot.core.reply import Button
from bot.features import ways
from bot.features.cohort.tables import Cohort
from bot.features.sessions import wording
from bot.features.sessions.tables import LiveHour, Says

LABELS: dict[Says, str] = {"coming": "Coming", "perhaps": "Perhaps", "not": "Not this time"}


def rsvp(cohort_id: int, hour: LiveHour, says: Says) -> Button:
    """Return the button by which somebody says whether they come."""
    call = ways.SESSION_ANSWER.call(cohort_id, id=hour.id, says=says)
    return Button(LABELS[says], call, "primary" if says == "coming" else "plain")


def host_on(cohort_id: int) -> Button:
    """Return the button by which somebody agrees to host."""
    return Button("I can host", ways.SESSION_HOST.call(cohort_id))


def host_off(cohort_id: int) -> Button:
    """Return the button by which somebody is asked no more to host."""
    return Button("Never ask me to host", ways.SESSION_HOST.call(cohort_id, on=False))


def calendar(cohort: Cohort, hour: LiveHour) -> Button:
    """Return the button that puts a live hour into a calendar."""
    return Button("Add to calendar", wording.happening(cohort, hour).calendar_url)


def under_post(cohort: Cohort, hour: LiveHour) -> tuple[Button, ...]:
    """Return what stands under a live hour's post."""
    answers = (rsvp(cohort.id, hour, says) for says in LABELS)
    return (*answers, host_on(cohort.id), calendar(cohort, hour))
