"""The words of doctor and of retry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from bot.chat.platform import Finding
from bot.curriculum.shelf import RefusedFolder
from bot.delivery.outbox import OutboxRow
from bot.delivery.outbox_lease import TOO_LATE
from bot.delivery.suspended_channels import SuspendedChannel
from bot.features import command_links
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Astray, Timeline
from bot.features.groups.tables import Group
from bot.features.groups.wording import format_slot
from bot.features.schedule.wording import describe_outage
from bot.messages import markup
from bot.messages.numerals import counted, describe_times, numbered
from bot.messages.reply import Button, Reply, Text, say

AT = "%Y-%m-%d %H:%M"
PART_MAX = 900
"""Characters of the findings of one place."""
HERE = "Here"


def title(wrong: Sequence[Finding], *, is_retrying: bool) -> str:
    """Return whether something is to be fixed, and by whom.

    Args:
        is_retrying: whether posts are being sent again to channels that were on hold.
    """
    own = sum(not finding.is_others for finding in wrong)
    if own:
        return f"{numbered(own, 'thing')} to fix"
    if wrong:
        return f"{numbered(len(wrong), 'problem')} for the operator"
    return "Sending posts again" if is_retrying else "Everything works"


def result(
    pages: Sequence[str],
    page: int,
    wrong: Sequence[Finding],
    again: Sequence[Button],
    group_id: int | None,
    *,
    is_retrying: bool,
    is_turned: bool,
) -> Reply:
    """Return a page of the findings.

    Args:
        page: its number from 1; one beyond the last is the last.
        wrong: the findings to fix, of all pages.
        again: the buttons that post failed units again.
        is_retrying: as in `title`.
        is_turned: whether the page replaces another one.
    """
    at = min(max(page, 1), len(pages))
    steps = ((at - 1, "Back"), (at + 1, "Next"))
    return Reply(
        (Text(pages[at - 1]),),
        (
            *(again if at == 1 else ()),
            *(
                Button(label, command_links.DOCTOR.call(group_id, page=to))
                for to, label in steps
                if 0 < to <= len(pages)
            ),
        ),
        title=title(wrong, is_retrying=is_retrying) + (f" ({at} of {len(pages)})" if len(pages) > 1 else ""),
        tone="warn" if wrong or is_retrying else "good",
        replaces=is_turned,
    )


def home_title(name: str, room: str, room_name: str) -> str:
    """Return a group and its channel, in one line."""
    return f"{markup.escape(name)}: {markup.room(room, room_name)}"


def next_post(timeline: Timeline, planned: Sequence[Slot]) -> str:
    """Return a group's next post as a line; empty without one."""
    return "\n".join(f"- Next: {format_slot(timeline, slot)}" for slot in planned[:1])


def place(head: str, findings: Sequence[Finding], coming: str = "") -> str:
    """Return the findings of a place: problems one per line, and many good findings in a single line."""
    wrong = [f"- ✗ {f.sentences}" for f in findings if not f.ok]
    notes = Counter(f.sentences for f in findings if f.ok and f.is_optional)
    wrong += [
        f"- ○ {text}" + (f" This happened {describe_times(count)}." if count > 1 else "")
        for text, count in notes.items()
    ]
    well = [f.sentences for f in findings if f.ok and not f.is_optional]
    good = [f"- ✓ {text}" for text in well] if len(well) < 3 or head == HERE else [f"- ✓ {len(well)} checks passed."]
    lines, size = [], 0
    for line in (*wrong, *good):
        size += len(line)
        if size > PART_MAX:
            lines.append("- …")
            break
        lines.append(line)
    return "\n".join([f"**{head}**", *lines, *([coming] if coming else [])])


def model_refused(what: str, fix: str) -> Finding:
    """Return what the chat model's service refused."""
    return _for_operator(what, f"Ask the bot's operator to fix this: {markup.escape(fix)}")


def _for_operator(what: str, fix: str) -> Finding:
    return Finding(False, what, fix, is_others=True)


def _note(what: str, why: str) -> Finding:
    return Finding(True, what, why, is_optional=True)


def suspended(channel: SuspendedChannel, *, is_retried: bool) -> Finding:
    """Return that posts to a channel wait, or that they waited and are being sent again."""
    where = markup.room(channel.room, "a channel")
    if is_retried:
        return _note(
            f"Posts to {where} were on hold.",
            "The channel looks fine now, so I'm sending them again. Check back in a minute.",
        )
    return Finding(False, f"Posts to {where} are on hold.", f"{channel.reason} I'll keep trying.")


def lost_course(astray: Astray) -> Finding:
    """Return that the course of a group is missing."""
    return _for_operator(astray.lack, f"Ask the bot's operator to restore it: {astray.fix}")


def refused_course(folder: RefusedFolder, *, is_kept: bool) -> Finding:
    """Return that a course's folder could not be read."""
    stays = "stays as it was before" if is_kept else "is left out"
    why = markup.escape(folder.describe_faults(), 500)
    return _for_operator(
        f"The course {markup.escape(folder.id, 40)} {stays}.", f"Ask the bot's operator to fix this: {why}"
    )


def unsent(row: OutboxRow, *, is_lost: bool) -> Finding:
    """Return that a message was not sent.

    Args:
        is_lost: whether it expired and can't be sent any more.
    """
    what = "A direct message" if row.place.is_direct else f"A message for {markup.room(row.room, 'a channel')}"
    if is_lost:
        why = (row.error or "").replace(TOO_LATE, "").strip()
        return _note(f"{what} expired before I could send it.", f"{why} No action needed.".lstrip())
    return Finding(False, f"{what} wasn't sent ({row.state}).", row.error or "It was too late.")


def not_started() -> Finding:
    """Return that the schedule never ran."""
    return _for_operator("The schedule has not run yet.", "Ask the bot's operator to start it with `trailmate run`.")


def stopped(beat: datetime) -> Finding:
    """Return that the schedule doesn't run any more."""
    fix = "Ask the bot's operator to check the log and restart me."
    return _for_operator(f"The schedule last ran {beat:{AT}} UTC.", fix)


def running(now: datetime) -> Finding:
    """Return that the schedule is running."""
    return Finding(True, f"The schedule is running. The server time is {now:{AT}} UTC")


def outage(platform: str | None, start: datetime, end: datetime) -> Finding:
    """Return an outage that is over."""
    return Finding(True, f"I {describe_outage(platform)} from {start:{AT}} to {end:{AT}} UTC.")


def cut_off(platform: str, since: datetime) -> Finding:
    """Return that a platform can't be reached."""
    what = f"I've had no connection to {platform.capitalize()} since {since:{AT}} UTC. Its groups are waiting."
    return _for_operator(what, "Ask the bot's operator to check /healthz and the log.")


def unreachable(names: Sequence[str]) -> Finding:
    """Return which members don't accept direct messages."""
    what = f"I can't send direct messages to {markup.escape(', '.join(names[:10]))}."
    return _note(what, "I'll tell them how to allow messages the next time they use Trailmate.")


def retrying(messages: int, *, has_channel: bool, buttons: tuple[Button, ...]) -> Reply:
    """Return what is tried again."""
    retried = [*(["the channel"] if has_channel else []), *([counted(messages, "message")] if messages else [])]
    sentence = f"I'm trying {' and '.join(retried)} again. Check back in a minute."
    return say(sentence, tone="good", buttons=buttons)


def nothing_to_retry(group_id: int, buttons: tuple[Button, ...]) -> Reply:
    """Return that nothing can be tried again."""
    check = Button("Check everything", command_links.DOCTOR.call(group_id))
    return say("There's nothing to retry. The failed messages have expired.", buttons=(*buttons, check))


def post_again_button(group: Group, slot: Slot, *, is_named: bool) -> Button:
    """Return the button that posts a unit again."""
    name = f": {markup.clip(group.name, 40)}" if is_named else ""
    label = f"Post unit {slot.number} again{name}"
    return Button(label, command_links.POSTNOW.call(group.id, unit=slot.unit_id), "primary")
