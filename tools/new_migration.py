"""Write a migration from the newest revision to the declared tables: `python -m tools.new_migration "WHY"`."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.operations.ops import AddColumnOp, MigrateOperation, MigrationScript, OpContainer
from alembic.script import Script, ScriptDirectory
from sqlalchemy import MetaData

from bot.base.files import checkout
from bot.maintenance.migrate import MigrationError, configured, connected, upgrade
from bot.runtime.catalogue import tables

TIDY = (("check", "--fix", "--select=F401,I"), ("format",))
"""The ruff commands for a file from alembic: remove unused imports, then format."""


def revise(why: str, metadata: MetaData, *, where: Path | None = None) -> Path | None:
    """Write the migration from the newest revision to the declared tables; None if nothing differs.

    Compares with a temporary database at the newest revision, not with any real one.

    Args:
        why: the change in words, used as the file name.
        metadata: the declared tables.
        where: the folder of migrations; the checkout's by default.

    Returns:
        The new file.

    Raises:
        MigrationError: this is no checkout, the revisions have several ends, or old rows would have nothing for a
            new column.
    """
    where = where or _find_checkout_folder()
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder, 'newest.db').as_posix()}"
        with connected(url) as connection:
            config = configured(connection, metadata, where)
            if len(ends := ScriptDirectory.from_config(config).get_heads()) > 1:
                raise MigrationError(
                    f"The revisions have {len(ends)} ends: {', '.join(ends)}. Let one follow the other in its "
                    "down_revision."
                )
        upgrade(url, where=where)
        with connected(url) as connection:
            config = configured(connection, metadata, where)
            made = command.revision(config, why, autogenerate=True, process_revision_directives=_look)
    if not isinstance(made, Script):
        return None
    file = Path(made.path)
    _tidy(file)
    return file


def _find_checkout_folder() -> Path:
    if (root := checkout()) is None:
        raise MigrationError("A migration is written in a checkout of the project; this is an installation.")
    return root / "migrations"


def _look(_context: object, _revision: object, scripts: list[MigrationScript]) -> None:
    """Drop an empty revision, and refuse one that would fail on existing rows."""
    changes = [
        change for script in scripts if script.upgrade_ops for change in _flatten_changes(script.upgrade_ops.ops)
    ]
    if not changes:
        scripts.clear()
    for change in changes:
        if isinstance(change, AddColumnOp) and not change.column.nullable and change.column.server_default is None:
            raise MigrationError(
                f"{change.table_name}.{change.column.name} may not be empty, and rows that exist have nothing for it: "
                "give it a server_default, or let it be None."
            )


def _flatten_changes(changes: Iterable[MigrateOperation]) -> Iterator[MigrateOperation]:
    for change in changes:
        if isinstance(change, OpContainer):
            yield from _flatten_changes(change.ops)
        else:
            yield change


def _tidy(file: Path) -> None:
    """Remove alembic's comments and format the file with ruff, if installed."""
    lines = file.read_text("utf-8").splitlines()
    file.write_text("".join(f"{line}\n" for line in lines if not line.strip().startswith("# ###")), "utf-8")
    if importlib.util.find_spec("ruff") is not None:
        for does in TIDY:
            subprocess.run([sys.executable, "-m", "ruff", *does, "--quiet", str(file)], check=False)


def main(words: Sequence[str]) -> int:
    """Write the migration that the tables of the bot need, and print its file."""
    why = " ".join(words).strip(" .")
    if not why:
        print('Say why: python -m tools.new_migration "members have a colour"', file=sys.stderr)
        return 2
    file = revise(why, tables())
    print(f"Wrote {file}. Read it before you commit it." if file else "No table has changed. I wrote nothing.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
