"""Privacy, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.feature import Feature
from bot.features.privacy import commands
from bot.features.privacy.forget import ForgottenMark

FEATURE = Feature("privacy", commands=commands.COMMANDS, tables=(ForgottenMark,))
