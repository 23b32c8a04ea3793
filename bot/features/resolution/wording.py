"""Refusals that ask which group or course a person means."""

from __future__ import annotations

from collections.abc import Sequence

from bot.curriculum.track import Track
from bot.features import command_links
from bot.features.groups import wording as group_wording
from bot.features.groups.tables import Group
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import BadInput, NotAllowed, NotFound
from bot.messages.reply import Button


def ended(group: Group, successor: Group | None, *, is_member: bool) -> NotAllowed:
    """Return the refusal to change an ended group: when it ended, and what to do instead.

    Args:
        successor: the running group in its channel.
    """
    assert group.ended_at is not None
    record = (
        Button("See my record", command_links.PROGRESS.call(group.id), "primary")
        if is_member
        else Button("See record", command_links.REPORT.call(group.id), "primary")
    )
    following = (Button(markup.clip(successor.name, 40), command_links.HELP.call(successor.id)),) if successor else ()
    sentence = f" **{markup.escape(successor.name)}** is the new group in its channel." if successor else ""
    return NotAllowed(
        f"**{markup.escape(group.name)}** ended on {markup.moment(group.ended_at, group.zone, 'day')}. You can read "
        f"its record, but not change it.{sentence}",
        buttons=(record, *following),
    )


def newcomer(choices: Sequence[Group]) -> NotFound:
    """Return the refusal for a person who is in none of these groups, with buttons to join."""
    return NotFound("You're not in a group yet. Join one, then try again.", buttons=group_wording.join_buttons(choices))


def which_group(choices: Sequence[tuple[Group, Call]]) -> NotFound:
    """Return the question which group is meant, with the Call for each."""
    return NotFound("Which group do you mean?", buttons=_choice_buttons(choices))


def unknown_group(named: str, similar: Sequence[tuple[Group, Call]], known: Sequence[str]) -> NotFound:
    """Return the refusal of an unknown name, with a button for each similar group, or else a few known names."""
    known_names = ", ".join(markup.escape(name, 60) for name in known)
    alike = " or ".join(markup.escape(group.name, 60) for group, _ in similar)
    hint = f" Did you mean {alike}?" if similar else f" Groups here: {known_names}." if known else ""
    return NotFound(
        f"I can't find a group named “{markup.escape(named, 60)}” here.{hint}", buttons=_choice_buttons(similar)
    )


def _choice_buttons(choices: Sequence[tuple[Group, Call]]) -> tuple[Button, ...]:
    return tuple(Button(markup.clip(group.name, 40), call) for group, call in choices)


def which_course(question: str, tracks: Sequence[Track], typed: str, calls: Sequence[Call]) -> BadInput:
    """Return the question which course is meant.

    Args:
        question: "whose units should I show".
        typed: the command as typed with the first course.
        calls: what the buttons of the first courses run.
    """
    *first, last = (markup.escape(track.title, 100) for track in tracks)
    titles = " or ".join(filter(None, (", ".join(first), last)))
    return BadInput(
        f"**Course**: {question}, {titles}? There's no group here, so I can't tell. "
        f"You can also type {markup.typed(typed)}",
        buttons=tuple(Button(markup.clip(track.title, 40), call) for track, call in zip(tracks, calls, strict=False)),
    )
