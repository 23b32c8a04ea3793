"""Thanks, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.thanks import commands
from bot.features.thanks.service import Thank, Thanks

FEATURE = Feature(
    "thanks",
    commands=commands.COMMANDS,
    tables=(Thank,),
    services=(Thanks,),
    personal_data=PersonalData(
        kept=(
            StoredData(Thank.giver_id, "Counts each of your thanks once.", "unlinked", title="Thanks you gave"),
            StoredData(
                Thank.receiver_id,
                "The weekly post names thanked members who use their own name.",
                "deleted",
                title="Thanks you got",
            ),
        ),
        seen=(
            "The member you thank sees your name or alias. The weekly post names thanked members. It doesn't "
            "show aliases or who thanked them."
        ),
    ),
)
