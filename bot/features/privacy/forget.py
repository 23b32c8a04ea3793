"""Forget a person: delete or unlink their rows, remove their names from texts, and remember that they were forgotten.

`Forgotten` keeps unreadable marks in a file and in the database, so that an older copy of the database forgets the
person again. The file outlives the database that it stands beside. The rows serve other processes and backups, whose
folder may not last. A start and a restore bring each up to date from the other.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b, scrypt
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import unquote

from sqlalchemy import ColumnElement, String, Table, and_, delete, func, literal, or_, select, union_all
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.base import fsync
from bot.delivery.processed_events import Draft
from bot.delivery.redact_person import NamedPerson, unname
from bot.features.checkins.rulings import make_notice_key
from bot.features.checkins.tables import Ruling
from bot.features.feature import Features, StoredData
from bot.features.groups import message_keys
from bot.features.groups.tables import Group, GroupModerator, Membership
from bot.features.people.tables import AccountRow, Notice
from bot.messages import markup
from bot.messages.characters import make_valid
from bot.storage import engine as engines
from bot.storage.base import Base
from bot.storage.insert import insert_unless
from bot.storage.unit_of_work import Database, Work


class ForgottenMark(Base):
    """A person who was forgotten, unreadable: the salted mark of an account, and when."""

    __tablename__ = "erasure"

    salt: Mapped[str] = mapped_column(String(32), primary_key=True)
    mark: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


@dataclass(frozen=True)
class RemovedRows:
    """Rows of a person under one title, and what becomes of them."""

    kept: StoredData
    count: int


def list_stored(session: Session, features: Features, account_id: int) -> list[RemovedRows]:
    """Return each declared kind of data of which a person has rows; kinds without a title are left out."""
    declared = features.personal_data.kept
    each = [
        select(literal(at), func.count()).where(data.whose == data.key(account_id)) for at, data in enumerate(declared)
    ]
    counts = {int(at): int(number) for at, number in session.execute(union_all(*each))}
    return [RemovedRows(data, counts[at]) for at, data in enumerate(declared) if data.title and counts[at]]


def list_alone(session: Session, account_id: int) -> list[Group]:
    """Return the running groups that name nobody but this account as their moderator."""
    own = select(GroupModerator.group_id).where(GroupModerator.grant == f"account:{account_id}")
    others = select(GroupModerator.id).where(
        GroupModerator.group_id == Group.id, GroupModerator.grant != f"account:{account_id}"
    )
    chosen = select(Group).where(Group.id.in_(own), Group.ended_at.is_(None), ~others.exists())
    return list(session.scalars(chosen.order_by(Group.id)))


def forget(work: Work, features: Features, account_id: int) -> None:
    """Remove a person from the database; other people's points and counts do not change."""
    session = work.session
    account = session.get_one(AccountRow, account_id)
    for before in features.forgets:
        before(work, account_id)
    session.flush()
    memberships = session.scalars(select(Membership).where(Membership.account_id == account_id)).all()
    names = {account.name, *(membership.alias for membership in memberships)} - {""}
    group_ids = [membership.group_id for membership in memberships]
    spoken = frozenset(_list_spoken_names(session, account, names, group_ids))
    known = NamedPerson(account.platform, account.external_id, account.scope, frozenset(names), spoken)
    _unname_texts(session, features, known, group_ids)
    prefixes = [message_keys.make_prefix(group_id) for group_id in group_ids]
    unname(session, known, prefixes, _list_ruling_keys(session, group_ids), work.made_at)
    _unname_notices(session, known)
    _drop_drafts(session, known)
    for data in features.personal_data.kept:
        column = data.whose.expression
        if column.name != "id" and not column.foreign_keys:
            session.execute(delete(data.whose.class_).where(data.whose == data.key(account_id)))
    session.execute(delete(AccountRow).where(AccountRow.id == account_id))


def _list_ruling_keys(session: Session, group_ids: list[int]) -> list[str]:
    """Return the keys of messages that quote a moderator's reason; they don't name the group."""
    ruling_ids = session.scalars(select(Ruling.id).where(Ruling.group_id.in_(group_ids)))
    return [make_notice_key(ruling_id) for ruling_id in ruling_ids]


def _list_spoken_names(session: Session, account: AccountRow, names: set[str], group_ids: list[int]) -> set[str]:
    """Return the names by which members write of a person: also the first one, but none that another member bears."""
    chosen = select(AccountRow.name, Membership.alias).join(Membership).where(Membership.group_id.in_(group_ids))
    others = {name for row in session.execute(chosen.where(AccountRow.id != account.id)) for name in row if name}
    borne = {form for name in others for form in (name, *name.split()[:1])}
    return {form for name in names for form in (name, *name.split()[:1]) if len(form) > 1} - borne


def _unname_texts(session: Session, features: Features, known: NamedPerson, group_ids: list[int]) -> None:
    """Take a person out of what members of their groups wrote, and note each change for what quotes it."""
    named = {*known.spoken, known.id}
    for column in features.personal_data.texts:
        kind = column.class_
        chosen = select(kind).where(or_(*(column.contains(word, autoescape=True) for word in named)))
        for row in session.scalars(chosen.where(_is_near(kind.__table__, known, group_ids))).all():
            was = getattr(row, column.key)
            if (now := known.out_of_words(was)) != was:
                known.texts[was] = now = markup.clip(now, column.type.length or len(now))
                setattr(row, column.key, now)
    session.flush()


def _is_near(table: Table, known: NamedPerson, group_ids: list[int]) -> ColumnElement[bool]:
    """Return whether a row is of the groups of a person, or of the place where they are."""
    if "group_id" in table.c:
        return table.c.group_id.in_(group_ids)
    if "tenant" in table.c:
        there = table.c.platform == known.platform
        return and_(there, table.c.tenant == known.scope) if known.scope else there
    [key] = [key for key in table.foreign_keys if "group_id" in key.column.table.c]
    return key.parent.in_(select(key.column).where(key.column.table.c.group_id.in_(group_ids)))


def _drop_drafts(session: Session, known: NamedPerson) -> None:
    """Delete what waits an hour for others and speaks of a person: whoever typed it can type it again."""
    said_of = re.compile(
        "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in {known.id, *known.names}), re.IGNORECASE
    )
    for draft_id, call, reply in session.execute(select(Draft.id, Draft.call, Draft.reply)).all():
        if said_of.search(f"{unquote(call)} {json.dumps(reply, ensure_ascii=False)}"):
            session.execute(delete(Draft).where(Draft.id == draft_id))


def _unname_notices(session: Session, known: NamedPerson) -> None:
    words = {known.id, *known.names, *map(markup.escape, known.names)}
    notices = select(Notice).where(or_(*(Notice.markdown.contains(word, autoescape=True) for word in words)))
    for notice in session.scalars(notices):
        notice.markdown = known.out_of(notice.markdown)
    session.flush()


FILE_NAME = "forgotten.txt"
_SALT = "salt "
_SLOW = "scrypt:"
_SALTS, _MARKS = re.compile(r"[0-9a-f]{32}"), re.compile(r"scrypt:[0-9a-f]{32}|[0-9a-f]{40}")
Mark = tuple[str, str, datetime]
"""A salt, the mark of an account with it, and when its person was forgotten."""
log = logging.getLogger(__name__)


class ListedAccount(NamedTuple):
    """An account, as far as a mark and its age tell."""

    id: int
    platform: str
    scope: str
    external_id: str
    made_at: datetime | None


class Forgotten:
    """A file of salted marks of accounts, each with the instant at which its person was forgotten.

    Args:
        file: where it is, or will be: it outlives the database that it stands beside.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    @classmethod
    def beside(cls, data_dir: Path) -> Self:
        """Return the list of a data directory."""
        return cls(data_dir.expanduser() / FILE_NAME)

    def add(self, account: AccountRow, at: datetime) -> Mark:
        """Put an account on the list in the file and return its mark; it is on disk when this returns."""
        salt = next(reversed(self._read()), "")
        first = "" if salt else f"{_SALT}{(salt := secrets.token_hex(16))}\n"
        # a line that was cut off before must not swallow this one
        mark = _mark(salt, account)
        self._append(f"\n{first}{mark} {at.isoformat()}\n")
        return salt, mark, at

    def take(self, other: str) -> None:
        """Append another list to this one; the lists may have different salts."""
        own = self._file.read_text(encoding="utf-8", errors="replace") if self._file.exists() else ""
        if not {*other.splitlines()} <= {*own.splitlines(), ""}:
            self._append(f"\n{other}\n")

    def take_rows(self, url: str) -> None:
        """Put what a database says below this list, as far as it can be read: it is about to be replaced."""
        engine = engines.single(url)
        try:
            with engine.connect() as connection:
                columns = ForgottenMark.salt, ForgottenMark.mark, ForgottenMark.at
                self._write([(salt, mark, at) for salt, mark, at in connection.execute(select(*columns))])
        except Exception as trouble:  # noqa: BLE001  (one that is new, older or damaged: the file and the backup say the rest)
            log.debug("no marks of the forgotten were read: %s", type(trouble).__name__)
        finally:
            engine.dispose()

    def replay(self, database: Database, features: Features) -> int:
        """Have file and rows say the same, and forget whoever the file alone has listed; return how many people.

        A row comes with the transaction that forgets its person, so only marks that are in no row can name somebody:
        without such marks no account is looked at, which takes 50 ms each.
        """
        rows = database.run_sync(_rows, writes=False)
        self._take_over(rows)
        known = _index_marks(rows)
        fresh = [
            (salt, mark, at)
            for salt, marks in self._read().items()
            for mark, at in marks.items()
            if mark not in known.get(salt, {}) or known[salt][mark] < at
        ]
        if not fresh:
            return 0
        accounts = database.run_sync(_accounts, writes=False)
        account_ids = _find_forgotten(
            accounts, _index_marks(fresh)
        )  # not in a transaction: PostgreSQL ends one that is idle

        def go(work: Work) -> None:
            note_forgotten(work, fresh)
            _forget_all(work, features, account_ids)

        database.run_sync(go)
        return len(account_ids)

    def forget_again(self, work: Work, features: Features) -> int:
        """Have file and rows say the same, and forget in what was restored whoever is on either list."""
        self._take_over(_rows(work))
        marks = [*_rows(work), *((salt, mark, at) for salt, of in self._read().items() for mark, at in of.items())]
        note_forgotten(work, marks)
        forgotten = _find_forgotten(_accounts(work), _index_marks(marks))
        _forget_all(work, features, forgotten)
        return len(forgotten)

    def _take_over(self, rows: list[Mark]) -> None:
        try:
            self._write(rows)
        except OSError as trouble:
            log.warning(
                "%s cannot be written (%s): the database alone has who was forgotten", FILE_NAME, trouble.strerror
            )

    def _write(self, marks: Iterable[Mark]) -> None:
        listed, lines = self._read(), list[str]()
        for salt, news in _index_marks(marks).items():
            known = listed.get(salt, {})
            fresh = [f"{mark} {at.isoformat()}" for mark, at in news.items() if mark not in known or known[mark] < at]
            lines += [f"{_SALT}{salt}", *fresh] if fresh else []
        if lines:
            self._append("\n" + "\n".join(lines) + "\n")

    def _append(self, text: str) -> None:
        fsync.make_folder(self._file.parent)
        is_new = not self._file.exists()
        self._file.touch(mode=0o600)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            fsync.sync_folder(self._file.parent)

    def _read(self) -> dict[str, dict[str, datetime]]:
        """Return each salt's marks with their newest instants; a line that was cut off says nothing."""
        if not self._file.exists():
            return {}
        salt, lists = "", dict[str, dict[str, datetime]]()
        for line in make_valid(self._file.read_text(encoding="utf-8", errors="replace")).splitlines():
            if line.startswith(_SALT):
                salt = line.removeprefix(_SALT).strip()
                lists[salt] = lists.pop(salt, {})  # the last one is that which is added to
                continue
            mark, _, at = line.partition(" ")
            try:
                marked = datetime.fromisoformat(at)
            except ValueError:
                continue
            if marked.tzinfo is None:
                continue
            marks = lists.setdefault(salt, {})
            marks[mark] = max(marked, marks.get(mark, marked))
        return lists


def note_forgotten(work: Work, marks: Iterable[Mark]) -> None:
    """Keep marks in the database, where it does not have them."""
    known = _index_marks(_rows(work))
    for salt, mark, at in marks:
        if not (_SALTS.fullmatch(salt) and _MARKS.fullmatch(mark)):
            continue
        if mark not in known.get(salt, {}) or known[salt][mark] < at:
            row = {"salt": salt, "mark": mark, "at": at}
            insert_unless(work.session, ForgottenMark, row, replaces=ForgottenMark.at < at)


def _rows(work: Work) -> list[Mark]:
    columns = ForgottenMark.salt, ForgottenMark.mark, ForgottenMark.at
    return [(salt, mark, at) for salt, mark, at in work.session.execute(select(*columns))]


def _index_marks(marks: Iterable[Mark]) -> dict[str, dict[str, datetime]]:
    """Return each salt's marks with their newest instants."""
    lists = dict[str, dict[str, datetime]]()
    for salt, mark, at in marks:
        known = lists.setdefault(salt, {})
        known[mark] = max(at, known.get(mark, at))
    return lists


def _accounts(work: Work) -> list[ListedAccount]:
    columns = AccountRow.id, AccountRow.platform, AccountRow.scope, AccountRow.external_id, AccountRow.made_at
    return [ListedAccount(*row) for row in work.session.execute(select(*columns))]


def _find_forgotten(accounts: Iterable[ListedAccount], lists: Mapping[str, Mapping[str, datetime]]) -> list[int]:
    """Return the ids of the accounts that are on a list and were known before."""

    def is_forgotten(account: ListedAccount) -> bool:
        times = (marks.get(mark) for salt, marks in lists.items() for mark in _marks(salt, account, marks))
        at = max(filter(None, times), default=None)
        return at is not None and (account.made_at is None or account.made_at <= at)

    accounts = list(accounts) if lists else []
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # scrypt releases Python's lock
        return [account.id for account, is_it in zip(accounts, pool.map(is_forgotten, accounts), strict=True) if is_it]


def _forget_all(work: Work, features: Features, account_ids: Iterable[int]) -> None:
    for account_id in account_ids:
        if work.session.get(AccountRow, account_id) is not None:
            forget(work, features, account_id)


def _marks(salt: str, account: ListedAccount, listed: Iterable[str]) -> Iterator[str]:
    """Return the marks of an account in the forms that a list has; only the slow one is written today."""
    is_slow = [mark.startswith(_SLOW) for mark in listed]
    if any(is_slow):
        yield _mark(salt, account)
    if not all(is_slow):
        yield blake2b(_told(account), key=salt.encode(), digest_size=20).hexdigest()


def _mark(salt: str, account: ListedAccount | AccountRow) -> str:
    """Return a mark that costs 16 MiB and 50 ms, so that a list cannot be searched for many known ids."""
    digest = scrypt(_told(account), salt=salt.encode(), n=2**14, r=8, p=1, maxmem=2**25, dklen=16)
    return f"{_SLOW}{digest.hex()}"


def _told(account: ListedAccount | AccountRow) -> bytes:
    return f"{account.platform}:{account.scope}:{account.external_id}".encode()
