"""What queued and posted messages say of one person, taken out of them: no foreign key leads there."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from bot.commands.context import Place
from bot.delivery.answer_locations import AnswerRow
from bot.delivery.local_feed import FeedMessage
from bot.delivery.outbox import WAITING, OutboxRow, find_row, revise
from bot.messages import markup
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work

SOMEBODY = "a former member"
"""What stands where a name stood."""
_IN_CALL = "somebody"
"""What stands for an id in a button's Call, where a space would be encoded."""
_QUOTED = re.compile(r"“[^”]*”")
_BEFORE = r"(?:^|(?<=\*\*)|(?<=_)|(?<=, )|(?<= (?:by|to) )|(?<= and )|(?<=From )|(?<=: )|(?<=^- )|(?<=\d,\"))"
_AFTER = r"(?=$|\*\*|_|, |: |; |\. |\._|\.$| and | \(you\)| thanks you| has walked |\",\d)"
"""Between what a name stands where the bot has written it: alone, in bold, in a list, in a row of a picture's data; a
word of a sentence is none."""
_LEAST = 6
"""Characters that are left of a name that a picture has cut, at least."""


@dataclass(frozen=True)
class NamedPerson:
    """How messages name a person.

    Args:
        platform, id: as the platform has them.
        scope: the tenant in which the id is unique, "" for the whole platform.
        names: their name, and those by which their groups know them; plain.
        spoken: the names by which others write of them in words of their own, and that no other member bears.
        texts: what others wrote that names them, each with what stands there now; filled as it is found.
    """

    platform: str
    id: str
    scope: str
    names: frozenset[str]
    spoken: frozenset[str] = frozenset()
    texts: dict[str, str] = field(default_factory=dict)

    def out_of(self, text: str) -> str:
        """Return a text without the person: tokens and addresses of theirs, and their names where we put them."""
        said = re.escape(self.id)
        text = re.sub(f"{markup.OPEN}[np]\\|{said}\\|[^{markup.CLOSE}]*{markup.CLOSE}", SOMEBODY, text)
        text = self._out_of_mentions(text)
        text = re.sub(rf"(?<=[=@]){said}(?![\w-])", _IN_CALL, text)
        for name in self._spelled:
            text = re.sub(f"{_BEFORE}{name}{_AFTER}", SOMEBODY, text, flags=re.MULTILINE)
        for was, now in self.texts.items():
            text = text.replace(markup.escape(was), markup.escape(now))
        return _QUOTED.sub(lambda quoted: self.out_of_words(quoted[0]), text)

    def out_of_words(self, text: str) -> str:
        """Return what somebody wrote in words of their own without the person, whom any whole word may name."""
        text = self._out_of_mentions(text)
        return self._words.sub(SOMEBODY, text) if self.spoken else text

    def _out_of_mentions(self, text: str) -> str:
        said = re.escape(self.id)
        return re.sub(rf"<@!?{said}>|(?<![\w=])@{said}(?![\w-])", SOMEBODY, text)

    @cached_property
    def _words(self) -> re.Pattern[str]:
        forms = sorted({form for name in self.spoken for form in (name, markup.escape(name))}, key=len, reverse=True)
        return re.compile(rf"(?<!\w)@?(?:{'|'.join(map(re.escape, forms))})(?!\w)")

    @cached_property
    def _spelled(self) -> list[str]:
        """Patterns of all forms in which the bot writes the names, the longest first."""
        drawn = {name: _drawn(name) for name in self.names}
        whole = {form for name in self.names for form in (name, markup.escape(name), *_short(name), drawn[name])}
        told = {form for one in whole for form in (one, _in_json(one))}
        found = [re.escape(form) for form in sorted(filter(None, told), key=len, reverse=True)]
        return [*found, *(_cut(form) for one in drawn.values() for form in {one, _in_json(one)} if len(form) > _LEAST)]

    def out_of_all(self, data: Any, *, is_own_words: bool = False) -> Any:
        """Return a stored form without the person.

        Args:
            is_own_words: whether a member wrote all of it, not only what it quotes.
        """
        match data:
            case str():
                told = self.out_of(data)
                return self.out_of_words(told) if is_own_words else told
            case list():
                return [self.out_of_all(one, is_own_words=is_own_words) for one in data]
            case dict():
                return {
                    key: self.out_of_all(one, is_own_words=is_own_words or key == "quote") for key, one in data.items()
                }
            case _:
                return data


def _short(name: str) -> tuple[str, ...]:
    """Return a name as a table and a list of names cut it."""
    return markup.clip(name, 24), markup.escape(name, 40)


def _drawn(name: str) -> str:
    """Return a name as the data of a picture have it."""
    return " ".join(unicodedata.normalize("NFC", markup.clean(name)).split())


def _in_json(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)[1:-1]


def _cut(name: str) -> str:
    """Return a pattern of what is left of a name that was cut anywhere: a picture cuts by the width that it has."""
    starts = {name[:end].rstrip() for end in range(_LEAST, len(name) + 1)}
    return f"(?:{'|'.join(map(re.escape, sorted(starts, key=len, reverse=True)))})…"


def empty(session: Session, key: str) -> None:
    """Keep no word of a post that is taken back; one that is still on its way is needed to find it."""
    mine = OutboxRow.key.in_((key, f"{key}:edit"))
    said = update(OutboxRow).where(mine, OutboxRow.state.not_in(WAITING))
    session.execute(said.values(reply=Reply().to_json()))


def unname(session: Session, known: NamedPerson, prefixes: Collection[str], made_at: datetime) -> None:
    """Delete what was written to a person, and take them out of what was written to others, also where it stands.

    Args:
        prefixes: with which the keys of their groups' messages begin.
        made_at: by the machine's clock.
    """
    own = Place.direct(known.platform, None, known.id).room
    theirs = [OutboxRow.platform == known.platform, *([OutboxRow.tenant == known.scope] if known.scope else [])]
    session.execute(delete(OutboxRow).where(*theirs, OutboxRow.room == own, OutboxRow.state != "sending"))
    empty = Reply().to_json()
    session.execute(update(OutboxRow).where(*theirs, OutboxRow.room == own).values(reply=empty, unless_args={}))
    named = _named(OutboxRow.key, OutboxRow.reply, known, prefixes)
    for row in session.scalars(select(OutboxRow).where(*theirs, named).order_by(OutboxRow.id)).all():
        if (reply := known.out_of_all(row.reply)) != row.reply:
            _amend(session, row, reply, made_at)
    held = [AnswerRow.platform == known.platform, *([AnswerRow.tenant == known.scope] if known.scope else [])]
    session.execute(delete(AnswerRow).where(*held, AnswerRow.room == own))
    session.flush()
    if known.platform == "local":
        _unname_feed(session, known, own, prefixes)


def _amend(session: Session, row: OutboxRow, reply: dict[str, Any], made_at: datetime) -> None:
    """Change what is stored of a message; one that is out, or on its way, is edited there."""
    is_edit = row.action == "edit"
    if not is_edit:
        row.reply = reply
    post_key = row.parent_key if is_edit else row.key
    is_newest = is_edit or find_row(session, f"{row.key}:edit") is None
    is_out = is_edit or (row.action == "post" and row.state != "due")
    if post_key is not None and is_newest and is_out:
        revise(Work(session, made_at), post_key, Reply.from_json(reply), due_at=row.due_at, every_s=0)
    if is_edit:
        row.reply = reply  # also if nothing can be edited any more


def _unname_feed(session: Session, known: NamedPerson, own: str, prefixes: Collection[str]) -> None:
    """Do the same in the rooms of the page, where what people typed stands as well."""
    session.execute(delete(FeedMessage).where(FeedMessage.room == own))
    gone = {"reply": Reply().to_json(), "author": "", "is_removed": True}
    session.execute(update(FeedMessage).where(FeedMessage.author.in_(known.names)).values(**gone))
    named = _named(FeedMessage.key, FeedMessage.reply, known, prefixes)
    typed = FeedMessage.author != ""
    for message in session.scalars(select(FeedMessage).where(or_(named, typed), FeedMessage.is_removed.is_(False))):
        if (reply := known.out_of_all(message.reply, is_own_words=message.author != "")) != message.reply:
            message.reply = reply
    session.flush()


def _named(key: Any, reply: Any, known: NamedPerson, prefixes: Collection[str]) -> ColumnElement[bool]:
    theirs = [key.startswith(prefix, autoescape=True) for prefix in prefixes]
    return or_(cast(reply, String).contains(known.id, autoescape=True), *theirs)
