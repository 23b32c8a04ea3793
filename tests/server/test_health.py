from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.base.observer import Search
from bot.cluster.process_registry import ProcessInfo
from bot.runtime.health import Health, Here, describe_clock_fix
from bot.server.health import health
from bot.storage import faults
from tests.server.conftest import serving
from tests.server.test_metrics import PUBLIC, TOKEN


async def test_each_is_200_while_what_it_asks_for_is_well_and_503_when_not() -> None:
    found: dict[str, Any] = {"ok": True, "ready": True, "database": "ready"}

    async def look() -> dict[str, Any]:
        return found

    async with serving([health(look, "127.0.0.1")]) as (url, http):
        for path, what in (("/healthz", "ok"), ("/readyz", "ready")):
            for is_well, status in ((True, 200), (False, 503)):
                found |= {"ok": True, "ready": True, what: is_well}
                async with http.get(url + path) as response:
                    assert (response.status, await response.json()) == (status, found)


@pytest.mark.parametrize(
    ("host", "public", "token", "brought", "is_full"),
    [
        ("127.0.0.1", None, None, None, True),
        ("0.0.0.0", None, None, None, False),
        ("0.0.0.0", None, TOKEN, None, False),
        ("0.0.0.0", None, TOKEN, "another-long-token", False),
        ("0.0.0.0", None, TOKEN, TOKEN, True),
        ("127.0.0.1", PUBLIC, TOKEN, None, False),  # a proxy may send this machine's own name
        ("127.0.0.1", PUBLIC, TOKEN, TOKEN, True),
    ],
)
async def test_others_read_only_whether_it_is_well(
    host: str, public: str | None, token: str | None, brought: str | None, is_full: bool
) -> None:
    found: dict[str, Any] = {"ok": True, "ready": False, "processes": [{"version": "0.1.0"}]}

    async def look() -> dict[str, Any]:
        return found

    headers = {"Authorization": f"Bearer {brought}"} if brought else {}
    async with serving([health(look, host, public, token)], host=host, public=public) as (url, http):
        for path, what, status in (("/healthz", "ok", 200), ("/readyz", "ready", 503)):
            async with http.get(url + path, headers=headers) as response:
                shown = await response.json()
                assert (response.status, shown) == (status, found if is_full else {what: found[what]})


async def test_it_is_alive_whatever_a_look_would_find() -> None:
    async def look() -> dict[str, Any]:
        raise AssertionError("it was looked")

    async with serving([health(look, "0.0.0.0")], host="0.0.0.0") as (url, http), http.get(url + "/livez") as response:
        assert (response.status, await response.json()) == (200, {"alive": True})


def stands(
    platforms: dict[str, str],
    here: Here,
    *living: ProcessInfo,
    fault: faults.StorageFault | None = None,
    index: Search = "ready",
) -> Health:
    return Health(fault, True, None, 1.0, 0.0, {"local": "ready", **platforms}, 0.0, index, here, (), living)


def other(*ready: str, roles: tuple[str, ...] = ("gateway",), name: str = "other") -> ProcessInfo:
    return ProcessInfo(name, "host", 1, roles, "1", ready, datetime(2026, 3, 2, tzinfo=UTC), 0.0)


ONCE, NEVER, ASIDE = Here(connected=frozenset({"chat"})), Here(), Here(roles={"worker", "web"})


@pytest.mark.parametrize(
    ("platforms", "here", "is_ready"),
    [
        ({"chat": "ready"}, ONCE, True),
        ({"chat": "standby"}, ONCE, True),
        ({"chat": "connecting"}, ONCE, True),  # it was: an old process may have ended
        ({"chat": "refused"}, ONCE, True),
        ({"chat": "connecting"}, NEVER, False),
        ({"chat": "restarting"}, NEVER, False),
        ({"chat": "refused"}, NEVER, False),  # nothing is answered here, so that the older one goes on
        ({"chat": "ready", "talk": "connecting"}, ONCE, False),
        ({"chat": "ready", "talk": "refused"}, ONCE, True),  # one that refuses for good keeps no other waiting
        ({"chat": "connecting"}, ASIDE, True),  # who sends and shows pages does not wait for platforms
        ({"chat": "refused"}, ASIDE, True),
        ({}, NEVER, True),
    ],
)
def test_requests_may_be_sent_once_each_platform_was_connected_or_refused(
    platforms: dict[str, str], here: Here, is_ready: bool
) -> None:
    assert stands(platforms, here).is_ready is is_ready
    assert not stands(platforms, here, fault=faults.AWAY).is_ready


@pytest.mark.parametrize(
    ("roles", "index", "is_ready"),
    [
        ({"gateway"}, "reading", False),
        ({"web"}, "reading", False),
        ({"worker"}, "reading", True),  # it answers nobody
        ({"gateway"}, "words only", True),  # as well as it will, or as it took too long
        ({"gateway", "worker", "web"}, "ready", True),
    ],
)
def test_requests_wait_for_the_notes_where_they_are_answered(roles: set[str], index: Search, is_ready: bool) -> None:
    found = stands({}, Here(roles=roles), index=index)
    assert (found.is_ready, found.to_json()["index"]) == (is_ready, index)


@pytest.mark.parametrize(
    ("roles", "has"),
    [
        ({"gateway", "worker", "web"}, {"local": "ready", "chat": "ready", "talk": "refused"}),
        ({"gateway"}, {"chat": "ready", "talk": "refused"}),
        ({"web"}, {"local": "ready", "chat": "requests only", "talk": "refused"}),
        ({"worker"}, {"chat": "requests only", "talk": "refused"}),
    ],
)
def test_a_role_shows_what_it_has_alone(roles: set[str], has: dict[str, str]) -> None:
    assert stands({"chat": "ready", "talk": "refused"}, Here(roles=roles)).to_json()["platforms"] == has


@pytest.mark.parametrize(
    ("platforms", "here", "living", "is_ok"),
    [
        ({"chat": "ready"}, ONCE, (), True),
        ({"chat": "partly"}, ONCE, (), True),  # one of several shards is enough, as for an outage
        ({"chat": "connecting"}, ONCE, (), False),
        ({"chat": "connecting"}, ONCE, (other("chat"),), True),
        ({"chat": "standby"}, ONCE, (other("chat"),), True),
        ({"chat": "standby"}, ONCE, (other(),), False),
        ({"chat": "connecting"}, Here("me"), (other("chat", name="me"),), False),  # a row of a moment ago
        ({"chat": "ready"}, ASIDE, (), False),  # to be able to send is not to hear
        ({"chat": "ready"}, ASIDE, (other("chat"),), True),
        ({"chat": "ready"}, ASIDE, (other("chat", roles=("worker",)),), False),
        ({"chat": "ready", "talk": "connecting"}, ONCE, (other("chat"),), False),
        ({}, ASIDE, (), True),
    ],
)
def test_somebody_should_look_while_no_process_hears_a_platform(
    platforms: dict[str, str], here: Here, living: tuple[ProcessInfo, ...], is_ok: bool
) -> None:
    assert stands(platforms, here, *living).is_ok is is_ok


def test_a_clock_that_is_off_is_told_with_its_mend() -> None:
    assert describe_clock_fix(1.9) == describe_clock_fix(-1.9) == ""
    assert "is 3 s behind the database" in describe_clock_fix(3.2)
    assert stands({}, Here(ahead_s=-60.0)).fixes == (describe_clock_fix(-60.0),)
    assert (
        "is 60 s ahead of the database server's, so messages are early or late. Set both clocks by NTP"
        in describe_clock_fix(-60.0)
    )
