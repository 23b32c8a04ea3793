"""Who an account is to us."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, and_, bindparam, exists, literal, select, update

from bot.commands import context
from bot.commands.context import Context
from bot.features.people.tables import AccountRow, Notice, Tenant
from bot.messages import markup, names
from bot.messages.mention import Mention
from bot.messages.reply import Reply
from bot.storage.insert import insert_once
from bot.storage.read_cache import cache_value, read_cached
from bot.storage.unit_of_work import Work

_EVENT = select(literal(1)).subquery()
_KNOWN = (
    select(Tenant, AccountRow, exists().where(Notice.account_id == AccountRow.id, Notice.told_at.is_(None)))
    .select_from(_EVENT)
    .outerjoin(Tenant, and_(Tenant.platform == bindparam("platform"), Tenant.external_id == bindparam("tenant")))
    .outerjoin(
        AccountRow,
        and_(
            AccountRow.platform == bindparam("platform"),
            AccountRow.scope == bindparam("scope"),
            AccountRow.external_id == bindparam("id"),
        ),
    )
)


def is_called(account: AccountRow, typed: str) -> bool:
    """Whether what is typed is within an account's name, or is its platform's id."""
    return typed.lower() in account.name.lower() or typed == account.external_id


class People:
    """Finds and keeps tenants and accounts."""

    def __init__(self, work: Work) -> None:
        self._session, self._made_at = work.session, work.made_at

    def find_tenant(self, platform: str, external_id: str | None) -> Tenant | None:
        """Return the tenant, or None."""

        def read() -> Tenant | None:
            chosen = select(Tenant).where(Tenant.platform == platform, Tenant.external_id == external_id)
            return self._session.scalars(chosen).first()

        return read_cached(self._session, _tenant_key(platform, external_id), (Tenant,), read)

    def find_account(self, platform: str, scope: str, external_id: str) -> AccountRow | None:
        """Return the account, or None."""
        chosen = select(AccountRow).where(
            AccountRow.platform == platform, AccountRow.scope == scope, AccountRow.external_id == external_id
        )
        return self._session.scalars(chosen).first()

    def find_reader(self, platform: str, tenant: str, external_id: str) -> AccountRow | None:
        """Return the account that an id means within a tenant: one of the tenant's own, or of the whole platform."""
        chosen = select(AccountRow).where(
            AccountRow.platform == platform, AccountRow.scope.in_((tenant, "")), AccountRow.external_id == external_id
        )
        return self._session.scalars(chosen.order_by(AccountRow.scope.desc())).first()

    def known(self, author: context.Account) -> tuple[Tenant | None, AccountRow | None]:
        """Return an event's tenant and account, as far as there are rows of them."""
        key = (author.platform, author.tenant, author.scope, author.id)

        def read() -> tuple[Tenant | None, AccountRow | None]:
            names = dict(zip(("platform", "tenant", "scope", "id"), key, strict=True))
            tenant, account, is_untold = self._session.execute(_KNOWN, names).one()
            cache_value(self._session, _tenant_key(author.platform, author.tenant), (Tenant,), tenant)
            if account is not None:
                cache_value(self._session, _untold_key(account.id), (Notice,), is_untold)
            return tenant, account

        return read_cached(self._session, ("known", *key), (Tenant, AccountRow), read)

    def ensure(self, author: context.Account) -> tuple[Tenant | None, AccountRow]:
        """Return an event's tenant and account, made if new; the tenant is None in a direct message that names none.

        Names and, unless set by its owner, the account's zone follow the platform.
        """
        tenant, account = self.known(author)
        name = markup.clip(markup.clean(names.replace_illegible(author.name)).strip(), 80)
        tenant_name = markup.clip(markup.clean(author.tenant_name), 100)
        if account is None or (tenant is None and author.tenant is not None):
            if author.tenant is not None:
                insert_once(
                    self._session, Tenant, platform=author.platform, external_id=author.tenant, name=tenant_name
                )
            insert_once(
                self._session,
                AccountRow,
                platform=author.platform,
                scope=author.scope,
                external_id=author.id,
                name=name,
                zone=author.zone,
                made_at=self._made_at,
            )
            tenant, account = self.known(author)
        assert account is not None
        if tenant is not None and tenant_name and tenant.name != tenant_name:
            tenant.name = tenant_name
        if account.name != name:
            account.name = name
        if author.zone and not account.has_own_zone and account.zone != author.zone:
            account.zone = author.zone
        return tenant, account

    def ensure_mentioned(self, ctx: Context, person: Mention) -> AccountRow:
        """Return the account that a line points at, made if new: until they say something, their name is its label."""
        platform, scope = ctx.place.platform, ctx.scope
        if account := self.find_account(platform, scope, person.id):
            return account
        name = markup.clip(markup.clean(person.label).strip(), 80) or "someone"
        insert_once(
            self._session,
            AccountRow,
            platform=platform,
            scope=scope,
            external_id=person.id,
            name=name,
            made_at=self._made_at,
        )
        made = self.find_account(platform, scope, person.id)
        assert made is not None
        return made

    def notify(self, account_id: int, key: str, markdown: str, now: datetime) -> None:
        """Leave a sentence for the account's next private answer, once for each key."""
        insert_once(
            self._session, Notice, account_id=account_id, key=key, markdown=markup.clip(markdown, 600), made_at=now
        )

    def outdate(self, among: Select[int], prefix: str, but: str, now: datetime) -> None:
        """Have nobody of some accounts be told any more what their keys put with a newer sentence."""
        old = update(Notice).where(Notice.account_id.in_(among), Notice.told_at.is_(None), Notice.key != but)
        named = Notice.key.startswith(prefix, autoescape=True)
        self._session.execute(old.where(named).values(told_at=now), execution_options={"synchronize_session": False})

    def has_notices(self, account_id: int) -> bool:
        """Whether the account has not been told something yet."""

        def read() -> bool:
            untold = select(Notice.id).where(Notice.account_id == account_id, Notice.told_at.is_(None))
            return self._session.scalar(untold.limit(1)) is not None

        return read_cached(self._session, _untold_key(account_id), (Notice,), read)

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
        return reply.followed_by_notices(*(notice.markdown for notice in untold))


def _tenant_key(platform: str, external_id: str | None) -> tuple[str, str, str | None]:
    return "tenant", platform, external_id


def _untold_key(account_id: int) -> tuple[str, int]:
    return "untold", account_id
