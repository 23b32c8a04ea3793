"""Upload pictures once and use them in messages; a message goes out without them if Slack refuses them."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeVar

import aiohttp

from bot.messages.picture import EMPTY, Gallery
from bot.messages.reply import File, Image, Reply, Text
from bot.platforms.slack import limits
from bot.platforms.slack.client import ANSWER_S, GONE, SPENT, THREAD_GONE, ApiError, SlackApi, receive
from bot.platforms.slack.render import SlackMessage

T = TypeVar("T")
KEPT = 200
"""Files whose ids are remembered."""
LOOK_S, READY_S, POST_READY_S, UNTOLD_S = 0.5, 10.0, 5.0, 2.0
"""How often to check if Slack has processed a file, which no message can show before; how long to check before an
answer, and before a post, which an edit completes later; and how long to wait if Slack does not tell."""
REST_S, FAULT_S = 600.0, 30.0
"""How long uploads pause after a refusal, and after a temporary fault."""
WAIT_S = 10.0
"""Longest wait of an upload if Slack asks to wait; for a longer one uploads pause."""
_SERVER_FAULT = 500

TROUBLE = (ApiError, aiohttp.ClientError, OSError, TimeoutError, ValueError)
"""Errors of an upload."""

log = logging.getLogger(__name__)


class Album:
    """Uploaded pictures by content; it outlives a connection.

    Args:
        gallery: draws the pictures.
    """

    def __init__(self, gallery: Gallery = EMPTY) -> None:
        self._gallery = gallery
        self._ids: OrderedDict[str, str] = OrderedDict()
        self._ready: set[str] = set()
        self._rests_until = 0.0
        self._has_told = False

    async def files(self, api: SlackApi, reply: Reply) -> Mapping[Image, str]:
        """Return the ids of an answer's pictures, without those that could not be drawn or uploaded in time."""
        files, _ = await self.upload_all(api, reply)
        return files

    async def upload_all(
        self, api: SlackApi, reply: Reply, within_s: float | None = None, ready_s: float | None = None
    ) -> tuple[Mapping[Image, str], bool]:
        """Upload a reply's pictures; return the ids of ready ones, and whether Slack is still processing others.

        Args:
            within_s: time-out for drawing; None is an answer's.
            ready_s: time-out for Slack's processing; None is an answer's.
        """
        uploaded: dict[Image, str] = {}
        for image, picture in (await self._gallery.draw_all(reply, limits.PICTURES, within_s)).items():
            key = hashlib.sha256(picture.png).hexdigest()
            if key not in self._ids and (file := await self._upload(api, image, picture.png)):
                self._keep(key, file)
            if key in self._ids:
                uploaded[image] = self._ids[key]
        wait_s = READY_S if ready_s is None else ready_s
        verdicts = await asyncio.gather(*(self._is_ready(api, file, wait_s) for file in uploaded.values()))
        files = {image: file for (image, file), is_ready in zip(uploaded.items(), verdicts, strict=True) if is_ready}
        return files, len(files) < len(uploaded)

    def draws(self, reply: Reply) -> bool:
        """Whether a reply has a picture that can be sent now."""
        is_resting = asyncio.get_running_loop().time() < self._rests_until
        return not is_resting and any(isinstance(b, Image) and self._gallery.draws(b) for b in reply.blocks)

    def _keep(self, key: str, file: str) -> None:
        self._ids[key] = file
        while len(self._ids) > KEPT:
            self._ready.discard(self._ids.popitem(last=False)[1])

    async def _is_ready(self, api: SlackApi, file: str, ready_s: float) -> bool:
        """Wait until Slack has processed a file; False if that takes too long. Without files:read it just waits."""
        try:
            async with asyncio.timeout(ready_s):
                while file not in self._ready:
                    wait_s = LOOK_S
                    try:
                        if (await receive(api.reads.files_info(file=file), ANSWER_S)).part("file").get("mimetype"):
                            self._ready.add(file)
                            break
                    except ApiError as error:
                        if error.after_s is None:
                            raise
                        wait_s = error.after_s
                    await asyncio.sleep(wait_s)
        except TimeoutError:
            log.info("Slack has not processed a picture in %.0f s", ready_s)
            return False
        except ApiError as error:
            log.info("Slack does not say whether a picture is processed: %s", error.code)
            await asyncio.sleep(UNTOLD_S)
        return True

    async def _upload(self, api: SlackApi, image: Image, png: bytes) -> str:
        """Upload a picture and return its id; return "" on failure, and then pause uploads.

        Refusals are logged as a warning only once.
        """
        loop = asyncio.get_running_loop()
        if len(png) > limits.PICTURE or loop.time() < self._rests_until:
            return ""
        try:
            return await _patiently(lambda: upload(api, "figure.png", png, image.alt[:100], alt=image.alt))
        except TROUBLE as trouble:
            self._rest(trouble)
            return ""

    def _rest(self, trouble: Exception) -> None:
        pause, why = FAULT_S, type(trouble).__name__
        if isinstance(trouble, ApiError):
            pause, why = trouble.after_s or (FAULT_S if trouble.is_unsure else REST_S), trouble.code
        elif isinstance(trouble, aiohttp.ClientResponseError) and trouble.status < _SERVER_FAULT:
            pause = REST_S
        self._rests_until = asyncio.get_running_loop().time() + pause
        if pause < REST_S:
            log.info("no picture is uploaded for %.0f s: %s", pause, why)
            return
        log.log(logging.DEBUG if self._has_told else logging.WARNING, "Slack takes no pictures of mine: %s", why)
        self._has_told = True


async def _patiently(doing: Callable[[], Awaitable[T]]) -> T:
    """Run `doing`; run it once more after the wait that Slack asks for, if that is short."""
    try:
        return await doing()
    except ApiError as error:
        if error.after_s is None or error.after_s > WAIT_S:
            raise
        await asyncio.sleep(error.after_s)
    return await doing()


async def upload(
    api: SlackApi, name: str, data: bytes, title: str, channel: str | None = None, alt: str | None = None
) -> str:
    """Upload a file, into a conversation if one is named, and return its id; raises the errors in `TROUBLE`.

    Args:
        alt: what a picture shows, for screen readers.
    """
    described = alt[: limits.FILE_ALT] if alt else None
    place = await receive(
        api.posts.files_getUploadURLExternal(filename=name, length=len(data), alt_txt=described), ANSWER_S
    )
    async with asyncio.timeout(limits.UPLOAD_S), api.session.post(place["upload_url"], data=data) as response:
        response.raise_for_status()
    file = str(place["file_id"])
    done = api.posts.files_completeUploadExternal(files=[{"id": file, "title": title}], channel_id=channel)
    await receive(done, ANSWER_S)
    return file


async def hand_over_files(api: SlackApi, reply: Reply, user: str) -> Reply:
    """Send a reply's files to a person directly, and return the reply with notices in their place.

    A message that only one person sees can hold no file. A file that cannot be sent is shown as text.
    """
    if not reply.files:
        return reply
    notices: dict[File, Text] = {}
    try:
        channel = await direct(api, user)
        for file in reply.files:
            await _patiently(partial(upload, api, file.name, file.data, file.name, channel))
            notices[file] = Text(f"`{file.name}` is in our direct messages.")
    except TROUBLE as trouble:
        why = trouble.code if isinstance(trouble, ApiError) else type(trouble).__name__
        log.warning("Slack did not take a file, so that its text is shown: %s", why)
    blocks = (notices.get(block, block) if isinstance(block, File) else block for block in reply.blocks)
    return replace(reply, blocks=tuple(blocks))


async def direct(api: SlackApi, user: str) -> str:
    """Return the id of a person's direct conversation with the bot; raises ApiError."""
    return str((await receive(api.posts.conversations_open(users=user), ANSWER_S)).part("channel")["id"])


NO_PICTURES = Album()
"""Shows none."""


async def send_with_fallback(message: SlackMessage, send: Callable[[SlackMessage], Awaitable[T]]) -> T:
    """Send a message; if Slack refuses its pictures or tables, send it without them."""
    try:
        return await send(message)
    except ApiError as error:
        is_elsewhere = error.after_s is not None or error.is_unsure or error.code in {SPENT, *GONE, *THREAD_GONE}
        if message.bare is None or is_elsewhere:
            raise
        log.warning("Slack did not take a message's picture or table (%s), so it goes out without", error.code)
        return await send(message.bare)
