"""No statement that is asked again and again reads the whole of a table that grows.

A plan is looked at, nothing is measured. PostgreSQL is asked for the plan without values that it falls back to, and
told that each table has a million rows like those that are there; SQLite has one plan for all sizes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sqlalchemy import Connection, Engine, event

from bot.storage.unit_of_work import Work
from tests.harness import CLUSTERS, World, world
from tests.postgres_server import Cluster

BORDERS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "SET", "SHOW")
SMALL = {
    "outage_heartbeat",
    "rate_limit_bucket",
    "install",
    "lease",
    "migration",
    "outage",
    "suspended_channel",
    "platform_heartbeat",
    "platform_outage",
    "process",
    "restoration",
}
"""A row for each platform, process, workspace, held room or outage."""
WHOLE = {
    "SELECT count(*) AS count_1": "counts all groups and members, at each look at /metrics",
    "SELECT study_group.tenant_id, study_group.roadmap_id, study_group.first_unit": "courses of groups, for /healthz",
    "SELECT min(anon_1.at) AS min_1": "the clock of these tests asks for the next instant",
    "UPDATE anonymous_usage SET mark": "each hour, of what is kept for days",
    "DELETE FROM anonymous_usage": "each hour, of what is kept for days",
    "UPDATE solution SET picture": "each hour, the pictures of groups that ended",
    "DELETE FROM answer_message": "each hour, of what is kept for days",
    "DELETE FROM dashboard_visit": "each hour, of what is kept for days",
}
"""How statements begin that are to read all that there is, and why."""
SAID = ("checkin 30 read two papers", "progress", "undo", "help", "leaderboard", "topic", "away until=tomorrow")


class Undone(Exception):
    """What was found, by a transaction that is to leave nothing."""


@pytest.fixture
def asked() -> Iterator[dict[str, Any]]:
    """Each statement that any engine is told, with the values of its first time."""
    found: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if not statement.startswith(BORDERS):
            found.setdefault(statement, values)

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


async def live(w: World, asked: dict[str, Any]) -> None:
    """Have a group walk into its second unit; what is asked from then on counts."""
    await w.begin("ada", "ben")
    await w.say("ada", SAID[0])
    asked.clear()
    for _ in range(2):
        await w.app.run_tick()
        for platform in w.app.relays:
            await w.app.run_relay(platform)
        for job in (w.app.run_mending, w.app.run_upkeep, w.app.run_indexing, w.app.run_reloading):
            await job()
        await w.app.run_presence({"local": "ready"})
        await w.app.health({})
        await w.app.counts({})
        for line in SAID:
            await w.say("ada", line)
        await w.after(days=8)


async def test_on_sqlite(w: World, asked: dict[str, Any]) -> None:
    await live(w, asked)

    def explain(work: Work) -> list[str]:
        driver: Any = work.session.connection().connection.dbapi_connection
        found = []
        for statement in asked:
            values = [None] * statement.count("?")
            plan = driver.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            tables = {str(name) for (name,) in driver.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            read = {step[3].split()[1] for step in plan if step[3].startswith("SCAN ")} & tables
            found += [f"{table}: {statement}" for table in read]
        return found

    assert _wrong(await w.app.database.run(explain, writes=False)) == []


async def test_on_postgresql(tmp_path: Path, postgres_url: str, asked: dict[str, Any]) -> None:
    if not (has_cluster := bool(CLUSTERS)):
        CLUSTERS.append(Cluster(postgres_url))
    try:
        async with world(tmp_path) as w:
            await live(w, asked)
            with pytest.raises(Undone) as undone:
                await w.app.database.run(lambda work: _planned(work, list(asked)))
    finally:
        if not has_cluster:
            CLUSTERS.clear()
    assert _wrong(undone.value.args[0]) == []


def _wrong(found: list[str]) -> list[str]:
    texts = ((one, one.split(": ", 1)) for one in found)
    return [
        one
        for one, (table, text) in texts
        if table not in SMALL and not text.replace("\n", "").startswith(tuple(WHOLE))
    ]


def _planned(work: Work, statements: list[str]) -> NoReturn:
    connection = work.session.connection()
    _fill(connection)
    found = []
    for n, statement in enumerate(statements):
        names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
        numbered = re.sub(r"%\((\w+)\)s", lambda one: f"${names.index(one[1]) + 1}", statement).replace("%%", "%")  # noqa: B023
        connection.exec_driver_sql(f"PREPARE p{n} AS {numbered}".replace("%", "%%"))
        values = f"({', '.join(['NULL'] * len(names))})" if names else ""
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) EXECUTE p{n}{values}").scalar_one()
        found += [
            f"{table}: {statement}"
            for table in _read_whole((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
        ]
    raise Undone(found)


def _read_whole(step: dict[str, Any]) -> Iterator[str]:
    is_whole = "Index Cond" not in step and step["Node Type"] in ("Index Scan", "Index Only Scan", "Bitmap Index Scan")
    if is_whole or step["Node Type"] == "Seq Scan":
        yield step.get("Relation Name") or step["Index Name"]
    for inner in step.get("Plans", ()):
        yield from _read_whole(inner)


def _fill(connection: Connection) -> None:
    """Have the planner believe in a million rows of each table; one that is empty gets one."""
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # foreign keys do not count
    columns = connection.exec_driver_sql(
        "SELECT table_name, column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'"
    ).all()
    needed: dict[str, dict[str, str]] = {}
    for table, column, kind in columns:
        needed.setdefault(table, {})[column] = _VALUES[kind]
    for table, values in needed.items():
        if connection.exec_driver_sql(f'SELECT 1 FROM "{table}" LIMIT 1').first() is None:
            named = ", ".join(f'"{name}"' for name in values)
            connection.exec_driver_sql(f'INSERT INTO "{table}" ({named}) VALUES ({", ".join(values.values())})')
    connection.exec_driver_sql("ANALYZE")
    connection.exec_driver_sql(
        "UPDATE pg_class SET reltuples = 1000000 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")


_VALUES = {
    "integer": "1", "bigint": "1", "double precision": "1", "boolean": "true", "character varying": "'x'",
    "text": "'x'", "json": "'{}'", "date": "'2026-01-01'", "timestamp with time zone": "'2026-01-01'",
    "time without time zone": "'12:00'", "bytea": "''", "ARRAY": "'{}'",
}  # a table of data # fmt: skip
