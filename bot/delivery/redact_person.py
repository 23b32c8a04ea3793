"""Redact one person from queued and posted messages, which no foreign key links to the person."""

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
from bot.delivery.local_feed import PLATFORM, FeedMessage
from bot.delivery.outbox import WAITING, OutboxRow, find_row, revise
from bot.messages import markup
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work

SOMEBODY = "a former member"
"""The replacement for a name."""
_IN_CALL = "somebody"
"""The replacement for an id in a button's Call, without spaces, which would be encoded."""
_QUOTED = re.compile(r"“[^”]*”")
_BEFORE = r"(?:^|(?<=\*\*)|(?<=_)|(?<=, )|(?<= (?:by|to) )|(?<= and )|(?<=From )|(?<=: )|(?<=^- )|(?<=\d,\"))"
_AFTER = r"(?=$|\*\*|_|, |: |; |\. |\._|\.$| and | \(you\)| thanks you| has walked | completed |\",\d)"
"""The context of a name that the bot wrote: alone, in bold, in a list, in a row of a picture's data. A word inside a
sentence doesn't match."""
_LEAST = 6
"""Least characters of a name that a picture has clipped."""


@dataclass(frozen=True)
class NamedPerson:
    """The forms in which messages name a person.

    Args:
        platform, id: the account on the platform.
        scope: the tenant in which the id is unique, "" for the whole platform.
        names: their display name and their names in groups; plain.
        spoken: names that others use for them in free text and that no other member has.
        texts: texts by others that name them, each with its redacted form; filled during redaction.
    """

    platform: str
    id: str
    scope: str
    names: frozenset[str]
    spoken: frozenset[str] = frozenset()
    texts: dict[str, str] = field(default_factory=dict)

    def out_of(self, text: str) -> str:
        """Redact a text by the bot: tokens, ids and names of the person."""
        account_id = re.escape(self.id)
        text = re.sub(f"{markup.OPEN}[np]\\|{account_id}\\|[^{markup.CLOSE}]*{markup.CLOSE}", SOMEBODY, text)
        text = self._remove_mentions(text)
        text = re.sub(rf"(?<=[=@]){account_id}(?![\w-])", _IN_CALL, text)
        for name in self._spelled:
            text = re.sub(f"{_BEFORE}{name}{_AFTER}", SOMEBODY, text, flags=re.MULTILINE)
        for was, now in self.texts.items():
            text = text.replace(markup.escape(was), markup.escape(now))
        return _QUOTED.sub(lambda quoted: self.out_of_words(quoted[0]), text)

    def out_of_words(self, text: str) -> str:
        """Redact a text by a person, in which any whole word may be the name."""
        text = self._remove_mentions(text)
        return self._spoken_pattern.sub(SOMEBODY, text) if self.spoken else text

    def _remove_mentions(self, text: str) -> str:
        account_id = re.escape(self.id)
        return re.sub(rf"<@!?{account_id}>|(?<![\w=])@{account_id}(?![\w-])", SOMEBODY, text)

    @cached_property
    def _spoken_pattern(self) -> re.Pattern[str]:
        forms = sorted({form for name in self.spoken for form in (name, markup.escape(name))}, key=len, reverse=True)
        return re.compile(rf"(?<!\w)@?(?:{'|'.join(map(re.escape, forms))})(?!\w)")

    @cached_property
    def _spelled(self) -> list[str]:
        """Patterns of all forms in which the bot writes the names, longest first."""
        drawn = {name: _normalize_drawn(name) for name in self.names}
        whole = {form for name in self.names for form in (name, markup.escape(name), *_clip_name(name), drawn[name])}
        variants = {variant for form in whole for variant in (form, _in_json(form))}
        patterns = [re.escape(form) for form in sorted(filter(None, variants), key=len, reverse=True)]
        drawn_variants = (variant for form in drawn.values() for variant in {form, _in_json(form)})
        return [*patterns, *(_match_clipped(variant) for variant in drawn_variants if len(variant) > _LEAST)]

    def out_of_all(self, data: Any, *, is_own_words: bool = False) -> Any:
        """Redact stored JSON data.

        Args:
            is_own_words: whether a member wrote all of it, not only its quotations.
        """
        match data:
            case str():
                text = self.out_of(data)
                return self.out_of_words(text) if is_own_words else text
            case list():
                return [self.out_of_all(item, is_own_words=is_own_words) for item in data]
            case dict():
                return {
                    key: self.out_of_all(item, is_own_words=is_own_words or key == "quote")
                    for key, item in data.items()
                }
            case _:
                return data


def _clip_name(name: str) -> tuple[str, ...]:
    """Return the forms of a name as tables and lists clip it."""
    return markup.clip(name, 24), markup.escape(name, 40)


def _normalize_drawn(name: str) -> str:
    """Return a name as in the data of a picture."""
    return " ".join(unicodedata.normalize("NFC", markup.clean(name)).split())


def _in_json(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)[1:-1]


def _match_clipped(name: str) -> str:
    """Return a pattern for a name that a picture clipped at any length."""
    starts = {name[:end].rstrip() for end in range(_LEAST, len(name) + 1)}
    return f"(?:{'|'.join(map(re.escape, sorted(starts, key=len, reverse=True)))})…"


def empty(session: Session, key: str) -> None:
    """Delete the text of a withdrawn post; one still being delivered keeps its text until then."""
    is_post = OutboxRow.key.in_((key, f"{key}:edit"))
    closed = update(OutboxRow).where(is_post, OutboxRow.state.not_in(WAITING))
    session.execute(closed.values(reply=Reply().to_json()))


def unname(
    session: Session, known: NamedPerson, prefixes: Collection[str], keys: Collection[str], made_at: datetime
) -> None:
    """Delete messages to a person, and redact the person in messages to others, including sent ones.

    Args:
        prefixes: key prefixes of their groups' messages.
        keys: keys of other messages that may quote a text on the person.
        made_at: by the machine's clock.
    """
    own = Place.direct(known.platform, None, known.id).room
    theirs = [OutboxRow.platform == known.platform, *([OutboxRow.tenant == known.scope] if known.scope else [])]
    session.execute(delete(OutboxRow).where(*theirs, OutboxRow.room == own, OutboxRow.state != "sending"))
    empty = Reply().to_json()
    session.execute(update(OutboxRow).where(*theirs, OutboxRow.room == own).values(reply=empty, unless_args={}))
    quoting = OutboxRow.key.in_([*keys, *(f"{key}:edit" for key in keys)])
    named = or_(quoting, _match_mentions(OutboxRow.key, OutboxRow.reply, known, prefixes))
    for row in session.scalars(select(OutboxRow).where(*theirs, named).order_by(OutboxRow.id)).all():
        if (reply := known.out_of_all(row.reply)) != row.reply:
            _amend(session, row, reply, made_at)
    held = [AnswerRow.platform == known.platform, *([AnswerRow.tenant == known.scope] if known.scope else [])]
    session.execute(delete(AnswerRow).where(*held, AnswerRow.room == own))
    session.flush()
    if known.platform == PLATFORM:
        _unname_feed(session, known, own, prefixes, keys)


def _amend(session: Session, row: OutboxRow, reply: dict[str, Any], made_at: datetime) -> None:
    """Change a stored message; queue an edit if it was sent or is being delivered."""
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


def _unname_feed(
    session: Session, known: NamedPerson, own: str, prefixes: Collection[str], keys: Collection[str]
) -> None:
    """Redact the rooms of the web page, which also contain what people typed."""
    session.execute(delete(FeedMessage).where(FeedMessage.room == own))
    gone = {"reply": Reply().to_json(), "author": "", "is_removed": True}
    session.execute(update(FeedMessage).where(FeedMessage.author.in_(known.names)).values(**gone))
    named = or_(FeedMessage.key.in_(keys), _match_mentions(FeedMessage.key, FeedMessage.reply, known, prefixes))
    typed = FeedMessage.author != ""
    for message in session.scalars(select(FeedMessage).where(or_(named, typed), FeedMessage.is_removed.is_(False))):
        if (reply := known.out_of_all(message.reply, is_own_words=message.author != "")) != message.reply:
            message.reply = reply
    session.flush()


def _match_mentions(key: Any, reply: Any, known: NamedPerson, prefixes: Collection[str]) -> ColumnElement[bool]:
    theirs = [key.startswith(prefix, autoescape=True) for prefix in prefixes]
    return or_(cast(reply, String).contains(known.id, autoescape=True), *theirs)
