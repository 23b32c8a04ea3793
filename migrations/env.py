"""What alembic runs: the connection and the tables come from the caller, by `config.attributes`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.sql.elements import False_, True_

from bot.storage.base import UtcDateTime


def render_item(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write what each engine understands, and instants so that old revisions need none of today's code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "server_default" and isinstance(item.arg, False_ | True_):
        return f"sa.{item.arg}()"
    return False


def run() -> None:
    """Run the revisions asked for, each in a transaction of its own; on SQLite all in one.

    SQLite has no lock but that of a transaction: it is taken before the present revision is read, so that of two
    processes the later one finds the work done.
    """
    connection = context.config.attributes["connection"]
    is_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes["metadata"],
        compare_server_default=True,
        render_as_batch=is_sqlite,
        render_item=render_item,
        transactional_ddl=True,
        transaction_per_migration=not is_sqlite,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
