"""Who sees which channel: a public one everybody of the workspace but guests, any other one its members."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.commands.context import AccessReport, Account, Place
from bot.commands.room_access import Fresh
from bot.platforms.slack.client import ApiError, SlackApi, settle
from bot.platforms.slack.people import SlackPeople

PAGE, PAGES = 1000, 20
"""Members in one answer, and how many answers are read.

Source: https://docs.slack.dev/reference/methods/conversations.members, November 2026.
"""
_GONE = {"channel_not_found", "channel_is_limited_access"}
"""Gone, or private and without the app."""


@dataclass(frozen=True)
class Channel:
    """What decides who sees a channel, and whose it is."""

    is_private: bool
    creator: str


class SlackChannelAccess:
    """Looks at channels; what Slack says of one is believed for a minute, whoever asks."""

    def __init__(self, api: SlackApi, people: SlackPeople) -> None:
        self._api, self._people = api, people
        self._channels: Fresh[str, Channel | None] = Fresh(self._channel)
        self._members: Fresh[str, frozenset[str]] = Fresh(self._list_members, most=200)

    async def sees(self, account: Account, rooms: frozenset[Place]) -> AccessReport:
        """Say which of these channels a person sees; raises whatever kept Slack from being asked."""
        profile = await self._people.profile(account.id)
        if profile.is_deleted:
            return AccessReport(absent=frozenset({room.tenant or "" for room in rooms}))
        asked = sorted(rooms, key=lambda room: room.room)
        found = await asyncio.gather(*(self._sees(account.id, room.room, profile.is_full) for room in asked))
        told = list(zip(asked, found, strict=True))
        seen = frozenset(r for r, is_seen in told if is_seen)
        channels = {room: await self._channels.get(room.room) for room in seen}
        owned = frozenset(room for room, one in channels.items() if one is not None and one.creator == account.id)
        trusted = dict.fromkeys((room.tenant or "" for room in rooms), self._people.trusted())
        return AccessReport(seen, frozenset(r for r, is_seen in told if is_seen is None), owned=owned, trusted=trusted)

    async def _sees(self, user: str, channel: str, is_full: bool) -> bool | None:
        """Return whether the person sees the channel; None if it is gone."""
        found = await self._channels.get(channel)
        if found is None:
            return None
        if is_full and not found.is_private:
            return True
        return user in await self._members.get(channel)

    async def _channel(self, channel: str) -> Channel | None:
        try:
            found = (await settle(self._api.reads.conversations_info(channel=channel))).part("channel")
        except ApiError as error:
            if error.code in _GONE:
                return None
            raise
        return Channel(bool(found.get("is_private")), str(found.get("creator") or ""))

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
