"""People, as the rest of the bot sees them."""

from __future__ import annotations

from bot.delivery.processed_events import Draft
from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.people.service import People
from bot.features.people.tables import AccountRow, Notice, Tenant

FEATURE = Feature(
    "people",
    tables=(Tenant, AccountRow, Notice),
    services=(People,),
    personal_data=PersonalData(
        kept=(
            StoredData(
                AccountRow.id,
                "It is who you are to the bot, and when it may write to you.",
                "deleted",
                title="Your account",
                holds="number, name, time zone, quiet hours",
                is_one=True,
            ),
            StoredData(Notice.account_id, "So that you are told once what became of something of yours.", "deleted"),
            StoredData(Draft.account_id, "For an hour: a form that was refused, or an answer that waits.", "deleted"),
        ),
    ),
)
