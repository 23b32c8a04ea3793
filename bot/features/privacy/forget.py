"""Forget a person: delete or unlink the rows that features declare, and remove their names from texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from sqlalchemy import ColumnElement, Table, and_, delete, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from bot.delivery.processed_events import Draft
from bot.delivery.redact_person import NamedPerson, unname
from bot.features.checkins.rulings import make_notice_key
from bot.features.checkins.tables import Ruling
from bot.features.feature import Features, StoredData
from bot.features.groups import message_keys
from bot.features.groups.tables import Cohort, CohortModerator, Membership
from bot.features.people.tables import AccountRow, Notice
from bot.messages import markup
from bot.storage.unit_of_work import Work


@dataclass(frozen=True)
class RemovedRows:
    """Rows of a person under one title, and what becomes of them."""

    kept: StoredData
    count: int


def count(session: Session, features: Features, account_id: int) -> list[RemovedRows]:
    """Return how many rows of a person there are, for each declaration."""
    declared = features.personal_data.kept
    each = [
        select(literal(at), func.count()).where(data.whose == data.key(account_id)) for at, data in enumerate(declared)
    ]
    counts = {int(at): int(number) for at, number in session.execute(union_all(*each))}
    return [RemovedRows(data, counts[at]) for at, data in enumerate(declared)]


def listed(left: Iterable[RemovedRows], becomes: str) -> str:
    """Return the rows with this outcome, counted by title; "" if there are none."""
    counted = (
        removed for removed in left if removed.kept.forgotten == becomes and removed.kept.title and removed.count
    )
    return ", ".join(f"{removed.kept.title.lower()}: {removed.count}" for removed in counted)


def list_alone(session: Session, account_id: int) -> list[Cohort]:
    """Return the running cohorts that name nobody but this account as their moderator."""
    own = select(CohortModerator.cohort_id).where(CohortModerator.grant == f"account:{account_id}")
    others = select(CohortModerator.id).where(
        CohortModerator.cohort_id == Cohort.id, CohortModerator.grant != f"account:{account_id}"
    )
    chosen = select(Cohort).where(Cohort.id.in_(own), Cohort.ended_at.is_(None), ~others.exists())
    return list(session.scalars(chosen.order_by(Cohort.id)))


def forget(work: Work, features: Features, account_id: int) -> None:
    """Remove a person from the database; other people's points and counts do not change."""
    session = work.session
    account = session.get_one(AccountRow, account_id)
    for before in features.forgets:
        before(work, account_id)
    session.flush()
    memberships = session.scalars(select(Membership).where(Membership.account_id == account_id)).all()
    names = {account.name, *(membership.alias for membership in memberships)} - {""}
    cohort_ids = [membership.cohort_id for membership in memberships]
    spoken = frozenset(_list_spoken_names(session, account, names, cohort_ids))
    known = NamedPerson(account.platform, account.external_id, account.scope, frozenset(names), spoken)
    _unname_texts(session, features, known, cohort_ids)
    prefixes = [message_keys.make_prefix(cohort_id) for cohort_id in cohort_ids]
    unname(session, known, prefixes, _list_ruling_keys(session, cohort_ids), work.made_at)
    _unname_notices(session, known)
    _drop_drafts(session, known)
    for data in features.personal_data.kept:
        column = data.whose.expression
        if column.name != "id" and not column.foreign_keys:
            session.execute(delete(data.whose.class_).where(data.whose == data.key(account_id)))
    session.execute(delete(AccountRow).where(AccountRow.id == account_id))


def _list_ruling_keys(session: Session, cohort_ids: list[int]) -> list[str]:
    """Return the keys of messages that quote a moderator's reason; they don't name the group."""
    ruling_ids = session.scalars(select(Ruling.id).where(Ruling.cohort_id.in_(cohort_ids)))
    return [make_notice_key(ruling_id) for ruling_id in ruling_ids]


def _list_spoken_names(session: Session, account: AccountRow, names: set[str], cohort_ids: list[int]) -> set[str]:
    """Return the names by which members write of a person: also the first one, but none that another member bears."""
    chosen = select(AccountRow.name, Membership.alias).join(Membership).where(Membership.cohort_id.in_(cohort_ids))
    others = {name for row in session.execute(chosen.where(AccountRow.id != account.id)) for name in row if name}
    borne = {form for name in others for form in (name, *name.split()[:1])}
    return {form for name in names for form in (name, *name.split()[:1]) if len(form) > 1} - borne


def _unname_texts(session: Session, features: Features, known: NamedPerson, cohort_ids: list[int]) -> None:
    """Take a person out of what members of their groups wrote, and note each change for what quotes it."""
    named = {*known.spoken, known.id}
    for column in features.personal_data.texts:
        kind = column.class_
        chosen = select(kind).where(or_(*(column.contains(word, autoescape=True) for word in named)))
        for row in session.scalars(chosen.where(_is_near(kind.__table__, known, cohort_ids))).all():
            was = getattr(row, column.key)
            if (now := known.out_of_words(was)) != was:
                known.texts[was] = now = markup.clip(now, column.type.length or len(now))
                setattr(row, column.key, now)
    session.flush()


def _is_near(table: Table, known: NamedPerson, cohort_ids: list[int]) -> ColumnElement[bool]:
    """Return whether a row is of the groups of a person, or of the place where they are."""
    if "cohort_id" in table.c:
        return table.c.cohort_id.in_(cohort_ids)
    if "tenant" in table.c:
        there = table.c.platform == known.platform
        return and_(there, table.c.tenant == known.scope) if known.scope else there
    [key] = [key for key in table.foreign_keys if "cohort_id" in key.column.table.c]
    return key.parent.in_(select(key.column).where(key.column.table.c.cohort_id.in_(cohort_ids)))


def _drop_drafts(session: Session, known: NamedPerson) -> None:
    """Delete what waits an hour for others and speaks of a person: whoever typed it can type it again."""
    said_of = re.compile(
        "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in {known.id, *known.names}), re.IGNORECASE
    )
    for draft_id, call, reply in session.execute(select(Draft.id, Draft.call, Draft.reply)).all():
        if said_of.search(f"{unquote(call)} {json.dumps(reply, ensure_ascii=False)}"):
            session.execute(delete(Draft).where(Draft.id == draft_id))


def _unname_notices(session: Session, known: NamedPerson) -> None:
    """Remove a person's names from pending notices."""
    words = {known.id, *known.names, *map(markup.escape, known.names)}
    notices = select(Notice).where(or_(*(Notice.markdown.contains(word, autoescape=True) for word in words)))
    for notice in session.scalars(notices):
        notice.markdown = known.out_of(notice.markdown)
    session.flush()
