"""Who an account is to us."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.core import context, markup, names
from bot.core.context import Context
from bot.core.mention import Mention
from bot.core.reply import Reply, Text
from bot.db.insert import insert_once
from bot.db.work import Work
from bot.features.people.tables import Account, Notice, Tenant


class People:
    """Finds and keeps tenants and accounts."""

    def __init__(self, work: Work) -> None:
        self._session = work.session

    def find_tenant(self, platform: str, external_id: str | None) -> Tenant | None:
        """Return the tenant, or None."""
        chosen = select(Tenant).where(Tenant.platform == platform, Tenant.external_id == external_id)
        return self._session.scalars(chosen).first()

    def ensure_tenant(self, account: context.Account) -> Tenant | None:
        """Return the account's tenant, made if new; None in a direct message that names none."""
        if account.tenant is None:
            return None
        name = markup.clip(markup.clean(account.tenant_name), 100)
        insert_once(self._session, Tenant, platform=account.platform, external_id=account.tenant, name=name)
        tenant = self.find_tenant(account.platform, account.tenant)
        assert tenant is not None
        if name and tenant.name != name:
            tenant.name = name
        return tenant

    def find_account(self, platform: str, scope: str, external_id: str) -> Account | None:
        """Return the account, or None."""
        chosen = select(Account).where(
            Account.platform == platform, Account.scope == scope, Account.external_id == external_id
        )
        return self._session.scalars(chosen).first()

    def find_reader(self, platform: str, tenant: str, external_id: str) -> Account | None:
        """Return the account that an id means within a tenant: one of the tenant's own, or of the whole platform."""
        chosen = select(Account).where(
            Account.platform == platform, Account.scope.in_((tenant, "")), Account.external_id == external_id
        )
        return self._session.scalars(chosen.order_by(Account.scope.desc())).first()

    def ensure_account(self, account: context.Account) -> Account:
        """Return our account, made if new; its name and, unless set by its owner, its zone follow the platform."""
        name = markup.clip(markup.clean(names.shown(account.name)).strip(), 80)
        insert_once(
            self._session, Account, platform=account.platform, scope=account.scope, external_id=account.id,
            name=name, zone=account.zone,
        )  # fmt: skip
        row = self.find_account(account.platform, account.scope, account.id)
        assert row is not None
        if row.name != name:
            row.name = name
        if account.zone and not row.has_own_zone and row.zone != account.zone:
            row.zone = account.zone
        return row

    def ensure_mentioned(self, ctx: Context, person: Mention) -> Account:
        """Return the account that a line points at, made if new: until they say something, their name is its label."""
        scope = "" if ctx.actor.realm == "" else ctx.place.tenant or ""
        if found := self.find_account(ctx.place.platform, scope, person.id):
            return found
        name = markup.clip(markup.clean(person.label).strip(), 80) or "someone"
        insert_once(self._session, Account, platform=ctx.place.platform, scope=scope, external_id=person.id, name=name)
        made = self.find_account(ctx.place.platform, scope, person.id)
        assert made is not None
        return made

    def notify(self, account_id: int, key: str, markdown: str, now: datetime) -> None:
        """Leave a sentence for the account's next private answer, once for each key."""
        insert_once(
            self._session, Notice, account_id=account_id, key=key, markdown=markup.clip(markdown, 600), made_at=now
        )

    def has_notices(self, account_id: int) -> bool:
        """Whether the account has not been told something yet."""
        untold = select(Notice.id).where(Notice.account_id == account_id, Notice.told_at.is_(None)).limit(1)
        return self._session.scalar(untold) is not None

    def with_notices(self, account_id: int, reply: Reply, now: datetime) -> Reply:
        """Return a private reply followed by what its reader has not been told yet."""
        chosen = (
            select(Notice).where(Notice.account_id == account_id, Notice.told_at.is_(None)).order_by(Notice.id).limit(5)
        )
        untold = self._session.scalars(chosen).all()
        for notice in untold:
            notice.told_at = now
        if not untold:
            return reply
        told = Text("\n".join(f"- {n.markdown}" for n in untold))
        return reply.followed_by(told)
