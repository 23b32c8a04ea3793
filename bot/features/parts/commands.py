"""Members' commands at the end of a part: certificate, sharing it, and going on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.parameter_types import UnitRef
from bot.curriculum import lookup
from bot.delivery import outbox
from bot.delivery.outbox import Announcement
from bot.drawing.certificate_card import since
from bot.features import command_links
from bot.features.checkins import sharing
from bot.features.checkins.checkin_log import MemberView
from bot.features.checkins.service import Progress
from bot.features.dashboard_access.service import Address
from bot.features.groups import message_keys
from bot.features.groups.params import CONFIRM, GROUP
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.groups.wording import apply_picture_setting
from bot.features.parts import cards, posts, wording
from bot.features.parts.completed_parts import (
    Walked,
    count_completed,
    count_needed,
    last_over,
    list_completed,
    list_parts,
)
from bot.features.parts.service import PATH, CertificateLinks
from bot.features.parts.tables import NAME_MAX, Onward
from bot.features.standings.trend import find_group_pace
from bot.messages import markup
from bot.messages.errors import BadInput, NotAllowed, NotFound
from bot.messages.reply import Button, Reply
from bot.storage.insert import insert_once

RECOUNTED_S = 60
"""Seconds between two edits of the post that counts who continues."""


def suggest_walked(ctx: Context, typed: str, *, progress: Progress) -> list[SuggestedValue]:
    """Return the parts that are over."""
    over = [part.leg for part in list_parts(progress.groups.here(ctx), ctx.now) if part.is_over]
    return [
        SuggestedValue(markup.clip(leg.label, 100), str(leg.number))
        for leg in over
        if typed.lower() in leg.label.lower()
    ]


PART = Param(
    "Part (leave empty for the last one)",
    example="2",
    max=100,
    suggest=suggest_walked,
    in_form=False,
    formerly=("leg",),
)


@command(
    "certificate",
    role="member",
    group="needed",
    which=GROUP,
    writes=False,
    after_end=True,
    own=True,
    asked=(r"(?:get|see|find|have|show|share) (?:my |a |the )?certificate", r"^where(?: is|'s) my certificate"),
)
def certificate(
    ctx: Context,
    part: Annotated[str | None, PART] = None,
    *,
    progress: Progress,
    links: CertificateLinks,
    address: Address,
) -> Reply:
    """Get your certificate for a part of the course."""
    view = progress.mine(ctx)
    if (chosen := _find_part(ctx, view, part)) is None:
        return wording.render_no_certificate()
    has, group = count_completed(view.score, chosen), view.timeline.group
    if has < (most := count_needed(view.score, chosen)):
        return wording.render_too_few(
            has, len(chosen.opened), most, cards.describe_way(view, chosen), may_catch_up=group.ended_at is None
        )
    name = _find_name(progress, view)
    return wording.render_certificate(
        cards.draw_certificate(view, chosen, name),
        _describe_part(view, chosen, markup.escape(name, 40)),
        [view.timeline.unit(unit.slot).title for unit in list_completed(view.score, chosen)],
        cards.describe_way(view, chosen, markup.escape(view.timeline.roadmap.title)),
        share=share_certificate.call(group.id, part=chosen.leg.number) if group.ended_at is None else None,
        has_alias=name != view.account.name,
        public=_offer_link(view, chosen, links, address),
    )


def _offer_link(
    view: MemberView, part: Walked, links: CertificateLinks, address: Address
) -> tuple[str | None, Button | None]:
    """Return the address of the public certificate, if there is one, and what the member may do about it."""
    group_id, number = view.timeline.group.id, part.leg.number
    link = links.find(group_id, view.account.id, number)
    if link is not None:
        return address.of(f"{PATH}/{link.key}"), wording.offer_removal(remove_link.call(group_id, part=number))
    return None, wording.offer_link(publish_link.ask(group_id, part=number)) if address.public else None


def initial_link(ctx: Context, *, progress: Progress) -> Mapping[str, str]:
    """Return the name under which the group knows the caller."""
    return {"name": markup.clip(_find_name(progress, progress.mine(ctx)), NAME_MAX)}


@command(
    "certificate link",
    hidden=True,
    form=True,
    role="member",
    group="needed",
    after_end=True,
    own=True,
    secret=True,
    title="Get public link",
    initial=initial_link,
    form_note=wording.LINK_NOTE,
)
def publish_link(
    ctx: Context,
    part: Annotated[str, PART],
    name: Annotated[str, Param("Name on the certificate", example="Ada Lovelace", max=NAME_MAX)],
    *,
    progress: Progress,
    links: CertificateLinks,
    address: Address,
) -> Reply:
    """Get a public link to your certificate."""
    view = progress.mine(ctx)
    chosen, group_id = _require_certificate(ctx, view, part), view.timeline.group.id
    if address.public is None:
        address.require(ctx, "The public link")
        raise NotAllowed("A public link needs a public address. Ask the bot's operator to set one.")
    plain = " ".join(markup.clean(name).split())
    if not any(map(str.isalnum, plain)):
        raise BadInput("**Name on the certificate**: use at least one letter.", field="name")
    card = cards.make_certificate(view, chosen, plain)
    key = links.publish(group_id, view.account.id, chosen.leg.number, card, ctx.now)
    return wording.render_link(f"{address.public}{PATH}/{key}", remove_link.call(group_id, part=chosen.leg.number))


@command("certificate unlink", hidden=True, role="member", group="needed", after_end=True, own=True)
def remove_link(ctx: Context, part: Annotated[str, PART], *, progress: Progress, links: CertificateLinks) -> Reply:
    """Remove the public link to your certificate."""
    group = progress.groups.here(ctx).group
    number = lookup.find_part(progress.groups.here(ctx).roadmap.parts, part).number
    return wording.render_link_removed(was_there=links.remove(group.id, ctx.actor.account_id, number))


def _require_certificate(ctx: Context, view: MemberView, named: str) -> Walked:
    part = _find_part(ctx, view, named)
    if part is None or count_completed(view.score, part) < count_needed(view.score, part):
        raise NotFound("You have no certificate for that part.", field="part")
    return part


def _find_name(progress: Progress, view: MemberView) -> str:
    """Return the member's name in the group, plain; shared certificates show it."""
    group, account = view.timeline.group, view.account
    return progress.groups.names(group).shown().get(account.id, account.name)


def _find_part(ctx: Context, view: MemberView, named: str | None) -> Walked | None:
    """Return the named part, or else the last one that is over; None if none is."""
    legs = list_parts(view.timeline, ctx.now)
    if not named:
        return last_over(legs)
    number = lookup.find_part(view.timeline.roadmap.parts, named).number
    over = next((leg for leg in legs if leg.is_over and leg.leg.number == number), None)
    if over is None:
        raise NotFound(f"Part {number} isn't over yet. You can get its certificate when it ends.", field="part")
    return over


def _describe_part(view: MemberView, part: Walked, who: str) -> str:
    way = view.timeline.roadmap
    whole = cards.describe_way(view, part, f"**{markup.escape(way.title)}**")
    return wording.describe_certificate(
        who,
        f"{whole}{markup.escape(cards.format_subject(view, part))}",
        view.timeline.group,
        cards.format_counts(view, part),
        (cards.list_since_entry(view, part)[0].slot.opens_at, part.opened[-1].slot.deadline_at),
        since(cards.find_entry_number(view, part)),
    )


@command("share certificate", hidden=True, role="member", group="needed", own=True)
def share_certificate(ctx: Context, part: Annotated[str, PART], *, progress: Progress) -> Reply:
    """Share your certificate with the group."""
    view = progress.mine(ctx)
    chosen, group = _require_certificate(ctx, view, part), view.timeline.group
    text = _describe_part(view, chosen, sharing.format_signature(progress.groups, group, ctx.actor))
    message_key = message_keys.make_key(group.id, chosen.key, "certificate", ctx.actor.account_id)
    picture = cards.draw_certificate(view, chosen, _find_name(progress, view))
    reply = apply_picture_setting(group, wording.render_certificate_post(text, picture))
    post = Announcement(message_key, progress.groups.place(group), reply, ctx.now, ctx.now + sharing.LASTS)
    is_new = outbox.announce(progress.groups.work, post)
    return wording.render_shared(is_new=is_new)


@command("go on", hidden=True, role="member", group="needed", own=True)
def go_on(ctx: Context, unit: Annotated[UnitRef, Param("First unit of the part")], *, progress: Progress) -> Reply:
    """Continue with the next part."""
    snapshot = GroupSnapshot(progress.groups, progress.groups.here(ctx).group, ctx.now)
    timeline = snapshot.timeline
    first = timeline.roadmap.find(unit)
    leg, work = timeline.roadmap.part_of(first.id), progress.groups.work
    if (over := posts.over_before(snapshot, first)) is None:
        raise NotAllowed("You can't continue there now. The group has started that part, or has finished.")
    row = {"group_id": timeline.group.id, "unit_id": first.id, "account_id": ctx.actor.account_id}
    insert_once(work.session, Onward, **row, said_at=ctx.now)
    post = posts.render_part_end(snapshot, over)
    outbox.revise(work, posts.key(timeline.group.id, over), post, due_at=ctx.now, every_s=RECOUNTED_S)
    running = timeline.running(ctx.now)
    is_out = running is not None and running.slot.unit_id == first.id and ctx.now < running.slot.deadline_at
    plan = command_links.WRITE_PLAN.ask(timeline.group.id, unit=first.id) if is_out else None
    return wording.render_continued(wording.describe_part_ahead(timeline, leg, ctx.now), plan)


@command(
    "manage pace",
    formerly=("cohort pace",),
    title="Export times",
    role="moderator",
    group="needed",
    which=GROUP,
    writes=False,
    after_end=True,
)
def group_pace(ctx: Context, confirm: Annotated[bool, CONFIRM] = False, *, progress: Progress) -> Reply:
    """Export anonymous completion times for this course."""
    group = progress.groups.here(ctx).group
    shares = find_group_pace(progress.session, group.id)
    if shares is None:
        return wording.render_no_pace()
    if not confirm:
        return wording.render_pace_question(group, shares.finishers, group_pace.call(group.id, confirm=True))
    return wording.render_pace(shares.spelled())


COMMANDS: tuple[Command, ...] = (certificate, publish_link, remove_link, share_certificate, go_on, group_pace)
