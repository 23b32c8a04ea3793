"""Who somebody is: users.info, kept for ten minutes, and believed for an hour where it fails."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands.context import MODERATES, Account, PlatformTraits
from bot.platforms.slack.client import ApiError, SlackApi, settle

FRESH_S, AGAIN_S, MOST = 600.0, 15.0, 5000
PRESENT_S = 60.0
"""How old what is said of somebody may be where no event proves that they are there."""
HELD_S = 3600.0
"""How long what was proven of somebody holds while users.info fails."""

log = logging.getLogger(__name__)
WORKSPACE = PlatformTraits("workspace", takes_files=True, is_remote=True)


@dataclass(frozen=True)
class Profile:
    """What Slack says of a person.

    Args:
        until: the loop time at which it is asked again.
        held_until: the loop time until which it holds where asking fails; 0 was never proven.
        team: the workspace that they belong to.
        is_full: whether they are a member of the workspace at hand, and no guest.
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
        """Whether Slack has said it."""
        return self.held_until > 0

    def is_recent(self, now: float) -> bool:
        """Whether Slack has said it within the last minute."""
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
        """Return the account, with what is known after at most `within_s` seconds; 0 asks nobody.

        Args:
            team: the workspace that the event says they belong to; empty is the one at hand.
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
            WORKSPACE,
        )

    async def profile(self, user: str) -> Profile:
        """Return what Slack says of a person; raises ApiError where it has not said anything lately."""
        profile = self._known.get(user)
        if profile is None or profile.until < asyncio.get_running_loop().time():
            profile = await asyncio.shield(self._ask(user))
        if not profile.is_proven:
            raise ApiError("users.info failed")
        return profile

    async def present(self, account: Account) -> Account | None:
        """Return somebody as the workspace has them now, None if it has them no more; raises ApiError if not told."""
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
        """Return id and name of a few who administer the workspace, among those whom Slack was asked about."""
        found = [
            (user, p.name) for user, p in reversed(self._known.items()) if MODERATES in p.grants and not p.is_deleted
        ]
        return tuple(found[:most])

    def _ask(self, user: str) -> asyncio.Task[Profile]:
        if user not in self._asking:
            task = asyncio.create_task(self._fetch(user))
            task.add_done_callback(lambda _: self._asking.pop(user, None))
            self._asking[user] = task
        return self._asking[user]

    async def _fetch(self, user: str) -> Profile:
        now = asyncio.get_running_loop().time()
        try:
            told = (await settle(self._api.reads.users_info(user=user))).part("user")
            profile = _read(told, self._team, now)
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


def _read(user: dict[str, Any], team: str, now: float) -> Profile:
    said = user.get("profile") or {}
    name = said.get("display_name") or said.get("real_name") or user.get("real_name") or user.get("name") or ""
    home = str(user.get("team_id") or team)
    teams = {home, *((user.get("enterprise_user") or {}).get("teams") or ())}
    is_guest = any(user.get(trait) for trait in ("is_restricted", "is_ultra_restricted", "is_stranger"))
    is_full = team in teams and not is_guest
    trusted = is_full and any(user.get(trait) for trait in ("is_admin", "is_owner", "is_primary_owner"))
    return Profile(
        str(name),
        _zone(str(user.get("tz") or "")),
        frozenset({MODERATES}) if trusted else frozenset(),
        now + FRESH_S,
        now + HELD_S,
        team if team in teams else home,
        is_full,
        bool(user.get("deleted")),
    )


def _zone(name: str) -> str | None:
    try:
        return ZoneInfo(name).key if name else None
    except (KeyError, ValueError, OSError):
        return None
