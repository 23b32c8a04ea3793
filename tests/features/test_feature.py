"""What the features declare: all of it, where it belongs, and as the database has it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column

from bot.commands.command import Command
from bot.features.feature import Feature, Features
from bot.runtime.catalogue import FEATURES, OWN_TABLES, build_metadata
from bot.storage.base import Base

ROOT = Path(__file__).parents[2]
ALL = Features(FEATURES)
ONCE_FORGOTTEN = {"CASCADE": "deleted", "SET NULL": "unlinked", None: "deleted"}
"""What the database does to a row when the account that a column names is deleted; without a key, `forgetting` does."""


def test_features_stand_in_the_order_of_the_contract_and_each_folder_that_declares_one_is_there() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c.get("containers") == ["bot.features"])
    declared = {path.parent.name for path in (ROOT / "bot" / "features").glob("*/feature.py")}
    assert [feature.name for feature in FEATURES] == [name for name in reversed(layers) if name in declared]
    assert {feature.name for feature in FEATURES} == declared


def test_every_table_is_declared_by_the_feature_in_whose_folder_it_is() -> None:
    made = {mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__module__.startswith("bot.")}
    assert made == {*OWN_TABLES, *ALL.tables}
    for feature in FEATURES:
        assert all(table.__module__.startswith(f"bot.features.{feature.name}.") for table in feature.tables)


def test_every_command_is_declared_by_the_feature_in_whose_folder_it_is() -> None:
    for feature in FEATURES:
        assert all(command.run.__module__.startswith(f"bot.features.{feature.name}.") for command in feature.commands)


def test_every_column_that_names_an_account_is_claimed_by_some_feature() -> None:
    claimed = {(k.whose.class_.__tablename__, k.whose.key) for k in ALL.personal_data.kept}
    tables = build_metadata(ALL.tables).tables.values()
    named = {(c.table.name, c.name) for table in tables for c in table.columns if _names_an_account(c)}
    assert named <= claimed


def _names_an_account(column: Column[Any]) -> bool:
    refers = any(key.target_fullname == "account.id" for key in column.foreign_keys)
    return refers or column.name in ("account_id", "author_id", "member_id")


def test_what_is_forgotten_with_a_person_is_what_the_database_does_with_the_account() -> None:
    for kept in ALL.personal_data.kept:
        column = kept.whose.expression
        if column.name != "id":
            on_delete = {key.ondelete for key in column.foreign_keys} or {None}
            assert {ONCE_FORGOTTEN[one] for one in on_delete} == {kept.forgotten}, str(column)


def test_all_that_is_kept_says_why_in_a_sentence() -> None:
    for kept in ALL.personal_data.kept:
        assert kept.why.endswith(".") and kept.why[0].isupper()


def test_help_begins_with_itself_then_tells_members_then_moderators() -> None:
    names = [(command.name, command.role == "moderator") for command in ALL.commands]
    assert names[0] == ("help", False)
    assert [moderates for _, moderates in names] == sorted(moderates for _, moderates in names)


def test_two_checks_of_one_name_are_refused() -> None:
    one, other = (Feature(name, checks={"settled": lambda work, args: True}) for name in ("one", "other"))
    with pytest.raises(ValueError, match="two checks share a name"):
        _ = Features((one, other)).checks


def test_a_feature_declares_commands_and_nothing_else_where_it_has_nothing_else() -> None:
    assert all(isinstance(command, Command) for command in ALL.commands)
    assert Features(()).personal_data.kept == ()
