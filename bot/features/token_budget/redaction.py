"""What a group has spent on somebody who was forgotten: it counts on, without them, so that no day begins anew."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import blake2b

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from bot.features.people.tables import AccountRow
from bot.features.token_budget.tables import UsageDay, UsageLeft
from bot.storage.unit_of_work import Work

MARKED = timedelta(days=2)
"""How long it can be told who it was, by whoever comes back: the day is that of the group's zone."""
KEPT = timedelta(days=31)


def leave(work: Work, account_id: int) -> None:
    """Keep what somebody's answers took when their rows go."""
    account = work.session.get_one(AccountRow, account_id)
    rows = work.session.scalars(select(UsageDay).where(UsageDay.account_id == account_id)).all()
    since = max((row.day for row in rows), default=date.min)
    for row in rows:
        is_new = row.day >= since - timedelta(days=1)  # a day of another zone may be another
        work.session.add(
            UsageLeft(
                cohort_id=row.cohort_id,
                day=row.day,
                answers=row.answers,
                tokens=row.prompt_tokens + row.completion_tokens,
                mark=_make_mark(account) if is_new else "",
            )
        )


def sweep(work: Work, now: datetime) -> int:
    """Take the marks off what is over, and delete what is old; return how many were deleted."""
    over = update(UsageLeft).where(UsageLeft.mark != "", UsageLeft.day < now.date() - MARKED)
    work.session.execute(over.values(mark=""))
    old = delete(UsageLeft).where(UsageLeft.day < now.date() - KEPT).returning(UsageLeft.id)
    return len(work.session.scalars(old).all())


def of_group(session: Session, cohort_id: int | None, day: date) -> int:
    """Return the tokens of a day that were those of people who are forgotten."""
    return session.scalar(select(func.sum(UsageLeft.tokens)).where(_match_group(cohort_id), UsageLeft.day == day)) or 0


def of_person(session: Session, cohort_id: int | None, day: date, account_id: int) -> int:
    """Return the tokens that somebody had spent in a day before they were forgotten and came back."""
    chosen = select(UsageLeft).where(_match_group(cohort_id), UsageLeft.day == day, UsageLeft.mark != "")
    rows = session.scalars(chosen).all()
    account = session.get(AccountRow, account_id) if rows else None
    return sum(row.tokens for row in rows if account is not None and _is_of(row.mark, account))


def by_day(session: Session, cohort_id: int, since: date) -> Mapping[date, tuple[int, int]]:
    """Return the answers and tokens of forgotten people in a group, by day."""
    chosen = select(UsageLeft.day, func.sum(UsageLeft.answers), func.sum(UsageLeft.tokens)).group_by(UsageLeft.day)
    rows = session.execute(chosen.where(_match_group(cohort_id), UsageLeft.day >= since))
    return {day: (int(answers), int(tokens)) for day, answers, tokens in rows}


def _match_group(cohort_id: int | None) -> ColumnElement[bool]:
    column = UsageLeft.cohort_id
    return column.is_(None) if cohort_id is None else column == cohort_id


def _make_mark(account: AccountRow, salt: str = "") -> str:
    salt = salt or secrets.token_hex(8)
    identity = f"{account.platform}:{account.scope}:{account.external_id}"
    return salt + blake2b(identity.encode(), key=salt.encode(), digest_size=20).hexdigest()


def _is_of(mark: str, account: AccountRow) -> bool:
    return hmac.compare_digest(mark, _make_mark(account, mark[:16]))
