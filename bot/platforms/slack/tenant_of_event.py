"""Whose an event is: the workspace through which the bot hears it, and the one that its person belongs to. Pure.

In a channel that several workspaces share these differ, and the channel's own may be a third.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Payload = Mapping[str, Any]
ENTERPRISE = "E"
"""With which the id of an organisation of several workspaces begins."""
_PARTS = ("view", "message", "container", "channel", "team", "user")
_ACTS = ("block_actions", "block_suggestion", "shortcut", "message_action", "view_submission", "view_closed")
_SAID = ("message", "app_mention")


def tenant_of(body: Payload) -> str:
    """Return the workspace by whose installation the bot hears of something; empty where nothing says.

    A view names it, then the installation of an event, then a click the workspace of the message clicked on, whoever
    clicked. An event's own `team_id` is last: in a shared channel that may be the other one.
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
    """Return what a click says that was made in no workspace: in an app that a whole organisation has."""
    return next((one["team_id"] for one in (view, user) if isinstance(one, Mapping) and one.get("team_id")), None)


def home_of(body: Payload) -> str:
    """Return the workspace that whoever caused an event belongs to; empty where the event does not say.

    Of a person of an organisation Slack may name that in place of the workspace: which of its workspaces it is stands
    beside it, or is asked of `users.info`.
    """
    event, user = body.get("event") or {}, body.get("user")
    if event:
        said = str(event.get("user_team") or event.get("team") or "")
    elif isinstance(user, Mapping):
        said = str(user.get("team_id") or "")
    else:
        said = str(body.get("team_id") or "")
    if not said.startswith(ENTERPRISE):
        return said
    known = {body.get("enterprise_id"): body.get("team_id"), body.get("context_enterprise_id"): tenant_of(body)}
    return str(known.get(said) or said)


def is_whole(body: Payload) -> bool:
    """Whether what a request is of has the parts by which it can be answered, each of the kind that it should be."""
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


def _are_mappings(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(one, Mapping) for one in found)
