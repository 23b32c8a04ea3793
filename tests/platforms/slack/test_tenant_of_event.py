"""Whose an event is, in payloads as Slack sends them, shortened to what is read."""

from __future__ import annotations

from typing import Any

import pytest

from bot.platforms.slack.decode import home_of, tenant_of

HERE, THERE = "T0HOST", "T9GUEST"
ORG, OTHER_ORG = "E0HOST", "E9GUEST"


def _install(team: str | None, enterprise: str | None = None) -> list[dict[str, Any]]:
    return [{"enterprise_id": enterprise, "team_id": team, "user_id": "U0BOT", "is_bot": True}]


MENTION = {
    "type": "event_callback",
    "team_id": HERE,
    "context_team_id": HERE,
    "context_enterprise_id": None,
    "authorizations": _install(HERE),
    "is_ext_shared_channel": False,
    "event": {"type": "app_mention", "user": "U1", "team": HERE, "channel": "C1"},
}
BY_A_STRANGER = {
    **MENTION,
    "team_id": THERE,
    "is_ext_shared_channel": True,
    "event": {"type": "app_mention", "user": "U9", "team": THERE, "user_team": THERE, "source_team": THERE},
}
WITHOUT_AUTHORIZATIONS = {**BY_A_STRANGER, "authorizations": []}
BY_A_STRANGER_OF_AN_ORGANISATION = {
    **BY_A_STRANGER,
    "team_id": THERE,
    "enterprise_id": OTHER_ORG,
    "event": {"type": "app_mention", "user": "U9", "team": OTHER_ORG, "user_team": OTHER_ORG},
}
WITHIN_AN_ORGANISATION = {
    **MENTION,
    "enterprise_id": ORG,
    "context_enterprise_id": ORG,
    "authorizations": _install(HERE, ORG),
    "event": {"type": "message", "user": "W1", "team": ORG, "user_team": ORG, "channel": "C1"},
}
OF_A_FURTHER_ORGANISATION = {
    **MENTION,
    "is_ext_shared_channel": True,
    "context_enterprise_id": ORG,
    "event": {"type": "app_mention", "user": "U9", "user_team": OTHER_ORG},
}
UNINSTALLED = {"type": "event_callback", "team_id": HERE, "authorizations": [], "event": {"type": "app_uninstalled"}}
SLASH = {"command": "/study", "team_id": HERE, "enterprise_id": ORG, "user_id": "U1"}
CLICK = {"type": "block_actions", "team": {"id": HERE, "domain": "a"}, "user": {"id": "U1", "team_id": HERE}}
CLICK_BY_A_STRANGER = {**CLICK, "user": {"id": "U9", "team_id": THERE}}
SENT_BY_A_STRANGER = {
    "type": "view_submission",
    "team": {"id": THERE},
    "user": {"id": "U9", "team_id": THERE},
    "view": {"id": "V1", "team_id": THERE, "app_installed_team_id": HERE},
}
CLICK_IN_AN_ORGANISATION = {
    "type": "block_actions", "team": None, "enterprise": {"id": ORG}, "user": {"id": "U1", "team_id": HERE},
    "view": {"id": "V1", "team_id": HERE, "app_installed_team_id": None},
}  # a table of data # fmt: skip


@pytest.mark.parametrize(
    ("body", "tenant", "home"),
    [
        (MENTION, HERE, HERE),
        (BY_A_STRANGER, HERE, THERE),
        (WITHOUT_AUTHORIZATIONS, HERE, THERE),
        (BY_A_STRANGER_OF_AN_ORGANISATION, HERE, THERE),
        (WITHIN_AN_ORGANISATION, HERE, HERE),
        (OF_A_FURTHER_ORGANISATION, HERE, OTHER_ORG),
        (UNINSTALLED, HERE, ""),
        (SLASH, HERE, HERE),
        (CLICK, HERE, HERE),
        (CLICK_BY_A_STRANGER, HERE, THERE),
        (SENT_BY_A_STRANGER, HERE, THERE),
        (CLICK_IN_AN_ORGANISATION, HERE, HERE),
        ({}, "", ""),
    ],
)
def test_an_event_is_its_installs_and_its_person_their_own_workspaces(
    body: dict[str, Any], tenant: str, home: str
) -> None:
    assert (tenant_of(body), home_of(body)) == (tenant, home)
