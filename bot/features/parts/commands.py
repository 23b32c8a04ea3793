"""What members do at the end of a leg: read their certificate, share it, and say that they go on."""

from __future__ import annotations

from typing import Annotated

from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.parameter_types import UnitRef
from bot.curriculum import lookup
from bot.curriculum.pace import LEAST
from bot.delivery import outbox
from bot.delivery.outbox import Announcement
from bot.drawing.certificate_card import since
from bot.features import command_links
from bot.features.checkins import sharing
from bot.features.checkins.service import MemberView, Progress
from bot.features.groups import message_keys
from bot.features.groups.params import COHORT, CONFIRM
from bot.features.groups.wording import apply_picture_setting
from bot.features.parts import cards, closing_post
from bot.features.parts.completed_parts import Walked, asked, kept, kept_of, last_over, walked
from bot.features.parts.tables import Onward
from bot.features.schedule.group import Group
from bot.features.standings.pace import find_group_pace
from bot.messages import markup
from bot.messages.errors import NotAllowed, NotFound
from bot.messages.numerals import numbered
from bot.messages.reply import Button, Listing, Reply, Text, say
from bot.storage.insert import insert_once

RECOUNTED_S = 60
"""How often, in seconds, the post may be edited that says how many go on."""


def suggest_walked(ctx: Context, typed: str, *, progress: Progress) -> list[SuggestedValue]:
    """Return the legs that are over."""
    over = [one.leg for one in walked(progress.cohorts.here(ctx), ctx.now) if one.is_over]
    return [
        SuggestedValue(markup.clip(leg.label, 100), str(leg.number))
        for leg in over
        if typed.lower() in leg.label.lower()
    ]


LEG = Param("Leg (the last one if empty)", example="2", max=100, suggest=suggest_walked, in_form=False)


@command(
    "certificate",
    role="member",
    cohort="needed",
    which=COHORT,
    writes=False,
    after_end=True,
    own=True,
    asked=(r"(?:get|see|find|have|show|share) (?:my |a |the )?certificate", r"^where(?: is|'s) my certificate"),
)
def certificate(ctx: Context, leg: Annotated[str | None, LEG] = None, *, progress: Progress) -> Reply:
    """What you kept of a leg, to keep or to share, once you kept most of it."""
    mine = progress.mine(ctx)
    if (one := _walked(ctx, mine, leg)) is None:
        return say("No leg of yours is over yet. Its certificate waits here when it is.")
    has, cohort = kept(mine.score, one), mine.timeline.cohort
    if has < (most := asked(mine.score, one)):
        late = "" if cohort.ended_at is not None else " What you catch up counts as well, without hurry."
        return say(
            f"You kept {has} of {numbered(len(one.opened), 'unit')} of {cards.walked_way(mine, one)}; a certificate "
            f"is for {most} or more.{late}"
        )
    share = Button("Share it with the group", share_certificate.call(cohort.id, leg=one.leg.number))
    name = _known_as(progress, mine)
    picture = cards.of_leg(mine, one, name)
    titles = ", ".join(markup.escape(mine.timeline.unit(unit.slot).title, 60) for unit in kept_of(mine.score, one))
    return Reply(
        (
            picture,
            Text(_said(mine, one, markup.escape(name, 40))),
            Text(f"_The units that were kept: {titles}._"),
            *_alias(mine, name),
        ),
        () if cohort.ended_at is not None else (share,),
        title=f"Certificate: {cards.walked_way(mine, one, markup.escape(mine.timeline.roadmap.title))}",
        tone="good",
    )


def _known_as(progress: Progress, mine: MemberView) -> str:
    """Return the name that the group knows a member by, plain: it stands on what they share."""
    cohort, account = mine.timeline.cohort, mine.account
    return progress.cohorts.names(cohort).shown().get(account.id, account.name)


def _alias(mine: MemberView, name: str) -> tuple[Text, ...]:
    """Return which name stands on it, where that is not the member's own."""
    if name == mine.account.name:
        return ()
    own = markup.typed("settings alias=-")
    return (Text(f"_It bears the name that you chose in this group, also once shared. {own} brings your own back._"),)


def _walked(ctx: Context, mine: MemberView, named: str | None) -> Walked | None:
    """Return the leg that is meant, or the last one that is over; None where none is."""
    legs = walked(mine.timeline, ctx.now)
    if not named:
        return last_over(legs)
    number = lookup.find_leg(mine.timeline.roadmap.legs, named).number
    over = next((leg for leg in legs if leg.is_over and leg.leg.number == number), None)
    if over is None:
        raise NotFound(f"Leg {number} is not over. A certificate is for one that the group has walked.", field="leg")
    return over


def _said(mine: MemberView, one: Walked, who: str) -> str:
    zone, way = mine.timeline.cohort.zone, mine.timeline.roadmap
    first, last = cards.since_entry(mine, one)[0].slot, one.opened[-1].slot
    return (
        f"**{who}** has walked {cards.walked_way(mine, one, f'**{markup.escape(way.title)}**')}"
        f"{markup.escape(cards.about(mine, one))}, with {markup.escape(mine.timeline.cohort.name)}: "
        f"{kept(mine.score, one)} of {numbered(len(one.opened), 'unit')} kept from "
        f"{markup.moment(first.opens_at, zone, 'day')} to {markup.moment(last.deadline_at, zone, 'day')}"
        f"{_since(mine, one)}."
    )


def _since(mine: MemberView, one: Walked) -> str:
    """Return at which unit a member came into a leg, where they came late."""
    entry = cards.entry(mine, one)
    return f"{since(entry)}, where they came in" if entry else ""


@command("share certificate", hidden=True, role="member", cohort="needed", own=True)
def share_certificate(ctx: Context, leg: Annotated[str, LEG], *, progress: Progress) -> Reply:
    """Show your certificate to the group."""
    mine = progress.mine(ctx)
    one, cohort = _walked(ctx, mine, leg), mine.timeline.cohort
    if one is None or kept(mine.score, one) < asked(mine.score, one):
        raise NotFound("There is no certificate for that leg to share.", field="leg")
    text = _said(mine, one, sharing.signature(progress.cohorts, cohort, ctx.actor))
    told = message_keys.key(cohort.id, one.key, "certificate", ctx.actor.account_id)
    shown = apply_picture_setting(
        cohort, say(text, tone="good").followed_by(cards.of_leg(mine, one, _known_as(progress, mine)))
    )
    post = Announcement(told, progress.cohorts.place(cohort), shown, ctx.now, ctx.now + sharing.LASTS)
    is_new = outbox.announce(progress.cohorts.work, post)
    return say("It is on its way to the channel." if is_new else "You have shared it already.", tone="good")


@command("go on", hidden=True, role="member", cohort="needed", own=True)
def go_on(ctx: Context, unit: Annotated[UnitRef, Param("First unit of the leg")], *, progress: Progress) -> Reply:
    """Say that you go on with the next leg."""
    group = Group(progress.cohorts, progress.cohorts.here(ctx).cohort, ctx.now)
    timeline = group.timeline
    first = timeline.roadmap.find(unit)
    leg, work = timeline.roadmap.leg_of(first.id), progress.cohorts.work
    if (over := closing_post.over_before(group, first)) is None:
        raise NotAllowed("No leg is waiting there to be gone on with: the group is on it already, or at its end.")
    row = {"cohort_id": timeline.cohort.id, "unit_id": first.id, "account_id": ctx.actor.account_id}
    insert_once(work.session, Onward, **row, said_at=ctx.now)
    post = closing_post.finished(group, over)
    outbox.revise(work, closing_post.key(timeline.cohort.id, over), post, due_at=ctx.now, every_s=RECOUNTED_S)
    running = timeline.running(ctx.now)
    is_out = running is not None and running.slot.unit_id == first.id and ctx.now < running.slot.deadline_at
    pledge = Button("Pledge for its first unit", command_links.PLEDGE.ask(timeline.cohort.id, unit=first.id), "primary")
    return say(
        f"Good! {closing_post.outlook(timeline, leg, ctx.now)}", tone="good", buttons=(pledge,) if is_out else ()
    )


@command("cohort pace", role="moderator", cohort="needed", which=COHORT, writes=False, after_end=True)
def cohort_pace(ctx: Context, confirm: Annotated[bool, CONFIRM] = False, *, progress: Progress) -> Reply:
    """Give away how those went who finished, as a file for the roadmap that names nobody."""
    cohort = progress.cohorts.here(ctx).cohort
    found = find_group_pace(progress.session, cohort.id)
    if found is None:
        return say(f"There is no pace yet: it is there once a season is over that {LEAST} or more have finished.")
    if not confirm:
        return say(
            f"It says of each unit how many percent of {found.finishers} finishers kept it, and names nobody. Whoever "
            "has it can see that; do your members mind?",
            title=f"Give away the pace of {markup.escape(cohort.name)}?",
            buttons=(Button("Give it", cohort_pace.call(cohort.id, confirm=True), "primary"),),
        )
    said = "Whoever runs a bot puts this beside `roadmap.yaml` as `pace.yaml`; `progress` tells it from there."
    return Reply((Text(said), Listing(found.spelled())), title="pace.yaml", tone="good", replaces=True)


COMMANDS: tuple[Command, ...] = (certificate, share_certificate, go_on, cohort_pace)
