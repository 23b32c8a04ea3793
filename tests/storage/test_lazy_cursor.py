"""The columns of a result of PostgreSQL."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import make_url

from bot.storage.lazy_cursor import LazyCursor


def test_columns_are_what_psycopg_makes_of_them_once_somebody_looks(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = psycopg.Cursor.description.fget  # type: ignore[attr-defined]
    looks: list[object] = []

    def look(cursor: object) -> object:
        looks.append(cursor)
        return made(cursor)

    monkeypatch.setattr(psycopg.Cursor, "description", property(look))
    address = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    asked = "SELECT 1 AS one, 'a'::varchar(5) AS two, 2.5::numeric(4, 1)"
    with psycopg.connect(address, cursor_factory=LazyCursor) as connection:
        cursor = connection.execute(asked)
        columns = cursor.description
        assert columns is not None and len(columns) == 3 and not looks, "at each statement they are counted alone"
        assert [tuple(column) for column in columns] == [tuple(one) for one in made(cursor)]
        assert columns[1].name == "two" and cursor.fetchall() and looks
        assert connection.execute("SET application_name = 'other'").description is None
