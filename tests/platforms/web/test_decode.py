from __future__ import annotations

import asyncio

import pytest

from bot.platforms.web import decode
from tests.platforms.web.conftest import Served


async def test_a_body_that_does_not_come_is_given_up(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "BODY_S", 0.2)
    head = f"POST /say HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50\r\nX-Trailmate-Token: {served.token}\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", int(served.url.rsplit(":", 1)[1]))
    writer.write(head.encode() + b'{"as": ')
    async with asyncio.timeout(3):
        assert b" 408 " in await reader.readline()
    writer.close()
