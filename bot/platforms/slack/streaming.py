"""Stream a growing answer: one message in a thread, to which text is only appended."""

from __future__ import annotations

import logging
import re

from bot.messages.reply import Quote, Reply, Text, plain_block
from bot.platforms.slack.client import ANSWER_S, ApiError, SlackApi, retry_request, settle
from bot.platforms.slack.decode import Route
from bot.platforms.slack.markdown import PREFIX, escaped, unnoticed

LONGEST = 11_000
"""A little less than Slack's 12,000 characters at once.

Source: https://docs.slack.dev/reference/methods/chat.appendStream, November 2026."""

_SPECIAL = re.compile(r"([\\`*_~\[\]#|])")
log = logging.getLogger(__name__)


class Stream:
    """One streamed message; Slack requires the reader and their workspace in a channel.

    Source: https://docs.slack.dev/reference/methods/chat.startStream, November 2026.
    """

    def __init__(self, api: SlackApi, route: Route, team: str) -> None:
        self._api, self._route, self._team = api, route, team
        self._said = ""
        self.ts: str | None = None

    @classmethod
    def on(cls, api: SlackApi, route: Route, team: str) -> Stream | None:
        """Return a stream if the route leads into a thread; Slack streams nowhere else."""
        return cls(api, route, team) if route.reply_in and team and route.origin != "slash" else None

    async def grow(self, reply: Reply) -> bool:
        """Show a state that extends the one before; return False if Slack accepts no more of the stream.

        A state that Slack asks to delay is skipped, because the next one includes its text.
        """
        text = markdown(reply)
        if not text.startswith(self._said) or len(text) > LONGEST:
            return False
        more = text[len(self._said) :]
        if not more:
            return True
        try:
            await (self._start(more) if self.ts is None else self._append(self.ts, more))
        except ApiError as error:
            if error.after_s is not None and self.ts is not None:
                return True
            log.info("an answer is not streamed any more: %s", error.code)
            return False
        self._said = text
        return True

    async def stop(self) -> None:
        """End the stream, so that its message can be edited; errors are logged."""
        if (ts := self.ts) is None:
            return
        try:
            await retry_request(
                lambda: settle(self._api.posts.chat_stopStream(channel=self._route.channel, ts=ts), ANSWER_S)
            )
        except ApiError as error:
            log.info("a stream was not ended: %s", error.code)

    async def _start(self, text: str) -> None:
        route = self._route
        assert route.reply_in is not None
        begun = await settle(
            self._api.posts.chat_startStream(
                channel=route.channel,
                thread_ts=route.reply_in,
                markdown_text=text,
                recipient_user_id=route.user,
                recipient_team_id=self._team,
            ),
            ANSWER_S,
        )
        self.ts = str(begun["ts"])

    async def _append(self, ts: str, text: str) -> None:
        more = self._api.posts.chat_appendStream(channel=self._route.channel, ts=ts, markdown_text=text)
        await settle(more, ANSWER_S)


def markdown(reply: Reply) -> str:
    """Return the quotes and texts of a reply in the Markdown that Slack streams, with all markup escaped."""
    parts = []
    for block in reply.blocks:
        if isinstance(block, Quote):
            lines = plain_block(Text(block.markdown), prefix=PREFIX).split("\n")
            parts.append("\n".join(f"> {_literal(line)}" for line in lines))
        elif isinstance(block, Text):
            parts.append(_literal(plain_block(block, prefix=PREFIX)))
    return "\n\n".join(parts)


def _literal(text: str) -> str:
    return escaped(unnoticed(_SPECIAL.sub(r"\\\1", text)))
