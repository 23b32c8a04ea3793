"""Fetch a text file of a message or form, from Slack's hosts only and only if it is small enough."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import aiohttp

from bot.commands import parsing
from bot.commands.context import Invocation
from bot.commands.registry import Registry
from bot.messages import attachment
from bot.platforms.slack.client import REQUEST_S, SlackApi
from bot.platforms.slack.decode import Payload

HOST = "slack.com"
"""The domain that gets the token, besides the configured API address."""


def _list_files(body: Payload) -> Iterator[Payload]:
    yield from (body.get("event") or {}).get("files") or ()
    values = ((body.get("view") or {}).get("state") or {}).get("values") or {}
    for elements in values.values():
        for state in elements.values():
            yield from state.get("files") or ()


async def attached(api: SlackApi, registry: Registry, invocation: Invocation, body: Payload) -> Invocation:
    """Return an event with the text of its file if its command takes one; raise UserError if the file is refused."""
    call, file = invocation.call, next(_list_files(body), None)
    if file is None:
        return invocation
    name = str(file.get("name") or "file")
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    command = registry.find(call.name)
    takes = command.file_param() if command is not None else None

    async def read() -> bytes:
        assert takes is not None
        if not _is_slack(url, api.posts.base_url):
            raise attachment.unfetched(name)
        try:
            headers = {"Authorization": f"Bearer {api.posts.token}"}
            async with (
                asyncio.timeout(REQUEST_S),
                api.session.get(url, headers=headers, allow_redirects=False) as response,
            ):
                if response.status != 200:
                    raise attachment.unfetched(name)
                return await _read_at_most(response, takes.characters + 1)
        except (aiohttp.ClientError, OSError, TimeoutError):
            raise attachment.unfetched(name) from None

    call = await parsing.attached(command, call, name, int(file.get("size") or 0), read)
    return replace(invocation, call=call)


async def _read_at_most(response: aiohttp.ClientResponse, most: int) -> bytes:
    data = b""
    async for part in response.content.iter_chunked(65_536):
        data += part
        if len(data) >= most:
            break
    return data[:most]


def _is_slack(url: str, api_url: str) -> bool:
    try:
        at, known = urlsplit(url), urlsplit(api_url)
        host = at.hostname or ""
    except ValueError:
        return False
    return (at.scheme == "https" and (host == HOST or host.endswith(f".{HOST}"))) or (
        (at.scheme, at.netloc) == (known.scheme, known.netloc)
    )
