"""Register the slash commands at Discord if they differ from those that are registered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import discord
from discord.app_commands import Translator

from bot.commands.registry import Registry
from bot.platforms.discord import commands
from bot.platforms.discord.client import DiscordApi
from bot.platforms.discord.commands import AsWritten, translated
from bot.platforms.discord.render import Payload

NOT_REGISTERED = "The slash commands are not registered yet"
_OTHERS_S = 2.0

"""Seconds that another process has to register the commands."""

log = logging.getLogger(__name__)


class CommandRegistrar:
    """Registers the commands of a bot; a failure is stored for doctor.

    Args:
        shows_all: whether everyone sees the moderators' commands.
        may_register: whether this process may register them, or waits for another one.

    `registers` is False in a process that takes no events: it only reads how the commands are numbered.
    `trouble` says why they are not registered; "" if they are.
    """

    translator: Translator = AsWritten()

    def __init__(
        self, api: DiscordApi, registry: Registry, may_register: Callable[[], Awaitable[bool]], *, shows_all: bool
    ) -> None:
        self.registers = True
        self.trouble = NOT_REGISTERED
        self._api, self._registry, self._may_register, self._shows_all = api, registry, may_register, shows_all

    async def register(self, application: int) -> None:
        """Register the commands if they differ."""
        drawn = commands.registration(self._registry, shows_all=self._shows_all)
        wanted = [await translated(command, self.translator) for command in drawn]
        try:
            registered = await self._api.commands(application)
            if self.registers and commands.differs(wanted, registered):
                registered = await self._register_unless_taken(application, wanted)
            self._api.known = commands.known(registered, self._registry)
        except discord.HTTPException as trouble:
            self.trouble = f"Discord refused the slash commands (code {trouble.code})"
            log.warning("Discord refused the slash commands (status %d, code %d)", trouble.status, trouble.code)
        except discord.RateLimited as trouble:
            self.trouble = f"Discord will accept the slash commands in {trouble.retry_after:.0f} s at the earliest"
            log.warning("Discord will accept the slash commands in %.0f s at the earliest", trouble.retry_after)
        else:
            self.trouble = ""

    async def _register_unless_taken(self, application: int, wanted: list[Payload]) -> list[Payload]:
        """Register commands, unless another process is doing so; wait for it in that case."""
        if not await self._may_register():
            await asyncio.sleep(_OTHERS_S)
            registered = await self._api.commands(application)
            if not commands.differs(wanted, registered):
                return registered
        log.info("registering %d slash commands", len(wanted))
        return await self._api.register(application, wanted)
