"""Thanks, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.thanks import commands
from bot.features.thanks.service import Thanks
from bot.features.thanks.tables import Thank

FEATURE = Feature(
    "thanks",
    commands=commands.COMMANDS,
    tables=(Thank,),
    services=(Thanks,),
    personal_data=PersonalData(
        kept=(
            StoredData(
                Thank.giver_id, "So that each of your thanks counts once.", "unlinked", title="Thanks that you gave"
            ),
            StoredData(
                Thank.receiver_id,
                "The weekly post names who was thanked, if others see them under their own name.",
                "deleted",
                title="Thanks that you got",
            ),
        ),
        seen="Whom you thank reads your name or alias; the weekly post names who was thanked, no alias, not by whom.",
    ),
)
