"""The command that opens the dashboard in a browser."""

from __future__ import annotations

from typing import Annotated, Literal

from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.features.dashboard_access import wording
from bot.features.dashboard_access.service import Address, Visits
from bot.features.groups.memberships import list_ties
from bot.features.groups.tables import Group
from bot.features.people.service import People
from bot.messages.errors import NotFound
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work

ACTION = Param("Open it, or log out everywhere", example="logout", formerly=("what",))
ASKED = (
    r"(?:see|find|open|show|get|reach|use|(?:log|sign) ?in ?to) (?:my |the |our )?"
    r"(?:web )?(?:dashboard|web ?page|website)",
    r"^(?:is there|where(?: is|'s)|do you have|have you) (?:a|the|my|our) (?:dashboard|web ?page|website)",
    r"log ?out|sign ?out",
)
"""How people ask for the dashboard."""


@command("dashboard", after_end=True, own=True, asked=ASKED, secret=True)
def dashboard(
    ctx: Context,
    action: Annotated[Literal["open", "logout"], ACTION] = "open",
    *,
    work: Work,
    visits: Visits,
    address: Address,
) -> Reply:
    """Open your progress and group in the browser."""
    if action == "logout":
        return wording.render_signed_out(visits.end_all(ctx.actor.account_id))
    address.require(ctx, "The dashboard")
    token = visits.make_link(ctx.actor.account_id, _tenant_id(ctx, work))
    takes_part = not ctx.actor.roles.isdisjoint({"member", "moderator"})
    link = address.enter(token, ctx.actor.group_id if takes_part else None)
    assert link is not None
    return wording.render_link(link, is_public=bool(address.public))


def _tenant_id(ctx: Context, work: Work) -> int:
    """Return a link's tenant: that of the place, else that of the person's groups; raise NotFound if several fit."""
    if ctx.place.tenant is not None:
        tenant = People(work).find_tenant(ctx.place.platform, ctx.place.tenant)
        assert tenant is not None  # whoever writes here has made it known
        return tenant.id
    if ctx.actor.group_id is not None:
        return work.session.get_one(Group, ctx.actor.group_id).tenant_id
    groups = [t.group for t in list_ties(work.session, None, ctx.actor.account_id, (), trusted=False)]
    by_tenant = {group.tenant_id: group for group in reversed(groups)}
    if len(by_tenant) == 1:
        return next(iter(by_tenant))
    if not by_tenant:
        raise NotFound(wording.NO_GROUP)
    raise wording.which_dashboard([(group, dashboard.call(group.id)) for group in by_tenant.values()])


COMMANDS: tuple[Command, ...] = (dashboard,)
