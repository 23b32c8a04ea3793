"""Handle channels that the bot has joined or that were unarchived, and greet the person who invited it."""

from __future__ import annotations

import logging
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.chat.platform import Arrived, ReportUsable
from bot.commands.context import Place
from bot.messages.reply import Reply
from bot.platforms.slack.client import ApiError, SlackApi, receive, retry_request
from bot.platforms.slack.decode import Payload
from bot.platforms.slack.manifest import UNARCHIVED
from bot.platforms.slack.render import render

log = logging.getLogger(__name__)
_JOINED = "member_joined_channel"


class Arrivals:
    """Listens to changes of a workspace's channels.

    Args:
        bot_user: the bot's own id.
        report_usable: called when a channel may take messages again.
        arrived: posts the greeting in a channel that the bot has joined.
    """

    def __init__(self, api: SlackApi, team: str, bot_user: str, report_usable: ReportUsable, arrived: Arrived) -> None:
        self._api, self._team, self._bot_user = api, team, bot_user
        self._report_usable, self._arrived = report_usable, arrived

    def listen(self, app: AsyncApp) -> None:
        """Register with the app."""
        for name in (_JOINED, *UNARCHIVED):
            app.event(name)(self.on_room)

    async def on_room(self, body: Payload) -> None:
        """Retry posts of an unarchived or joined channel, and greet the person who invited the bot."""
        event = body["event"]
        is_joined = event.get("type") == _JOINED
        if is_joined and event.get("user") != self._bot_user:
            return
        place = Place("slack", self._team, str(event["channel"]))
        await self._report_usable(place)
        # a channel that the bot joins by itself has nobody who asked for it
        if is_joined and event.get("inviter"):
            await self._greet(place, str(event["inviter"]))

    async def _greet(self, place: Place, person: str) -> None:
        async def tell(hello: Reply) -> bool:
            drawn, say = render(hello), self._api.posts.chat_postEphemeral
            given: dict[str, Any] = {"channel": place.room, "user": person, "text": drawn.text, "blocks": drawn.blocks}
            try:
                await retry_request(lambda: receive(say(**given)))
            except ApiError as error:
                log.info("a hello was not shown: %s", error.code)
                return False
            return True

        await self._arrived(place, place, tell)
