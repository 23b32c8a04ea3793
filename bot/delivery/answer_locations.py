"""Where answers stand that may have to change: those that are being made, and those that cite a group's own note.

No word of an answer is kept: of what it quotes, how many words that are and a digest of them.
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
"""How long an answer may be in the making; as long as its event is held for whoever answers it."""
FORSAKEN = timedelta(days=1)


class AnswerRow(Base):
    """One answer, by its turn.

    `ref` is None of one that nobody can change. While it is being made `call` is what asked it and `owner` the process
    at it; `at` is then by the machine's clock.
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
        """Where it stands."""
        return Place(self.platform, self.tenant or None, self.room, self.thread)


class AnswerQuote(Base):
    """What an answer quotes of a group's own note; no number of a note comes twice."""

    __tablename__ = "answer_quote"
    __table_args__ = (Index(None, "note_id"),)

    answer_id: Mapped[int] = mapped_column(ForeignKey("answer_message.id", ondelete="CASCADE"), primary_key=True)
    note_id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(24), primary_key=True)
    words: Mapped[int]


def begin(work: Work, key: str, place: Place, ref: str, call: str, owner: str) -> None:
    """Keep what stands in a room while an answer is being made; another message of it takes the place of the first."""
    row = _find(work, key)
    if row is None:
        row = _insert(work, key, place, work.made_at)
    row.ref, row.call, row.owner = ref, call, owner
    _put(row, place)
    work.session.flush()


def end(work: Work, key: str, place: Place, ref: str | None, now: datetime) -> None:
    """Note where an answer stands that is given; one that cites no note of a group is forgotten."""
    row = _find(work, key)
    if row is None:
        return
    if work.session.scalar(select(AnswerQuote.note_id).where(AnswerQuote.answer_id == row.id).limit(1)) is None:
        work.session.delete(row)
    else:
        row.ref, row.call, row.owner, row.at = ref, None, None, now
        _put(row, place)
    work.session.flush()


def cite(work: Work, key: str, place: Place, quotes: Iterable[tuple[int, str]], now: datetime) -> None:
    """Keep what an answer to come quotes of a group's own notes.

    Args:
        quotes: numbers of notes, each with a quoted sentence.
    """
    said = {(note_id, _digest(words)): len(words) for note_id, quote in quotes for words in [_words(quote)]}
    if not said:
        return
    row = _find(work, key) or _insert(work, key, place, now)
    work.session.add_all(
        AnswerQuote(answer_id=row.id, note_id=note_id, digest=digest, words=words)
        for (note_id, digest), words in said.items()
    )
    work.session.flush()


def forget(work: Work, key: str) -> None:
    """Forget an answer that is taken away."""
    work.session.execute(delete(AnswerRow).where(AnswerRow.key == key))


def list_stale(work: Work, note_id: int, text: str = "") -> Sequence[AnswerRow]:
    """Return the answers that quote of a note what is no longer in its text; all that quote it where it has none."""
    chosen = select(AnswerRow, AnswerQuote).join(AnswerQuote).where(AnswerQuote.note_id == note_id)
    found = work.session.execute(chosen.order_by(AnswerRow.id)).all()
    said, there = _words(text), dict[int, set[str]]()
    for count in {quote.words for _, quote in found}:
        there[count] = {_digest(said[i : i + count]) for i in range(len(said) - count + 1)} if count else set()
    return list(dict.fromkeys(row for row, quote in found if quote.digest not in there[quote.words]))


def list_broken(work: Work, living: Collection[str]) -> Sequence[AnswerRow]:
    """Return the answers that were begun and that nobody makes any more."""
    is_left = or_(AnswerRow.owner.not_in(living), AnswerRow.at < work.made_at - LASTS)
    return work.session.scalars(select(AnswerRow).where(AnswerRow.owner.is_not(None), is_left)).all()


def amend(work: Work, row: AnswerRow, reply: Reply, now: datetime) -> bool:
    """Queue another text for an answer, and forget it; False if nobody can change it."""
    ref, key = row.ref, f"answer:{row.key}"
    work.session.delete(row)
    work.session.flush()
    if ref is None:
        return False
    outbox.adopt(work.session, key, row.place, ref, now, made_at=work.made_at)
    return outbox.revise(work, key, reply, due_at=now, every_s=0)


def sweep(work: Work, since: datetime) -> int:
    """Delete what was kept since before an instant; return how many answers that were."""
    is_old = or_(AnswerRow.owner.is_(None) & (AnswerRow.at <= since), AnswerRow.at <= work.made_at - FORSAKEN)
    return len(work.session.scalars(delete(AnswerRow).where(is_old).returning(AnswerRow.id)).all())


def _find(work: Work, key: str) -> AnswerRow | None:
    return work.session.scalars(select(AnswerRow).where(AnswerRow.key == key)).first()


def _insert(work: Work, key: str, place: Place, at: datetime) -> AnswerRow:
    row = AnswerRow(key=key, at=at)
    _put(row, place)
    work.session.add(row)
    work.session.flush()
    return row


def _put(row: AnswerRow, place: Place) -> None:
    row.platform, row.tenant, row.room, row.thread = place.platform, place.tenant or "", place.room, place.thread


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _digest(words: Sequence[str]) -> str:
    return blake2b(" ".join(words).encode(), digest_size=12).hexdigest()
