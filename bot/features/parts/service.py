"""Public links to certificates."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from bot.drawing.certificate_card import CertificateCard
from bot.features.parts.tables import CertificateLink
from bot.messages import markup
from bot.storage.insert import insert
from bot.storage.unit_of_work import Work

PATH = "/certificate"


class CertificateLinks:
    """The public links to certificates, in one unit of work."""

    def __init__(self, work: Work) -> None:
        self._session = work.session

    def find(self, group_id: int, account_id: int, part: int) -> CertificateLink | None:
        """Return a member's link to the certificate of a part."""
        return self._session.scalars(select(CertificateLink).where(*_is_of(group_id, account_id, part))).first()

    def find_public(self, key: str) -> CertificateLink | None:
        """Return the link with this key."""
        return self._session.scalars(select(CertificateLink).where(CertificateLink.key == key)).first()

    def publish(self, group_id: int, account_id: int, part: int, card: CertificateCard, now: datetime) -> str:
        """Store what a new link shows and return its key; an earlier link to this certificate is over."""
        self.remove(group_id, account_id, part)
        key = secrets.token_urlsafe(24)
        shown = {"name": card.name, "subject": markup.clip(card.subject, 200), "course": markup.clip(card.roadmap, 200)}
        days = {"since_on": card.since, "until_on": card.until, "made_at": now}
        where = {"key": key, "group_id": group_id, "account_id": account_id, "part": part}
        insert(self._session, CertificateLink, **where, **shown, **days, phase_id=card.phase_id)
        return key

    def remove(self, group_id: int, account_id: int, part: int) -> bool:
        """End a member's link; False if there was none."""
        ended = delete(CertificateLink).where(*_is_of(group_id, account_id, part)).returning(CertificateLink.id)
        return self._session.scalars(ended).first() is not None


def _is_of(group_id: int, account_id: int, part: int) -> tuple[Any, ...]:
    return (
        CertificateLink.group_id == group_id,
        CertificateLink.account_id == account_id,
        CertificateLink.part == part,
    )


def make_card(link: CertificateLink) -> CertificateCard:
    """Return the card of a public certificate, without group and units."""
    part = link.part if link.course else 0
    shown = link.name, part, link.subject, link.course
    return CertificateCard(*shown, "", link.phase_id, (), link.since_on, link.until_on)
