"""What people do in Slack, as the payloads that the app receives."""

from __future__ import annotations

from typing import Any

from tests.platforms.slack.stub import TEAM, StubSlack


class Person:
    """One member of the workspace."""

    def __init__(self, slack: StubSlack, user: str, name: str, **profile: Any) -> None:
        self.slack, self.id, self.name = slack, user, name
        slack.users[user] = {"id": user, "name": name, "tz": "Asia/Tokyo", "profile": {"display_name": name}, **profile}

    async def slash(self, text: str, channel: str = "C1", url: str | None = None, trigger: str = "") -> Any:
        payload = {
            "command": "/study",
            "text": text,
            "team_id": TEAM,
            "channel_id": channel,
            "user_id": self.id,
            "user_name": self.name,
            "trigger_id": trigger or self.slack.ts(),
            "response_url": self.slack.url() if url is None else url,
        }
        return await self.slack.envelope("slash_commands", payload)

    async def say(self, text: str, channel: str = "C1", kind: str = "app_mention", **more: Any) -> Any:
        event = {
            "type": kind,
            "user": self.id,
            "text": text,
            "channel": channel,
            "ts": self.slack.ts(),
            "channel_type": "im" if channel.startswith("D") else "channel",
            **more,
        }
        payload = {"type": "event_callback", "team_id": TEAM, "event": event, "event_id": self.slack.ts()}
        return await self.slack.envelope("events_api", payload)

    async def happens(self, kind: str, **event: Any) -> Any:
        payload = {
            "type": "event_callback",
            "team_id": TEAM,
            "event": {"type": kind, **event},
            "event_id": self.slack.ts(),
        }
        return await self.slack.envelope("events_api", payload)

    async def click(
        self,
        value: str | None,
        channel: str = "C1",
        action: str = "b0",
        ts: str = "1.1",
        thread: str | None = None,
        *,
        is_ephemeral: bool = False,
    ) -> Any:
        container = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": is_ephemeral}
        payload = self._interaction("block_actions") | {
            "container": container | ({"thread_ts": thread} if thread else {}),
            "channel": {"id": channel},
            "response_url": self.slack.url(),
            "actions": [{"action_id": action, "block_id": "x", "type": "button"} | ({"value": value} if value else {})],
        }
        return await self.slack.envelope("interactive", payload)

    async def menu(self, callback: str, text: str, author: str, channel: str = "C1") -> Any:
        payload = self._interaction("message_action") | {
            "callback_id": callback,
            "channel": {"id": channel},
            "response_url": self.slack.url(),
            "message": {"type": "message", "text": text, "user": author, "ts": "1.1"},
        }
        return await self.slack.envelope("interactive", payload)

    async def shortcut(self, callback: str) -> Any:
        return await self.slack.envelope("interactive", self._interaction("shortcut") | {"callback_id": callback})

    async def opens_home(self, tab: str = "home") -> Any:
        return await self.happens("app_home_opened", user=self.id, tab=tab, channel="D1", event_ts=self.slack.ts())

    async def click_view(self, value: str, kind: str = "home", callback: str = "") -> Any:
        payload = self._interaction("block_actions") | {
            "container": {"type": "view", "view_id": "V2"},
            "view": {"id": "V2", "type": kind, "callback_id": callback, "private_metadata": ""},
            "actions": [{"action_id": "b0", "block_id": "x", "type": "button", "value": value}],
        }
        return await self.slack.envelope("interactive", payload)

    async def submit_file(self, view: dict[str, Any], field: str, file: dict[str, Any]) -> Any:
        state = {field: {field: {"type": "file_input", "files": [file]}}}
        payload = self._interaction("view_submission") | {"view": {**view, "state": {"values": state}}}
        return await self.slack.envelope("interactive", payload)

    async def suggest(self, view: dict[str, Any], field: str, typed: str) -> Any:
        payload = self._interaction("block_suggestion") | {"action_id": field, "block_id": field, "value": typed}
        return await self.slack.envelope("interactive", payload | {"view": view})

    async def submit(self, view: dict[str, Any], **values: str | None) -> Any:
        state = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                given = values.get(block["block_id"])
                selects = "input" not in block["element"]["type"]
                state[block["block_id"]] = {
                    block["element"]["action_id"]: {"selected_option": {"value": given} if given else None}
                    if selects
                    else {"value": given}
                }
        payload = self._interaction("view_submission") | {"view": {**view, "state": {"values": state}}}
        return await self.slack.envelope("interactive", payload)

    def _interaction(self, kind: str) -> dict[str, Any]:
        user = {"id": self.id, "username": self.name, "name": self.name, "team_id": TEAM}
        return {"type": kind, "user": user, "team": {"id": TEAM}, "trigger_id": self.slack.ts()}
