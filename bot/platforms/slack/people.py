"""Who somebody is: users.info, kept for ten minutes."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.context import MODERATES, Account
from bot.platforms.slack.client import Api, ApiError, settle

FRESH_S, AGAIN_S, MOST = 600.0, 30.0, 5000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Profile:
    """What Slack says of a person, until a loop time."""

    name: str
    zone: str | None
    grants: frozenset[str]
    until: float


class People:
    """Accounts of one workspace.

    Args:
        team: its id.
        team_name: its name.
    """

    def __init__(self, api: Api, team: str, team_name: str) -> None:
        self._api, self._team, self._team_name = api, team, team_name
        self._known: OrderedDict[str, Profile] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Profile]] = {}

    async def account(self, user: str, fallback: str, team: str, *, within_s: float) -> Account:
        """Return the account, with what is known after at most `within_s` seconds; 0 asks nobody."""
        profile = self._known.get(user)
        if within_s and (profile is None or profile.until < asyncio.get_running_loop().time()):
            try:
                profile = await asyncio.wait_for(asyncio.shield(self._ask(user)), within_s)
            except TimeoutError:
                log.info("users.info takes over %.1f s; the name in the event has to do", within_s)
        name = profile.name if profile and profile.name else fallback or user
        return Account(
            "slack",
            team or self._team,
            user,
            name,
            profile.zone if profile else None,
            profile.grants if profile else frozenset(),
            self._team_name,
        )

    def _ask(self, user: str) -> asyncio.Task[Profile]:
        if user not in self._asking:
            task = asyncio.create_task(self._fetch(user))
            task.add_done_callback(lambda _: self._asking.pop(user, None))
            self._asking[user] = task
        return self._asking[user]

    async def _fetch(self, user: str) -> Profile:
        now = asyncio.get_running_loop().time()
        try:
            data = await settle(self._api.reads.users_info(user=user))
            profile = _read(data.get("user") or {}, now + FRESH_S)
        except ApiError as error:
            log.warning("users.info failed: %s", error.code)
            old = self._known.get(user)
            profile = Profile(old.name if old else "", old.zone if old else None, frozenset(), now + AGAIN_S)
        self._known[user] = profile
        self._known.move_to_end(user)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return profile


def _read(user: dict[str, Any], until: float) -> Profile:
    said = user.get("profile") or {}
    name = said.get("display_name") or said.get("real_name") or user.get("real_name") or user.get("name") or ""
    trusted = any(user.get(trait) for trait in ("is_admin", "is_owner", "is_primary_owner"))
    grants = frozenset({MODERATES}) if trusted else frozenset[str]()
    return Profile(str(name), _zone(str(user.get("tz") or "")), grants, until)


def _zone(name: str) -> str | None:
    try:
        return ZoneInfo(name).key if name else None
    except (KeyError, ValueError, OSError):
        return None
