"""The words of help, of the overview of somebody's groups, and of the answer to a line that means nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.commands.command import Command
from bot.features import command_links
from bot.features.checkins.scoring import Score
from bot.features.checkins.wording import describe_balance, render_strip
from bot.features.groups import wording as group_wording
from bot.features.groups.calendar.timeline import Astray
from bot.features.groups.tables import Group
from bot.features.groups.wording import MOST_JOINED
from bot.features.report.service import GroupReport, Several
from bot.features.report.wording import NOBODY_JOINED
from bot.features.rules import RESTING_AFTER
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import counted
from bot.messages.reply import Actions, Block, Button, Divider, Quote, Reply, Subtext, Text, say
from bot.understanding import free_text
from bot.understanding.free_text import Courtesy

SHOWN, LISTED, NAMED = 4, 10, 5
"""Groups that the overview shows whole and that a list has, and members that are named."""
ALL = "all"
"""What is typed after `help` for the pages of all commands."""
EVERYDAY = {
    command_links.JOIN.name: "join this group",
    command_links.CHECKIN.name: "log your study time",
    command_links.ASK.name: "ask a question about the notes",
    command_links.PROGRESS.name: "see your streak and points",
    command_links.BRIDGE.name: "practise with a few questions",
    command_links.COURSE.name: "see every unit of the course",
}
"""The commands that help names first, and what each is for."""
TOPICS = {
    "study": ("Study", "checkin undo progress home plan away unit course certificate"),
    "practise": ("Ask and practise", "ask quiz review solutions anki notes read"),
    "group": ("Your group", "join leave transfer groups leaderboard buddy focus thanks session"),
    "settings": ("Your settings", "settings calendar dashboard usage privacy help"),
    "moderators": ("For moderators", ""),
}
"""The topics of `help all`, by what one wants to do: the title, and the first words of the commands' names."""

SHOW_HELP = Button("Show help", command_links.HELP.call())
NONE_SEEN = "You aren't in a group yet. Join one in its channel, then write to me here."
NO_GROUP_FOR_MODERATOR = (
    "There's no group here yet. Setting one up takes a minute. You'll see the first post before I send it."
)
NO_GROUP = "There's no group here yet. Press **Start a group**. If you can't start one, I'll tell you who can."
SEVERAL = "You're in several groups here. Choose one:"
CHECKED_IN = "You've checked in. See you in the next unit!"


def help_page(step: str, buttons: Sequence[Button], commands: Sequence[Command], settings: Call | None) -> Reply:
    """Return the first page of help.

    Args:
        step: what is next for the person.
        buttons: the buttons that do it.
        commands: those that the person may run.
        settings: opens the person's settings, if they have any.
    """
    named = [command for command in commands if command.name in EVERYDAY]
    lines = [f"- {markup.typed(c.name)}: {EVERYDAY[c.name]}" for c in sorted(named, key=_rank)]
    last = (
        Button("All commands", command_links.HELP.call(command=ALL)),
        *([Button("Settings", settings)] if settings else []),
    )
    can = Text("\n".join(["**What you can do**", *lines]))
    return Reply((Text(step), *([Actions(tuple(buttons))] if buttons else []), can), last, title="Help")


def _rank(command: Command) -> int:
    return list(EVERYDAY).index(command.name)


def all_page(topic: str, commands: Sequence[Command]) -> Reply:
    """Return a page of all commands: those of a topic, with a button for each other topic.

    Args:
        topic: a key of TOPICS; the first page if it has no commands for the person.
    """
    pages = {key: [c for c in commands if _find_topic(c) == key] for key in TOPICS}
    shown = topic if pages.get(topic) else next(key for key, listed in pages.items() if listed)
    others = (key for key, listed in pages.items() if listed and key != shown)
    buttons = tuple(Button(TOPICS[key][0], command_links.HELP.call(command=f"{ALL} {key}")) for key in others)
    more = f"To read more about a command, type {markup.typed('help checkin')}."
    return Reply(
        (Text(list_commands(pages[shown])), Subtext(more)), buttons, title=TOPICS[shown][0], replaces=topic in TOPICS
    )


def _find_topic(command: Command) -> str:
    if command.role == "moderator":
        return "moderators"
    root = command.name.split(" ")[0]
    return next((key for key, (_, roots) in TOPICS.items() if root in roots.split()), "group")


def list_commands(commands: Sequence[Command]) -> str:
    """Return commands with their summaries, one a line."""
    # a name that is also a courtesy, such as "thanks", is only a courtesy if nothing follows it
    return "\n".join(
        _format_command(c.name if not free_text.read(c.name).is_manners else c.example, c.summary) for c in commands
    )


@lru_cache(maxsize=256)
def _format_command(typed: str, summary: str) -> str:
    return f"- {markup.typed(typed)}: {summary[0].lower()}{summary[1:]}"


def command_group(name: str, commands: Sequence[Command]) -> Reply:
    """Return the commands that begin with a word."""
    return Reply((Text(list_commands(commands)),), title=markup.escape(name, 40))


def no_such_command(name: str, similar: Sequence[str]) -> str:
    """Return that there is no such command, and what may be meant."""
    if similar:
        hint = f"Did you mean {' or '.join(map(markup.typed, similar))}?"
    else:
        hint = f"{markup.typed(f'help {ALL}')} lists every command."
    return f"There is no command “{markup.escape(name, 40)}”. {hint}"


def joinable(groups: Sequence[Group]) -> str:
    """Return which groups somebody who is in none may join, and in which channels."""
    rooms = (f"**{markup.escape(c.name, 60)}** in {markup.room(c.room, 'its channel')}" for c in groups[:MOST_JOINED])
    more = f", and {len(groups) - MOST_JOINED} more" if len(groups) > MOST_JOINED else ""
    return f"You aren't in a group yet. You can join: {', '.join(rooms)}{more}."


def choose_group(groups: Sequence[Group]) -> tuple[Button, ...]:
    """Return the buttons of somebody with several groups."""
    each = (Button(markup.clip(c.name, 40), command_links.HELP.call(c.id)) for c in groups[:20])
    return Button("Where I stand", command_links.HOME.call(), "primary"), *each


def set_up(*, is_primary: bool) -> Button:
    """Return the button that sets up a group."""
    return Button("Start a group", command_links.SETUP.call(), "primary" if is_primary else "plain")


def introduce(group: Group, *, is_here: bool) -> str:
    """Return which group a guest may join, and where it is."""
    where = "here" if is_here else f"in {markup.room(group.room, 'its own channel')}"
    return f"**{markup.escape(group.name)}** studies {where}."


def join(group_id: int) -> Button:
    """Return the button that joins a group."""
    return Button("Join", command_links.JOIN.call(group_id), "primary")


def check_in(group: Group, unit_id: str, *, is_named: bool = False) -> Button:
    """Return the button that checks in for a unit.

    Args:
        is_named: whether it names the group.
    """
    label = markup.clip(f"Check in: {group.name}", 40) if is_named else "Check in"
    return Button(label, command_links.CHECKIN.ask(group.id, unit=unit_id), "primary")


def my_progress(group_id: int) -> Button:
    """Return the button that shows the person's progress."""
    return Button("My progress", command_links.PROGRESS.call(group_id), "primary")


def see_progress(group: Group, *, is_named: bool) -> Button:
    """Return the button of a group in which there is nothing to check in.

    Args:
        is_named: whether it names the group.
    """
    label = markup.clip(f"My progress: {group.name}", 40) if is_named else "My progress"
    return Button(label, command_links.PROGRESS.call(group.id))


def after_end(group: Group, *, is_member: bool, is_moderator: bool) -> tuple[Button, ...]:
    """Return what is left to do after the last unit."""
    return (
        *([my_progress(group.id)] if is_member else []),
        *([Button("Catch up", command_links.CHECKIN.ask(group.id))] if is_member and group.ended_at is None else []),
        *([group_wording.next_round_button(group)] if is_moderator else []),
    )


def own_group(group: Group, position: str, status: str, score: Score, waiting: str, *, is_only: bool) -> Text:
    """Return what a member reads of their group: where it is, then their own streak.

    Args:
        waiting: that a solution waits for their feedback; "" if none does.
        is_only: whether it is their only group, so that there is room for the strip of units.
    """
    head = f"**{markup.escape(group.name)}**\n{position} {status}".rstrip()
    strip = f"\n{render_strip(score).partition(chr(10))[0]}" if is_only else ""
    waits = f"\n{waiting}" if waiting else ""
    return Text(f"{head}\n\n{describe_balance(score, group)}{waits}{strip}")


def home(
    own: Sequence[tuple[Text, Button | None]],
    n_own: int,
    moderated: Sequence[tuple[Group, Text]],
    n_moderated: int,
    *,
    only: Group | None,
    all_groups: Call,
) -> Reply:
    """Return where a person stands in each of their groups: a row each, with its own button.

    Args:
        own: the groups that they are in, each with its button: to check in while that is still to be done.
        n_own, n_moderated: how many there are, also those left out.
        only: the only group that they are in.
    """
    left_out = n_own - len(own)
    more = f"You have {counted(left_out, 'more group')}. To see all, type {markup.typed('groups')}."
    reports = [
        Button(
            "Report" if n_moderated == 1 else markup.clip(f"Report: {group.name}", 40),
            command_links.REPORT.call(group.id),
        )
        for group, _ in moderated
    ]
    rows = [*own, *((text, report) for (_, text), report in zip(moderated, reports, strict=True))]
    blocks: list[Block] = []
    for text, button in rows:
        blocks += [Divider()] if blocks else []
        blocks += [text, *([Actions((button,))] if button is not None else [])]
    return Reply(
        (*blocks, *([Text(more)] if left_out else [])),
        (
            Button("Ask", command_links.ASK.ask(only.id if only else None)),
            *([Button("My groups", all_groups)] if only is None or not reports else []),
        ),
        title="Where you stand",
    )


def lost_group(astray: Astray) -> Text:
    """Return that the course of a group is missing."""
    return Text(astray.sentence)


def moderated_group(group: Group, position: str, facts: GroupReport) -> Text:
    """Return a group's report in a few lines."""
    lines = _list_facts(facts) or [position]
    return Text(f"**{markup.escape(group.name)}, for moderators**\n" + "\n".join(f"- {line}" for line in lines))


def _list_facts(facts: GroupReport) -> list[str]:
    if not facts.members:
        return [NOBODY_JOINED]
    lines = []
    if (unit := facts.unit) is not None:
        lines.append(f"{unit.kept.count} of {unit.expected} have checked in")
        lines += [f"Not yet: {_name_some(unit.missing)}"] if unit.missing.count else []
    lines += [f"Check in less than before: {counted(len(facts.fading), 'member')}"] if facts.fading else []
    if facts.resting.count:
        lines.append(f"Missed {counted(RESTING_AFTER, 'unit')} in a row: {counted(facts.resting.count, 'member')}")
    return lines


def _name_some(several: Several) -> str:
    names = ", ".join(markup.name(person.external_id, person.name) for person in several.first[:NAMED])
    return names + (f" and {several.count - NAMED} more" if several.count > NAMED else "")


def list_lines(lines: Sequence[str], count: int) -> str:
    """Return lines of groups as bullets, and how many of `count` groups they leave out."""
    more = [f"and {count - len(lines)} more"] if count > len(lines) else []
    return "\n".join(f"- {line}" for line in (*lines, *more))


def group_line(group: Group, position: str) -> str:
    """Return a group in a line: its name, its channel, where it is."""
    return f"**{markup.escape(group.name)}** in {markup.room(group.room, 'its channel')}: {position}"


def own_groups(own: str, moderated: str, others: str, groups: Sequence[Group], joinable: Sequence[Group]) -> Reply:
    """Return the person's groups.

    Args:
        own, moderated, others: the lines of those that they are in, only moderate, and can join.
        groups: those that they are in.
    """
    parts = (("You're in", own), ("You moderate", moderated), ("You can join", others))
    progress = (
        Button(markup.clip(f"My progress: {group.name}", 40), command_links.PROGRESS.call(group.id))
        for group in groups[:LISTED]
    )
    return say(
        *(f"**{head}**\n{lines}" for head, lines in parts if lines),
        title="Your groups",
        buttons=(*progress, *group_wording.join_buttons(joinable, LISTED)),
    )


def welcome(*paragraphs: str, buttons: Sequence[Button]) -> Reply:
    """Return what somebody reads who is in no group."""
    return say(*paragraphs, title="Welcome", buttons=(*buttons, SHOW_HELP))


def welcome_to_join(lines: str, groups: Sequence[Group]) -> Reply:
    """Return the groups that somebody may join who is in none."""
    greeting = "You aren't in a group yet. Choose one to join. You can leave at any time."
    return welcome(greeting, lines, buttons=group_wording.join_buttons(groups, LISTED))


_COURTESIES: dict[Courtesy, str] = {
    "hello": "Hello, {name}!",
    "thanks": "You're welcome!",
    "bye": "See you soon.",
    "noted": "All right.",
    "there": "I'm here.",
    "who": "I'm Trailmate, a bot. I guide study groups through a course and answer questions from its notes.",
    "lost": "Let me help.",
    "foreign": "I only understand English, but I'm glad to help.",
}
UNCLEAR = "I didn't understand that."
UNCLEAR_IN_CHANNEL = "I didn't understand that, so I haven't posted anything. Type {help}, or choose:"
MAY_HELP = "I didn't understand that. Maybe this helps:"
FOR_OTHERS = "That sounds like a message to your group, so I haven't posted anything."


def courtesy(kind: Courtesy, name: str) -> str:
    """Return the answer to a greeting and the like."""
    return _COURTESIES[kind].format(name=markup.escape(name, 40))


def small_talk(line: str) -> Reply:
    """Return the answer to small talk after which nothing comes next."""
    return say(line)


def nobody_named() -> Reply:
    """Return that a line thanked somebody whom the group doesn't know."""
    return say(f"Nobody here has that name. To thank a member, type {markup.typed('thanks @ben')}.")


def next_steps(line: str, step: str, buttons: Sequence[Button], ask: Call | None = None) -> Reply:
    """Return a line, then what is next for the person.

    Args:
        ask: asks the notes about the line.
    """
    return say(f"{line} {step}", buttons=(*buttons, *_ask_button(ask), SHOW_HELP))


def _ask_button(ask: Call | None) -> tuple[Button, ...]:
    return (Button("Ask the notes", ask),) if ask else ()


def look_up(suggestion: str, guesses: Sequence[tuple[str, Call]], ask: Call | None) -> Reply:
    """Return the answer to an unclear line in a channel: what it may mean, or the offer to ask the notes.

    Args:
        suggestion: the question whether the first guess is meant; "" without guesses.
        guesses: labels and what their buttons do.
    """
    question = suggestion or "Should I look that up in the notes?"
    return say(question, buttons=(*_guess_buttons(guesses), *_ask_button(ask)))


def suggest(
    text: str,
    suggestion: str,
    guesses: Sequence[tuple[str, Call]],
    *,
    is_to_members: bool,
    ask: Call | None = None,
    ask_publicly: Call | None = None,
    ask_privately: Call | None = None,
) -> Reply:
    """Return what an unclear line may mean, below the line itself.

    Args:
        suggestion, guesses: as in `look_up`.
        is_to_members: whether the line seems to be for others.
        ask: asks the notes in a direct message.
    """
    return Reply(
        (quoted(text), Text(suggestion or unclear(is_to_members=is_to_members))),
        (
            *_guess_buttons(guesses),
            *_ask_button(ask),
            *([Button("Ask publicly", ask_publicly)] if ask_publicly else []),
            *([Button("Ask privately", ask_privately)] if ask_privately else []),
        ),
    )


def _guess_buttons(guesses: Sequence[tuple[str, Call]]) -> tuple[Button, ...]:
    return tuple(Button(markup.clip(label, 40), call, "primary") for label, call in guesses)


def pass_on_thanks(name: str, choices: Sequence[tuple[Group, Call]]) -> Reply:
    """Return the offer to pass on thanks, in one of several groups."""
    asks = f"Is that for {markup.escape(name, 40)}? They'll see it the next time they use Trailmate."
    labels = (
        "Say thanks" if len(choices) == 1 else markup.clip(f"Say thanks in {group.name}", 40) for group, _ in choices
    )
    return say(
        asks,
        buttons=tuple(Button(label, call, "primary") for label, (_, call) in zip(labels, choices, strict=True)),
    )


def attach_file(step: str, check_in: Call, others: Sequence[Button]) -> Reply:
    """Return the offer to check in with a file, among what is next for the person."""
    with_file = Button("Check in with file", check_in, "primary")
    return say(f"Add this file to a check-in? {step}", buttons=(with_file, *others))


def attach_file_in_group(choices: Sequence[tuple[Group, Call]]) -> Reply:
    """Return the offer to check in with a file, in one of several groups."""
    buttons = (Button(markup.clip(f"Check in: {group.name}", 40), call, "primary") for group, call in choices)
    return say("Add this file to a check-in? Choose a group:", buttons=tuple(buttons))


def did_you_mean(line: str) -> str:
    """Return the command that a line may mean."""
    return f"Did you mean {markup.typed(markup.clip(line, 150))}?"


def unclear(*, is_to_members: bool) -> str:
    """Return that a line in a channel was not understood."""
    return FOR_OTHERS if is_to_members else UNCLEAR_IN_CHANNEL.format(help=markup.typed("help"))


def quoted(text: str) -> Quote:
    """Return a line as it was written."""
    return Quote(markup.escape(text, 300))


def with_joins(reply: Reply, step: str, joins: tuple[Button, ...]) -> Reply:
    """Return a page about a command, with the groups that the reader may join first."""
    return replace(reply, blocks=(*reply.blocks, Text(step)), buttons=joins)
