from __future__ import annotations

from typing import Any

from bot.server.health import health
from tests.server.conftest import serving


async def test_health_is_200_while_all_is_well_and_503_when_not() -> None:
    found: dict[str, Any] = {"ok": True, "database": "ready"}

    async def look() -> dict[str, Any]:
        return found

    async with serving([health(look)], host="0.0.0.0") as (url, http):
        for ok, status in ((True, 200), (False, 503)):
            found["ok"] = ok
            async with http.get(url + "/healthz") as response:
                assert (response.status, await response.json()) == (status, found)
