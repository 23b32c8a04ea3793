"""Texts of the ask feature: answers from the notes, answers about the group, and questions put to the group."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from bot.answers.compose import language_detection
from bot.answers.compose.citations import SUMMARY
from bot.answers.compose.values import UNSURE, Answer, Citation, Passage, StandsIn, is_own
from bot.commands.command import Command
from bot.curriculum import note_renderer
from bot.curriculum.content import Unit
from bot.curriculum.note import Note
from bot.curriculum.track import Track
from bot.features import command_links, rules
from bot.features.ask import passages
from bot.features.checkins import wording as checkin_wording
from bot.features.checkins.checkin_log import MemberView
from bot.features.checkins.scoring import LedgerLine
from bot.features.groups import wording as group_wording
from bot.features.groups.calendar.pacing import GRACE, Slot
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.tables import Group
from bot.features.live_sessions import wording as session_wording
from bot.features.live_sessions.tables import LiveHour
from bot.features.standings import wording as standings_wording
from bot.features.standings.leaderboard import BoardRow
from bot.features.units import wording as unit_wording
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import UserError
from bot.messages.numerals import counted, lasting, numbered, spelt
from bot.messages.reply import Audience, Block, Button, Quote, Reply, Text, say

READ_NEXT = 2
"""Passages on the same subject that the sources of an answer name."""

MOST_WORDS = 120
"""Of an answer by a model; its first sentence is always shown."""

PARAGRAPH_SENTENCES = 2
"""Of a paragraph after the first, which is one sentence."""

MOST_BUTTONS = 3

NAME_MAX, OWN_NAME_MAX, LABEL_MAX = 60, 100, 75

LOOKING = "_Searching our notes…_"
READING = "_I'm still reading our notes. One moment…_"
WRITING = "_An AI model is writing an answer from these notes. One moment…_"
BY_WORDS = "_I've just started, so I matched words only. In a minute I'll find more._"
STANDS_IN: Mapping[StandsIn, str] = {
    "silent": "_The AI model didn't answer, so I'm quoting the notes._",
    "untenable": "_I couldn't check the AI model's answer against the notes, so I'm quoting the notes._",
}
UNREAD = "_I'm still reading our notes and may have missed it. Please ask again in a minute._"
BY_THE_NOTES = "I can only go by our notes. They say:"
"""Stands above the answer to a person who disputes one. It is always the same, so that insisting changes nothing."""

_CODE = re.compile(r"(`[^`]*`)")
_MARKS = re.compile(r"\s+((?:\[\d{1,3}\])+)(?=\s|$)")


class AnswerSentence(NamedTuple):
    """A sentence of an answer, without its marks, and what it is based on."""

    text: str
    citations: tuple[Citation, ...]


def question(text: str, asker: str = "") -> Quote:
    """Return the head of an answer.

    Args:
        asker: small Markdown; "" if the reader is the asker.
    """
    return Quote(f"**{markup.escape(text, 500)}**" + (f"\nAsked by {asker}" if asker else ""))


def answered(answer: Answer, track: Track, group: int | None, ahead: str = "") -> Reply:
    """Return an answer in short paragraphs, the names of its sources, and the button that shows them.

    Args:
        group: that the button is for.
        ahead: the unit of the first source, if the group has not come to it yet.
    """
    sentences = _read_sentences(answer)
    cited = _list_passages(sentences)
    near = [passage for passage in dict.fromkeys(answer.near) if passage not in cited][:READ_NEXT]
    lines = (_format_paragraphs(answer, sentences), _format_missing(answer), _format_sources(cited, ahead))
    citations, is_worded = [sentence.citations for sentence in sentences], answer.origin == "model"
    call = passages.make_sources_call(group, track.notes, citations, near, is_worded=is_worded)
    return say(*lines, buttons=_show_sources(call))


def hint(answer: Answer, track: Track, group: int | None, whole: Call) -> Reply:
    """Return which passages to read before the answer to a unit's exercise.

    Args:
        whole: shows the answer.
    """
    near = _list_passages(_read_sentences(answer)) or [*dict.fromkeys(answer.near)]
    names = " · ".join(f"**{name_passage(passage)}**" for passage in near)
    text = "That's close to this unit's exercise, so here's a hint first. Read this, then try it yourself."
    call = passages.make_sources_call(group, track.notes, [], near)
    return say(text, names, buttons=(*_show_sources(call), Button("Show answer", whole)))


def _show_sources(call: Call | None) -> tuple[Button, ...]:
    return (Button("Sources", call),) if call is not None else ()


def sources(shown: passages.AnswerSources, group: int | None, *, hides_own: bool) -> Reply:
    """Return each passage behind an answer, with the sentences that the answer uses.

    Args:
        hides_own: whether sources are missing because the reader may not read the group's own notes.
    """
    listed = [(source.note, source.heading, source.quotes) for source in shown.passages]
    listed += [(note, heading, ()) for note, heading in shown.near]
    is_one = len(listed) == 1
    blocks: list[Block] = []
    for number, source in enumerate(shown.passages, 1):
        head = f"**{'' if is_one else f'{number}. '}{_name_section(source.note, source.heading)}**"
        blocks.append(Text(head + (_format_numbers(source.sentences) if shown.is_worded else "")))
        if source.quotes:
            blocks.append(Quote("\n".join(note_renderer.inline(quote) for quote in source.quotes)))
    names = [
        f"{'' if is_one else f'{number}. '}{_name_section(note, heading)}"
        for number, (note, heading) in enumerate(shown.near, len(shown.passages) + 1)
    ]
    if names:
        blocks.append(Text(f"Read next: {' · '.join(names)}" if shown.passages else "\n".join(names)))
    if shown.lost:
        reason = "Some sources are for members only." if hides_own else "The notes have changed since this answer."
        blocks.append(Text(f"_{reason}_"))
    buttons = (
        Button("Read passage" if is_one else f"Read {number}", passages.make_call(group, note, heading, quotes))
        for number, (note, heading, quotes) in enumerate(listed, 1)
    )
    return Reply(tuple(blocks), tuple(buttons), title="Sources")


def _format_numbers(numbers: Sequence[int]) -> str:
    noun = "sentence" if len(numbers) == 1 else "sentences"
    return f" ({noun} {markup.series([str(number) for number in numbers])})"


def _name_section(note: Note, heading: str) -> str:
    return name_passage(Passage(note.id, note.title, heading))


def unanswered(
    answer: Answer, track: Track, group: int | None, unit: str = "", *, again: Call | None, ask_group: Call | None
) -> Reply:
    """Return to the asker that the notes don't answer, what comes nearest in them, and the way to the group.

    Args:
        unit: the running unit, if it has no notes.
        again: asks again with the word that may have been meant.
        ask_group: puts the question to the group.
    """
    if answer.coverage == "foreign":
        reply = Reply((Text(markup.escape(answer.text)),))
    else:
        reply = answered(replace(answer, near=()), track, group).headed_by(Text(UNSURE))
    if unit:
        reply = reply.followed_by(Text(_describe_without_notes(unit)))
    buttons: list[Button] = []
    if again is not None and answer.meant is not None:
        label = markup.clip(f"Did you mean {markup.clean(answer.meant)}?", LABEL_MAX)
        buttons.append(Button(label, again, "primary"))
    if ask_group is not None:
        buttons.append(Button("Ask the group", ask_group))
    return replace(reply, buttons=(*buttons, *reply.buttons), audience="private")


def with_commands(reply: Reply, commands: Sequence[Command], group: int | None) -> Reply:
    """Return a declined question with the commands that it may have meant."""
    if not commands:
        return reply
    buttons = [Button(command.title, Call(command.name, {}, group, ask=command.form)) for command in commands]
    return replace(reply.followed_by(Text("Maybe this helps:")), buttons=(*buttons, *reply.buttons))


def _format_missing(answer: Answer) -> str:
    return f"_Not in our notes: {markup.escape(answer.missing, 120)}._" if answer.missing else ""


def elsewhere(track: Track) -> str:
    """Return that another course of the server covers a question."""
    return f"Another course here, **{markup.escape(track.title, 100)}**, has a note on this."


def in_english(tongue: str) -> str:
    """Return that the notes are in English, in the language of a question and in English."""
    return f"{language_detection.IN_ENGLISH[tongue]} (Our notes are in English. Please ask me in English.)"


def _describe_without_notes(unit: str) -> str:
    """Return where to look while a unit has no notes, and how moderators add some."""
    topic, add = markup.typed("unit"), markup.typed("manage notes add")
    return f"**{markup.escape(unit)}** has no notes yet. {topic} shows its resources. Moderators can add notes: {add}."


def in_progress(head: Quote, text: str, turn: str) -> Reply:
    """Return the state of an answer before it has a sentence."""
    return Reply((head, Text(text)), of=turn)


def being_written(above: Iterable[Block], answer: Reply, turn: str) -> Reply:
    """Return the notes' own answer while a model writes one, without buttons."""
    return Reply((*above, *answer.blocks, Text(WRITING)), of=turn)


def above(head: Quote, *, insists: bool) -> tuple[Block, ...]:
    """Return what stands above an answer; to a person who disputes one it says that only the notes count."""
    return (head, Text(BY_THE_NOTES)) if insists else (head,)


def between(above: Iterable[Block], reply: Reply, below: Iterable[str]) -> Reply:
    """Return an answer below its head and above further sentences, those that aren't empty."""
    return reply.headed_by(*above).followed_by(*(Text(sentence) for sentence in below if sentence))


def with_model_notice(reply: Reply, refusal: str, stands_in: StandsIn | None) -> Reply:
    """Return an answer with the reason why the notes answer instead of a model, if they do.

    Args:
        refusal: why no model may word it, small Markdown; "" if one may.
        stands_in: why a model's answer isn't shown, for an answer that isn't declined.
    """
    if stands_in is None:
        return reply.followed_by(Text(refusal)) if refusal else reply
    head, *rest = reply.blocks  # what explains an answer is read before it
    return replace(reply, blocks=(head, Text(refusal or STANDS_IN[stands_in]), *rest))


def _read_sentences(answer: Answer) -> list[AnswerSentence]:
    """Split an answer at its marks; of a model's, only as many sentences as fit on a phone."""
    sentences: list[AnswerSentence] = []
    begin, code = 0, [match.span() for match in _CODE.finditer(answer.text)]
    for match in _MARKS.finditer(answer.text):
        numbers = [int(digits) for digits in re.findall(r"\d+", match[1])]
        is_code = any(start < match.start(1) < end for start, end in code)
        if is_code or not all(1 <= number <= len(answer.citations) for number in numbers):
            continue
        citations = tuple(answer.citations[number - 1] for number in dict.fromkeys(numbers))
        sentences.append(AnswerSentence(answer.text[begin : match.start()].strip(), citations))
        begin = match.end()
    if rest := answer.text[begin:].strip():
        sentences.append(AnswerSentence(rest, ()))
    return sentences if answer.origin == "notes" else _cut_to_words(sentences)


def _cut_to_words(sentences: Sequence[AnswerSentence]) -> list[AnswerSentence]:
    counts = accumulate(len(sentence.text.split()) for sentence in sentences)
    return [sentence for sentence, count in zip(sentences, counts, strict=True) if count <= MOST_WORDS] or [
        *sentences[:1]
    ]


def _format_paragraphs(answer: Answer, sentences: Sequence[AnswerSentence]) -> str:
    """Return the first sentence as a paragraph, then short paragraphs of sentences from one passage."""
    render = note_renderer.inline if answer.origin == "notes" else markup.prose
    paragraphs: list[list[str]] = []
    before: list[Passage] = []
    for sentence in sentences:
        cited = _list_passages([sentence])
        is_after_first = len(paragraphs) == 1
        if not paragraphs or is_after_first or cited != before or len(paragraphs[-1]) >= PARAGRAPH_SENTENCES:
            paragraphs.append([])
        paragraphs[-1].append(render(sentence.text))
        before = cited
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)


def _list_passages(sentences: Iterable[AnswerSentence]) -> list[Passage]:
    citations = (citation for sentence in sentences for citation in sentence.citations)
    return [*dict.fromkeys(Passage(citation.note, citation.title, citation.heading) for citation in citations)]


def ahead(unit: Unit, opens_at: datetime, zone: str) -> str:
    """Return when the group comes to a unit."""
    on = markup.moment(opens_at, zone, "day")
    return f"unit {unit.number}, opens {on}"


def _format_sources(cited: Iterable[Passage], ahead: str) -> str:
    """Return the line of sources, by note: "Sources: Sets › Costs · Uses; Lists › Costs"."""
    headings: dict[str, list[str]] = {}
    for passage in cited:
        title, heading = _split_name(passage)
        headings.setdefault(title, []).extend([heading] if heading else [])
    names = [f"{title} › {' · '.join(listed)}" if listed else title for title, listed in headings.items()]
    if names and ahead:
        names[0] += f" ({ahead})"
    return f"Sources: {'; '.join(names)}" if names else ""


def name_passage(passage: Passage) -> str:
    """Return a passage's name: "Sets › Costs"."""
    return " › ".join(filter(None, _split_name(passage)))


def _split_name(passage: Passage) -> tuple[str, str]:
    """Return the note's title and the heading, which is "" if the title says it already.

    Titles of course notes list their contents after a colon, which a name leaves out.
    """
    is_groups, heading = is_own(passage.note), passage.heading.casefold()
    title = passage.title if is_groups else passage.title.partition(": ")[0]
    is_known = heading in SUMMARY or heading in passage.title.casefold()
    name = markup.escape(title, OWN_NAME_MAX if is_groups else NAME_MAX)
    return name, "" if is_known else markup.escape(passage.heading, NAME_MAX)


def with_ask_publicly(reply: Reply, ask: Call) -> Reply:
    """Return an answer with the button that asks again where everyone reads the answer."""
    return replace(reply, buttons=(*reply.buttons, Button("Ask publicly", ask)))


def with_rate_button(reply: Reply, group: int | None, turn: str) -> Reply:
    """Return an answer with the button that rates it."""
    return replace(reply, buttons=(*reply.buttons, Button("Rate", command_links.RATE.call(group, of=turn))))


def addressed_to(audience: Audience, reply: Reply, head: Quote, own_head: Quote, *, remove: Call) -> Reply:
    """Return an answer for its audience, with the button that removes it if there is room.

    Args:
        head: the block above the answer that names the asker.
        own_head: replaces it if only the asker reads the answer.
    """
    blocks, buttons = reply.blocks, reply.buttons
    if audience == "private":
        blocks = tuple(own_head if block == head else block for block in blocks)
    if audience == "public" or len(buttons) < MOST_BUTTONS:
        buttons = (*buttons, Button("Remove", remove))
    return replace(reply, blocks=blocks, buttons=buttons, audience=audience)


def removed() -> Reply:
    """Return what replaces a removed answer."""
    return replace(say("_This answer was removed._"), replaces=True, audience="public")


def searched(names: Sequence[str], chosen: str, *, is_declined: bool) -> str:
    """Return which groups' or courses' notes were searched; "" if that goes without saying.

    Args:
        chosen: the one whose notes answered.
    """
    bold = [f"**{markup.escape(name, 100)}**" for name in names]
    if len(bold) < 2:
        return f"I only searched the notes for {bold[0]}." if bold else ""
    if is_declined:
        return f"I searched the notes for {markup.series(bold)}."
    return f"This comes from the notes for **{markup.escape(chosen, 100)}**."


def interrupted(question: str, again: Call | None) -> Reply:
    """Return the notice that replaces an answer whose process died.

    Args:
        again: asks the question again; None if it is too old.
    """
    if again is None:
        return Reply((Text(f"{STOPPED} Please ask again."),), tone="error")
    head = [Quote(f"**{markup.escape(question, 500)}**")] if question else []
    return Reply((*head, Text(STOPPED)), (Button("Try again", again, "primary"),), tone="error")


STOPPED = "I was interrupted before the answer was ready."


# Answers about the group


def choose_group(calls: Sequence[tuple[str, Call]]) -> tuple[Button, ...]:
    """Return a button for each group that may be meant."""
    return tuple(Button(markup.clip(name, 40), call) for name, call in calls)


def answers_of_groups(replies: Sequence[tuple[str, Reply]]) -> Reply:
    """Return the answers of several groups, a line for each; groups with the same answer share a line."""
    names_by_text: dict[str, list[str]] = {}
    buttons: list[Button] = []
    for name, reply in replies:
        text = "\n".join(block.markdown for block in reply.blocks if isinstance(block, Text))
        names_by_text.setdefault(text, []).append(f"**{markup.escape(name, 60)}**")
        buttons += [replace(button, label=markup.clip(f"{button.label}: {name}", 40)) for button in reply.buttons]
    if len(names_by_text) == 1:
        return say(next(iter(names_by_text)), buttons=tuple(buttons))
    lines = (f"{' and '.join(names)}: {text}" for text, names in names_by_text.items())
    return say("\n".join(lines), buttons=tuple(buttons))


def refusal(error: UserError) -> Reply:
    """Return the sentence of an error as a group's answer."""
    return say(error.sentence)


def command_help(page: Reply, command: Command, group_id: int | None, *, needs_press: bool) -> Reply:
    """Return a command's help as an answer.

    Args:
        needs_press: whether the help's own buttons are one more press away.
    """
    onward = Button(command.title, command_links.HELP.call(group_id, command=command.name), "primary")
    return replace(page, title="", buttons=(onward,) if needs_press else page.buttons)


def position(timeline: Timeline, now: datetime, *, has_button: bool = False) -> Reply:
    """Return where the group is."""
    buttons = (Button("Show unit", command_links.UNIT.call(timeline.group.id), "primary"),) if has_button else ()
    return say(group_wording.describe_position(timeline, now), buttons=buttons)


def next_unit(timeline: Timeline, slot: Slot) -> Reply:
    """Return the next unit with its dates."""
    return say(f"Next is {group_wording.format_slot(timeline, slot)}.", buttons=(_show_unit(timeline, slot.unit_id),))


def last_unit(timeline: Timeline, slot: Slot) -> Reply:
    """Return the course's last unit with its dates."""
    text = f"The last unit is {group_wording.format_slot(timeline, slot)}."
    return say(text, buttons=(_show_unit(timeline, slot.unit_id),))


def previous_unit(timeline: Timeline, slot: Slot) -> Reply:
    """Return the unit before the running one, with its dates and summary."""
    summary = markup.prose(timeline.unit(slot).summary)
    text = f"The previous unit was {group_wording.format_slot(timeline, slot)}.\n{summary}".strip()
    return say(text, buttons=(_show_unit(timeline, slot.unit_id, is_primary=True),))


def no_previous_unit(timeline: Timeline, now: datetime) -> Reply:
    """Return that no unit came before."""
    return say(f"There was no earlier unit. {group_wording.describe_position(timeline, now)}")


def unit_dates(timeline: Timeline, slot: Slot) -> Reply:
    """Return when a unit opens and is due."""
    return say(f"{group_wording.format_slot(timeline, slot)}.", buttons=(_show_unit(timeline, slot.unit_id),))


def unit_without_dates(timeline: Timeline, unit: Unit, *, is_skipped: bool) -> Reply:
    """Return that a unit has no dates in this group."""
    reason = "was skipped" if is_skipped else "isn't planned for this group"
    return say(f"Unit {unit.number} {reason}.", buttons=(_show_unit(timeline, unit.id),))


def unknown_unit(timeline: Timeline) -> Reply:
    """Return how many units the course has, for a number that it does not have."""
    text = f"The course has {numbered(len(timeline.roadmap.units), 'unit')}."
    return say(text, buttons=(_show_course(timeline.group.id),))


def _show_unit(timeline: Timeline, unit_id: str, *, is_primary: bool = False) -> Button:
    call = command_links.UNIT.call(timeline.group.id, unit=unit_id)
    return Button("Show unit", call, "primary" if is_primary else "plain")


def _show_course(group_id: int) -> Button:
    return Button("Show course", command_links.COURSE.call(group_id))


def unit_exercise(timeline: Timeline, unit: Unit, due_at: datetime | None) -> Reply:
    """Return a unit's exercise."""
    if not unit.exercise.task:
        return _describe_unit(timeline, unit, "This unit has no exercise.", due_at)
    done = f"\n_Done when:_ {markup.prose(unit.exercise.done_when)}" if unit.exercise.done_when else ""
    return _describe_unit(timeline, unit, f"{markup.prose(unit.exercise.task)}{done}", due_at)


def unit_resources(timeline: Timeline, unit: Unit, due_at: datetime | None) -> Reply:
    """Return a unit's resources."""
    return _describe_unit(timeline, unit, unit_wording.resources(unit) or "This unit has no resources.", due_at)


def unit_hours(timeline: Timeline, unit: Unit, due_at: datetime | None) -> Reply:
    """Return how long a unit takes."""
    minutes = sum(resource.minutes for resource in unit.resources if resource.need == "must")
    sentences = [
        *([f"About {counted(unit.hours, 'hour')} with reading and exercise."] if unit.hours else []),
        *([f"The required reading takes about {numbered(minutes, 'minute')}."] if minutes else []),
    ]
    text = " ".join(sentences) or "I don't know how long this unit takes."
    return _describe_unit(timeline, unit, f"{text}{_format_short(unit)}", due_at)


def _describe_unit(timeline: Timeline, unit: Unit, details: str, due_at: datetime | None) -> Reply:
    name = f"**{markup.escape(timeline.roadmap.label(unit))}**"
    due = f"_Due {group_wording.format_when(due_at, timeline.group.zone)}._" if due_at else ""
    return say(f"{name}\n{details}", due, buttons=(_show_unit(timeline, unit.id, is_primary=True),))


def _format_short(unit: Unit | None) -> str:
    return f"\n_Only 30 minutes?_ {markup.prose(unit.exercise.short)}" if unit and unit.exercise.short else ""


def unit_quiz(timeline: Timeline, unit: Unit, count: int, start: Call) -> Reply:
    """Return how many quiz questions a unit has."""
    name = f"**{markup.escape(timeline.roadmap.label(unit))}**"
    text = f"{name} has {numbered(count, 'quiz question')}. Try them whenever you like."
    return say(text, buttons=(Button("Take a quiz", start, "primary"),))


def no_quiz(timeline: Timeline, now: datetime) -> Reply:
    """Return that there is no quiz."""
    return say(f"There is no quiz for now. {group_wording.describe_position(timeline, now)}")


def capstone(timeline: Timeline) -> Reply:
    """Return the course's capstone."""
    goal, buttons = timeline.roadmap.capstone, (_show_course(timeline.group.id),)
    if goal is None:
        return say("This course has no capstone.", buttons=buttons)
    return say(f"**{markup.escape(goal.title)}**\n{markup.prose(goal.summary)}", buttons=buttons)


def private_standing(group_id: int) -> Reply:
    """Return the way to one's own progress, where others read along."""
    return say("Only you can see your progress.", buttons=(_my_progress(group_id),))


def private_leaderboard(group_id: int) -> Reply:
    """Return the way to the leaderboard, where others read along."""
    return say("Only members can see the leaderboard.", buttons=(_show_leaderboard(group_id),))


def _my_progress(group_id: int | None) -> Button:
    return Button("My progress", command_links.PROGRESS.call(group_id), "primary")


def _show_leaderboard(group_id: int) -> Button:
    return Button("Leaderboard", command_links.LEADERBOARD.call(group_id))


def _check_in(group_id: int | None, *, is_primary: bool = True) -> Button:
    return Button("Check in", command_links.CHECKIN.ask(group_id), "primary" if is_primary else "plain")


def checked_in_for_moderators(group_id: int) -> Reply:
    """Return the way to the names of those who have not checked in."""
    return say("You'll find the names in the report.", buttons=(Button("Report", command_links.REPORT.call(group_id)),))


def checked_in_for_members(group_id: int, moderators: Sequence[str]) -> Reply:
    """Return who may see the names of those who have checked in."""
    who = " or ".join(moderators) or "moderators"
    text = f"Only {who} can see who has checked in. You can see your own progress."
    return say(text, buttons=(_my_progress(group_id),))


def checkin_count(timeline: Timeline, slot: Slot, checked_in: int, members: int) -> Reply:
    """Return how many members have checked in to a unit."""
    text = f"{checked_in} of {members} have checked in to **{markup.escape(timeline.label(slot))}**."
    return say(text, buttons=(_check_in(timeline.group.id),))


def hidden_count(group_id: int) -> Reply:
    """Return why there is no count."""
    text = "I can't show a count here. The group turned counts off, or its members are hidden from the leaderboard."
    return say(text, buttons=(_my_progress(group_id),))


def group_course(timeline: Timeline) -> Reply:
    """Return which course a group follows."""
    group, course = timeline.group, timeline.roadmap
    size = numbered(len(course.units), "unit")
    text = f"**{markup.escape(group.name)}** follows **{markup.escape(course.title)}** ({size})."
    return say(text, buttons=(_show_course(group.id),))


def group_moderators(moderators: Sequence[str]) -> Reply:
    """Return who moderates a group."""
    if not moderators:
        return say("The people who manage this server moderate the group.")
    return say(f"{' and '.join(moderators)} can help. They moderate this group.")


def group_size(group: Group, members: int) -> Reply:
    """Return how many members a group has."""
    return say(f"**{markup.escape(group.name)}** has {numbered(members, 'member')}.")


def for_members_only() -> Reply:
    """Return that only members learn how many take part."""
    return say("Only members can see how many take part.")


def live_sessions(group: Group, sessions: Sequence[LiveHour]) -> Reply:
    """Return a group's coming live sessions."""
    return say("\n".join(f"Live session: {session_wording.line(group, session)}" for session in sessions))


def no_live_session(moderators: Sequence[str]) -> Reply:
    """Return that no live session is planned, and who can plan one."""
    who = " or ".join(moderators) or "A moderator"
    return say(f"No live sessions are planned. {who} can plan one with {markup.typed('manage session plan')}.")


def streak_rule(group_id: int | None) -> Reply:
    """Return the rules of a streak."""
    first, most = spelt(rules.FIRST_FREEZES), spelt(rules.MOST_FREEZES)
    earned = counted(rules.KEPT_PER_FREEZE, "completed unit")
    lines = (
        f"A check-in by the deadline, or up to {lasting(GRACE)} after it, adds one to your streak.",
        "- A missed unit uses up a freeze. Without one, the streak starts again.",
        f"- You start with {first}. Every {earned} earn another, up to {most}.",
        f"- Sick or busy? {markup.typed('away')} protects your streak. So does a group pause or a moderator's excuse.",
        f"- You can repair an ended streak for {lasting(rules.REPAIRABLE)}, once per part.",
    )
    return say("\n".join(lines), buttons=(_my_progress(group_id), Button("Be away", command_links.AWAY.ask(group_id))))


def late_rule(timeline: Timeline | None, now: datetime) -> Reply:
    """Return until when a check-in counts.

    Args:
        timeline: of the group; None for the rule of any group.
    """
    points = rules.BASE_POINTS
    text = (
        f"A check-in counts for your streak until {lasting(GRACE)} after the deadline. It earns "
        f"{points['kept']} points on time, {points['late']} late. After that you can still catch up for "
        f"{points['caught up']} points. Type {markup.typed('checkin')} with the unit's number."
    )
    where = f"\n{group_wording.describe_position(timeline, now)}" if timeline is not None else ""
    return say(f"{text}{where}", buttons=(_check_in(timeline.group.id if timeline is not None else None),))


def checkin_rule(group_id: int | None, unit: Unit | None) -> Reply:
    """Return what counts as a check-in, and what is enough of the running unit."""
    text = (
        "Any work on a unit counts as a check-in, finished or not. Say how many minutes and what you did. The "
        "exercise, the quiz and the rest of the reading are optional."
    )
    return say(f"{text}{_format_short(unit)}", buttons=(_check_in(group_id),))


def points_rule(group_id: int | None, *, has_quiz_points: bool) -> Reply:
    """Return what earns points."""
    hours, points = GRACE // timedelta(hours=1), rules.BASE_POINTS
    sentences = (
        f"A check-in earns {points['kept']} points on time, {points['late']} up to {hours} hours late, and "
        f"{points['caught up']} after that.",
        f"Up to {spelt(rules.MOST_EXTRA_DAYS)} extra days of work on a unit earn 1 point each.",
        *([f"A day with a quiz earns {rules.QUIZ_DAY_POINTS}."] if has_quiz_points else []),
    )
    return say(" ".join(sentences), buttons=(_my_progress(group_id),))


def own_standing(
    member: MemberView,
    timeline: Timeline,
    running: Opened | None,
    latest: Sequence[LedgerLine],
    now: datetime,
    *,
    has_checked_in: bool,
) -> Reply:
    """Return a member's check-in, streak, points and latest units."""
    lines, buttons = [], [_my_progress(timeline.group.id)]
    if running is not None and has_checked_in:
        lines.append(f"You've checked in to **{markup.escape(timeline.label(running.slot))}**.")
    elif running is not None:
        where = group_wording.describe_position(timeline, now)
        lines.append(f"{group_wording.describe_open_unit(running, now)} {where}")
        buttons.append(_check_in(timeline.group.id, is_primary=False))
    balance = checkin_wording.describe_balance(member.score, member.timeline.group)
    lines.append(f"{balance} {checkin_wording.render_points(member)}")
    if latest:
        lines.append(checkin_wording.render_ledger(member, latest, is_own=True))
    return say("\n".join(lines), buttons=tuple(buttons))


def hidden_leaderboard(group_id: int) -> Reply:
    """Return that the reader has hidden the leaderboard."""
    return standings_wording.render_hidden_board(command_links.LEADERBOARD.call(group_id), "Leaderboard")


def empty_leaderboard(group_id: int) -> Reply:
    """Return that nobody is on the leaderboard."""
    return Reply((standings_wording.render_empty_board(),), (_show_leaderboard(group_id),))


def leaderboard(group_id: int, rows: standings_wording.Rows, *, is_over: bool) -> Reply:
    """Return who leads, where the reader stands, and the rows around them."""
    ranked = [row for row in rows if isinstance(row, BoardRow)]
    first, own = ranked[0], next((row for row in ranked if row.is_me), None)
    you, they = ("share the lead", "shares the lead") if first.is_shared else ("lead", "leads")
    leader = f"You {you}" if first.is_me else f"**{markup.escape(first.name, 40)}** {they}"
    span = "over the whole season" if is_over else "in this phase"
    text = f"{leader} with {numbered(first.points, 'point')} {span}."
    if own is not None and not first.is_me:
        text += f" You're number {own.rank}{', shared,' if own.is_shared else ''} with {own.points}."
    return Reply((Text(text), standings_wording.render_table(rows)), (_show_leaderboard(group_id),))


# Questions put to the group


def group_question(group_id: int, author: str, question: str, limit: int) -> Reply:
    """Return the post that puts a member's question to the group."""
    intro = Text(f"**{author}** asks the group. Our notes don't answer this:")
    thanks = Button("Thank a helper", command_links.THANKS.ask(group_id))
    return Reply((intro, Quote(markup.escape(question, limit))), (thanks,))


def answered_group_question(group_id: int, author: str, question: str, limit: int, notice: str, read: Button) -> Reply:
    """Return the post of a member's question that a note answers now.

    Args:
        notice: says so.
        read: opens the note.
    """
    post = group_question(group_id, author, question, limit).followed_by(Text(notice))
    return replace(post, buttons=(read, *post.buttons))


def preview_group_question(group: Group, label: str, author: str, question: str, *, confirm: Call) -> Reply:
    """Return what asks before a member's question is posted.

    Args:
        label: of the unit in whose thread it is posted.
        author: the name that signs it, small Markdown.
    """
    where = markup.room(group.room, "the group's channel")
    text = f"Post this question in {where}? It goes into the thread of **{label}**, signed **{author}**."
    return Reply(
        (Text(text), Quote(markup.escape(question, 500))), (group_wording.confirm_button(confirm, "Post question"),)
    )


def asked_group(label: str, *, is_new: bool) -> Reply:
    """Return the receipt of a question put to the group.

    Args:
        label: of the unit in whose thread it is posted.
    """
    text = (
        f"I'll post your question in the thread of **{label}**." if is_new else "You've already asked the group this."
    )
    return replace(say(text, tone="good"), replaces=True)
