"""Queries that are sent to Slack through the workspace that they concern."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod

from bot.chat.platform import Finding, Findings, Gone, Later, Post, Sent
from bot.commands.context import AccessReport, Account, Place
from bot.messages.reply import Reply
from bot.platforms.slack import inspect, limits, render
from bot.platforms.slack.markdown import PREFIX, is_channel
from bot.platforms.slack.workspace import Workspace


class SlackQueries(ABC):
    """The part of the platform that Socket Mode and HTTP share."""

    name = "slack"
    prefix = PREFIX
    limits = limits.LIMITS

    @abstractmethod
    async def _find(self, tenant: str | None) -> Workspace:
        """Return a connected workspace; raise Later if it is not connected, Gone if the bot is not in it."""

    async def deliver(self, post: Post, again: bool) -> Sent:
        """Carry out one post; raises Gone, Later or DeliveryUnknown."""
        return await (await self._find(post.place.tenant)).delivery.deliver(post, again)

    def fits(self, reply: Reply) -> bool:
        """Whether one message shows a whole reply."""
        return render.fits(reply)

    def is_room(self, text: str) -> bool:
        """Whether a text can be the id of a room here."""
        return is_channel(text)

    def room_name(self, room: str) -> str:
        """Return "", because a channel's id means nothing to people."""
        return ""

    async def inspect(self, place: Place) -> Findings:
        """Check a channel, or the workspace if the place has no room."""
        try:
            workspace = await self._find(place.tenant)
        except Later as trouble:
            return (Finding(False, str(trouble), "Look at /healthz and at the log for the reason."),)
        except Gone as gone:
            return (Finding(False, gone.reason),)
        return await inspect.inspect(workspace.api, place, workspace.bot_user)

    async def inspect_role(self, place: Place, role_id: str) -> Findings:
        """Return nothing, because anyone in a Slack channel may notify any user group."""
        return ()

    async def prepare(self, place: Place) -> None:
        """Join a public channel, which an app may do by itself."""
        if place.room and not place.is_direct:
            workspace = await self._find(place.tenant)
            await inspect.join(workspace.api, place, workspace.bot_user)

    async def sees(self, account: Account, rooms: frozenset[Place]) -> AccessReport:
        """Return which of these channels a person sees; nobody sees channels of a workspace that the bot has left."""
        tenants = sorted({room.tenant or "" for room in rooms})
        views = await asyncio.gather(
            *(
                self._sees(account, tenant, frozenset(r for r in rooms if (r.tenant or "") == tenant))
                for tenant in tenants
            )
        )
        return AccessReport(
            frozenset().union(*(view.seen for view in views)),
            frozenset().union(*(view.gone for view in views)),
            absent=frozenset().union(*(view.absent for view in views)),
            owned=frozenset().union(*(view.owned for view in views)),
            trusted={tenant: people for view in views for tenant, people in view.trusted.items()},
        )

    async def _sees(self, account: Account, tenant: str | None, rooms: frozenset[Place]) -> AccessReport:
        try:
            workspace = await self._find(tenant)
        except Gone:
            return AccessReport()
        return await workspace.sight.sees(account, rooms)

    async def present(self, account: Account) -> Account | None:
        """Return a person's current account in their workspace; None if they are not in it."""
        return await (await self._find(account.tenant)).people.present(account)
