"""Settings: one's own, and for moderators those of the group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.dashboard.page import MEMBERS, DashboardPage, Viewer
from bot.features.audit.commands import audit
from bot.features.dashboard_access.commands import dashboard
from bot.features.digest.commands import digest
from bot.features.export.commands import export_group
from bot.features.groups import wording
from bot.features.groups.commands import cohort_edit, cohort_end, leave, list_facts, list_settings, settings
from bot.features.groups.preview import Proposal
from bot.features.groups.service import Cohorts
from bot.features.groups.tables import Cohort
from bot.features.people.tables import AccountRow
from bot.features.privacy.commands import export, forget, show_kept
from bot.messages.call import Call
from bot.messages.reply import Block, Button, Fields

MODERATING = ("A unit's post notifies", "Moderators")
"""Facts of a group that are about people."""


@dataclass(frozen=True)
class FormButton:
    """A button that opens a form of some of a command's parameters."""

    label: str
    call: Call
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class SettingsPart:
    """Settings that belong together, with what changes them."""

    title: str
    facts: Block
    forms: tuple[FormButton, ...] = ()
    buttons: tuple[Button, ...] = ()


def read(viewer: Viewer, *, cohorts: Cohorts) -> Mapping[str, object]:
    """Return what somebody may set."""
    cohort = cohorts.get(viewer.cohort_id)
    parts = [_read_own(viewer, cohorts, cohort)] if "member" in viewer.ctx.actor.roles else []
    return {
        "mine": parts,
        "parts": _read_group(cohorts, cohort) if viewer.moderates else [],
        "privacy": (
            Button("What is kept about me", show_kept.call()),
            Button("Take it along", export.call()),
            Button("Sign out everywhere", dashboard.call(what="logout")),
            Button("Be forgotten", forget.call(), "danger"),
        ),
        "record": (
            Button("What moderators did", audit.call(cohort.id)),
            Button("Take the group along", export_group.call(cohort.id)),
        ),
    }


def _read_own(viewer: Viewer, cohorts: Cohorts, cohort: Cohort) -> SettingsPart:
    account = cohorts.session.get_one(AccountRow, viewer.ctx.actor.account_id)
    membership = cohorts.find_membership(cohort.id, account.id)
    assert membership is not None  # who has the role of a member is one
    reply = list_settings(cohorts, cohort, membership, account)
    if cohort.ended_at is not None:
        return SettingsPart("Mine", reply.blocks[0])
    more: dict[str, object] = {"board": membership.sees_board, "pictures": account.sees_pictures}
    forms = (
        FormButton("Change mine", settings.ask(cohort.id)),
        FormButton("What I am shown", settings.ask(cohort.id, **more), tuple(more)),
    )
    return SettingsPart("Mine", reply.blocks[0], forms, (Button("Leave the group", leave.call(cohort.id), "danger"),))


def _read_group(cohorts: Cohorts, cohort: Cohort) -> list[SettingsPart]:
    timeline = cohorts.timeline(cohort)
    rows = list_facts(cohorts, cohort)
    posts = tuple(row for row in rows if row[0] not in (*MODERATING, "Members", "Weekly digest for moderators"))
    people = tuple(row for row in rows if row not in posts)
    calendar = wording.render_settings(Proposal.of(cohort), timeline)
    if cohort.closed_at is not None:
        return [
            SettingsPart("The group", calendar),
            SettingsPart("What I post", Fields(posts)),
            SettingsPart("People", Fields(people)),
        ]
    switches: dict[str, object] = {
        "reminders": cohort.has_reminders,
        "hints": cohort.has_hints,
        "quiz_points": cohort.has_quiz_points,
        "warmups": cohort.has_warm_ups,
        "channel_shows": cohort.channel_shows,
    }
    pace: dict[str, object] = {"pace": cohort.pace, "breaks": cohort.has_breaks}
    way = (*pace, "first_unit", "roadmap", "reason")
    weekly = "No weekly digest" if cohort.has_digest else "Send the digest weekly"
    return [
        SettingsPart(
            "The group",
            calendar,
            (
                FormButton("Name, place and week", cohort_edit.ask(cohort.id)),
                FormButton("Pace and roadmap", cohort_edit.ask(cohort.id, **pace), way),
            ),
            (Button("End the group", cohort_end.call(cohort.id), "danger"),),
        ),
        SettingsPart(
            "What I post",
            Fields(posts),
            (FormButton("Change", cohort_edit.ask(cohort.id, **switches), tuple(switches)),),
        ),
        SettingsPart(
            "People",
            Fields(people),
            (
                FormButton("Add moderators", cohort_edit.ask(cohort.id), ("moderators",)),
                FormButton("Whom posts notify", cohort_edit.ask(cohort.id), ("notify",)),
            ),
            (Button(weekly, digest.call(cohort.id, weekly=not cohort.has_digest)),),
        ),
    ]


SETTINGS = DashboardPage("settings", "Settings", MEMBERS, "settings.html", read)
