"""Find the workspaces of an event: the one that installed the bot, and the person's own. Pure.

They differ in a channel that several workspaces share; the channel's own may be a third.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Payload = Mapping[str, Any]
ENTERPRISE = "E"
"""First letter of the id of an organisation with several workspaces."""
_PARTS = ("view", "message", "container", "channel", "team", "user")
_ACTS = ("block_actions", "block_suggestion", "shortcut", "message_action", "view_submission", "view_closed")
_SAID = ("message", "app_mention")


def tenant_of(body: Payload) -> str:
    """Return the workspace whose installation received a request; "" if it is not named.

    It looks at the view, then at the event's authorizations, then at the clicked message's workspace. The event's own
    `team_id` is last, because in a shared channel it may be the other workspace.
    Source: https://docs.slack.dev/apis/events-api (authorizations), https://docs.slack.dev/apis/slack-connect,
    November 2026; bolt's `extract_team_id` looks in the same order.
    """
    view, team = body.get("view"), body.get("team")
    if isinstance(view, Mapping) and view.get("app_installed_team_id"):
        return str(view["app_installed_team_id"])
    for installation in body.get("authorizations") or ():
        if installation.get("team_id"):
            return str(installation["team_id"])
    if isinstance(team, Mapping) and team.get("id"):
        return str(team["id"])
    return str(body.get("context_team_id") or body.get("team_id") or _within(view, body.get("user")) or "")


def _within(view: Any, user: Any) -> str | None:
    """Return the workspace of a click in an app that a whole organisation has installed."""
    return next((item["team_id"] for item in (view, user) if isinstance(item, Mapping) and item.get("team_id")), None)


def home_of(body: Payload) -> str:
    """Return the workspace of the person who caused an event; "" if the event does not say.

    Slack may name a person's organisation instead. The workspace then stands beside it, or comes from `users.info`.
    """
    event, user = body.get("event") or {}, body.get("user")
    if event:
        team = str(event.get("user_team") or event.get("team") or "")
    elif isinstance(user, Mapping):
        team = str(user.get("team_id") or "")
    else:
        team = str(body.get("team_id") or "")
    if not team.startswith(ENTERPRISE):
        return team
    known = {body.get("enterprise_id"): body.get("team_id"), body.get("context_enterprise_id"): tenant_of(body)}
    return str(known.get(team) or team)


def is_whole(body: Payload) -> bool:
    """Whether a request has the parts that are needed to answer it, each of the right type."""
    if any(not isinstance(body.get(part) or {}, Mapping) for part in _PARTS):
        return False
    if not _are_mappings(body.get("authorizations") or []):
        return False
    if "command" in body:
        return all(body.get(part) for part in ("channel_id", "user_id"))
    if "event" in body:
        return _is_event(body["event"])
    if body.get("type") in _ACTS:
        return _is_act(body)
    return True


def _is_event(event: Any) -> bool:
    if not isinstance(event, Mapping) or not isinstance(event.get("type"), str):
        return False
    return event["type"] not in _SAID or all(isinstance(event.get(part), str) for part in ("channel", "ts"))


def _is_act(body: Payload) -> bool:
    user, kind, actions, channel = (body.get(part) for part in ("user", "type", "actions", "channel"))
    if not user or not isinstance(user.get("id"), str) or (channel and not channel.get("id")):
        return False
    if kind in ("view_submission", "view_closed"):
        return bool(body.get("view"))
    return kind != "block_actions" or (bool(actions) and _are_mappings(actions))


def _are_mappings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)
