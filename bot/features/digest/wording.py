"""How the digest reads."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features import command_links
from bot.features.digest.facts import Digest, Kind, Quiet
from bot.features.digest.nudge import draft
from bot.features.groups.calendar.timeline import Timeline
from bot.features.people.tables import AccountRow
from bot.features.quiz import wording as quiz_wording
from bot.messages import markup
from bot.messages.numerals import counted
from bot.messages.reply import Actions, Block, Button, Listing, Quote, Reply, Text

NAMES, THANKED, QUESTIONS = 10, 5, 3
"""How many of each are told; of the others that there are more."""
TITLE, SEVERAL = "After the week in ", "After the week in your groups"
BUTTONS = 5
"""Buttons of a group's section in the digest of several groups."""
_OFFERED = "_What I send for you, if you like:_"
_HEADS: dict[Kind, str] = {"never": "Not started yet", "fading": "Fading (a kind word helps now)"}


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
    """Return who is named, in order: their number is their place in it."""
    return [one for kind in _HEADS for one in _of(digest, kind)[:NAMES]]


def _of(digest: Digest, kind: Kind) -> list[Quiet]:
    return [one for one in digest.quiet if one.kind == kind]


def blocks(timeline: Timeline, digest: Digest) -> tuple[Block, ...]:
    """Return what is told after a unit has closed."""
    unit = markup.escape(timeline.label(digest.unit.slot))
    kept = f": {counted(digest.kept, 'member')} kept it" if digest.kept else ""
    told: list[Block] = [Text(f"**{unit}** has closed{kept}.")]
    numbers = {one.account.id: n for n, one in enumerate(listed(digest), 1)}
    for kind, head in _HEADS.items():
        if found := _of(digest, kind):
            lines = [f"- {numbers[one.account.id]}. {_line(one, timeline)}" for one in found[:NAMES]]
            told.append(Text("\n".join([f"**{head}**", *lines, *_more(len(found) - NAMES), _OFFERED])))
            told.append(Quote(draft(kind, "…", markup.escape(timeline.cohort.name), is_break=digest.is_break)))
    if digest.thanks:
        whats: dict[str, list[str]] = {}
        for one in digest.thanks:
            whats.setdefault(_name(one.account), []).append(one.what)
        lines = [f"- {name} {markup.series(what)}" for name, what in list(whats.items())[:THANKED]]
        others = len(whats) - THANKED
        told.append(Text("\n".join(["**To thank**", *lines, *([f"and {others} more"] if others > 0 else [])])))
    if digest.questions:
        asked = list(dict.fromkeys(markup.escape(question, 150) for question in digest.questions))
        lines = [f"- {one}" for one in asked[:QUESTIONS]]
        rest = [f"and {len(asked) - QUESTIONS} more: {markup.typed('gaps')}"] if len(asked) > QUESTIONS else []
        told.append(Text("\n".join(["**Asked, and not well answered by the notes**", *lines, *rest])))
    if digest.missed:
        told.append(Text(quiz_wording.most_missed(digest.missed)))
    if len(told) == 1:
        told.append(Text("Nobody needs a word, and no question is open."))
    return tuple(told)


def _more(rest: int) -> list[str]:
    return [f"and {rest} more: {markup.typed('report')}"] if rest > 0 else []


def _line(one: Quiet, timeline: Timeline) -> str:
    said = f"{_name(one.account)}: {one.why}"
    if one.wrote_at is not None:
        return f"{said} Written to on {markup.moment(one.wrote_at, timeline.cohort.zone, 'day')}."
    return said if one.is_reached else f"{said} Takes no direct messages from me."


def _name(account: AccountRow) -> str:
    return markup.name(account.external_id, account.name)


def message(
    timeline: Timeline, one: Quiet, author: str, buttons: tuple[Button, ...], *, is_break: bool
) -> tuple[Reply, str]:
    """Return what the bot writes to a member for a moderator, and the same in one sentence.

    Args:
        author: the moderator's name, small Markdown.
    """
    group = markup.escape(timeline.cohort.name)
    said = draft(one.kind, _name(one.account), group, is_break=is_break)
    foot = f"_{author}, who moderates {group}, asked me to send you this._"
    return Reply((Text(said), Text(foot)), buttons, title=group), f"From {author}: {said}"


def texts(timeline: Timeline, found: Sequence[Quiet], *, is_break: bool) -> Reply:
    """Return the drafts as texts to copy."""
    pairs = (
        (
            Text(f"**{_name(one.account)}**"),
            Listing(draft(one.kind, one.account.name, timeline.cohort.name, is_break=is_break)),
        )
        for one in found
    )
    copied = tuple(block for pair in pairs for block in pair)
    back = (Button("Report", command_links.REPORT.call(timeline.cohort.id)),)
    return Reply((Text("To copy, change and send as yourself."), *copied), back, title="Texts to copy")
