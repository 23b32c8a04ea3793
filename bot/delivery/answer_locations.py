"""Locations of answers that may have to change: answers in progress, and answers that cite a group's own note.

The text of an answer is never stored. A quotation is stored as its word count and a digest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.commands.context import Place
from bot.delivery import outbox
from bot.messages.reply import Reply
from bot.storage.base import Base
from bot.storage.unit_of_work import Work

LASTS = timedelta(minutes=5)
"""Longest time that an answer may be in progress, equal to the lease of its event."""
FORSAKEN = timedelta(days=1)


class AnswerRow(Base):
    """One answer, by its turn.

    `ref` is None if nobody can change the message. While the answer is in progress, `call` is its question, `owner` the
    process that makes it, and `at` is by the machine's clock.
    """

    __tablename__ = "answer_message"
    __table_args__ = (UniqueConstraint("key"), Index(None, "owner"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(8))
    platform: Mapped[str] = mapped_column(String(16))
    tenant: Mapped[str] = mapped_column(String(64))
    room: Mapped[str] = mapped_column(String(80))
    thread: Mapped[str | None] = mapped_column(String(80))
    ref: Mapped[str | None] = mapped_column(String(120))
    call: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]

    @property
    def place(self) -> Place:
        """The place of the answer."""
        return Place(self.platform, self.tenant or None, self.room, self.thread)


class AnswerQuote(Base):
    """A quotation from a group's own note; note ids are never reused."""

    __tablename__ = "answer_quote"
    __table_args__ = (Index(None, "note_id"),)

    answer_id: Mapped[int] = mapped_column(ForeignKey("answer_message.id", ondelete="CASCADE"), primary_key=True)
    note_id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(24), primary_key=True)
    words: Mapped[int]


def begin(work: Work, key: str, place: Place, ref: str, call: str, owner: str) -> None:
    """Store the location of an answer in progress; a later message of it replaces the first."""
    row = _find(work, key)
    if row is None:
        row = _insert(work, key, place, work.made_at)
    row.ref, row.call, row.owner = ref, call, owner
    _set_place(row, place)
    work.session.flush()


def end(work: Work, key: str, place: Place, ref: str | None, now: datetime) -> None:
    """Store the location of a finished answer; delete it if it cites no note of a group."""
    row = _find(work, key)
    if row is None:
        return
    if work.session.scalar(select(AnswerQuote.note_id).where(AnswerQuote.answer_id == row.id).limit(1)) is None:
        work.session.delete(row)
    else:
        row.ref, row.call, row.owner, row.at = ref, None, None, now
        _set_place(row, place)
    work.session.flush()


def cite(work: Work, key: str, place: Place, quotes: Iterable[tuple[int, str]], now: datetime) -> None:
    """Store the quotations of a coming answer from a group's own notes.

    Args:
        quotes: ids of notes, each with a quoted sentence.
    """
    digests = {
        (note_id, _hash_words(words)): len(words) for note_id, quote in quotes for words in [_split_words(quote)]
    }
    if not digests:
        return
    row = _find(work, key) or _insert(work, key, place, now)
    work.session.add_all(
        AnswerQuote(answer_id=row.id, note_id=note_id, digest=digest, words=words)
        for (note_id, digest), words in digests.items()
    )
    work.session.flush()


def forget(work: Work, key: str) -> None:
    """Delete the location of a removed answer."""
    work.session.execute(delete(AnswerRow).where(AnswerRow.key == key))


def list_stale(work: Work, note_id: int, text: str = "") -> Sequence[AnswerRow]:
    """Return the answers with a quotation that is no longer in the note's text; without a text, all that quote it."""
    chosen = select(AnswerRow, AnswerQuote).join(AnswerQuote).where(AnswerQuote.note_id == note_id)
    quotes = work.session.execute(chosen.order_by(AnswerRow.id)).all()
    words, there = _split_words(text), dict[int, set[str]]()
    for count in {quote.words for _, quote in quotes}:
        there[count] = {_hash_words(words[i : i + count]) for i in range(len(words) - count + 1)} if count else set()
    return list(dict.fromkeys(row for row, quote in quotes if quote.digest not in there[quote.words]))


def list_broken(work: Work, living: Collection[str]) -> Sequence[AnswerRow]:
    """Return the answers in progress whose process has died."""
    is_left = or_(AnswerRow.owner.not_in(living), AnswerRow.at < work.made_at - LASTS)
    return work.session.scalars(select(AnswerRow).where(AnswerRow.owner.is_not(None), is_left)).all()


def amend(work: Work, row: AnswerRow, reply: Reply, now: datetime) -> bool:
    """Queue an edit of an answer and delete its location; False if nobody can change it."""
    ref, key = row.ref, f"answer:{row.key}"
    work.session.delete(row)
    work.session.flush()
    if ref is None:
        return False
    outbox.adopt(work.session, key, row.place, ref, now, made_at=work.made_at)
    return outbox.revise(work, key, reply, due_at=now, every_s=0)


def sweep(work: Work, since: datetime) -> int:
    """Delete locations older than `since`; return their number."""
    is_old = or_(AnswerRow.owner.is_(None) & (AnswerRow.at <= since), AnswerRow.at <= work.made_at - FORSAKEN)
    return len(work.session.scalars(delete(AnswerRow).where(is_old).returning(AnswerRow.id)).all())


def _find(work: Work, key: str) -> AnswerRow | None:
    return work.session.scalars(select(AnswerRow).where(AnswerRow.key == key)).first()


def _insert(work: Work, key: str, place: Place, at: datetime) -> AnswerRow:
    row = AnswerRow(key=key, at=at)
    _set_place(row, place)
    work.session.add(row)
    work.session.flush()
    return row


def _set_place(row: AnswerRow, place: Place) -> None:
    row.platform, row.tenant, row.room, row.thread = place.platform, place.tenant or "", place.room, place.thread


def _split_words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _hash_words(words: Sequence[str]) -> str:
    return blake2b(" ".join(words).encode(), digest_size=12).hexdigest()
