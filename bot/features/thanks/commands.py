"""Commands with which members thank each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from bot.commands.command import Command, OnMessage, Param, SuggestedValue
from bot.commands.context import Context
from bot.commands.parameter_types import MemberRef
from bot.features.checkins.service import Progress
from bot.features.groups.params import member_action, member_command
from bot.features.groups.service import Groups
from bot.features.rules import MOST_THANKS
from bot.features.standings.commands import suggest_member
from bot.features.thanks import service, wording
from bot.features.thanks.service import Thanks
from bot.messages.errors import NotAllowed, NotFound, UserError
from bot.messages.reply import Reply

REASON_MAX = 300


def suggest_thanked(ctx: Context, typed: str, *, progress: Progress) -> list[SuggestedValue]:
    """Return whom one can name; the sign before an id tells it from prose."""
    members = suggest_member(ctx, typed.lstrip("@"), progress=progress)
    return [
        SuggestedValue(member.label, f"@{member.value}") for member in members if member.value != ctx.actor.external_id
    ]


def _initial(ctx: Context, *, groups: Groups) -> Mapping[str, str]:
    """Return whom a bot's message names, as the form opens on it; NotFound if it names no other member."""
    text = ctx.call.args.get("for", "")
    if not ctx.call.ask or not text or ctx.call.args.get("member"):
        return {}
    group = groups.here(ctx).group
    names = groups.names(group).shown()
    others = [account for _, account in groups.list_members(group.id) if account.id != ctx.actor.account_id]
    known = {account.external_id: {account.external_id, account.name} for account in others}
    for account in others:
        if names[account.id] != account.name:  # who goes by an alias is thanked by it, and stays hidden behind it
            known |= {account.external_id: {account.external_id}, names[account.id]: {names[account.id]}}
    if (named := service.find_first_named(text, known)) is None:
        raise NotFound(wording.render_names_nobody())
    return {"member": named}


@member_command(
    "thanks",
    form=True,
    initial=_initial,
    title="Say thanks",
    form_note=wording.FORM_NOTE,
    on_message=OnMessage("Say thanks", "for", "member"),
    asked=(r"(?:thank|praise|say thanks? to|give kudos to) (?:a |another |some)?(?:member|one|body|person)",),
)
def thanks(
    ctx: Context,
    member: Annotated[MemberRef, Param("Whom", example="@ben", suggest=suggest_thanked)],
    for_: Annotated[str, Param("What for", example="explaining sets", max=REASON_MAX)] = "",
    *,
    groups: Groups,
    thanks: Thanks,
) -> Reply:
    """Thank a member of your group."""
    group = groups.here(ctx).group
    named, reason = thanks.whom(ctx, group, member, for_)
    if len(named) > MOST_THANKS:
        raise NotAllowed(wording.TOO_MANY, field="member")
    given: list[tuple[str, bool]] = []
    refused: list[UserError] = []
    for name in named:
        try:
            given.append(thanks.give(ctx, group, name, reason))
        except UserError as refusal:
            refused.append(refusal)
    if not given:
        raise refused[0]
    return _render_thanks(given, dict.fromkeys(refusal.sentence for refusal in refused))


@member_action("thank")
def thank(ctx: Context, of: Annotated[int, Param("Which check-in")], *, groups: Groups, thanks: Thanks) -> Reply:
    """Thank a member for a shared text."""
    return _render_thanks([thanks.give_for_note(ctx, groups.here(ctx).group, of)])


def _render_thanks(named: Sequence[tuple[str, bool]], refused: Iterable[str] = ()) -> Reply:
    """Return whose thanks were stored, and why others' were not."""
    new, old = ([who for who, is_new in named if is_new is wanted] for wanted in (True, False))
    return wording.render_thanks(new, old, refused)


COMMANDS: tuple[Command, ...] = (thanks, thank)
