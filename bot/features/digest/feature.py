"""The digest, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.digest import commands, posts
from bot.features.digest.tables import DigestReader, KindWord
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
                "So that nobody has you written to more than once a week.",
                "deleted",
                title="Messages that moderators had me send you",
            ),
            StoredData(DigestReader.account_id, "Whoever moderates by a role hears of a new digest.", "deleted"),
            StoredData(KindWord.author_id, "Who had somebody written to.", "unlinked"),
        ),
        seen="Moderators read each week who has not started and who checks in less than before, and by which rule.",
    ),
)
