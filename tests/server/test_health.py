from __future__ import annotations

from typing import Any

import pytest

from bot.db import faults
from bot.health import Health
from bot.server.health import health
from tests.server.conftest import serving


async def test_each_is_200_while_what_it_asks_for_is_well_and_503_when_not() -> None:
    found: dict[str, Any] = {"ok": True, "ready": True, "database": "ready"}

    async def look() -> dict[str, Any]:
        return found

    async with serving([health(look)], host="0.0.0.0") as (url, http):
        for path, what in (("/healthz", "ok"), ("/readyz", "ready")):
            for is_well, status in ((True, 200), (False, 503)):
                found |= {"ok": True, "ready": True, what: is_well}
                async with http.get(url + path) as response:
                    assert (response.status, await response.json()) == (status, found)


async def test_it_is_alive_whatever_a_look_would_find() -> None:
    async def look() -> dict[str, Any]:
        raise AssertionError("it was looked")

    async with serving([health(look)], host="0.0.0.0") as (url, http), http.get(url + "/livez") as response:
        assert (response.status, await response.json()) == (200, {"alive": True})


@pytest.mark.parametrize(
    ("fault", "is_held", "state", "is_ready"),
    [
        (None, True, "ready", True),
        (None, False, "connecting", True),  # another process has the schedule, and people are answered
        (faults.AWAY, True, "ready", False),
        (None, True, "refused", False),
    ],
)
def test_requests_may_be_sent_where_the_database_is_and_no_platform_refuses(
    fault: faults.Fault | None, is_held: bool, state: str, is_ready: bool
) -> None:
    assert Health(fault, is_held, None, None, 0.0, {"chat": state}, 0.0, True, ()).is_ready is is_ready
