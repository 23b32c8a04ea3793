"""Pictures of messages: uploaded once and named by their file; a message goes out without where Slack takes none."""

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

from bot.core.picture import EMPTY, Gallery
from bot.core.reply import File, Image, Reply, Text
from bot.platforms.slack import limits
from bot.platforms.slack.client import ANSWER_S, GONE, SPENT, THREAD_GONE, Api, ApiError, settle
from bot.platforms.slack.render import Message

T = TypeVar("T")
KEPT = 200
"""Files whose ids are remembered."""
READY_S, REST_S, FAULT_S = 2.0, 600.0, 30.0
"""How long Slack looks at a new file before a message may show it, and how long none is uploaded after a refusal, and
after a fault that may be over soon."""
WAIT_S = 10.0
"""How long an upload waits where Slack asks to; where that is more, none is tried until then."""
_SERVER_FAULT = 500

TROUBLE = (ApiError, aiohttp.ClientError, OSError, TimeoutError, ValueError)
"""What an upload may end with."""

log = logging.getLogger(__name__)


class Album:
    """What was uploaded, by what it shows; it outlives a connection.

    Args:
        gallery: draws the pictures.
    """

    def __init__(self, gallery: Gallery = EMPTY) -> None:
        self._gallery = gallery
        self._ids: OrderedDict[str, str] = OrderedDict()
        self._rests_until = 0.0
        self._has_told = False

    async def files(self, api: Api, reply: Reply, within_s: float | None = None) -> Mapping[Image, str]:
        """Return the ids of a reply's pictures, those left out that could not be drawn in time or uploaded."""
        found: dict[Image, str] = {}
        for image, picture in (await self._gallery.shown(reply, limits.PICTURES, within_s)).items():
            key = hashlib.sha256(picture.png).hexdigest()
            if key not in self._ids and (uploaded := await self._upload(api, image, picture.png)):
                self._keep(key, uploaded)
            if key in self._ids:
                found[image] = self._ids[key]
        return found

    async def handed_over(self, api: Api, reply: Reply, user: str) -> Reply:
        """Send the pictures of an answer for one person alone to them directly, and put words in their place.

        A message that one person alone sees shares no file with them, so that they would see a hole in it.
        """
        pictures = await self._gallery.shown(reply, limits.PICTURES)
        given = [await self._give(api, image, picture.png, user) for image, picture in pictures.items()]
        told = reply.in_words()
        return told.followed_by(Text("_The picture is in our direct messages._")) if any(given) else told

    async def _give(self, api: Api, image: Image, png: bytes, user: str) -> bool:
        """Whether somebody has a picture in their direct messages, where it is sent once."""
        key = f"{user} {hashlib.sha256(png).hexdigest()}"
        if key not in self._ids and (uploaded := await self._upload(api, image, png, user)):
            self._keep(key, uploaded)
        return key in self._ids

    def _keep(self, key: str, file: str) -> None:
        self._ids[key] = file
        while len(self._ids) > KEPT:
            self._ids.popitem(last=False)

    async def _upload(self, api: Api, image: Image, png: bytes, user: str = "") -> str:
        """Upload a picture; nothing where that fails, and then none is tried for a while: as long as Slack asks.

        That Slack takes none is said once in the log.

        Args:
            user: to whom it goes, if it is not for a message.
        """
        loop = asyncio.get_running_loop()
        if len(png) > limits.PICTURE or loop.time() < self._rests_until:
            return ""
        try:
            channel = await _direct(api, user) if user else None
            file = await _patiently(lambda: upload(api, "figure.png", png, image.alt[:100], channel))
        except TROUBLE as trouble:
            self._rest(trouble)
            return ""
        if not user:
            await asyncio.sleep(READY_S)
        return file

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
    """Do it once more after the wait that Slack asks for, if that is short."""
    try:
        return await doing()
    except ApiError as error:
        if error.after_s is None or error.after_s > WAIT_S:
            raise
        await asyncio.sleep(error.after_s)
    return await doing()


async def upload(api: Api, name: str, data: bytes, title: str, channel: str | None = None) -> str:
    """Upload a file, into a conversation where one is named, and return its id; raises what is in `TROUBLE`."""
    place = await settle(api.posts.files_getUploadURLExternal(filename=name, length=len(data)), ANSWER_S)
    async with asyncio.timeout(limits.UPLOAD_S), api.session.post(place["upload_url"], data=data) as response:
        response.raise_for_status()
    file = str(place["file_id"])
    done = api.posts.files_completeUploadExternal(files=[{"id": file, "title": title}], channel_id=channel)
    await settle(done, ANSWER_S)
    return file


async def handed_over(api: Api, reply: Reply, user: str) -> Reply:
    """Send the files of a reply to a person directly, and say so in their place; the text of one that does not go.

    An answer for one person alone is a message that holds no file.
    """
    if not reply.files:
        return reply
    told: dict[File, Text] = {}
    try:
        channel = await _direct(api, user)
        for file in reply.files:
            await _patiently(partial(upload, api, file.name, file.data, file.name, channel))
            told[file] = Text(f"`{file.name}` is in our direct messages.")
    except TROUBLE as trouble:
        why = trouble.code if isinstance(trouble, ApiError) else type(trouble).__name__
        log.warning("Slack did not take a file, so that its text is shown: %s", why)
    blocks = (told.get(block, block) if isinstance(block, File) else block for block in reply.blocks)
    return replace(reply, blocks=tuple(blocks))


async def _direct(api: Api, user: str) -> str:
    return str((await settle(api.posts.conversations_open(users=user), ANSWER_S)).part("channel")["id"])


NO_PICTURES = Album()
"""Shows none."""


async def shown(message: Message, send: Callable[[Message], Awaitable[T]]) -> T:
    """Send a message, and without its pictures and tables if Slack does not take it with them."""
    try:
        return await send(message)
    except ApiError as error:
        is_elsewhere = error.after_s is not None or error.is_unsure or error.code in {SPENT, *GONE, *THREAD_GONE}
        if message.bare is None or is_elsewhere:
            raise
        log.warning("Slack did not take a message's picture or table (%s), so it goes out without", error.code)
        return await send(message.bare)
