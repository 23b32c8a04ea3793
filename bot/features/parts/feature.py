"""Declaration of parts."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.parts import commands, posts
from bot.features.parts.service import CertificateLinks
from bot.features.parts.tables import CertificateLink, Onward

FEATURE = Feature(
    "parts",
    commands=commands.COMMANDS,
    tables=(Onward, CertificateLink),
    services=(CertificateLinks,),
    posts=posts.POSTS,
    personal_data=PersonalData(
        kept=(
            StoredData(
                Onward.account_id,
                "The post at the end of a part says how many continue.",
                "deleted",
                title="Parts you continue with",
            ),
            StoredData(
                CertificateLink.account_id,
                "Shows your certificate to people with its link.",
                "deleted",
                title="Public certificates",
                holds="with the name you chose, the course and its dates",
            ),
        ),
        seen=(
            "Members see how many continue after a part, not who. Only you see your certificate until you share it. "
            "Anyone with its public link sees the name you chose, the course and its dates."
        ),
    ),
)
