"""Show, export and forget a person's data, state how data is handled, and read private answers.

The statement is made of what the features declare.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any

from sqlalchemy import Column, ForeignKey, LargeBinary, Table, or_, select
from sqlalchemy.orm import Session

from bot.commands.command import Command, IntentPattern, Param, command
from bot.commands.context import Context
from bot.delivery.outbox import OutboxRow, find_row
from bot.delivery.outbox_lease import read_message
from bot.delivery.processed_events import SqlDrafts
from bot.delivery.relay import REST
from bot.features.checkins import sharing
from bot.features.checkins.tables import Checkin
from bot.features.feature import Features, StoredData
from bot.features.groups import message_keys
from bot.features.groups.params import CONFIRM
from bot.features.groups.tables import Membership
from bot.features.people.tables import AccountRow
from bot.features.privacy import forget as forgetting
from bot.features.privacy import wording
from bot.features.privacy.forget import Forgotten, note_forgotten
from bot.features.token_budget.service import Meter
from bot.messages import markup
from bot.messages.errors import MaybeSaved, NotFound, TryLater
from bot.messages.reply import FILE_MAX, ZIP_MAX, File, Quote, Reply, zipped
from bot.messages.spreadsheet import cell
from bot.storage.unit_of_work import Database, Work

STATEMENT_TITLE = "Privacy"
STATEMENT_PATH = "/privacy"


ABOUT_ME = (
    r"^what do(?:es)? (?:you|it|trailmate|the bot) (?:keep|know|store|save|remember|collect|record) (?:about|of|on) me",
    r"^what (?:data|info(?:rmation)?)(?: of mine| about me)?"
    r" do you (?:keep|have|store|collect|know)(?: (?:about|on|of) me)?",
    r"^(?:is|are) my data (?:safe|private|stored)",
    r"^(?:do|does|will|are|is) (?:you|it|trailmate|the bot|this bot)(?: also| ever)?"
    r" (?:stor|keep|sav|logg?|record|remember|read|collect|track)(?:e|ing)? (?:all )?(?:of )?(?:my|our)"
    r" (?:messages?|questions?|chats?|conversations?|data|answers?|dms?|direct messages)",
    r"^who (?:can )?sees? (?:my )?(?:data|record|check[ -]?ins?|notes|answers|questions|what i (?:ask|write|do|say))",
    r"see my (?:own )?(?:data|account)",
)
"""How people ask what is known of them."""
TAKE_ALONG = (r"(?:export|get|download|take) (?:all )?(?:of )?my (?:own )?(?:data|account|record)",)
_MINE = (
    r"(?:everything|(?:all )?(?:of )?(?:(?:the|my|any|personal|own) )*(?:data|information|records?|account|history))"
)
FORGETS = IntentPattern(
    r"^\W*(?:(?:please|pls|can you|could you|i want (?:you )?to|just)\W+)*"
    rf"(?:(?:delete|erase|remove|wipe|forget|clear|purge) (?:{_MINE}(?: that)?(?: (?:you|it|the bot)(?:'ve| have| has)?"
    r"(?: got| stored?| saved?| know| keep| kept)?)?(?: (?:about|on|of|from) (?:me|mine))?|me)\b"
    r"(?: (?:completely|entirely|again|now|please|from (?:here|your (?:system|records|database))))*|be forgotten)\W*$",
    "Delete my data",
    "I can delete your data. You'll see a preview first.",
)
FORGET_ME = (
    r"(?:delete|erase|remove|wipe) (?:all )?(?:of )?my (?:own )?(?:data|account|record)|be forgotten|forget me",
)


@command("privacy show", title="See my data", writes=False, after_end=True, asked=ABOUT_ME, formerly=("kept",))
def show_privacy(ctx: Context, *, work: Work, features: Features, meter: Meter) -> Reply:
    """See the data we store about you and who sees it."""
    stored = forgetting.list_stored(work.session, features, ctx.actor.account_id)
    return wording.overview(stored, LINKS, has_model=meter.has_model)


@command("privacy stored", hidden=True, writes=False, after_end=True, group="none")
def show_stored(ctx: Context, *, work: Work, features: Features) -> Reply:
    """Show what is stored about you and why."""
    return wording.stored_data(forgetting.list_stored(work.session, features, ctx.actor.account_id), LINKS)


@command("privacy readers", hidden=True, writes=False, after_end=True, group="none")
def show_readers(ctx: Context, *, features: Features, meter: Meter) -> Reply:
    """Show who can see your data."""
    return wording.readers(features.personal_data, LINKS, has_model=meter.has_model)


@command("privacy export", writes=False, after_end=True, group="none", asked=TAKE_ALONG)
def export(ctx: Context, *, work: Work, features: Features) -> Reply:
    """Export your data as files."""
    sheets = _gather_rows(work.session, features, ctx.actor.account_id)
    if not sheets:
        return wording.nothing_to_export()
    return wording.exported(sum(len(sheet.rows) for sheet in sheets), _pack_archive(sheets, ctx.now))


@command("privacy forget", slow=True, after_end=True, group="none", hints=(FORGETS,), asked=FORGET_ME)
async def forget(
    ctx: Context,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    database: Database,
    features: Features,
    forgotten: Forgotten,
) -> Reply:
    """Delete your data, after a preview of what goes."""
    whose = ctx.actor.account_id
    if not confirm:
        return await database.run(lambda work: _preview(work, features, whose), writes=False)

    def read(work: Work) -> AccountRow | None:
        return work.session.get(AccountRow, whose)

    account = await database.run(read, writes=False)
    if account is not None:
        # on the list first: what fails between is made good at the next start
        mark = await asyncio.to_thread(forgotten.add, account, database.real_now())

        def go(work: Work) -> None:
            note_forgotten(work, [mark])
            forgetting.forget(work, features, whose)

        try:
            await database.run(go)
        except TryLater as trouble:  # whatever it says: the list is changed already
            sentence, buttons = wording.not_sure_deleted(LINKS)
            raise MaybeSaved(sentence, buttons=buttons) from trouble
    return wording.deleted()


LINKS = wording.Links(show_stored, show_readers, export, forget)


def _preview(work: Work, features: Features, whose: int) -> Reply:
    stored = forgetting.list_stored(work.session, features, whose)
    return wording.confirm_deletion(stored, forgetting.list_alone(work.session, whose), LINKS)


@command("show", hidden=True, writes=False, after_end=True)
def show(ctx: Context, id: Annotated[str, Param("Answer", max=20)], *, work: Work) -> Reply:
    """Show a private answer that is waiting for you."""
    answer = SqlDrafts().find(work, id, ctx.actor.account_id, ctx.now)
    if answer is None or answer[1] is None:
        raise NotFound(wording.ANSWER_GONE)
    return answer[1]


@command(REST, hidden=True, writes=False, after_end=True)
def show_post(ctx: Context, of: Annotated[int, Param("Message")], *, work: Work) -> Reply:
    """Show the rest of a long message."""
    row, here = work.session.get(OutboxRow, of), ctx.place
    if row is None or (row.platform, row.room) != (here.platform, here.room) or here.tenant not in (None, row.tenant):
        raise NotFound(wording.REST_GONE)
    return read_message(work, row)


COMMANDS: tuple[Command, ...] = (show_privacy, show_stored, show_readers, export, forget, show, show_post)


Row = Mapping[str, Any]
_COLUMNS = ("what", "row", "field", "value")


@dataclass(frozen=True)
class KeptRows:
    """Rows of a person in one table, and why they are kept."""

    what: str
    why: str
    rows: tuple[Row, ...]


def _gather_rows(session: Session, features: Features, account_id: int) -> list[KeptRows]:
    """Return all that the features declare of a person, with the rows that hang on it and name nobody."""
    named = [data.whose.class_.__tablename__ for data in features.personal_data.kept]
    sheets = []
    for data in features.personal_data.kept:
        table = _get_table(data.whose.class_)
        what = table.name if named.count(table.name) == 1 else f"{table.name} ({data.whose.key})"
        rows = session.execute(select(*_list_columns(table, data)).where(data.whose == data.key(account_id))).all()
        sheets.append(KeptRows(what, data.why, tuple(map(_convert_row, rows))))
        if data.forgotten == "deleted" and rows:
            sheets += _list_parts(session, features, data, account_id)
    sheets.append(KeptRows("shared in threads", "Your group reads it there.", tuple(_list_shared(session, account_id))))
    return [sheet for sheet in sheets if sheet.rows]


def _list_shared(session: Session, account_id: int) -> Iterator[Row]:
    """Return the notes and questions that a person put into threads, as they stand there: only posts hold them."""
    checkins = select(Checkin.group_id, Checkin.id).where(Checkin.account_id == account_id)
    notes = [sharing.make_key(*row) for row in session.execute(checkins)]
    group_ids = session.scalars(select(Membership.group_id).where(Membership.account_id == account_id)).all()
    asked = [message_keys.make_key(group_id, "question", account_id, "") for group_id in group_ids]
    theirs = or_(OutboxRow.key.in_(notes), *(OutboxRow.key.startswith(key, autoescape=True) for key in asked))
    for post in session.scalars(select(OutboxRow).where(OutboxRow.action == "post", theirs).order_by(OutboxRow.id)):
        newest = find_row(session, f"{post.key}:edit") or post
        quotes = [block.markdown for block in Reply.from_json(newest.reply).blocks if isinstance(block, Quote)]
        if quotes and find_row(session, f"{post.key}:delete") is None:
            at = post.sent_at or post.created_at
            yield {"at": at.isoformat(), "room": post.room, "text": markup.flat(markup.inline("\n".join(quotes)))}


def _pack_archive(sheets: Iterable[KeptRows], made_at: datetime) -> tuple[File, ...]:
    """Return the files in one archive, or each by itself where they are more than a message takes in one."""
    parts = _make_files(sheets, made_at)
    whole = zipped((part.name, part.text) for part in parts)
    return (File.packed("my-data.zip", "application/zip", whole),) if len(whole) <= ZIP_MAX else parts


def _make_files(sheets: Iterable[KeptRows], made_at: datetime) -> tuple[File, ...]:
    """Return the files, each as long as a message takes at most."""
    known = list(sheets)
    lines = [_write_csv([_COLUMNS]), *(_write_csv([cell]) for cell in _list_cells(known))]
    tables = list(_pack_lines(lines, FILE_MAX - 100))
    documents = list(_split_documents(known, made_at))
    return (
        *(File(_name_file("json", at, documents), "application/json", text) for at, text in enumerate(documents, 1)),
        *(File(_name_file("csv", at, tables), "text/csv", text) for at, text in enumerate(tables, 1)),
    )


def _name_file(ending: str, at: int, of: list[str]) -> str:
    return f"my-data.{ending}" if len(of) == 1 else f"my-data-{at}.{ending}"


def _split_documents(sheets: list[KeptRows], made_at: datetime) -> Iterator[str]:
    """Return JSON documents, each whole by itself; a person with more than fits one has several."""
    entries = [(sheet, row) for sheet in sheets for row in sheet.rows]
    sized = [(sheet, row, len(json.dumps(row, ensure_ascii=False, indent=2)) * 2) for sheet, row in entries]
    part: dict[str, dict[str, Any]] = {}
    size = 0
    for sheet, row, length in sized:
        if size + length > FILE_MAX * 3 // 4 and part:
            yield _dump_document(part, made_at)
            part, size = {}, 0
        part.setdefault(sheet.what, {"why": sheet.why, "rows": []})["rows"].append(row)
        size += length
    yield _dump_document(part, made_at)


def _dump_document(part: Mapping[str, Any], made_at: datetime) -> str:
    return json.dumps({"made_at": made_at.isoformat(), "data": part}, ensure_ascii=False, indent=2)


def _list_cells(sheets: Iterable[KeptRows]) -> Iterator[tuple[str, str, str, str]]:
    for sheet in sheets:
        for number, row in enumerate(sheet.rows, 1):
            for name, value in row.items():
                text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                yield sheet.what, str(number), name, cell(text)


def _write_csv(rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _pack_lines(lines: list[str], most: int) -> Iterator[str]:
    part, size = list[str](), 0
    for line in lines:
        if size + len(line) > most and part:
            yield "".join(part)
            part, size = [lines[0]], len(lines[0])
        part.append(line)
        size += len(line)
    yield "".join(part)


def _list_parts(session: Session, features: Features, data: StoredData, account_id: int) -> list[KeptRows]:
    """Return the rows of tables that belong to a person's rows alone, as the questions of a quiz do."""
    owner = _get_table(data.whose.class_)
    # what somebody else wrote to a row of theirs is that one's own
    own = {stored.whose.class_.__tablename__ for stored in features.personal_data.kept if stored.forgotten == "deleted"}
    sheets = []
    for model in features.tables:
        table = _get_table(model)
        ties = [key for column in table.columns for key in column.foreign_keys if _is_part_of(key, owner)]
        if ties and owner.name != "account" and table.name not in own:
            owner_ids = select(owner.c.id).where(data.whose == data.key(account_id))
            rows = session.execute(select(*_list_columns(table, None)).where(ties[0].parent.in_(owner_ids))).all()
            sheets.append(KeptRows(f"{table.name} of {owner.name}", data.why, tuple(map(_convert_row, rows))))
    return sheets


def _is_part_of(key: ForeignKey, owner: Table) -> bool:
    return key.column.table.name == owner.name and key.ondelete == "CASCADE"


def _list_columns(table: Table, data: StoredData | None) -> list[Column[Any]]:
    """Return the columns of a row that an export holds: none that only the program reads, and no other person."""
    whose = data.whose.key if data is not None else ""
    return [
        column
        for column in table.columns
        if not isinstance(column.type, LargeBinary) and (column.name == whose or not _names_people(column))
    ]


def _names_people(column: Column[Any]) -> bool:
    return any(key.column.table.name == "account" for key in column.foreign_keys)


def _convert_row(row: Any) -> Row:
    return {name: _convert_value(value) for name, value in row._mapping.items()}


def _convert_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def _get_table(kind: Any) -> Table:
    table = kind.__table__
    assert isinstance(table, Table)
    return table
