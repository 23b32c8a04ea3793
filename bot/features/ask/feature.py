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
                "Kept for an hour, so that you can ask a follow-up question.",
                "deleted",
                title="Questions from the last hour",
            ),
            StoredData(
                Question.account_id,
                "Shows moderators what the notes lack, without your name. I'll tell you when a note answers it.",
                "deleted",
                title="Questions without a good answer",
            ),
        ),
        seen=(
            "Your question appears only where you asked it, or in a unit's thread if you share it with the group. "
            "Logs hold no message text. For some weeks, moderators see unanswered public questions and badly "
            "rated answers, without names. They never see private questions."
        ),
    ),
)
