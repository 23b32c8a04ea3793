"""How the digest reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from bot.features import command_links
from bot.features.digest.service import Digest, Kind, Quiet, Thanked
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.tables import Group
from bot.features.people.tables import AccountRow
from bot.features.quiz import wording as quiz_wording
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import TryLater
from bot.messages.numerals import counted, numbered
from bot.messages.reply import Actions, Block, Button, Listing, Quote, Reply, Text, say

NAMES, THANKED, QUESTIONS = 10, 5, 3
"""Entries shown of each kind; the rest are counted."""
TITLE, SEVERAL = "Weekly digest: ", "Weekly digest: your groups"
BUTTONS = 5
"""Buttons of a group's section in the digest of several groups."""
_OFFERED = (
    "_“Send to” puts in the member's name, signs with yours and sends this message at once. To edit it first, choose "
    "“Copy messages”._"
)
_HEADS: dict[Kind, str] = {"never": "Not started yet", "fading": "Checking in less (a kind message helps now)"}


_WELCOME = "Hi {who}, it's good to have you in {group}. "
_START = "Is anything making it hard to start?"
_TAKE_PART = "Is anything making it hard to take part?"
_DRAFTS = {
    "never": (
        f"{_WELCOME}You can start any time: half an hour on this week's unit is enough. If you have questions, ask "
        f"them in the thread. {_START}"
    ),
    "fading": (f"{_WELCOME}You don't need to catch up first. Half an hour on this week's unit counts. {_TAKE_PART}"),
}
_IN_A_BREAK = {
    "never": (f"{_WELCOME}This week is free, so you can start with the next unit. Half an hour is enough. {_START}"),
    "fading": (
        f"{_WELCOME}This week is free, and you don't need to catch up first. Half an hour on the next unit counts. "
        f"{_TAKE_PART}"
    ),
}


def draft_nudge(kind: str, who: str, group: str, *, is_break: bool) -> str:
    """Return the suggested message to a member, in the words of its sender.

    Args:
        kind: "never" or "fading".
        who, group: plain or escaped, as the text is to be.
        is_break: whether no unit is open, in a free week.
    """
    return (_IN_A_BREAK if is_break else _DRAFTS)[kind].format(who=who, group=group)


def gather(digest: Reply, other: Reply) -> Reply:
    """Return the digest of one or several groups with that of another group as its last section."""
    sections = digest.blocks if digest.title == SEVERAL else _section(digest)
    return Reply((*sections, *_section(other)), title=SEVERAL)


def _section(digest: Reply) -> tuple[Block, ...]:
    buttons = digest.buttons
    if len(buttons) > BUTTONS:  # the first members to write to, then the report and the switch
        buttons = (*buttons[: BUTTONS - 2], *buttons[-2:])
    first, *rest = digest.blocks
    assert isinstance(first, Text)
    # a name and its first line are one block, which no end of a page divides
    return (Text(f"**{digest.title.removeprefix(TITLE)}**\n{first.markdown}"), *rest, Actions(buttons))


def listed(digest: Digest) -> list[Quiet]:
    """Return the named members in the order of their numbers."""
    return [member for kind in _HEADS for member in _filter_kind(digest, kind)[:NAMES]]


def tag_namesakes(members: Sequence[Quiet]) -> dict[int, str]:
    """Return by account what tells members of one name apart: " (2)", or nothing for a name of its own."""
    totals, numbers, tags = Counter(member.account.name for member in members), Counter[str](), dict[int, str]()
    for account in (member.account for member in members):
        numbers[account.name] += 1
        tags[account.id] = f" ({numbers[account.name]})" if totals[account.name] > 1 else ""
    return tags


def render_digest(timeline: Timeline, digest: Digest, *, has_notices: bool | None = None) -> Reply:
    """Return the digest with its buttons.

    Args:
        has_notices: whether the reader gets notices of new digests; None if they get every digest.
    """
    group, members = timeline.group, listed(digest)
    tags = tag_namesakes(members)
    write = (
        Button(
            f"Send to {markup.clip(member.account.name, 20)}{tags[member.account.id]}",
            command_links.DIGEST_WRITE.call(group.id, who=member.account.id),
        )
        for member in members
        if member.may_be_written_to
    )
    buttons = (
        *write,
        *([_copy_button(group)] if members else []),
        *([Button("See questions", command_links.QUESTIONS.call(group.id))] if digest.questions else []),
        _report_button(group),
        _weekly_button(group),
        *([_notices_button(group, is_on=has_notices)] if has_notices is not None else []),
    )
    return Reply(blocks(timeline, digest), buttons, title=f"{TITLE}{markup.escape(group.name)}")


def _copy_button(group: Group) -> Button:
    return Button("Copy messages", command_links.DIGEST_TEXTS.call(group.id))


def _report_button(group: Group) -> Button:
    return Button("Report", command_links.REPORT.call(group.id))


def _weekly_button(group: Group) -> Button:
    """Return the button that turns the weekly digest off, or on again."""
    label = "Stop weekly digest" if group.has_digest else "Send weekly"
    return Button(label, command_links.DIGEST.call(group.id, weekly=not group.has_digest))


def _notices_button(group: Group, *, is_on: bool) -> Button:
    """Return the button that turns notices of new digests off, or on again."""
    label = "Turn off notices" if is_on else "Turn on notices"
    return Button(label, command_links.DIGEST_NEWS.call(group.id, on=not is_on))


def _filter_kind(digest: Digest, kind: Kind) -> list[Quiet]:
    return [member for member in digest.quiet if member.kind == kind]


def blocks(timeline: Timeline, digest: Digest) -> tuple[Block, ...]:
    """Return the digest's blocks."""
    unit = markup.escape(timeline.label(digest.unit.slot))
    completed = f" {counted(digest.kept, 'member').capitalize()} completed it." if digest.kept else ""
    parts: list[Block] = [Text(f"**{unit}** has closed.{completed}")]
    tags = tag_namesakes(listed(digest))
    for kind, head in _HEADS.items():
        if members := _filter_kind(digest, kind):
            lines = [f"- {_format_member(member, timeline, tags[member.account.id])}" for member in members[:NAMES]]
            parts.append(Text("\n".join([f"**{head}**", *lines, *_count_more(len(members) - NAMES), _OFFERED])))
            who, group = _format_name(members[0].account), markup.escape(timeline.group.name)
            parts.append(Quote(draft_nudge(kind, who, group, is_break=digest.is_break)))
    if digest.thanks:
        whats: dict[str, list[str]] = {}
        for thanked in digest.thanks:
            whats.setdefault(_format_name(thanked.account), []).append(_format_deed(thanked))
        lines = [f"- {name} {markup.series(what)}" for name, what in list(whats.items())[:THANKED]]
        others = len(whats) - THANKED
        parts.append(Text("\n".join(["**People to thank**", *lines, *([f"and {others} more"] if others > 0 else [])])))
    if digest.questions:
        asked = list(dict.fromkeys(markup.escape(question, 150) for question in digest.questions))
        lines = [f"- {question}" for question in asked[:QUESTIONS]]
        rest = (
            [f"and {len(asked) - QUESTIONS} more: {markup.typed('manage questions')}"] if len(asked) > QUESTIONS else []
        )
        parts.append(Text("\n".join(["**Questions without a good answer**", *lines, *rest])))
    if digest.missed:
        parts.append(Text(quiz_wording.most_missed(digest.missed)))
    if len(parts) == 1:
        parts.append(Text("Nobody needs a message, and there are no open questions."))
    return tuple(parts)


def _format_deed(thanked: Thanked) -> str:
    hosted = counted(thanked.count, "live session") if thanked.count else "the live session"
    return {
        "hosted": f"hosted {hosted}",
        "shared": "shared a check-in with the group",
        "thanked": "was thanked by others",
        "streak": f"completed {thanked.count} units in a row",
        "returned": "came back after a break",
    }[thanked.deed]


def _count_more(rest: int) -> list[str]:
    return [f"and {rest} more: {markup.typed('manage report')}"] if rest > 0 else []


def _format_member(member: Quiet, timeline: Timeline, tag: str) -> str:
    missed = f" Missed {numbered(member.missed, 'unit')}, then was excused." if member.missed else ""
    why = f"Hasn't checked in yet.{missed}" if member.kind == "never" else member.why
    sentence = f"{_format_name(member.account)}{tag}: {why}"
    if member.wrote_at is not None:
        return f"{sentence} Messaged on {markup.moment(member.wrote_at, timeline.group.zone, 'day')}."
    return sentence if member.is_reached else f"{sentence} Doesn't accept direct messages."


def _format_name(account: AccountRow) -> str:
    return markup.name(account.external_id, account.name)


def message(timeline: Timeline, member: Quiet, author: str, *, is_break: bool) -> tuple[Reply, str]:
    """Return a moderator's message to a member, and a one-sentence form of it.

    Args:
        author: the moderator's name, small Markdown.
        is_break: whether no unit is open.
    """
    group, group_id = markup.escape(timeline.group.name), timeline.group.id
    check_in = () if is_break else (Button("Check in", command_links.CHECKIN.ask(group_id), "primary"),)
    buttons = (*check_in, Button("Be away", command_links.AWAY.ask(group_id)))
    text = draft_nudge(member.kind, _format_name(member.account), group, is_break=is_break)
    foot = f"_{author}, who moderates {group}, asked me to send you this._"
    return Reply((Text(text), Text(foot)), buttons, title=group), f"From {author}: {text}"


def no_digest_yet() -> Reply:
    """Return that no unit has closed yet."""
    return say("No unit has closed yet. When the first one closes, you'll see who may need a message and who to thank.")


def notice(group: Group) -> Reply:
    """Return the notice of a new digest for people who moderate by a role, without its content."""
    name = markup.escape(group.name)
    read = Button("Digest", command_links.DIGEST.call(group.id), "primary")
    buttons = (read, _notices_button(group, is_on=True))
    sentence = f"A unit of **{name}** has closed. The digest shows who may need a message and who to thank."
    return say(sentence, title=f"{TITLE}{name}", buttons=buttons)


def weekly_set(group: Group) -> Reply:
    """Return whether moderators get the digest from now on."""
    on = "Moderators will get the digest after each unit."
    off = f"Weekly digests are off. To see the digest any time, type {markup.typed('manage digest')}."
    return say(on if group.has_digest else off, tone="good", buttons=(_weekly_button(group),))


def named_moderator() -> Reply:
    """Return why a named moderator gets every digest."""
    off = markup.typed("manage digest weekly=no")
    return say(f"You're listed as a moderator, so you get every digest. To stop digests for everyone, type {off}.")


def notices_set(group: Group, *, is_on: bool) -> Reply:
    """Return whether a moderator by role gets notices."""
    yes = "I'll tell you about new digests. This stops a month after you last read one."
    text = yes if is_on else "I won't tell you about new digests."
    return say(text, tone="good", buttons=(_notices_button(group, is_on=is_on),))


def message_sent(name: str, *, is_delayed: bool) -> Reply:
    """Return that a message goes to a member, at once or after their quiet hours."""
    when = " after their quiet hours" if is_delayed else ""
    return say(f"{name} will get your message{when}. It's signed with your name.", title="Sent", tone="good")


def unreachable(group: Group, name: str) -> TryLater:
    """Return the refusal to message a member who doesn't accept messages.

    Args:
        name: the member's token.
    """
    sentence = f"{name} doesn't accept direct messages from me. You can write to them yourself."
    return TryLater(sentence, buttons=(_copy_button(group),))


def no_texts() -> Reply:
    """Return that there is nothing to copy."""
    return say("Nobody needs a message any more.")


def texts(timeline: Timeline, members: Sequence[Quiet], *, is_break: bool) -> Reply:
    """Return the drafts as texts to copy."""
    pairs = (
        (
            Text(f"**{_format_name(member.account)}**"),
            Listing(draft_nudge(member.kind, member.account.name, timeline.group.name, is_break=is_break)),
        )
        for member in members
    )
    copied = tuple(block for pair in pairs for block in pair)
    return Reply(
        (Text("Copy and edit these messages, then send them yourself."), *copied),
        (_report_button(timeline.group),),
        title="Messages to copy",
        audience="private",
    )


def render_absence(group: Group, since: datetime) -> Reply:
    """Return the question to a moderator whether they still lead the group."""
    text = (
        f"No moderator has changed anything since {markup.moment(since, group.zone, 'day')}. The group continues. If "
        f"you need a break, name another moderator: {markup.typed('manage edit moderators=@ada')}. If nobody answers, "
        "I'll ask a few members after the next unit who can help."
    )
    return say(text, title=_title_lead(group), buttons=(Button("I'm here", command_links.LEAD.call(group.id)),))


def render_search(group: Group, moderators: Sequence[AccountRow], since: datetime) -> Reply:
    """Return the question to a regular member whether they can help to lead the group."""
    who = markup.series([_format_name(account) for account in moderators]) or "the moderators"
    text = (
        f"I haven't heard from {who} since {markup.moment(since, group.zone, 'day')}. The group continues: units, "
        "reminders and answers work. Only decisions wait, such as moved dates. Could you look after the group?"
    )
    return say(text, title=_title_lead(group), buttons=(Button("I can help", command_links.LEAD.call(group.id)),))


def _title_lead(group: Group) -> str:
    return f"Who leads {markup.escape(group.name)}?"


def render_present() -> Reply:
    """Return the thanks to a moderator who is there."""
    return say("Good to see you. I won't ask anybody else.", tone="good")


def render_offered(*, is_new: bool) -> Reply:
    """Return what happens after a member's offer to lead."""
    if not is_new:
        return say("You've offered to help already. A moderator or a manager of the server or workspace decides.")
    text = "I've posted your offer in the channel. You can lead once a moderator or a manager has confirmed it."
    return say(text, title="Thank you", tone="good")


def render_offer(group: Group, account: AccountRow, confirm: Call) -> Reply:
    """Return the post of a member's offer to lead."""
    text = (
        f"{_format_name(account)} offers to help lead **{markup.escape(group.name)}**. A moderator, or a manager of "
        "the server or workspace, can confirm this."
    )
    return say(text, buttons=(Button("Add as moderator", confirm, "primary"),))
