"""Answer lines that are neither a command nor a question, privately: suggest what they may mean."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.commands import parsing
from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.commands.parameter_types import Kind, Url
from bot.commands.registry import CommandLink, Registry
from bot.delivery.processed_events import SqlDrafts
from bot.features import command_links
from bot.features.checkins.commands import NOTE_MAX
from bot.features.checkins.service import Progress
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.help import wording
from bot.features.help.commands import suggest_next_step
from bot.features.resolution.actor import list_own_groups
from bot.features.thanks.commands import thanks
from bot.features.thanks.service import ALSO
from bot.messages import markup
from bot.messages.call import DRAFT, Call
from bot.messages.reply import Reply
from bot.understanding import free_text, intents
from bot.understanding.nearest_commands import NearestCommands

GUESSES = 3


@command("heard", hidden=True, after_end=True, own=True)
def heard(
    ctx: Context,
    text: Annotated[str, Param("What was said", max=intents.HEARD_MAX)],
    aloud: Annotated[bool, Param("Posted in the channel")] = False,
    link: Annotated[Url | None, Param("File that came with it", max=500)] = None,
    *,
    registry: Registry,
    progress: Progress,
    nearest: NearestCommands,
) -> Reply:
    """Suggest what an unclear line may mean."""
    groups = progress.groups
    guessed = [g for g in intents.guesses(registry, text) if g.command.is_offered_to(ctx.actor.roles)][:GUESSES]
    guessed = [replace(g, call=parsing.with_file(g.command, g.call, link or "")) for g in guessed]
    utterance = free_text.read(text)
    manners = utterance.courtesy
    if (named := _offer_thanks(ctx, groups, text)) is not None:
        return named
    if aloud and manners is not None:
        return wording.nobody_named()
    if manners is not None and not guessed:
        line = wording.courtesy(manners, ctx.actor.name)
        return wording.small_talk(line) if utterance.wants_nothing else _add_next_steps(ctx, progress, line)
    guesses = [(guess.button, _store_guess(ctx, groups, guess)) for guess in guessed]
    suggestion = _format_suggestion(guessed)
    if aloud:
        return wording.look_up(suggestion, guesses, None if guessed else _store_question(ctx, groups, text))
    quote = wording.quoted(text)
    if link and not guessed and (offered := _offer_checkin(ctx, progress, text, link)) is not None:
        return offered.headed_by(quote)
    is_to_members = utterance.is_to_members
    if not guessed and not is_to_members:
        near = nearest.find(text, ctx.actor.roles)
        guesses = [(command.title, Call(command.name, {}, ctx.actor.group_id, ask=command.form)) for command in near]
        suggestion = wording.MAY_HELP if near else ""
    if ctx.place.is_direct and not guesses:
        ask = _store_question(ctx, groups, text)
        return _add_next_steps(ctx, progress, wording.UNCLEAR, ask).headed_by(quote)
    if ctx.place.is_direct:
        ask = _store_question(ctx, groups, text)
        return wording.suggest(text, suggestion, guesses, is_to_members=is_to_members, ask=ask)
    # what somebody says of themselves is not one click from being read by all
    is_personal = any(guess.asks for guess in guessed)
    return wording.suggest(
        text,
        suggestion,
        guesses,
        is_to_members=is_to_members,
        ask_privately=_store_question(ctx, groups, text, command_links.CONSULT),
        ask_publicly=None if is_personal else _store_question(ctx, groups, text),
    )


def _offer_thanks(ctx: Context, groups: Groups, text: str) -> Reply | None:
    """Offer to pass on thanks that name a member of the group; return None if they name nobody."""
    if (thanked := free_text.read(text).thanked) is None:
        return None
    (who, what), possible = thanked, _list_groups(ctx, groups)
    meant = [(group, *named) for group in possible if (named := _find_names(ctx, groups, group, who)) is not None]
    if not meant:
        return None
    calls = ((group, Call(thanks.name, {"member": member, "for": what}, group.id)) for group, _, member in meant)
    return wording.pass_on_thanks(meant[0][1], [(group, _store_draft(ctx, groups, call)) for group, call in calls])


def _list_groups(ctx: Context, groups: Groups) -> list[Group]:
    """Return the group of a line, or all groups of its author if the place has none."""
    if "member" in ctx.actor.roles:
        return [groups.get(ctx.actor.group_id)]
    if ctx.actor.group_id is not None or not ctx.place.is_direct:
        return []
    return [tie.group for tie in list_own_groups(groups.work, ctx) if tie.is_member][:GUESSES]


def _find_names(ctx: Context, groups: Groups, group: Group, who: str) -> tuple[str, str] | None:
    """Return the names of a group's members that some words begin with, as typed and as known there."""
    names: list[tuple[str, str]] = []
    while (name := _find_first_name(ctx, groups, group, who)) is not None:
        names.append(name)
        if (joined := ALSO.match(who, len(name[0]))) is None:
            break
        who = who[joined.end() :]
    return (markup.series([typed for typed, _ in names]), " and ".join(known for _, known in names)) if names else None


def _find_first_name(ctx: Context, groups: Groups, group: Group, who: str) -> tuple[str, str] | None:
    """Return the name of a group's only member that some words begin with, as typed and as known there."""
    fits: dict[int, tuple[str, str]] = {}
    display_names = groups.names(group).shown()
    for _, account in groups.list_members(group.id):
        for name in (account.name, display_names[account.id], account.name.split()[0]):
            begun = who[: len(name)]
            if begun.casefold() == name.casefold() and _ends_there(who[len(name) :]):
                fits.setdefault(
                    account.id,
                    (begun, display_names[account.id] if name == display_names[account.id] else account.name),
                )
    longest = max((len(typed) for typed, _ in fits.values()), default=0)
    best = {account_id: fit for account_id, fit in fits.items() if len(fit[0]) == longest}
    if len(best) != 1 or ctx.actor.account_id in best:
        return None
    return next(iter(best.values()))


def _ends_there(rest: str) -> bool:
    """Whether a name ends where something follows it: at a mark, or at words that go with thanks."""
    return not rest or (
        not rest[0].isalnum() and (not rest.strip() or not rest[0].isspace() or free_text.read(rest).is_filler)
    )


def _format_suggestion(guessed: list[intents.Guess]) -> str:
    """Return the question whether the first guess is meant; empty without guesses."""
    if not guessed:
        return ""
    first = guessed[0]
    line = parsing.written(first.command, first.call)
    return first.asks or wording.did_you_mean(line)


def _add_next_steps(ctx: Context, progress: Progress, line: str, ask: Call | None = None) -> Reply:
    """Return a line with the person's next steps and their buttons."""
    following, buttons = suggest_next_step(ctx, progress)
    return wording.next_steps(line, following, buttons, ask)


def _offer_checkin(ctx: Context, progress: Progress, text: str, link: str) -> Reply | None:
    """Offer a check-in to a member who sent only a file; return None for a guest."""
    args = {"note": markup.clip(text, NOTE_MAX), "link": link}
    if "member" in ctx.actor.roles:
        following, buttons = suggest_next_step(ctx, progress)
        others = tuple(
            b for b in buttons if not (isinstance(b.target, Call) and b.target.name == command_links.CHECKIN.name)
        )
        given = next((b.target.args for b in buttons if b not in others and isinstance(b.target, Call)), {})
        call = Call(command_links.CHECKIN.name, {**given, **args}, ctx.actor.group_id, ask=True)
        return wording.attach_file(following, _store_draft(ctx, progress.groups, call), others)
    own = [tie.group for tie in list_own_groups(progress.groups.work, ctx) if tie.is_member]
    if ctx.actor.group_id is not None or not own:
        return None
    stored = _store_draft(ctx, progress.groups, Call(command_links.CHECKIN.name, args, ask=True))
    return wording.attach_file_in_group([(group, replace(stored, group=group.id)) for group in own[:20]])


def _store_guess(ctx: Context, groups: Groups, guess: intents.Guess) -> Call:
    """Return the Call of a guess: a form opens filled with what was understood, anything else runs."""
    call = replace(guess.call, group=ctx.actor.group_id, ask=guess.command.form)
    given = (guess.command.param(key) for key in call.args)
    if any(param is not None and param.kind is not Kind.BOOL for param in given):
        return _store_draft(ctx, groups, call)
    return call


def _store_question(ctx: Context, groups: Groups, text: str, link: CommandLink = command_links.ASK) -> Call:
    return _store_draft(ctx, groups, link.call(ctx.actor.group_id, question=text))


def _store_draft(ctx: Context, groups: Groups, call: Call) -> Call:
    """Store a Call's arguments as a draft and return the Call with its id: a button carries an id, never prose."""
    draft = SqlDrafts().keep(groups.work, ctx.actor.account_id, replace(call, group=None, ask=False), None, ctx.now)
    return replace(call, args={DRAFT: draft})


COMMANDS: tuple[Command, ...] = (heard,)
