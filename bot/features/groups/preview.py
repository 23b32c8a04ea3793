"""Preview a new or changed group before somebody confirms it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.commands.context import MODERATES, Context, Place
from bot.curriculum import lookup
from bot.curriculum import track as tracks
from bot.curriculum.content import Roadmap
from bot.curriculum.track import Library, Track
from bot.features.groups.calendar.pacing import Rhythm, Slot
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.groups.visibility import GroupVisibility, refuse_unclear
from bot.messages import markup
from bot.messages.errors import BadInput, NotFound

DEFAULT_RHYTHM = "mon 09:00 - sun 21:00"
DEFAULT_PACE = "1 week"
Moved = list[tuple[Slot | None, Slot]]
"""The old slot (None for a skipped unit) and the new slot of each unit that moves."""


@dataclass(frozen=True)
class GroupWish:
    """The settings that a moderator typed; None for settings left out.

    Args:
        hours: that a member has in a week; only the setup asks for them.
    """

    name: str | None = None
    timezone: str | None = None
    start: date | None = None
    channel: str | None = None
    rhythm: str | None = None
    pace: str | None = None
    first_unit: str | None = None
    roadmap: str | None = None
    leg: str | None = None
    breaks: bool | None = None
    hours: int | None = None


@dataclass(frozen=True)
class Proposal:
    """The settings of a planned group; `defaults` names the settings that nobody chose."""

    name: str
    zone: str
    starts_on: date
    room: str
    rhythm: str
    pace: str
    first_unit: str
    last_unit: str | None
    roadmap_id: str
    has_breaks: bool
    defaults: frozenset[str] = frozenset()

    @classmethod
    def of(cls, row: Group) -> Proposal:
        """Return an existing group as a proposal."""
        return cls(
            row.name,
            row.zone,
            row.starts_on,
            row.room,
            row.rhythm,
            row.pace,
            row.first_unit,
            row.last_unit,
            row.roadmap_id,
            row.has_breaks,
        )

    def apply(self, group: Group) -> Group:
        """Write the proposal to a group's row and return the row."""
        group.name, group.zone, group.starts_on, group.room = self.name, self.zone, self.starts_on, self.room
        group.rhythm, group.pace, group.first_unit = self.rhythm, self.pace, self.first_unit
        group.last_unit, group.roadmap_id, group.has_breaks = self.last_unit, self.roadmap_id, self.has_breaks
        return group


class Proposals:
    """Turns wishes into proposals, and refuses impossible ones."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups

    def new(self, ctx: Context, wish: GroupWish) -> Proposal:
        """Return the proposal for a new group at the place of the Call."""
        place = ctx.place
        if place.tenant is None:
            raise BadInput("A group needs a channel. Please do this in the group's server.")
        if place.is_direct and wish.channel is None:
            raise BadInput("**Channel**: a group needs a channel. Name one here, or do this in the channel itself.")
        if wish.timezone is None and not ctx.actor.has_zone:
            raise BadInput("**Time zone**: name the group's time zone. Example: `Europe/Berlin`", field="timezone")
        proposal = self.sketch(ctx, wish)
        self._check_free(ctx, proposal, None)
        return proposal

    def sketch(self, ctx: Context, wish: GroupWish) -> Proposal:
        """Return a wish with every default filled in; it doesn't check whether channel and name are free."""
        library = self._groups.tracks(ctx)
        roadmap_id = _find_roadmap(library, wish.roadmap)
        roadmap = library[roadmap_id].roadmap
        zone = wish.timezone or ctx.actor.zone
        today = ctx.now.astimezone(ZoneInfo(zone)).date()
        start = today if _is_today(ctx) else wish.start
        first, last = _find_ends(roadmap, wish)
        wished = {
            "timezone": wish.timezone,
            "start": wish.start,
            "channel": wish.channel,
            "rhythm": wish.rhythm,
            "pace": wish.pace,
            "first unit": wish.first_unit or wish.leg,
            "roadmap": wish.roadmap,
            "breaks": wish.breaks,
        }
        rhythm = _parse_rhythm(wish.rhythm or DEFAULT_RHYTHM)
        proposal = Proposal(
            _parse_name(wish.name or ""),
            zone,
            start or _find_next_start(rhythm, ctx.now, zone),
            wish.channel or ctx.place.room,
            str(rhythm),
            wish.pace or DEFAULT_PACE,
            first,
            last,
            roadmap_id,
            wish.breaks is not False,
            frozenset(k for k, v in wished.items() if v is None),
        )
        self._check_start(proposal.starts_on, today)
        _check_pace(library[roadmap_id], proposal, wish)
        return proposal

    def changed(self, ctx: Context, timeline: Timeline, wish: GroupWish) -> Proposal:
        """Return the proposal for an existing group; what was left out stays."""
        group, library = timeline.group, self._groups.tracks_of(timeline.group)
        has_begun = bool(timeline.opened)
        if has_begun and (wish.start or wish.first_unit or wish.roadmap):
            wish = _drop_unchanged(library, wish, group)
        zone = wish.timezone or group.zone
        if wish.start and _is_today(ctx):
            wish = replace(wish, start=ctx.now.astimezone(ZoneInfo(zone)).date())
        roadmap_id = _find_roadmap(library, wish.roadmap) if wish.roadmap else group.roadmap_id
        roadmap = library[roadmap_id].roadmap
        first, last = group.first_unit, group.last_unit
        if wish.roadmap or wish.first_unit:
            first, last = _find_ends(roadmap, wish)
        proposal = Proposal(
            _parse_name(wish.name) if wish.name else group.name,
            zone,
            wish.start or group.starts_on,
            wish.channel or group.room,
            str(_parse_rhythm(wish.rhythm)) if wish.rhythm else group.rhythm,
            wish.pace or group.pace,
            first,
            last,
            roadmap_id,
            group.has_breaks if wish.breaks is None else wish.breaks,
        )
        if not has_begun and wish.start and wish.start != group.starts_on:
            self._check_start(wish.start, ctx.now.astimezone(ZoneInfo(zone)).date())
        _check_pace(library[roadmap_id], proposal, wish)
        self._check_free(ctx, proposal, group)
        return proposal

    @staticmethod
    def _check_start(starts_on: date, today: date) -> None:
        if starts_on < today:
            raise BadInput("**Start**: that day is over. Example: `next monday`", field="start")
        if starts_on > today + timedelta(days=366):
            raise BadInput("**Start**: that is over a year away. Example: `next monday`", field="start")

    def _check_free(self, ctx: Context, proposal: Proposal, own: Group | None) -> None:
        """Refuse a channel or a name that is taken.

        Groups that the caller doesn't see stay secret, so two groups may share a name. A person who sees both chooses
        with a button.
        """
        tenant_id = own.tenant_id if own else self._tenant_id(ctx)
        seeing = GroupVisibility.by(self._groups.session, ctx)
        if own is None or own.room != proposal.room:
            home = seeing.room(own) if own else ctx.place.whole
            self._check_seen(ctx, replace(home, room=proposal.room))
            self._check_own(ctx, replace(home, room=proposal.room))
        others = [c for c in self._groups.list_running(tenant_id) if own is None or c.id != own.id]
        for other in others:
            if other.room == proposal.room and other.closed_at is None:
                named = markup.escape(other.name) if seeing.among([other]).groups else "another group"
                raise BadInput(f"**Channel**: {named} already meets there. Choose another channel.", field="channel")
        same = [c for c in others if c.name.lower() == proposal.name.lower() and c.room != proposal.room]
        if seeing.among(same).groups:
            raise BadInput("**Name**: another group here has this name. Choose another one.", field="name")

    @staticmethod
    def _check_seen(ctx: Context, room: Place) -> None:
        match ctx.sight.of([room]):
            case ["hidden"]:
                raise BadInput("**Channel**: choose one that you can see, such as this one.", field="channel")
            case ["unclear"]:
                raise refuse_unclear()
            case _:  # what is wrong with a channel that is gone, a look at its permissions says
                pass

    @staticmethod
    def _check_own(ctx: Context, room: Place) -> None:
        """Refuse another's channel if the caller may start groups only in channels of their own."""
        if not ctx.actor.may_own or MODERATES in ctx.actor.grants:
            return
        if (owns := ctx.sight.owns(room)) is None:
            raise refuse_unclear()
        if not owns:
            raise BadInput("**Channel**: choose one that you created or manage.", field="channel")

    def _tenant_id(self, ctx: Context) -> int:
        from bot.features.people.service import People

        tenant = People(self._groups.work).find_tenant(ctx.place.platform, ctx.place.tenant)
        return tenant.id if tenant else 0

    def timeline(self, ctx: Context, proposal: Proposal, like: Timeline | None = None) -> Timeline:
        """Return the timeline of the proposal."""
        confirmed_at = like.group.confirmed_at if like and like.opened else ctx.now
        group = proposal.apply(Group(confirmed_at=confirmed_at, end_asked_at=None, closed_at=None))
        roadmap = self._groups.tracks(ctx)[proposal.roadmap_id].roadmap
        if like is None:
            return Timeline(group, roadmap, (), ())
        return Timeline(group, roadmap, like.opened, like.pauses, like.decided)


def list_changed_dates(before: list[Slot], after: list[Slot]) -> Moved:
    """Return the old and new slots of units whose dates differ, in order."""
    then = {s.unit_id: s for s in before}
    pairs = [(then[s.unit_id], s) for s in after if s.unit_id in then]
    return [(a, b) for a, b in pairs if (a.opens_at, a.deadline_at) != (b.opens_at, b.deadline_at)]


def list_dates_around(before: list[Slot], after: list[Slot], unit_id: str) -> Moved:
    """Return the dates that a decision on one unit changes: its own first, even if it had none."""
    moved, had = list_changed_dates(before, after), {slot.unit_id for slot in before}
    back: Moved = [(None, slot) for slot in after if slot.unit_id == unit_id and unit_id not in had]
    return sorted(back + moved, key=lambda pair: pair[1].unit_id != unit_id)


def _drop_unchanged(library: Library, wish: GroupWish, group: Group) -> GroupWish:
    if wish.start not in (None, group.starts_on):
        raise BadInput("**Start**: the first unit is already open, so the start can't change.", field="start")
    named = tracks.find(library, wish.roadmap) if wish.roadmap else None
    if wish.first_unit or (wish.roadmap and (named is None or named.id != group.roadmap_id)):
        raise BadInput("The first unit is already open, so the course and the first unit can't change.")
    return replace(wish, start=None, roadmap=None)


def _find_roadmap(library: Library, named: str | None) -> str:
    chosen = tracks.choose(library, named)
    return chosen.id if chosen is not None else next(iter(library))


def _find_ends(roadmap: Roadmap, wish: GroupWish) -> tuple[str, str | None]:
    """Return the first and last unit of a group; None as last means the course's end."""
    if wish.leg and wish.first_unit:
        raise BadInput(
            "**Part**: each part has its own first unit. Choose a part or a first unit, not both.", field="part"
        )
    if wish.leg:
        leg = lookup.find_part(roadmap.parts, wish.leg)
        return leg.units[0].id, leg.units[-1].id
    if not wish.first_unit:
        return roadmap.units[0].id, None
    try:
        return roadmap.find(wish.first_unit).id, None
    except NotFound as unknown:
        raise NotFound(unknown.sentence, field="first_unit") from None


def _check_pace(track: Track, proposal: Proposal, wish: GroupWish) -> None:
    if proposal.pace == "calendar" and wish.breaks:
        raise BadInput(
            "**Breaks**: the course's own dates leave no room for breaks. Choose `1 week` or `2 weeks` as the pace, or "
            "leave breaks out.",
            field="breaks",
        )
    if proposal.pace == "calendar" and not track.roadmap.is_dated:
        named = markup.escape(track.title, 100)
        raise BadInput(f"**Pace**: **{named}** has no dates. Choose `1 week` or `2 weeks`.", field="pace")


def _find_next_start(rhythm: Rhythm, now: datetime, zone: str) -> date:
    return rhythm.next_post(now, ZoneInfo(zone)).astimezone(ZoneInfo(zone)).date()


def _is_today(ctx: Context) -> bool:
    """Whether the start was typed as a word; it then means the group's day, whatever the moderator's zone."""
    return ctx.call.args.get("start", "").strip().lower() in {"today", "now"}


def _parse_rhythm(text: str) -> Rhythm:
    try:
        return Rhythm.parse(text)
    except ValueError as wrong:
        raise BadInput(f"**Rhythm**: {markup.escape(str(wrong), 300)}", field="rhythm") from None


def _parse_name(text: str) -> str:
    name = markup.clip(" ".join(markup.clean(text).split()), 60)
    if not name:
        raise BadInput("**Name**: give the group a name. Example: `Night owls`", field="name")
    return name
