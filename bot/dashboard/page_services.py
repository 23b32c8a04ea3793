"""Read pages for people who are signed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import iscoroutinefunction
from typing import Any

from bot.base.clock import Clock
from bot.commands.command import needs_of
from bot.commands.context import MODERATES, Account, Context, Invocation, Place
from bot.commands.dispatcher import Dispatcher
from bot.commands.permissions import WHOEVER
from bot.commands.ports import Identify, Provide
from bot.commands.request import silent
from bot.commands.room_access import AccessChecker, retry_with_access
from bot.dashboard.page import DashboardPage, Drawn, Viewer
from bot.delivery.processed_events import SqlDrafts
from bot.features.dashboard_access.service import NOTED_EVERY, Visit, Visits
from bot.features.groups.memberships import Tie, list_ties
from bot.features.groups.visibility import GroupVisibility
from bot.features.people.service import People
from bot.messages.call import Call
from bot.messages.errors import NotFound, UserError
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Database, Work

_MOST_DIGITS = 18


@dataclass(frozen=True)
class PageServices:
    """Services that the pages need."""

    database: Database
    dispatcher: Dispatcher[Work]
    identify: Identify[Work]
    supply: Provide[Work]
    lookout: AccessChecker
    clock: Clock


class PageReader:
    """Reads pages for people.

    Args:
        pages: in the order of the navigation; people start on the first.
    """

    def __init__(self, desk: PageServices, pages: Sequence[DashboardPage]) -> None:
        self._desk, self.pages = desk, tuple(pages)
        self._run = desk.database.run

    async def visit(self, key: str | None) -> Visit | None:
        """Return the visit of a key with the person's current account; None if the visit is over."""
        visit = await self._run(lambda work: Visits(work).find(key), writes=False) if key else None
        if visit is None:
            return None
        account = await self._desk.lookout.present(visit.account)
        if account is None or (account.platform, account.tenant, account.id) != _key_of(visit.account):
            await self._run(lambda work: Visits(work).end(visit.id))
            return None
        if self._desk.database.real_now() - visit.seen_at >= NOTED_EVERY:
            await self._run(lambda work: Visits(work).note(visit.id))
        return replace(visit, account=account)

    def invocation(self, visit: Visit, call: Call, once: str = "") -> Invocation:
        """Return the invocation of a Call on a page; it is private, and `once` identifies the button."""
        who = visit.account
        place = Place.direct(who.platform, who.tenant, who.id)
        return Invocation(call, who, place, f"dashboard:{visit.id}:{once}")

    async def draw(
        self, visit: Visit, page: DashboardPage, query: Mapping[str, str], *, as_sheet: bool = False
    ) -> Drawn:
        """Return what a page shows, for the group in the query, else for the viewer's first.

        Args:
            as_sheet: its table is wanted, to take along.
        """
        now = self._desk.clock.now()

        def read(work: Work, invocation: Invocation) -> Drawn:
            ctx = Context(
                self._desk.identify(work, invocation, WHOEVER), invocation.place, now, invocation.call, invocation.sight
            )
            ties = tuple(_list_ties(work, ctx))
            if not ties:
                return Drawn(Viewer(ctx, query), page)
            tie = _choose_tie(ties, query.get("cohort"))
            call = replace(invocation.call, group=tie.group.id)
            try:
                actor = self._desk.identify(work, replace(invocation, call=call), page.policy)
            except UserError as refusal:
                return Drawn(Viewer(ctx, query), page, ties, trouble=refusal.sentence)
            viewer = Viewer(replace(ctx, actor=actor, call=call), query)
            nav = tuple(page for page in self.pages if page.policy.allows(actor.roles))
            if not page.policy.allows(actor.roles):
                if nav and not page.path:
                    return self._read(work, Drawn(viewer, nav[0], ties, nav))
                return Drawn(viewer, page, ties, nav, trouble="You can't open this page.")
            counts = {} if as_sheet else self._count_waiting(work, viewer, nav)
            return self._read(work, Drawn(viewer, page, ties, nav, counts), as_sheet=as_sheet)

        async def attempt(invocation: Invocation) -> Drawn:
            drawn = await self._run(lambda work: read(work, invocation), writes=False)
            return await self._read_slowly(drawn) if drawn.is_unread else drawn

        return await retry_with_access(self._desk.lookout.look, self.invocation(visit, Call("dashboard")), attempt)

    def _read(self, work: Work, drawn: Drawn, *, as_sheet: bool = False) -> Drawn:
        """Return a page with its data, or with the reason for having none; an async page is returned unread."""
        read, sheet = drawn.page.read, drawn.page.sheet
        if iscoroutinefunction(read) and not as_sheet:
            return drawn
        try:
            if as_sheet and sheet is not None:
                return replace(drawn, sheet=sheet(drawn.viewer, **self._provide(work, sheet)))
            data = read(drawn.viewer, **self._provide(work, read))
            assert isinstance(data, Mapping)
            return replace(drawn, data=data)
        except UserError as refusal:
            return replace(drawn, trouble=refusal.sentence)

    async def _read_slowly(self, drawn: Drawn) -> Drawn:
        read = drawn.page.read
        assert iscoroutinefunction(read)
        try:
            return replace(drawn, data=await read(drawn.viewer, **self._provide(None, read)))
        except UserError as refusal:
            return replace(drawn, trouble=refusal.sentence)

    def _count_waiting(self, work: Work, viewer: Viewer, nav: Sequence[DashboardPage]) -> Mapping[str, int]:
        counting = ((page.path, page.count) for page in nav if page.count is not None)
        return {path: count(viewer, **self._provide(work, count)) for path, count in counting}

    def _provide(self, work: Work | None, read: Callable[..., object]) -> Mapping[str, Any]:
        return self._desk.supply(needs_of(read), work, silent)

    def place(self, call: Call) -> str | None:
        """Return the address of a page that shows what a Call would show, if there is one."""
        if call.group is None:
            return None
        queries = ((page, page.opens(call)) for page in self.pages)
        return next((f"{page.address(call.group)}&{query}" for page, query in queries if query is not None), None)

    def home(self, call: Call, group_id: int | None) -> str | None:
        """Return the address of the page that shows a command's replies, if the command has one."""
        pages = (page for page in self.pages if call.name.partition(" ")[0] in page.takes)
        page = next(pages, None)
        return page.address(group_id if call.group is None else call.group) if page is not None else None

    async def said(self, visit: Visit, draft: str) -> Reply | None:
        """Return the stored reply of this name, if it waits for this person."""
        now = self._desk.clock.now()
        draft_and_reply = await self._run(
            lambda work: SqlDrafts().find(work, draft, visit.account_id, now), writes=False
        )
        return draft_and_reply[1] if draft_and_reply is not None else None


def _key_of(account: Account) -> tuple[str, str | None, str]:
    return account.platform, account.tenant, account.id


def _list_ties(work: Work, ctx: Context) -> list[Tie]:
    """Return the groups of the viewer's tenant that they are in, or moderate and see; running ones come first."""
    tenant = People(work).find_tenant(ctx.place.platform, ctx.place.tenant)
    held = ctx.actor.grants
    ties = list_ties(work.session, tenant, ctx.actor.account_id, held, trusted=MODERATES in held)
    governed = [t for t in ties if not t.is_member and (t.is_named or MODERATES in held)]
    seen = GroupVisibility.by(work.session, ctx).among([t.group for t in governed]).groups
    return [t for t in ties if t.is_member or t.group in seen]


def _choose_tie(ties: Sequence[Tie], named: str | None) -> Tie:
    """Return the group that an address names, else the viewer's first with a running season."""
    if named is None:
        return min(ties, key=lambda t: (t.group.ended_at is not None, not t.is_member, t.group.closed_at is not None))
    is_number = named.isascii() and named.isdigit() and len(named) <= _MOST_DIGITS
    match = next((t for t in ties if is_number and t.group.id == int(named)), None)
    if match is None:
        raise NotFound("I can't find that group, or you aren't in it.")
    return match
