"""Notes that a group keeps for itself, which no other group sees, and the answers that cite them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from bot.curriculum import plain_note_reader
from bot.curriculum.authoring.course_edit import EditConflict, FieldEdit
from bot.curriculum.faults import refused
from bot.curriculum.note import Note
from bot.curriculum.plain_note_reader import PlainNote
from bot.delivery import answer_locations
from bot.features.courses.tables import ContentVersion
from bot.features.courses.versions import Versions
from bot.features.groups.service import Names, lock_group
from bot.features.groups.tables import Membership
from bot.features.notes.tables import TITLE_MAX, GroupNote, NoteRow
from bot.features.people.tables import AccountRow
from bot.features.units.unit_notes import UnitNote, UnitNotes
from bot.messages import markup
from bot.messages.errors import BadInput, NotFound
from bot.messages.numerals import counted
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work

MOST_NOTES, MOST_BYTES = 200, 1_000_000
"""What a group may keep: a server of a thousand groups holds what they say in memory while they ask."""
MOST_STATEMENTS = 10_000
"""Sentences of a group's notes, items, rows, listings and headings among them: each takes a vector, however short."""
STATEMENT_END = re.compile(
    r"[.!?][\"'”’)\]*_`]*\s+|\n[ \t]*\n\s*|\n[ \t]*(?:[-*+]|\d+[.)])[ \t]|\n[ \t]*(?:[|>]|```|~~~)"
)
MOST_ANSWERED = 5
"""Wordings of a question that a note is kept with: those of one gap ask for the same."""
"""Faults that a refusal names."""
TITLE_WORDS = 8
"""First words of a text that are its title where it has none."""
AUTHOR_MAX = 40


@dataclass(frozen=True)
class Amended:
    """How many answers cited a note's removed text.

    Args:
        count: of those that say so now.
        left: those that can't be changed.
    """

    count: int
    left: int


@dataclass(frozen=True)
class Credited:
    """A note with those who brought it about.

    Args:
        author: the name of who wrote it as the group sees it; "" where nobody is named.
        adder: likewise of who added it, where that is somebody else.
    """

    row: GroupNote
    author: str
    adder: str = ""

    @property
    def byline(self) -> str:
        """Return what a citation calls the note: "Ann's note: Deploying", plain text."""
        whose = f"{markup.clip(self.author, AUTHOR_MAX)}'s note" if self.author else "The group's note"
        return f"{whose}: {self.row.title}"

    @property
    def state(self) -> tuple[int, int, str, str | None]:
        """Return what an index made of the note rests on."""
        return self.row.id, self.row.version, self.byline, self.row.indexed_by

    def read(self) -> Note:
        """Return what it says, under its byline and its number."""
        asked = self.row.answers.splitlines()
        parsed = plain_note_reader.read_plain_note(
            self.row.text, note_id=str(self.row.id), title=self.byline, asked=asked
        )
        assert parsed.note is not None, "a note is stored only if it can be read"
        return parsed.note


class GroupNotes(UnitNotes):
    """Reads and changes the notes of groups, in one unit of work."""

    def __init__(self, work: Work) -> None:
        self._session = work.session

    def add(
        self,
        group_id: int,
        title: str,
        text: str,
        author_id: int | None,
        now: datetime,
        *,
        added_by: int | None = None,
        name: str = "",
        answers: Sequence[str] = (),
        unit_id: str = "",
    ) -> GroupNote:
        """Keep a text as a note of a group.

        Args:
            title: "" takes the one that the text says, or the file's name.
            author_id: the account of who wrote it, who is credited.
            added_by: the account of who adds it, if another.
            name: of the file that it came as, if it did.
            answers: questions that it is written for; the first few that differ are kept.
            unit_id: the unit that it belongs to; "" for none.

        Raises:
            BadInput: it cannot be read, has the title of another, or the group has too many; the sentence says which.
        """
        lock_group(self._session, group_id)
        read = checked(title, text, name)
        others = self._list_texts(group_id)
        if len(others) >= MOST_NOTES:
            raise BadInput(f"The group has {MOST_NOTES} notes, which is the limit. Remove one first.")
        _check_room(others, text, name)
        self._check_title(group_id, read.title)
        row = GroupNote(
            group_id=group_id,
            title=read.title,
            key=_make_key(read.title),
            text=text,
            size=len(text.encode()),
            author_id=author_id,
            added_by=added_by or author_id,
            added_at=now,
            changed_at=now,
            version=1,
            answers="\n".join(_list_differing(answers)[:MOST_ANSWERED]),
            unit_id=unit_id,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def edit(self, row: GroupNote, edit: FieldEdit, by: int, now: datetime) -> None:
        """Change the title or the text of a note.

        Raises:
            EditConflict: somebody else has changed it.
            BadInput: as `add` does.
        """
        lock_group(self._session, row.group_id)
        self._session.refresh(row)
        current, text = row.title if edit.field == "title" else row.text, edit.text.strip()
        if current.strip() not in (edit.before.strip(), text):
            raise EditConflict(current)
        title = text if edit.field == "title" else row.title
        if not title:
            raise BadInput("**Title**: write a title.", field="title")
        self.replace(row, title, row.text if edit.field == "title" else text, now, by=by, place="text")

    def list_versions(self, note_id: int) -> Sequence[ContentVersion]:
        """Return the versions of a note's text, the newest first."""
        return Versions(self._session, note_id=note_id).list()

    def restore(self, row: GroupNote, version: int, seen: int, by: int, now: datetime) -> None:
        """Bring a note's text back to a version, as a new version.

        Args:
            seen: the newest version that the person saw.
        """
        lock_group(self._session, row.group_id)
        state, newest = Versions(self._session, note_id=row.id).find(version)
        if newest.id != seen:
            raise BadInput("Somebody else has just changed this note. Open it again to see what it says now.")
        self.replace(row, "", state.content, now, by=by)

    def replace(
        self,
        row: GroupNote,
        title: str,
        text: str,
        now: datetime,
        *,
        by: int,
        name: str = "",
        place: str = "",
    ) -> None:
        """Put another text, and another title where one is given, in a note's place; raises BadInput as `add` does.

        Args:
            by: the account that changes it.
            place: see `ContentVersion`.
        """
        lock_group(self._session, row.group_id)
        read = checked(title or row.title, text, name)
        _check_room(self._list_texts(row.group_id, but=row.id), text, name)
        if _make_key(read.title) != row.key:
            self._check_title(row.group_id, read.title)
        versions = Versions(self._session, note_id=row.id)
        versions.begin(row.added_by, row.text, row.changed_at)
        versions.add(by, text, now, place)
        row.title, row.key, row.text, row.size = read.title, _make_key(read.title), text, len(text.encode())
        row.changed_at, row.version, row.indexed_by = now, row.version + 1, None
        self._session.execute(delete(NoteRow).where(NoteRow.note_id == row.id))

    def remove(self, row: GroupNote) -> None:
        """Delete a note with its rows and vectors."""
        self._session.execute(delete(NoteRow).where(NoteRow.note_id == row.id))
        self._session.delete(row)
        self._session.flush()

    def has_any(self, group_id: int) -> bool:
        """Whether a group has notes of its own."""
        return self._session.scalar(select(GroupNote.id).where(GroupNote.group_id == group_id).limit(1)) is not None

    def list(self, group_id: int) -> list[Credited]:
        """Return the notes of a group with their credits, by title."""
        rows = self._session.scalars(
            select(GroupNote).where(GroupNote.group_id == group_id).order_by(GroupNote.key, GroupNote.id)
        ).all()
        names = self._list_names(group_id, rows)
        return [
            Credited(
                row,
                names.get(row.author_id or 0, ""),
                names.get(row.added_by or 0, "") if row.added_by != row.author_id else "",
            )
            for row in rows
        ]

    def list_of_unit(self, group_id: int, unit_id: str) -> Sequence[UnitNote]:
        """Return the notes of a unit, by title."""
        of_unit = (GroupNote.group_id == group_id, GroupNote.unit_id == unit_id)
        rows = self._session.scalars(select(GroupNote).where(*of_unit).order_by(GroupNote.key, GroupNote.id)).all()
        names = self._list_names(group_id, rows)
        return [UnitNote(row.id, Credited(row, names.get(row.author_id or 0, "")).byline) for row in rows]

    def find(self, group_id: int, named: str) -> Credited:
        """Return the note of a group that is meant by its number, title, or a part of it; NotFound says what is there.

        The number of another group's note is none here, nor is a number a title: its note may be gone.
        """
        known, key = self.list(group_id), _make_key(named)
        hits = [note for note in known if str(note.row.id) == named.strip()]
        if not key.isdigit():
            hits = hits or [note for note in known if note.row.key == key]
            hits = hits or [note for note in known if key and key in note.row.key]
        if len(hits) == 1:
            return hits[0]
        escaped = markup.escape(named, 60)
        if not hits and key.isdigit():  # a button's, whose note had a name
            raise NotFound(f"That note is gone. {markup.typed('notes list')} lists the others.", field="note")
        if not hits:
            raise NotFound(
                f"The group has no note called “{escaped}”. To see its notes, type {markup.typed('notes list')}.",
                field="note",
            )
        names = " and ".join(f"“{markup.escape(hit.row.title, 60)}”" for hit in hits[:3])
        raise NotFound(f"“{escaped}” fits {counted(len(hits), 'note')}, such as {names}.", field="note")

    def _list_names(self, group_id: int, rows: Sequence[GroupNote]) -> dict[int, str]:
        """Return the names of those who wrote or added notes, as the group sees them."""
        ids = {account_id for row in rows for account_id in (row.author_id, row.added_by) if account_id is not None}
        if not ids:
            return {}
        names = {a.id: a.name for a in self._session.scalars(select(AccountRow).where(AccountRow.id.in_(ids)))}
        members = self._session.execute(
            select(Membership, AccountRow)
            .join(AccountRow, AccountRow.id == Membership.account_id)
            .where(Membership.group_id == group_id, Membership.left_at.is_(None))
        )
        display_names = Names([(m, a) for m, a in members], ()).shown()
        return {account_id: display_names.get(account_id, name) for account_id, name in names.items()}

    def _check_title(self, group_id: int, title: str) -> None:
        if _make_key(title).isdigit():
            raise BadInput("A title can't be only a number, because I number the notes.", field="title")
        taken = select(GroupNote.id).where(GroupNote.group_id == group_id, GroupNote.key == _make_key(title))
        if self._session.scalar(taken) is not None:
            raise BadInput(
                f"The group already has a note “{markup.escape(title, TITLE_MAX)}”. Choose another title, or "
                f"replace that note with {markup.typed('manage notes replace')}.",
                field="title",
            )

    def _list_texts(self, group_id: int, *, but: int = 0) -> Sequence[str]:
        """Return what the notes of a group say, but for one."""
        chosen = select(GroupNote.text).where(GroupNote.group_id == group_id, GroupNote.id != but)
        return self._session.scalars(chosen).all()


def _check_room(others: Sequence[str], text: str, name: str) -> None:
    """Raise BadInput where a text is too much beside the others of its group."""
    taken = sum(len(other.encode()) for other in others)
    if taken + len(text.encode()) > MOST_BYTES:
        left = max(0, MOST_BYTES - taken) // 1000
        raise BadInput(
            f"A group's notes may have {MOST_BYTES // 1000} kB in total. {left} kB are left.",
            field=_name_field(name),
        )
    count = sum(map(_count_statements, (*others, text)))
    if count > MOST_STATEMENTS:
        raise BadInput(
            f"The notes of a group may have {MOST_STATEMENTS} sentences together, and with this one they have about "
            f"{count}. Shorten it, or remove a note first with {markup.typed('manage notes remove')}.",
            field=_name_field(name),
        )


def checked(title: str, text: str, name: str = "") -> PlainNote:
    """Return what a text says; BadInput names its faults by their lines."""
    called = _clean_title(title)
    read = plain_note_reader.read_plain_note(text, name or "note", title=called)
    if not (called or name) and read.title == "note":  # the text says none
        read = plain_note_reader.read_plain_note(text, "note", title=_find_opening(text))
    if read.faults:
        raise BadInput(refused("I can't use this note yet:", read.faults), field=_name_field(name))
    return PlainNote(_clean_title(read.title) or "Note", read.note, ())


def _name_field(name: str) -> str:
    """Return which field of a form a text came by: with a name, as a file."""
    return "file" if name else "text"


def _list_differing(questions: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(" ".join(markup.clean(question).split()) for question in questions))


def _count_statements(text: str) -> int:
    """Count about how many sentences, items, rows, listings and headings a text has."""
    return 1 + sum(1 for _ in STATEMENT_END.finditer(text))


def _clean_title(text: str) -> str:
    return markup.clip(" ".join(markup.clean(text).split()), TITLE_MAX)


def _find_opening(text: str) -> str:
    """Return the first words of a text, as the title of one that has none."""
    words = next(
        (line_words for line in text.split("\n") if (line_words := re.findall(r"\S*\w\S*", markup.clean(line)))), []
    )
    title = " ".join(words[:TITLE_WORDS]).strip("#*_>`-.,;: ")
    return _clean_title(title) if re.search(r"[^\W\d]", title) else ""


def _make_key(title: str) -> str:
    """Return a title as it is compared."""
    return " ".join(re.findall(r"\w+", title.casefold()))[: 2 * TITLE_MAX] or title.casefold()[: 2 * TITLE_MAX]


def amend_citing_answers(work: Work, note_id: int, reply: Reply, now: datetime, text: str = "") -> Amended:
    """Replace answers that cite a note's removed text by a reply that says so.

    Args:
        text: the note's new text; "" if the note is removed.
    """
    stale = answer_locations.list_stale(work, note_id, text)
    count = sum(answer_locations.amend(work, row, reply, now) for row in stale)
    return Amended(count, len(stale) - count)
