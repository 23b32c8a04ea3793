"""Settings: one's own, and for moderators those of the group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.dashboard.page import MEMBERS, DashboardPage, Viewer
from bot.features.audit.commands import audit
from bot.features.dashboard_access.commands import dashboard
from bot.features.digest.commands import digest
from bot.features.groups import wording
from bot.features.groups.commands import group_edit, group_end, leave, list_facts, list_settings, settings
from bot.features.groups.preview import Proposal
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.people.tables import AccountRow
from bot.features.privacy.commands import export, forget, show_privacy
from bot.features.report.commands import export_group
from bot.messages.call import Call
from bot.messages.reply import Block, Button, Fields

MODERATING = ("Role to notify", "Moderators")
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


def read(viewer: Viewer, *, groups: Groups) -> Mapping[str, object]:
    """Return what somebody may set."""
    group = groups.get(viewer.group_id)
    parts = [_read_own(viewer, groups, group)] if "member" in viewer.ctx.actor.roles else []
    return {
        "mine": parts,
        "parts": _read_group(groups, group) if viewer.moderates else [],
        "privacy": (
            Button("See my data", show_privacy.call()),
            Button("Export my data", export.call()),
            Button("Sign out everywhere", dashboard.call(action="logout")),
            Button("Delete my data", forget.call(), "danger"),
        ),
        "record": (
            Button("See activity log", audit.call(group.id)),
            Button("Export the group", export_group.call(group.id)),
        ),
    }


def _read_own(viewer: Viewer, groups: Groups, group: Group) -> SettingsPart:
    account = groups.session.get_one(AccountRow, viewer.ctx.actor.account_id)
    membership = groups.find_membership(group.id, account.id)
    assert membership is not None  # who has the role of a member is one
    facts = Fields(list_settings(groups, group, membership, account))
    if group.ended_at is not None:
        return SettingsPart("Your settings", facts)
    more: dict[str, object] = {"leaderboard": membership.sees_board, "pictures": account.sees_pictures}
    forms = (
        FormButton("Change my settings", settings.ask(group.id)),
        FormButton("Change my view", settings.ask(group.id, **more), tuple(more)),
    )
    return SettingsPart("Your settings", facts, forms, (Button("Leave the group", leave.call(group.id), "danger"),))


def _read_group(groups: Groups, group: Group) -> list[SettingsPart]:
    timeline = groups.timeline(group)
    rows = list_facts(groups, group)
    posts = tuple(row for row in rows if row[0] not in (*MODERATING, "Members", "Weekly digest for moderators"))
    people = tuple(row for row in rows if row not in posts)
    calendar = wording.render_settings(Proposal.of(group), timeline)
    if group.closed_at is not None:
        return [
            SettingsPart("The group", calendar),
            SettingsPart("Posts", Fields(posts)),
            SettingsPart("People", Fields(people)),
        ]
    switches: dict[str, object] = {
        "reminders": group.has_reminders,
        "hints": group.has_hints,
        "channel_shows": group.channel_shows,
    }
    questions: dict[str, object] = {
        "warmups": group.has_warm_ups,
        "weekly_round": group.has_weekly_round,
        "quiz_points": group.has_quiz_points,
    }
    pace: dict[str, object] = {"pace": group.pace, "breaks": group.has_breaks}
    way = (*pace, "first_unit", "course", "reason")
    weekly = "Stop weekly digest" if group.has_digest else "Send weekly digest"
    return [
        SettingsPart(
            "The group",
            calendar,
            (
                FormButton("Change name and week", group_edit.ask(group.id)),
                FormButton("Change pace and course", group_edit.ask(group.id, **pace), way),
            ),
            (Button("End the group", group_end.call(group.id), "danger"),),
        ),
        SettingsPart(
            "Posts",
            Fields(posts),
            (
                FormButton("Change posts", group_edit.ask(group.id, **switches), tuple(switches)),
                FormButton("Change questions", group_edit.ask(group.id, **questions), tuple(questions)),
            ),
        ),
        SettingsPart(
            "People",
            Fields(people),
            (
                FormButton("Add moderators", group_edit.ask(group.id), ("moderators",)),
                FormButton("Change notified role", group_edit.ask(group.id), ("notify",)),
            ),
            (Button(weekly, digest.call(group.id, weekly=not group.has_digest)),),
        ),
    ]


SETTINGS = DashboardPage("settings", "Settings", MEMBERS, "settings.html", read)
