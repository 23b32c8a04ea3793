"""`trailmate people forget`: the operator deletes the data of a person who asked outside the chat."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from sqlalchemy import select

from bot.cli.db import is_usable
from bot.cli.parser import list_choices
from bot.features.audit.service import Audit
from bot.features.feature import Features
from bot.features.groups.tables import Group, Membership
from bot.features.people.tables import AccountRow, Tenant
from bot.features.privacy import forget, wording
from bot.features.privacy.forget import Forgotten, Mark, note_forgotten
from bot.messages.characters import clean
from bot.runtime.settings import Settings
from bot.storage.unit_of_work import Database, Work


def people(settings: Settings, given: argparse.Namespace) -> int:
    """Show the stored data of a person, and delete it after confirmation."""
    from bot.runtime.catalogue import FEATURES

    if not is_usable(settings):
        return 1
    features = Features(FEATURES)
    with Database(settings.url) as database:
        accounts = database.run_sync(lambda work: _find(work, given), writes=False)
        if len(accounts) != 1:
            print(_explain_unclear(accounts, given), file=sys.stderr)
            return 1
        [account] = accounts
        print(database.run_sync(lambda work: _preview(work, features, account), writes=False))
        if not (given.yes or _is_confirmed()):
            print("Nothing was deleted. Use --yes to delete their data.")
            return 0
        # add the mark first: the next start completes a deletion that fails midway
        mark = Forgotten.beside(settings.data_dir).add(account, database.real_now())
        database.run_sync(lambda work: _forget(work, features, account.id, mark))
    print("Their data is deleted. They can delete their messages in the chat themselves.")
    return 0


def _find(work: Work, given: argparse.Namespace) -> Sequence[AccountRow]:
    chosen = select(AccountRow).where(AccountRow.platform == given.platform, AccountRow.external_id == given.id)
    if given.tenant is not None:
        chosen = chosen.where(AccountRow.scope == given.tenant)
    return work.session.scalars(chosen.order_by(AccountRow.id)).all()


def _explain_unclear(accounts: Sequence[AccountRow], given: argparse.Namespace) -> str:
    if not accounts:
        return f"There is no account with this id on {given.platform}. Give the account's id, not its name."
    tenants = list_choices(sorted(account.scope for account in accounts))
    return f"Several accounts have this id. Choose a workspace with --tenant: {tenants}."


def _preview(work: Work, features: Features, account: AccountRow) -> str:
    stored = forget.list_stored(work.session, features, account.id)
    goes, stays = (wording.list_counts(stored, becomes) for becomes in ("deleted", "unlinked"))
    alone = ", ".join(clean(group.name) for group in forget.list_alone(work.session, account.id))
    lines = (
        f"{clean(account.name)} on {account.platform}",
        f"  deletes: {goes or 'the account'}",
        f"  stays without the name: {stays}" if stays else "",
        f"  no other moderator in: {alone}" if alone else "",
    )
    return "\n".join(filter(None, lines))


def _is_confirmed() -> bool:
    return sys.stdin.isatty() and input("You can't undo this. Type forget to continue: ").strip() == "forget"


def _forget(work: Work, features: Features, account_id: int, mark: Mark) -> None:
    session = work.session
    note_forgotten(work, [mark])
    account = session.get(AccountRow, account_id)
    if account is None:  # they have done it themselves meanwhile
        return
    joined = select(Group.tenant_id).join(Membership).where(Membership.account_id == account_id)
    home = select(Tenant.id).where(Tenant.platform == account.platform, Tenant.external_id == account.scope)
    tenants = {*session.scalars(joined), *session.scalars(home)}
    forget.forget(work, features, account_id)
    Audit(work).note_request(sorted(tenants), "people forget", work.made_at)
