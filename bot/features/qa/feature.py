"""Questions and answers, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, Kept, PersonalData
from bot.features.qa import commands, group_commands, passage_commands, transcript
from bot.features.qa.tables import Exchange
from bot.features.qa.transcript import Transcript

FEATURE = Feature(
    "qa",
    commands=(*commands.COMMANDS, *passage_commands.COMMANDS, *group_commands.COMMANDS),
    tables=(Exchange,),
    services=(Transcript,),
    sweeps=(transcript.sweep,),
    personal_data=PersonalData(
        kept=(
            Kept(
                Exchange.account_id, "For an hour, so that your next question can go on with it.", "deleted",
                title="Questions of the last hour",
            ),
        ),
        seen=(
            "A question stands only where you asked it, and in a unit's thread if you put it to the group; no message "
            "text goes to a log."
        ),
    ),
)  # fmt: skip
