"""Who was forgotten, unreadable, in a file and in the database: an older copy of the database forgets them again.

The file outlives the database that it stands beside. The rows are what other processes and backups know: where a folder
goes with its process no file lasts. At a start, and at a restore, each is brought to what the other has.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from hashlib import blake2b, scrypt
from pathlib import Path
from typing import NamedTuple, Self

from sqlalchemy import select

from bot.base import fsync
from bot.features.feature import Features
from bot.features.people.tables import AccountRow
from bot.features.privacy.forget import forget
from bot.features.privacy.tables import ForgottenMark
from bot.messages.characters import make_valid
from bot.storage import engine as engines
from bot.storage.insert import insert_unless
from bot.storage.unit_of_work import Database, Work

NAME = "forgotten.txt"
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
        return cls(data_dir.expanduser() / NAME)

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
            note(work, fresh)
            _forget_all(work, features, account_ids)

        database.run_sync(go)
        return len(account_ids)

    def forget_again(self, work: Work, features: Features) -> int:
        """Have file and rows say the same, and forget in what was restored whoever is on either list."""
        self._take_over(_rows(work))
        marks = [*_rows(work), *((salt, mark, at) for salt, of in self._read().items() for mark, at in of.items())]
        note(work, marks)
        forgotten = _find_forgotten(_accounts(work), _index_marks(marks))
        _forget_all(work, features, forgotten)
        return len(forgotten)

    def _take_over(self, rows: list[Mark]) -> None:
        try:
            self._write(rows)
        except OSError as trouble:
            log.warning("%s cannot be written (%s): the database alone has who was forgotten", NAME, trouble.strerror)

    def _write(self, marks: Iterable[Mark]) -> None:
        """Add missing marks to the list."""
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


def note(work: Work, marks: Iterable[Mark]) -> None:
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
