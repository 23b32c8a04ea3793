"""Every command of the bot, in the order in which help lists them."""

from __future__ import annotations

from bot.core.command import Command
from bot.core.registry import Registry
from bot.features.cohort import commands as cohort
from bot.features.cohort import create_commands, member_commands, pause_commands, removal_commands
from bot.features.progress import commands as checkins
from bot.features.progress import ruling_commands, standing_commands, unit_commands
from bot.features.qa import commands as qa
from bot.features.schedule import commands as schedule
from bot.features.upkeep import begin, doctor, heard, help, preview, privacy, report

COMMANDS: tuple[Command, ...] = (
    *help.COMMANDS,
    *heard.COMMANDS,
    *member_commands.COMMANDS,
    *unit_commands.COMMANDS,
    *checkins.COMMANDS,
    *standing_commands.COMMANDS,
    *qa.COMMANDS,
    *create_commands.COMMANDS,
    *cohort.COMMANDS,
    *pause_commands.COMMANDS,
    *removal_commands.COMMANDS,
    *ruling_commands.COMMANDS,
    *report.COMMANDS,
    *preview.COMMANDS,
    *doctor.COMMANDS,
    *begin.COMMANDS,
    *privacy.COMMANDS,
    *schedule.COMMANDS,
)


def registry() -> Registry:
    """Return the registry of all commands, checked together."""
    return Registry(COMMANDS)
