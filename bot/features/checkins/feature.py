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
                "Streaks and points are computed from them.",
                "deleted",
                title="Check-ins",
                holds="with minutes, note, link, and the day where you were",
            ),
            StoredData(CheckinChange.author_id, "An edit says who made it.", "unlinked"),
            StoredData(
                Away.account_id,
                "A streak waits while you are away.",
                "deleted",
                title="Absences",
                holds="with dates and reason",
            ),
            StoredData(Repair.account_id, "A streak is repaired once a leg.", "deleted", title="Repaired streaks"),
            StoredData(Ruling.account_id, "A ruling changes what counts.", "deleted", title="Rulings by moderators"),
            StoredData(Ruling.author_id, "A ruling says who made it.", "unlinked"),
            StoredData(
                MemberStanding.account_id, "The board and the counts read streaks and points from it.", "deleted"
            ),
        ),
        seen=(
            "Your notes are for you until you share one. Members see your name or alias with points on the "
            "board unless you hide yourself in your settings; moderators see who has checked in."
        ),
    ),
)
