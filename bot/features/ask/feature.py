"""Questions and answers, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.ask import commands, group_commands
from bot.features.ask.question_log import Questions
from bot.features.ask.tables import Exchange, Question
from bot.features.ask.transcript import Transcript
from bot.features.feature import Feature, PersonalData, StoredData

FEATURE = Feature(
    "ask",
    commands=(*commands.COMMANDS, *group_commands.COMMANDS),
    tables=(Exchange, Question),
    services=(Transcript, Questions),
    personal_data=PersonalData(
        texts=(
            Exchange.asked,
            Exchange.answered,
            Question.asked,
        ),
        kept=(
            StoredData(
                Exchange.account_id,
                "For an hour, so that your next question can go on with it.",
                "deleted",
                title="Questions of the last hour",
            ),
            StoredData(
                Question.account_id,
                "Moderators see what the notes lack, without your name, and you are told when it is there.",
                "deleted",
                title="Questions that the notes did not answer",
            ),
        ),
        seen=(
            "A question stands only where you asked it, and in a unit's thread if you put it to the group; no message "
            "text goes to a log. For some weeks moderators see, without a name, what was asked in the open and not "
            "answered, and which answers were rated badly; nothing that you asked in private is kept for them."
        ),
    ),
)
