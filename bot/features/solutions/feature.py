"""Declaration of solutions."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.solutions import commands, service
from bot.features.solutions.service import Solutions
from bot.features.solutions.tables import Solution, SolutionFeedback

FEATURE = Feature(
    "solutions",
    commands=commands.COMMANDS,
    tables=(Solution, SolutionFeedback),
    services=(Solutions,),
    sweeps=(service.sweep,),
    forgets=(service.take_back,),
    personal_data=PersonalData(
        texts=(Solution.text, SolutionFeedback.sentence),
        kept=(
            StoredData(
                Solution.account_id,
                "Shows it to the people you chose.",
                "deleted",
                title="Solutions",
                holds="with text, link and who sees it; the dashboard shows their pictures",
            ),
            StoredData(
                SolutionFeedback.author_id, "The author reads it.", "deleted", title="Feedback you gave on solutions"
            ),
        ),
        seen=(
            "You decide who sees a solution: your group, your buddy for the unit, or nobody. Moderators see those of "
            "the group. Hidden members appear without a name."
        ),
    ),
)
