"""The check-ins feature, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.checkins import commands, repairs, sharing
from bot.features.checkins.repairs import Mending, Repairs
from bot.features.checkins.service import Progress
from bot.features.checkins.tables import Checkin, CheckinChange, MemberStanding, PaceRow, Repair, Ruling
from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.groups.tables import Away

FEATURE = Feature(
    "checkins",
    commands=(
        *commands.COMMANDS,
        *repairs.COMMANDS,
    ),
    tables=(Checkin, CheckinChange, Ruling, Repair, MemberStanding, PaceRow),
    services=(Progress, Repairs, Mending),
    forgets=(sharing.take_back,),
    personal_data=PersonalData(
        texts=(
            Checkin.note,
            CheckinChange.note,
            Ruling.reason,
            Away.reason,
        ),
        kept=(
            StoredData(
                Checkin.account_id,
                "Used to count your streak and points.",
                "deleted",
                title="Check-ins",
                holds="with minutes, text, link and your local day",
            ),
            StoredData(CheckinChange.author_id, "An edit says who made it.", "unlinked"),
            StoredData(
                Away.account_id,
                "Protects your streak while you are away.",
                "deleted",
                title="Absences",
                holds="with dates and reason",
            ),
            StoredData(
                Repair.account_id, "Used to allow one streak repair in each part.", "deleted", title="Repaired streaks"
            ),
            StoredData(Ruling.account_id, "Changes which check-ins count.", "deleted", title="Rulings by moderators"),
            StoredData(Ruling.author_id, "A ruling says who made it.", "unlinked"),
            StoredData(MemberStanding.account_id, "Holds your streak and points for the leaderboard.", "deleted"),
        ),
        seen=(
            "Only you see your check-in texts until you share one. Members see your name or alias and points on "
            "the leaderboard, unless you hide in your settings. Moderators see who has checked in."
        ),
    ),
)
