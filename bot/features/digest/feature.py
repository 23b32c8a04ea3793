"""The digest, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.digest import commands, posts
from bot.features.digest.service import DigestReader, KindWord
from bot.features.feature import Feature, PersonalData, StoredData

FEATURE = Feature(
    "digest",
    commands=commands.COMMANDS,
    tables=(DigestReader, KindWord),
    posts=posts.POSTS,
    personal_data=PersonalData(
        kept=(
            StoredData(
                KindWord.account_id,
                "Limits these messages to one a week.",
                "deleted",
                title="Messages from moderators",
            ),
            StoredData(DigestReader.account_id, "Tells people who moderate by a role about a new digest.", "deleted"),
            StoredData(KindWord.author_id, "Says who sent a message to a member.", "unlinked"),
        ),
        seen="Once a week, moderators see who hasn't started and who checks in less often, and why we think so.",
    ),
)
