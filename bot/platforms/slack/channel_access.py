"""Find who sees which channel: everybody but guests sees a public channel, and members see any other one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.commands.context import AccessReport, Account, Place
from bot.commands.room_access import Fresh
from bot.platforms.slack.client import ApiError, SlackApi, settle
from bot.platforms.slack.people import SlackPeople

PAGE, PAGES = 1000, 20
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
            info = (await settle(self._api.reads.conversations_info(channel=channel))).part("channel")
        except ApiError as error:
            if error.code in _GONE:
                return None
            raise
        return Channel(bool(info.get("is_private")), str(info.get("creator") or ""))

    async def _list_members(self, channel: str) -> frozenset[str]:
        members: set[str] = set()
        cursor = ""
        for _ in range(PAGES):
            more = {"cursor": cursor} if cursor else {}
            page = await settle(self._api.reads.conversations_members(channel=channel, limit=PAGE, **more))
            members.update(page["members"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return frozenset(members)
