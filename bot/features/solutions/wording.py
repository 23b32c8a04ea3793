"""Texts on solutions: what members see of each other's, receipts, notices, and lines of posts."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from bot.curriculum.content import Unit
from bot.features import command_links
from bot.features.checkins.wording import format_link
from bot.features.groups.tables import Group
from bot.features.solutions.tables import Audience, Solution, SolutionFeedback
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import numbered
from bot.messages.reply import Block, Button, Image, Quote, Reply, Subtext, Text, say

UPLOADED = "upload"
"""The name under which the gallery has stored pictures."""
SOMEBODY = "A member"
EXCERPT, LINK_SHOWN = 100, 60
BUTTONS = 3
"""The most buttons below a solution; the next one gives way to what one may do with this one."""
CLOSING_HEAD = "**What we made**"
_CLOSING = re.compile(r"- \*\*(.*?)\*\*, Unit \d+: (.*)")
FEEDBACK_SHOWN = 5
"""The most sentences of feedback below a solution, the newest."""
FORM_NOTE = "Your name or alias stands with it. You can change or remove it at any time."
FEEDBACK_NOTE = "Tick what the solution shows. I'll tell its author with their next answer."
SEEN_BY: dict[Audience, str] = {
    "group": "Everybody in your group who has checked in for this unit sees it.",
    "buddy": "Only your buddy for this unit sees it.",
    "nobody": "Only you see it.",
}


@dataclass(frozen=True)
class GivenFeedback:
    """Feedback with the name of its giver, small Markdown."""

    row: SolutionFeedback
    who: str
    is_own: bool


@dataclass(frozen=True)
class ShownSolution:
    """A solution as one reader sees it.

    Args:
        who: the author's name, small Markdown.
        is_own: whether it is the reader's.
        feedback: oldest first.
    """

    row: Solution
    who: str
    is_own: bool
    feedback: tuple[GivenFeedback, ...]


def describe_count(count: int) -> str:
    """Return how many solutions others have shared."""
    return f"{numbered(count, 'member')} shared a solution." if count else "Nobody else has shared a solution yet."


def describe_waiting(count: int) -> str:
    """Return how many of them wait for feedback; "" if none does."""
    if not count:
        return ""
    return "One waits for feedback." if count == 1 else f"{count} wait for feedback."


def describe_waiting_units(numbers: Sequence[int]) -> str:
    """Return in which units a solution waits for feedback; "" for none."""
    if not numbers:
        return ""
    listed = markup.typed(f"solutions {numbers[0]}")
    return f"A solution to Unit {numbers[0]} waits for your feedback: {listed}."


def render_offer(group: Group, unit: Unit, n_others: int, n_waiting: int) -> tuple[str, Button]:
    """Return what a receipt says of a unit's solutions, and the button that shows them.

    Args:
        n_others: solutions of others that the member may see now; of these `n_waiting` wait for feedback.
    """
    see = Button("See solutions", command_links.SOLUTIONS.call(group.id, unit=unit.id))
    return f"{describe_count(n_others)} {describe_waiting(n_waiting)}".rstrip(), see


def render_locked(unit: Unit, count: int, check_in: Call | None) -> Reply:
    """Return how many solutions there are, before the check-in."""
    text = f"{describe_count(count)} You'll see the solutions once you've checked in for this unit."
    buttons = (Button("Check in", check_in, "primary"),) if check_in is not None else ()
    return say(text, title=_title(unit), buttons=buttons)


def render_none(unit: Unit, share: Call | None) -> Reply:
    """Return that nobody has shared a solution yet."""
    buttons = (Button("Show my solution", share, "primary"),) if share is not None else ()
    text = describe_count(0)
    return say(f"{text} Show what you made." if share is not None else text, title=_title(unit), buttons=buttons)


def render_no_exercise(unit: Unit) -> str:
    """Return that a unit has nothing to solve."""
    return f"**{markup.escape(unit.label)}** has no exercise, so there are no solutions."


def render_solution(
    unit: Unit, solution: ShownSolution, criteria: Sequence[str], place: tuple[int, int], buttons: Sequence[Button]
) -> Reply:
    """Return a solution with its feedback.

    Args:
        criteria: what can be checked.
        place: its place among those that the reader sees, such as (1, 3).
    """
    at, count = place
    head = "Your solution" if solution.is_own else f"**{solution.who}**"
    lead = f"{head} _({at} of {count})_" if count > 1 else head
    return Reply(
        (Text(lead), *solution_blocks(solution, criteria)), tuple(buttons[:BUTTONS]), title=_title(unit), replaces=True
    )


def list_buttons(group: Group, unit: Unit, solution: ShownSolution, *, moderates: bool) -> tuple[Button, ...]:
    """Return what a reader may do with a solution; once the group has ended, its author may remove it.

    Args:
        moderates: whether the reader moderates the group.
    """
    group_id, of, row = group.id, solution.row.id, solution.row
    is_over = group.ended_at is not None
    thank = Button("Thanks", command_links.SOLUTION_THANK.call(group_id, of=of))
    if solution.is_own:
        edit = Button("Edit solution", command_links.SOLUTION_SHARE.ask(group_id, unit=unit.id))
        remove = Button("Remove solution", command_links.SOLUTION_REMOVE.call(group_id, unit=unit.id), "danger")
        return (remove,) if is_over else (edit, remove, thank) if solution.feedback else (edit, remove)
    has_given = any(given.is_own for given in solution.feedback)
    feedback = command_links.SOLUTION_FEEDBACK.ask(group_id, of=of)
    give = Button("Edit feedback", feedback) if has_given else Button("Give feedback", feedback, "primary")
    take = command_links.SOLUTION_MODERATE.call(group_id, unit=unit.id, member=row.account_id)
    may_remove = moderates and row.seen_by == "group"
    remove = Button("Remove solution", take, "danger")
    if is_over:
        return (remove,) if may_remove else ()
    return give, remove if may_remove else thank


def list_ways_on(group: Group, unit: Unit, following: int | None, *, may_share: bool) -> tuple[Button, ...]:
    """Return the way to the next solution; at the last one, to the reader's own.

    Args:
        following: the id of the next one, if there are several.
    """
    show = command_links.SOLUTION_SHOW.call(group.id, of=following)
    share = command_links.SOLUTION_SHARE.ask(group.id, unit=unit.id)
    if following is not None:
        return (Button("Next solution", show),)
    return (Button("Show my solution", share),) if may_share else ()


def solution_blocks(solution: ShownSolution, criteria: Sequence[str]) -> tuple[Block, ...]:
    """Return what a solution shows, and its feedback."""
    row = solution.row
    texts = (markup.escape(row.text, lines=True), format_link(row.link, LINK_SHOWN) if row.link else "")
    picture = [_draw(row, solution)] if row.picture_key else []
    seen = [Subtext(SEEN_BY[row.seen_by])] if solution.is_own else []
    ticks = _list_ticks(solution, criteria)
    return (
        *(Text(text) for text in texts if text),
        *picture,
        *([Text(ticks)] if ticks else []),
        *(
            Quote(f"**{given.who}**: {markup.escape(given.row.sentence)}")
            for given in solution.feedback[-FEEDBACK_SHOWN:]
        ),
        *([Subtext(f"and {more} more")] if (more := len(solution.feedback) - FEEDBACK_SHOWN) > 0 else []),
        *seen,
    )


def _draw(row: Solution, solution: ShownSolution) -> Image:
    whose = "Your picture" if solution.is_own else "The picture of this solution"
    return Image(UPLOADED, {"key": row.picture_key or ""}, f"{whose}.", "_With a picture._")


def _list_ticks(solution: ShownSolution, criteria: Sequence[str]) -> str:
    """Return the criteria with how many of those who gave feedback found each met; "" without feedback."""
    if not solution.feedback or not criteria:
        return ""
    found = [given.row.ticked.split("\n") for given in solution.feedback]
    counts = [(criterion, sum(criterion in ticked for ticked in found)) for criterion in criteria]
    of = len(solution.feedback)
    lines = (f"- {'✓' if met else '○'} {markup.prose(criterion)} _({met} of {of})_" for criterion, met in counts)
    return "\n".join(["**Done when**", *lines])


def _title(unit: Unit) -> str:
    return f"Solutions: Unit {unit.number}"


def render_shared(unit: Unit, seen_by: Audience, see: Call, *, is_new: bool) -> Reply:
    """Return the receipt of a shared or changed solution."""
    verb = "Shared" if is_new else "Changed"
    return say(
        f"{verb}: your solution to Unit {unit.number}. {SEEN_BY[seen_by]}",
        tone="good",
        buttons=(Button("See solutions", see),),
    )


def render_removed(unit: Unit) -> Reply:
    """Return the receipt of a removed solution."""
    return replace(say(f"Removed: the solution to Unit {unit.number}, and its feedback.", tone="good"), replaces=True)


def render_removed_notice(unit: Unit) -> str:
    """Return the sentence to a member whose solution a moderator removed."""
    return f"A moderator removed your solution to Unit {unit.number}."


def render_feedback_given(unit: Unit, who: str, following: Call | None) -> Reply:
    """Return the receipt of feedback."""
    buttons = (Button("Next solution", following),) if following is not None else ()
    text = f"Thank you! {who} will read your feedback on Unit {unit.number} with their next answer."
    return say(text, tone="good", buttons=buttons)


def render_feedback_notice(giver: str, unit: Unit, counts: tuple[int, int], sentence: str) -> str:
    """Return the sentence to the author of a solution.

    Args:
        counts: how many criteria were ticked, of how many.
    """
    ticked, of = counts
    met = f" {ticked} of {of} done." if of else ""
    see = markup.typed(f"solutions {unit.number}")
    return f"{giver} on your solution to Unit {unit.number}:{met} “{markup.escape(sentence, 150)}” See {see}."


def render_thanks(given: Sequence[tuple[str, bool]]) -> Reply:
    """Return the receipt of thanks."""
    new = [who for who, is_new in given if is_new]
    text = f"Done! {markup.series(new)} will see your thanks." if new else "You've already said thanks for this."
    return say(text, tone="good" if new else "plain")


def render_thanks_notice(unit: Unit, *, is_author: bool) -> Callable[[str], str]:
    """Return what makes the sentence to the thanked member from the giver's name.

    Args:
        is_author: whether the giver is the solution's author, who thanks for feedback.
    """
    what = "your feedback on" if is_author else "your solution to"
    return lambda giver: f"{giver} thanks you for {what} Unit {unit.number}."


def format_excerpt(row: Solution) -> str:
    """Return what a solution's line in a post shows of it, small Markdown: its text, or its link."""
    text = " ".join(row.text.split())
    quoted = f"“{markup.escape(markup.clip(text, EXCERPT))}”" if text else ""
    return " ".join(filter(None, (quoted, format_link(row.link, LINK_SHOWN) if row.link else ""))) or "a picture"


def format_closing_line(who: str, unit: Unit, row: Solution) -> str:
    """Return a solution's line in the post at a part's end."""
    return f"- **{who}**, Unit {unit.number}: {format_excerpt(row)}"


def render_closing_lines(lines: Sequence[str]) -> str:
    """Return the part of the post that shows solutions; "" without any."""
    return "\n".join([CLOSING_HEAD, *lines]) if lines else ""


def remove_closing_lines(post: Reply, names: Collection[str], excerpts: Collection[str]) -> Reply:
    """Return a post without the lines of a member's solutions.

    If no line has one of their names, they have changed it since: then lines of others who show an alias go as well.

    Args:
        names: under which the member may stand there, small Markdown; a name on the platform up to what changes in it.
    """
    blocks: list[Block] = []
    for block in post.blocks:
        if isinstance(block, Text) and block.markdown.startswith(CLOSING_HEAD):
            head, *lines = block.markdown.split("\n")
            same = [line for line in lines if (match := _CLOSING.fullmatch(line)) and match[2] in excerpts]
            own = [line for line in same if line.removeprefix("- **").startswith(tuple(names))]
            gone = own or [line for line in same if markup.OPEN not in line]
            left = [line for line in lines if line not in gone]
            blocks += [Text("\n".join([head, *left]))] if left else []
        else:
            blocks.append(block)
    return replace(post, blocks=tuple(blocks))
