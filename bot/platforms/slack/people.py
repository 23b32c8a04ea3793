"""People's profiles by users.info, cached for ten minutes, and for an hour if it fails."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands.context import MODERATES, Account
from bot.platforms.slack.client import ApiError, SlackApi, receive
from bot.platforms.slack.limits import TRAITS

FRESH_S, AGAIN_S, MOST = 600.0, 15.0, 5000
PRESENT_S = 60.0
"""Maximum age of a profile if no event proves that the person is there."""
HELD_S = 3600.0
"""How long a profile is valid while users.info fails."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Profile:
    """A person's profile at Slack.

    Args:
        until: the loop time at which it is fetched again.
        held_until: the loop time until which it is valid if fetching fails; 0 if it was never fetched.
        team: the workspace that they belong to.
        is_full: whether they are a full member of this workspace, not a guest.
        is_deleted: whether the account is deactivated.
    """

    name: str = ""
    zone: str | None = None
    grants: frozenset[str] = frozenset()
    until: float = 0.0
    held_until: float = 0.0
    team: str = ""
    is_full: bool = False
    is_deleted: bool = False

    @property
    def is_proven(self) -> bool:
        """Whether it came from Slack."""
        return self.held_until > 0

    def is_recent(self, now: float) -> bool:
        """Whether it was fetched within the last minute."""
        return self.until >= now + FRESH_S - PRESENT_S


class SlackPeople:
    """Accounts of one workspace.

    Args:
        team: its id.
        team_name: its name.
    """

    def __init__(self, api: SlackApi, team: str, team_name: str) -> None:
        self._api, self._team, self._team_name = api, team, team_name
        self._known: OrderedDict[str, Profile] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Profile]] = {}

    async def account(self, user: str, fallback: str, team: str, *, within_s: float) -> Account:
        """Return the account, after waiting at most `within_s` seconds for the profile; 0 makes no request.

        Args:
            team: the workspace that the event names as theirs; "" is this one.
        """
        profile = self._known.get(user)
        if within_s and (profile is None or profile.until < asyncio.get_running_loop().time()):
            try:
                profile = await asyncio.wait_for(asyncio.shield(self._ask(user)), within_s)
            except TimeoutError:
                log.info("users.info takes over %.1f s; what is known has to do", within_s)
        profile = profile or Profile()
        home = profile.team or team or self._team
        return Account(
            "slack",
            self._team,
            user,
            profile.name or fallback or user,
            profile.zone,
            profile.grants,
            self._team_name,
            home,
            not profile.is_proven,
            "your profile" if profile.zone else "",
            TRAITS,
        )

    async def profile(self, user: str) -> Profile:
        """Return a person's profile; raise ApiError if there is no valid one."""
        profile = self._known.get(user)
        if profile is None or profile.until < asyncio.get_running_loop().time():
            profile = await asyncio.shield(self._ask(user))
        if not profile.is_proven:
            raise ApiError("users.info failed")
        return profile

    async def present(self, account: Account) -> Account | None:
        """Return a person's current account, None if they left the workspace; raise ApiError if unknown."""
        if account.tenant != self._team:
            return None
        profile = self._known.get(account.id)
        if profile is None or not profile.is_recent(asyncio.get_running_loop().time()):
            profile = await asyncio.shield(self._ask(account.id))
        if not profile.is_recent(asyncio.get_running_loop().time()):
            raise ApiError("users.info failed")
        if profile.is_deleted:
            return None
        return await self.account(account.id, account.name, account.realm or "", within_s=0)

    def trusted(self, most: int = 3) -> tuple[tuple[str, str], ...]:
        """Return ids and names of a few known administrators of the workspace."""
        admins = [
            (user, p.name) for user, p in reversed(self._known.items()) if MODERATES in p.grants and not p.is_deleted
        ]
        return tuple(admins[:most])

    def _ask(self, user: str) -> asyncio.Task[Profile]:
        if user not in self._asking:
            task = asyncio.create_task(self._fetch(user))
            task.add_done_callback(lambda _: self._asking.pop(user, None))
            self._asking[user] = task
        return self._asking[user]

    async def _fetch(self, user: str) -> Profile:
        now = asyncio.get_running_loop().time()
        try:
            info = (await receive(self._api.reads.users_info(user=user))).part("user")
            profile = _read_profile(info, self._team, now)
        except ApiError as error:
            log.warning("users.info failed: %s", error.code)
            old = self._known.get(user)
            held = old if old and now < old.held_until else Profile(old.name if old else "", old.zone if old else None)
            profile = replace(held, until=now + AGAIN_S)
        self._known[user] = profile
        self._known.move_to_end(user)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return profile


def _read_profile(user: dict[str, Any], team: str, now: float) -> Profile:
    details = user.get("profile") or {}
    name = details.get("display_name") or details.get("real_name") or user.get("real_name") or user.get("name") or ""
    home = str(user.get("team_id") or team)
    teams = {home, *((user.get("enterprise_user") or {}).get("teams") or ())}
    is_guest = any(user.get(trait) for trait in ("is_restricted", "is_ultra_restricted", "is_stranger"))
    is_full = team in teams and not is_guest
    trusted = is_full and any(user.get(trait) for trait in ("is_admin", "is_owner", "is_primary_owner"))
    return Profile(
        str(name),
        _find_zone(str(user.get("tz") or "")),
        frozenset({MODERATES}) if trusted else frozenset(),
        now + FRESH_S,
        now + HELD_S,
        team if team in teams else home,
        is_full,
        bool(user.get("deleted")),
    )


def _find_zone(name: str) -> str | None:
    try:
        return ZoneInfo(name).key if name else None
    except (KeyError, ValueError, OSError):
        return None
