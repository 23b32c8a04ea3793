"""The table of what moderators have done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime

SAID_MAX, REASON_MAX = 300, 200


class AuditEntry(Base):
    """A moderator's command that has changed something; rows are only ever added.

    `about_id` is the member whom it was about, `said` its short arguments: no text of members, and nobody's name.
    Without a group it was about the whole tenant, as a roadmap is.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_tenant", "tenant_id", "group_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    about_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    command: Mapped[str] = mapped_column(String(42))
    said: Mapped[str] = mapped_column(String(SAID_MAX))
    reason: Mapped[str] = mapped_column(String(REASON_MAX))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
