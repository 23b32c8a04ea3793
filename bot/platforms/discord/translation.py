"""Where translations of the commands would come in: a `Translator` of the SDK, asked for each name and description."""

from __future__ import annotations

from discord import Locale
from discord.app_commands import (
    TranslationContext,
    TranslationContextLocation,
    TranslationContextTypes,
    Translator,
    locale_str,
)

from bot.platforms.discord.render import Payload


class AsWritten(Translator):
    """Leaves names and descriptions as they are written, in English."""

    async def translate(self, _string: locale_str, _locale: Locale, _context: TranslationContextTypes) -> str | None:
        """Return no other text in any language."""
        return None


async def translated(drawn: Payload, translator: Translator) -> Payload:
    """Return a command, option or choice with its words in each language that the translator has."""
    context: TranslationContextTypes = TranslationContext(TranslationContextLocation.other, drawn)
    made = dict(drawn)
    for key in ("name", "description"):
        if key in drawn:
            said = locale_str(drawn[key])
            found = {one.value: await translator.translate(said, one, context) for one in Locale}
            if texts := {language: text for language, text in found.items() if text}:
                made[f"{key}_localizations"] = texts
    for key in ("options", "choices"):
        if key in drawn:
            made[key] = [await translated(one, translator) for one in drawn[key]]
    return made
