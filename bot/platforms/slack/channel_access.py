"""Find who sees which channel, and check what the bot may do in a channel or workspace.

Everybody but guests sees a public channel, and members see any other one.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from bot.chat.platform import Finding, Findings
from bot.commands.context import AccessReport, Account, Place
from bot.commands.room_access import Fresh
from bot.platforms.slack.client import GONE, ApiError, SlackApi, receive
from bot.platforms.slack.manifest import PICTURE_SCOPES, PRIVATE_SCOPES, SCOPES
from bot.platforms.slack.people import SlackPeople

PAGE_SIZE, MOST_PAGES = 1000, 20
"""Members on a page, and how many pages are read.

Source: https://docs.slack.dev/reference/methods/conversations.members, November 2026.
"""
_GONE = {"channel_not_found", "channel_is_limited_access"}
"""Gone, or private and without the app."""


@dataclass(frozen=True)
class Channel:
    """Facts of a channel that decide who sees it and whose it is."""

    is_private: bool
    creator: str


class SlackChannelAccess:
    """Checks who sees channels; Slack's responses are cached for a minute for all askers."""

    def __init__(self, api: SlackApi, people: SlackPeople) -> None:
        self._api, self._people = api, people
        self._channels: Fresh[str, Channel | None] = Fresh(self._fetch_channel)
        self._members: Fresh[str, frozenset[str]] = Fresh(self._list_members, most=200)

    async def sees(self, account: Account, rooms: frozenset[Place]) -> AccessReport:
        """Return which of these channels a person sees; a failed request raises its error."""
        profile = await self._people.profile(account.id)
        if profile.is_deleted:
            return AccessReport(absent=frozenset({room.tenant or "" for room in rooms}))
        asked = sorted(rooms, key=lambda room: room.room)
        visible = await asyncio.gather(*(self._sees(account.id, room.room, profile.is_full) for room in asked))
        results = list(zip(asked, visible, strict=True))
        seen = frozenset(r for r, is_seen in results if is_seen)
        channels = {room: await self._channels.get(room.room) for room in seen}
        owned = frozenset(
            room for room, channel in channels.items() if channel is not None and channel.creator == account.id
        )
        trusted = dict.fromkeys((room.tenant or "" for room in rooms), self._people.trusted())
        return AccessReport(
            seen, frozenset(r for r, is_seen in results if is_seen is None), owned=owned, trusted=trusted
        )

    async def _sees(self, user: str, channel: str, is_full: bool) -> bool | None:
        """Return whether the person sees the channel; None if it is gone."""
        known = await self._channels.get(channel)
        if known is None:
            return None
        if is_full and not known.is_private:
            return True
        return user in await self._members.get(channel)

    async def _fetch_channel(self, channel: str) -> Channel | None:
        try:
            info = (await receive(self._api.reads.conversations_info(channel=channel))).part("channel")
        except ApiError as error:
            if error.code in _GONE:
                return None
            raise
        return Channel(bool(info.get("is_private")), str(info.get("creator") or ""))

    async def _list_members(self, channel: str) -> frozenset[str]:
        members: set[str] = set()
        cursor = ""
        for _ in range(MOST_PAGES):
            more = {"cursor": cursor} if cursor else {}
            page = await receive(self._api.reads.conversations_members(channel=channel, limit=PAGE_SIZE, **more))
            members.update(page["members"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return frozenset(members)


CHANNEL = ("chat:write", "channels:history", "channels:join", "channels:read")
DIRECT = ("chat:write", "im:write")
_WHY = {**SCOPES, **PRIVATE_SCOPES}
_MANIFEST = "Paste `trailmate manifest slack` under App Manifest at api.slack.com/apps, then install the app again."


async def check_place(api: SlackApi, place: Place, bot_user: str) -> Findings:
    """Check a channel, or the workspace if the place has no room."""
    try:
        held = await _fetch_scopes(api)
    except ApiError as error:
        return (Finding(False, f"Slack: {error.code}", GONE.get(error.code, "Try again in a minute.")),)
    if not place.room:
        bare = [
            Finding(True, f"without {picture_scope} I describe figures and files in words")
            for picture_scope in PICTURE_SCOPES
            if picture_scope not in held
        ]
        return (_check_scopes(held, tuple(SCOPES), "the app's permissions"), *bare)
    if place.is_direct:
        return (_check_scopes(held, DIRECT, "the permissions for direct messages"), await _check_person(api, place))
    return (
        _check_scopes(held, CHANNEL, "the permissions for channels"),
        *await _check_channel(api, place, bot_user, held),
    )


async def join_channel(api: SlackApi, place: Place, bot_user: str) -> None:
    """Join a channel that is public and not archived; raises ApiError."""
    channel = (await receive(api.reads.conversations_info(channel=place.room))).part("channel")
    if channel.get("is_private") or channel.get("is_archived") or await _is_member(api, channel, bot_user):
        return
    await receive(api.posts.conversations_join(channel=place.room))


async def _fetch_scopes(api: SlackApi) -> set[str]:
    held: set[str] = set()

    async def test() -> Any:
        response = await api.reads.auth_test()
        headers = {str(k).lower(): str(v) for k, v in response.headers.items()}
        held.update(filter(None, (scope.strip() for scope in headers.get("x-oauth-scopes", "").split(","))))
        return response

    await receive(test())
    return held


def _check_scopes(held: set[str], needed: tuple[str, ...], what: str) -> Finding:
    missing = [f"{scope} (to {_WHY[scope]})" for scope in needed if scope not in held]
    if not missing:
        return Finding(True, f"{what} are complete")
    return Finding(False, f"{what} lack {', '.join(missing)}", _MANIFEST)


async def _check_person(api: SlackApi, place: Place) -> Finding:
    try:
        await receive(api.posts.conversations_open(users=place.reader))
    except ApiError as error:
        return Finding(False, f"direct messages to this person: {error.code}", GONE.get(error.code, ""))
    return Finding(True, "direct messages reach this person")


async def _check_channel(api: SlackApi, place: Place, bot_user: str, held: set[str]) -> list[Finding]:
    try:
        channel = (await receive(api.reads.conversations_info(channel=place.room))).part("channel")
        is_member = await _is_member(api, channel, bot_user)
    except ApiError as error:
        return [Finding(False, f"the channel: {error.code}", GONE.get(error.code, "Try again in a minute."))]
    called = f"#{channel.get('name') or place.room}"
    findings = []
    if channel.get("is_private"):
        findings.append(_check_scopes(held, tuple(PRIVATE_SCOPES), "the permissions for private channels"))
    if channel.get("is_archived"):
        findings.append(Finding(False, f"{called} is archived", GONE["is_archived"]))
    elif not is_member:
        findings.append(Finding(False, f"I am not in {called}", f"Type /invite @Trailmate in {called}."))
    else:
        findings.append(Finding(True, f"I am in {called} and may post there"))
    if channel.get("is_read_only"):
        findings.append(Finding(False, f"{called} is read-only", GONE["restricted_action_read_only_channel"]))
    return findings


async def _is_member(api: SlackApi, channel: dict[str, Any], bot_user: str) -> bool:
    if "is_member" in channel:
        return bool(channel["is_member"])
    members = await receive(api.reads.conversations_members(channel=channel["id"], limit=1000))
    return bot_user in members["members"]
