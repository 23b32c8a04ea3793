"""Commands for the quiz questions of a server's own course.

Moderators write and judge questions, and members suggest them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from bot.commands.command import Command, OnMessage, Param
from bot.commands.context import Context
from bot.commands.parameter_types import MemberRef, UnitRef
from bot.curriculum.bank import CHOICE_MAX, EXPLANATION_MAX, QUESTION_MAX
from bot.curriculum.content import Unit
from bot.curriculum.short_questions import ENOUGH, SOURCE_MAX, WRONG_MAX, ShortQuestion, split_answers
from bot.curriculum.track import Track
from bot.features.courses.own_roadmap import read_question
from bot.features.courses.tables import ACCEPTED, SUGGESTED, CourseQuestion
from bot.features.groups.commands import suggest_present
from bot.features.groups.confirmation import is_stale, make_mark
from bot.features.groups.params import member_command, moderator_action, moderator_command, suggest_unit
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.people.service import People
from bot.features.questions import wording
from bot.features.questions.service import CourseQuestions
from bot.features.quiz.commands import quiz
from bot.features.resolution.subject import find_current_unit
from bot.messages.call import SEEN
from bot.messages.errors import BadInput
from bot.messages.reply import Reply

PAGE_QUESTIONS, PAGE_OPENED = 5, 3
"""Questions on a page of the list, and on one with a button for each."""
UNIT = Param("Unit (leave empty for the current one)", example="2", suggest=suggest_unit)
QUESTION = Param("Question", example="How do you say hello?", long=True, max=QUESTION_MAX)
RIGHT = Param("Right answer", example="hola", max=CHOICE_MAX)
WRONG = Param("Wrong answers (1 to 3, one a line)", example="adiós", long=True, max=WRONG_MAX * CHOICE_MAX + 40)
WHY = Param("Why it is right", example="It is a greeting.", long=True, max=EXPLANATION_MAX)
AUTHOR = Param("Author (empty: you)", example="@ben", suggest=suggest_present, in_form=False)
SOURCE = Param("Source", max=SOURCE_MAX, in_form=False, offered=False)
OF = Param("Question", in_form=False)


def initial_question(_: Context) -> Mapping[str, str]:
    """Return nothing, so that the bare command opens an empty form."""
    return {}


def initial_add(ctx: Context, *, groups: Groups, questions: CourseQuestions) -> Mapping[str, str]:
    """Return nothing; NotAllowed for people who may not change the course, before they write a question."""
    if ctx.actor.group_id is not None:
        questions.check_may_change(ctx, questions.find_course(groups.get(ctx.actor.group_id))[0])
    return {}


@moderator_command(
    "manage course question",
    form=True,
    title="Add a quiz question",
    initial=initial_add,
    form_note=wording.ADD_NOTE,
    on_message=OnMessage("Use in quiz", "question", "author"),
    spoken=("add quiz question", "add a quiz question", "add a question to the quiz"),
)
def add_question(
    ctx: Context,
    question: Annotated[str, QUESTION],
    right: Annotated[str, RIGHT],
    wrong: Annotated[str, WRONG],
    unit: Annotated[UnitRef | None, UNIT] = None,
    why: Annotated[str | None, WHY] = None,
    author: Annotated[MemberRef | None, AUTHOR] = None,
    source: Annotated[str | None, SOURCE] = None,
    *,
    groups: Groups,
    questions: CourseQuestions,
) -> Reply:
    """Add a quiz question to your group's own course."""
    group = groups.get(ctx.actor.group_id)
    course, track = questions.find_course(group)
    questions.check_may_change(ctx, course)
    chosen = _find_unit(ctx, groups, track, unit)
    writer = ctx.actor.account_id
    if author is not None and author != ctx.actor.external_id:
        writer = groups.find_member(group, author)[1].id
    written = ShortQuestion(question, right, split_answers(wrong), why or "", source or "")
    by = ctx.actor.account_id
    row = questions.add(course, chosen.id, written, ctx.now, author_id=writer, accepted_by=by, group_id=group.id)
    if writer != by:
        notice = wording.describe_used(_name_actor(ctx, groups, group))
        People(groups.work).notify(writer, f"question:{row.id}", notice, ctx.now)
    return wording.render_added(
        chosen,
        len(questions.list(course, unit_id=chosen.id, states=(ACCEPTED,))),
        read_question(row).question,
        another=add_question.ask(group.id, unit=str(chosen.number)),
        show=list_questions.call(group.id, unit=str(chosen.number)),
    )


def _name_actor(ctx: Context, groups: Groups, group: Group) -> str:
    """Return the caller's name as the group sees it."""
    return groups.names(group).shown().get(ctx.actor.account_id, ctx.actor.name)


def _find_unit(ctx: Context, groups: Groups, track: Track, named: str | None) -> Unit:
    """Return the named unit, or else the current one; the last after the season."""
    if named:
        return track.roadmap.find(named)
    return find_current_unit(ctx, groups.here(ctx)) or track.roadmap.units[-1]


@member_command(
    "questions suggest",
    moderators_too=True,
    form=True,
    title="Suggest a quiz question",
    initial=initial_question,
    form_note=wording.SUGGEST_NOTE,
    spoken=("suggest question", "suggest a question", "suggest a quiz question"),
)
def suggest_question(
    ctx: Context,
    question: Annotated[str, QUESTION],
    right: Annotated[str, RIGHT],
    wrong: Annotated[str, WRONG],
    unit: Annotated[UnitRef | None, UNIT] = None,
    why: Annotated[str | None, WHY] = None,
    *,
    groups: Groups,
    questions: CourseQuestions,
) -> Reply:
    """Suggest a quiz question for your group's own course."""
    group = groups.get(ctx.actor.group_id)
    course, track = questions.find_course(group)
    chosen = _find_unit(ctx, groups, track, unit)
    written = ShortQuestion(question, right, split_answers(wrong), why or "")
    me = ctx.actor.account_id
    row = questions.add(course, chosen.id, written, ctx.now, author_id=me, group_id=group.id)
    notice = wording.describe_waiting(_name_actor(ctx, groups, group), chosen)
    judges = {moderator.id for moderator in groups.moderators(group)} | {questions.find_owner(course)}
    for judge in judges - {me, None}:
        assert judge is not None
        People(groups.work).notify(judge, f"suggestions:{group.id}:{ctx.now.date()}", notice, ctx.now)
    accept = accept_question.call(group.id, of=row.id) if _may_judge(ctx, questions, course) else None
    return wording.render_suggested(
        chosen, another=suggest_question.ask(group.id, unit=str(chosen.number)), accept=accept
    )


def _may_judge(ctx: Context, questions: CourseQuestions, course: int) -> bool:
    return "moderator" in ctx.actor.roles and questions.may_change(ctx, course)


@member_command(
    "questions list",
    moderators_too=True,
    writes=False,
    after_end=True,
    title="Quiz questions",
    spoken=("list questions", "show questions", "quiz questions", "list quiz questions"),
)
def list_questions(
    ctx: Context,
    unit: Annotated[UnitRef | None, replace(UNIT, label="Unit (leave empty for all)")] = None,
    page: Annotated[int, Param("Page", min=1, in_form=False)] = 1,
    *,
    groups: Groups,
    questions: CourseQuestions,
) -> Reply:
    """List the questions of your course, and what each unit lacks."""
    group = groups.get(ctx.actor.group_id)
    course, track = questions.find_course(group)
    moderates = _may_judge(ctx, questions, course)
    add = (add_question if moderates else suggest_question).ask(group.id)
    waiting = questions.list(course, states=(SUGGESTED,)) if moderates else ()
    review = show_question.call(group.id, of=waiting[0].id) if waiting else None
    accepted = questions.list(course, states=(ACCEPTED,))
    if unit is None:
        by_unit = {each.id: [row for row in accepted if row.unit_id == each.id] for each in track.roadmap.units}
        lacking = [each for each in track.roadmap.units if len(by_unit[each.id]) < ENOUGH]
        opens = [
            (each, list_questions.call(group.id, unit=str(each.number))) for each in lacking or track.roadmap.units
        ]
        counts = {each.number: len(by_unit[each.id]) for each in track.roadmap.units}
        return wording.render_overview(
            track, counts, opens, len(waiting), review=review, add=add, quiz=quiz.call(group.id), moderates=moderates
        )
    chosen = track.roadmap.find(unit)
    rows = [row for row in accepted if row.unit_id == chosen.id]
    most = PAGE_OPENED if moderates else PAGE_QUESTIONS
    pages = max(1, -(-len(rows) // most))
    page = min(page, pages)
    first = max(0, min((page - 1) * most, len(rows) - most))  # the last page is full too
    listed = rows[first : first + most]
    authors = questions.list_authors(group, listed)
    turns = {n: list_questions.call(group.id, unit=str(chosen.number), page=n) for n in (page - 1, page + 1)}
    reply = wording.render_unit_questions(
        chosen,
        [(row, read_question(row).question, authors.get(row.author_id or 0, "")) for row in listed],
        [read_question(row).question for row in rows],
        (page, pages),
        {n: call for n, call in turns.items() if 1 <= n <= pages},
        opens=[show_question.call(group.id, of=row.id) for row in listed] if moderates else [],
        add=(add_question if moderates else suggest_question).ask(group.id, unit=str(chosen.number)),
        moderates=moderates,
    )
    return replace(reply, replaces="page" in ctx.call.args)


@moderator_action("question show", writes=False, after_end=True)
def show_question(ctx: Context, of: Annotated[int, OF], *, groups: Groups, questions: CourseQuestions) -> Reply:
    """Show a quiz question with its answers."""
    course, track = questions.find_course(groups.get(ctx.actor.group_id))
    questions.check_may_change(ctx, course)
    return _render_question(ctx, groups, questions, track, questions.get(course, of))


def _render_question(
    ctx: Context, groups: Groups, questions: CourseQuestions, track: Track, row: CourseQuestion, *, lead: str = ""
) -> Reply:
    group = groups.get(ctx.actor.group_id)
    names = questions.list_authors(group, [row])
    return wording.render_question(
        read_question(row).question,
        track.roadmap.unit(row.unit_id) if track.roadmap.knows(row.unit_id) else None,
        row.state,
        author=names.get(row.author_id or 0, "") or wording.describe_unnamed(row.author_id),
        decider=names.get(row.decided_by or 0, ""),
        lead=lead,
        accept=accept_question.call(group.id, of=row.id) if row.state != ACCEPTED else None,
        edit=edit_question.ask(group.id, of=row.id),
        retire=retire_question.call(group.id, of=row.id) if row.state in (ACCEPTED, SUGGESTED) else None,
    )


@moderator_action("question accept", title="Accept a question")
def accept_question(ctx: Context, of: Annotated[int, OF], *, groups: Groups, questions: CourseQuestions) -> Reply:
    """Accept a suggested quiz question."""
    group = groups.get(ctx.actor.group_id)
    course, track = questions.find_course(group)
    questions.check_may_change(ctx, course)
    row = questions.get(course, of)
    was_suggested = row.state == SUGGESTED
    is_new = questions.accept(row, ctx.actor.account_id, ctx.now)
    if is_new and was_suggested and row.author_id not in (None, ctx.actor.account_id):
        thanks = wording.describe_accepted(_name_actor(ctx, groups, group), row.prompt)
        assert row.author_id is not None
        People(groups.work).notify(row.author_id, f"accepted:{row.id}", thanks, ctx.now)
    return _render_decided(ctx, groups, questions, track, row, wording.describe_decided(row.state, is_new=is_new))


@moderator_action("question retire", title="Retire a question")
def retire_question(ctx: Context, of: Annotated[int, OF], *, groups: Groups, questions: CourseQuestions) -> Reply:
    """Retire a quiz question, or refuse a suggestion."""
    course, track = questions.find_course(groups.get(ctx.actor.group_id))
    questions.check_may_change(ctx, course)
    row = questions.get(course, of)
    was_suggested = row.state == SUGGESTED
    is_new = questions.retire(row, ctx.actor.account_id, ctx.now)
    lead = wording.REFUSED if is_new and was_suggested else wording.describe_decided(row.state, is_new=is_new)
    return _render_decided(ctx, groups, questions, track, row, lead)


def _render_decided(
    ctx: Context, groups: Groups, questions: CourseQuestions, track: Track, row: CourseQuestion, lead: str
) -> Reply:
    """Return what was decided, above the next suggestion if one waits."""
    waiting: Sequence[CourseQuestion] = questions.list(row.course_id, states=(SUGGESTED,))
    reply = _render_question(ctx, groups, questions, track, waiting[0] if waiting else row, lead=lead)
    return replace(reply, tone="good", replaces=True)


def initial_edit(ctx: Context, *, groups: Groups, questions: CourseQuestions) -> Mapping[str, str]:
    """Return what the question says."""
    of = ctx.call.args.get("of", "")
    if ctx.actor.group_id is None or not of.isdecimal():
        return {}
    course, _ = questions.find_course(groups.get(ctx.actor.group_id))
    questions.check_may_change(ctx, course)
    row = questions.get(course, int(of))
    return {
        "of": of,
        "question": row.prompt,
        "right": row.right_answer,
        "wrong": row.wrong_answers,
        "why": row.why,
        SEEN: make_mark(row.changed_at, row.state),
    }


@moderator_action(
    "question edit", form=True, title="Edit the question", initial=initial_edit, form_note=wording.EDIT_NOTE
)
def edit_question(
    ctx: Context,
    of: Annotated[int, OF],
    question: Annotated[str, QUESTION],
    right: Annotated[str, RIGHT],
    wrong: Annotated[str, WRONG],
    why: Annotated[str | None, WHY] = None,
    *,
    groups: Groups,
    questions: CourseQuestions,
) -> Reply:
    """Edit a quiz question."""
    course, track = questions.find_course(groups.get(ctx.actor.group_id))
    questions.check_may_change(ctx, course)
    row = questions.get(course, of)
    if is_stale(ctx, make_mark(row.changed_at, row.state)):
        raise BadInput("Somebody else has just changed this question. Open it again to see what it says now.")
    written = ShortQuestion(question, right, split_answers(wrong), why or "")
    new = questions.edit(row, written, ctx.actor.account_id, ctx.now)
    lead = wording.EDITED if new is row else wording.REPLACED
    return replace(_render_question(ctx, groups, questions, track, new, lead=lead), tone="good", replaces=True)


COMMANDS: tuple[Command, ...] = (
    suggest_question,
    list_questions,
    add_question,
    show_question,
    accept_question,
    retire_question,
    edit_question,
)
