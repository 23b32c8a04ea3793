"""A person takes all along that is kept of them, and is forgotten: by every table, message and older copy."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
import zipfile
from contextlib import closing
from hashlib import blake2b, scrypt
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import String, cast, select, update

from bot.commands import refusals
from bot.delivery.local_feed import FeedMessage
from bot.delivery.outbox import OutboxRow
from bot.features.checkins.tables import Checkin, Ruling
from bot.features.feature import Features
from bot.features.people.tables import AccountRow
from bot.features.plans.service import Pledge
from bot.features.privacy import forget
from bot.features.privacy.forget import Forgotten, note_forgotten
from bot.features.thanks.service import Thank
from bot.messages.call import Call
from bot.runtime.catalogue import FEATURES, tables
from tests.harness import World, text, world

ALL = Features(FEATURES)


async def rows(w: World, chosen: Any) -> list[Any]:
    return list(await w.app.database.run(lambda work: work.session.execute(chosen).all(), writes=False))


async def traces(w: World, *words: str) -> set[str]:
    """Return the columns of text in which one of the words stands."""
    found = set()
    for table in tables().tables.values():
        for column in table.columns:
            for word in words:
                if await rows(w, select(table).where(cast(column, String).contains(word)).limit(1)):
                    found.add(f"{table.name}.{column.name}: {word}")
    return found


async def number(w: World, who: str) -> int:
    [(found,)] = await rows(w, select(AccountRow.id).where(AccountRow.external_id == who))
    return int(found)


async def busy(w: World) -> None:
    """Have Quokka leave something in as many tables as a few weeks do."""
    await w.begin("quokka", "ben")
    await w.say("quokka", "settings reminders=yes alias=Wombat")
    await w.say("quokka", "pledge read two papers, Tue 7pm")
    await w.say("quokka", "checkin 30 my secret note")
    await w.press("quokka", "Share", {"note": "a shared secret"})
    await w.say("quokka", "away until=tomorrow reason=surgery")
    await w.say("quokka", "thanks @ben for=sets")
    await w.say("ben", "thanks @quokka for=sets")
    await w.say("quokka", "quiz")
    await w.say("quokka", "ask who sells the marsupial")
    await w.say("mo", "excuse quokka 1 was ill again")
    await w.say("mo", "cohort edit moderators=@quokka confirm=yes")
    await w.after(days=9)
    await w.say("ben", "checkin 30 read")


async def test_who_is_on_the_list_and_not_gone_yet_is_told_so(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise refusals.busy()

    await w.begin("quokka")
    with monkeypatch.context() as patched:
        patched.setattr(forget, "forget", away)
        await w.say("quokka", "privacy forget")
        told = text(await w.press("quokka", "Delete my data"))
    assert "I've noted your request, but I can't tell yet if everything is deleted." in told
    assert (await w.press("quokka", "Delete my data")).title == "Data deleted"


async def test_a_person_takes_all_along_and_is_forgotten_while_others_keep_what_they_have(w: World) -> None:
    await busy(w)
    whose = await number(w, "quokka")
    export = await w.say("quokka", "privacy export")
    [packed] = export.files
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        data, sheet = (archive.read(name).decode() for name in ("my-data.json", "my-data.csv"))
    taken = json.loads(data)["data"]
    assert taken["checkin"]["rows"][0]["note"] == "my secret note" and "surgery" in sheet
    assert [one["text"] for one in taken["shared in threads"]["rows"]] == ["a shared secret"]
    assert {"account", "membership", "absence", "pledge", "thanks (giver_id)"} <= taken.keys()
    assert {"quiz_item of quiz_attempt", "ruling (account_id)"} <= taken.keys()
    assert "giver_id" not in taken["thanks (receiver_id)"]["rows"][0]

    before = text(await w.say("ben", "progress"))
    await w.say("mo", "void quokka 1 not theirs")  # a draft waits for its Confirm
    asked = await w.say("quokka", "privacy forget")
    assert asked.tone == "warn" and "check-ins (1)" in text(asked)
    assert await number(w, "quokka") == whose
    gone = await w.press("quokka", "Delete my data")
    assert gone.title == "Data deleted"
    await w.tick()
    assert await traces(w, "quokka", "Quokka", "Wombat", "secret", "surgery", "ill again") == set()
    for kept in ALL.personal_data.kept:
        assert await rows(w, select(kept.whose).where(kept.whose == kept.key(whose))) == [], str(kept.whose)

    assert text(await w.say("ben", "progress")) == before
    assert len(await rows(w, select(Thank.id))) == 1
    await w.after(days=14)  # what is due goes out as ever
    assert "a former member" not in text(await w.say("ben", "progress"))
    assert "excuse" in text(await w.say("mo", "audit"))
    assert text(await w.call("quokka", Call("privacy show"))).startswith("Your data Stored: nothing about you yet.")


async def test_the_files_of_the_database_hold_nothing_of_a_forgotten_person_once_nobody_reads_them(w: World) -> None:
    await busy(w)
    words = [word.encode() for word in ("quokka", "Wombat", "secret note", "surgery")]

    def left() -> set[bytes]:
        files = b"".join(w.file.with_name(f"{w.file.name}{end}").read_bytes() for end in ("", "-wal", "-shm"))
        return {word for word in words if word in files}

    await w.app.run_log()
    with closing(sqlite3.connect(w.file)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM checkin").fetchone() == (2,)
        await w.say("quokka", "privacy forget")
        await w.press("quokka", "Delete my data")
        await w.app.run_log()
        assert left() == set(words)
        await w.say("ben", "checkin 10 more")
    await w.app.run_log()
    assert left() == set()


async def test_others_texts_about_a_forgotten_person_name_a_former_member(w: World) -> None:
    await w.begin("quokka", "ben", "will")
    await w.say("quokka", "settings alias=Wombat")
    await w.say("mo", "excuse ben 1 looked after Quokka")
    await w.say("ben", "pledge read with Quokka, Tue 7pm")
    await w.say("ben", "checkin 30 learned with Wombat, @quokka helped")
    await w.press("ben", "Share", {"note": "Quokka's idea: draw it"})
    await w.say("will", "thanks @ben for=the talk with Quokka")
    await w.say("ben", "ask what does Quokka say of the marsupial")
    await w.tick()
    await w.say("quokka", "privacy forget")
    await w.press("quokka", "Delete my data")
    edits = await rows(w, select(OutboxRow.key).where(OutboxRow.action == "edit", OutboxRow.state == "due"))
    assert any(":share:" in key for (key,) in edits), "what is posted already is edited"
    await w.tick()
    assert await traces(w, "quokka", "Quokka", "Wombat") == set()
    assert await rows(w, select(Checkin.note)) == [("learned with a former member, a former member helped",)]
    assert await rows(w, select(Pledge.text)) == [("read with a former member, Tue 7pm",)]
    assert await rows(w, select(Ruling.reason)) == [("looked after a former member",)]
    assert "“the talk with a former member”" in text(await w.say("ben", "progress"))
    shared = await rows(w, select(FeedMessage.reply).where(FeedMessage.key.contains(":share:")))
    assert [block["quote"] for block in shared[0][0]["blocks"] if "quote" in block] == [
        "a former member's idea: draw it"
    ]


@pytest.mark.nightly
async def test_the_message_on_a_ruling_names_a_former_member_also_if_the_id_is_no_name(w: World) -> None:
    await w.begin("u0042", "ben")
    await w.app.database.run(
        lambda work: work.session.execute(
            update(AccountRow).where(AccountRow.external_id == "u0042").values(name="Iris Quill")
        )
    )
    whose = await number(w, "u0042")
    await w.say("mo", "excuse ben 1 Iris Quill told me that ben was away")
    await w.tick()
    await w.app.database.run(lambda work: forget.forget(work, ALL, whose))
    await w.tick()
    assert await traces(w, "Iris", "Quill") == set()
    assert await rows(w, select(Ruling.reason)) == [("a former member told me that ben was away",)]


async def test_a_name_that_another_member_bears_stays_in_others_texts(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("mo", "excuse ben 1 as Ada said")
    await w.app.database.run(
        lambda work: work.session.execute(
            update(AccountRow).where(AccountRow.external_id == "ben").values(name="Ada B.")
        )
    )
    await w.say("ada", "privacy forget confirm=yes")
    assert await rows(w, select(Ruling.reason)) == [("as Ada said",)]


async def test_who_alone_moderates_a_group_is_told_first(w: World) -> None:
    await w.start()
    asked = text(await w.say("mo", "privacy forget"))
    assert "You're the only moderator of Night owls." in asked
    await w.press("mo", "Delete my data")
    assert "Night owls" in text(await w.say("mo", "cohort status"))


async def test_an_older_copy_forgets_again_but_not_whoever_came_back(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    (tmp_path / "home").mkdir()
    async with world(tmp_path / "home") as w:
        await w.begin("ada", "ben")
    shutil.copy(tmp_path / "home" / "trailmate.db", copy)
    async with world(tmp_path / "home") as w:
        await w.say("ada", "privacy forget confirm=yes")
        await w.say("ben", "privacy forget confirm=yes")
        await w.say("ben", "join")
    for line in filter(None, (tmp_path / "home" / "forgotten.txt").read_text().splitlines()):
        assert re.fullmatch(r"salt [0-9a-f]{32}|scrypt:[0-9a-f]{32} \d{4}-\d\d-\d\dT[\d:.]+\+00:00", line), (
            "marks, no names"
        )
    async with world(tmp_path / "home") as w:
        assert [who for (who,) in await rows(w, select(AccountRow.external_id).order_by(AccountRow.id))] == [
            "mo",
            "ben",
        ]
    shutil.copy(copy / "trailmate.db", tmp_path / "home")
    for beside in ("trailmate.db-wal", "trailmate.db-shm"):
        (tmp_path / "home" / beside).unlink(missing_ok=True)
    async with world(tmp_path / "home") as w:
        assert await rows(w, select(AccountRow.id).where(AccountRow.external_id.in_(["ada", "ben"]))) == []


async def test_what_one_process_forgot_the_others_know_and_forget_again(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    own, two, three = (Forgotten(tmp_path / name) for name in ("home/forgotten.txt", "two.txt", "three.txt"))
    async with world(tmp_path / "home") as w:
        await w.begin("ada", "ben")
        await w.say("ada", "privacy forget confirm=yes")
        database = w.app.database
        assert two.replay(database, ALL) == 0
        three.take_rows(database.url)
        assert own._read() == two._read() == three._read() != {}
        before = (tmp_path / "two.txt").read_text()
        two.replay(database, ALL)
        assert (tmp_path / "two.txt").read_text() == before, "what is known is not written again"

        [ben] = await rows(w, select(AccountRow).where(AccountRow.external_id == "ben"))
        mark = three.add(ben[0], database.real_now())
        (tmp_path / "three.txt").unlink()
        await database.run(lambda work: note_forgotten(work, [mark, ("no salt", "no mark", mark[2])]))
        assert await database.run(lambda work: two.forget_again(work, ALL)) == 1  # by the row alone, as in a backup
        assert await rows(w, select(AccountRow.id).where(AccountRow.external_id == "ben")) == []
        assert mark[1] in two._read()[mark[0]]


async def test_a_list_of_an_older_version_still_forgets(w: World) -> None:
    await w.begin("ada", "ben")
    salt = "0123456789abcdef" * 2
    [(account,)] = await rows(w, select(AccountRow).where(AccountRow.external_id == "ada"))
    told = f"{account.platform}:{account.scope}:ada"
    mark = blake2b(told.encode(), key=salt.encode(), digest_size=20).hexdigest()
    older = Forgotten(w.file.with_name("older.txt"))
    older.take(f"salt {salt}\n{mark} {w.app.database.real_now().isoformat()}\n")
    assert older.replay(w.app.database, ALL) == 1
    assert await rows(w, select(AccountRow.id).where(AccountRow.external_id == "ada")) == []


async def test_whoever_reads_the_list_needs_16_mib_for_each_id_that_they_try(w: World) -> None:
    await w.begin("ada", "ben")
    [(account,)] = await rows(w, select(AccountRow).where(AccountRow.external_id == "ada"))
    salt, mark, _ = Forgotten(w.file.with_name("list.txt")).add(account, w.app.database.real_now())
    told = f"{account.platform}:{account.scope}:ada".encode()
    assert mark == f"scrypt:{scrypt(told, salt=salt.encode(), n=2**14, r=8, p=1, maxmem=2**25, dklen=16).hex()}"
    with pytest.raises(ValueError, match="memory limit exceeded"):
        scrypt(told, salt=salt.encode(), n=2**14, r=8, p=1, maxmem=2**24, dklen=16)


async def test_a_start_computes_no_marks_if_the_database_knows_them_all(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "privacy forget confirm=yes")
    monkeypatch.setattr(forget, "scrypt", None)
    assert Forgotten.beside(w.file.parent).replay(w.app.database, ALL) == 0


def test_a_database_that_cannot_be_read_keeps_no_restore_from_going_on(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database at all" * 100)
    one = Forgotten(tmp_path / "one.txt")
    one.take_rows(f"sqlite:///{tmp_path / 'broken.db'}")
    assert one._read() == {}


async def test_a_file_that_cannot_be_written_keeps_no_process_from_starting(
    w: World, caplog: pytest.LogCaptureFixture
) -> None:
    await w.begin("ada")
    await w.say("ada", "privacy forget confirm=yes")
    elsewhere = Forgotten(Path("/proc/nowhere/forgotten.txt"))
    assert elsewhere.replay(w.app.database, ALL) == 0
    assert "the database alone has who was forgotten" in caplog.text
