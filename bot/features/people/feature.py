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
                "Used to identify you and to know when I can message you.",
                "deleted",
                title="Your account",
                holds="number, name, time zone, quiet hours",
                is_one=True,
            ),
            StoredData(Notice.account_id, "Tells you once about a change that concerns you.", "deleted"),
            StoredData(Draft.account_id, "Kept for an hour: an unfinished form or a waiting answer.", "deleted"),
        ),
    ),
)
