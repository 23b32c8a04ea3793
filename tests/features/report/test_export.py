"""A whole group as tables in an archive."""

from __future__ import annotations

import csv
import io
import zipfile

from bot.features.report.commands import archives
from bot.messages.reply import FILE_MAX, Reply
from bot.messages.spreadsheet import Spreadsheet
from tests.harness import World, text


def opened(reply: Reply) -> dict[str, list[list[str]]]:
    """Return the tables of a reply's archives by name."""
    found = {}
    for file in Reply.from_json(reply.to_json()).files:  # as it is stored
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            for name in archive.namelist():
                found[name] = list(csv.reader(io.StringIO(archive.read(name).decode())))
    return found


async def test_a_moderator_takes_the_group_along_without_what_members_wrote_for_themselves(w: World) -> None:
    await w.begin("ada", "=SUM(A1)")
    await w.say("ada", "checkin 45 my own secret")
    await w.say("mo", "excuse =SUM(A1) 1 ill")
    await w.say("mo", "notes add text=Owls meet by night.")
    await w.say("mo", "session plan 'sat 18:00' topic=sets confirm=yes")
    reply = await w.say("mo", "export")
    found = opened(reply)
    assert "If no file is here" not in text(reply)
    assert set(found) == {"members.csv", "check-ins.csv", "standings.csv", "rulings.csv", "notes.csv", "live-hours.csv"}
    assert {row[0].lower() for row in found["members.csv"][1:]} == {"ada", "'=sum(a1)"}
    assert [(row[1], row[3]) for row in found["check-ins.csv"][1:]] == [("1", "45")]
    assert "secret" not in str(found)
    assert found["rulings.csv"][1][1:4] == ["1", "excuse", "ill"]
    assert found["live-hours.csv"][1][2] == "sets" and found["notes.csv"][1][0] == "1"
    assert "moderator" in text(await w.say("ada", "export")).lower()


def test_what_is_more_than_a_message_takes_comes_in_several_archives() -> None:
    rows = [(f"{n * 7919 % 1_000_003:x}{n * 104729 % 999_983:x}" * 3, n) for n in range(60_000)]
    files = archives(
        [("members", Spreadsheet(("member", "n"), rows)), ("notes", Spreadsheet(("n",), [(1,)]))], "group-1"
    )
    assert len(files) > 2 and all(len(file.text) <= FILE_MAX for file in files)
    lines = 0
    for file in files[:-1]:
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            lines += len(archive.read(archive.namelist()[0]).splitlines()) - 1
    assert lines == len(rows)
