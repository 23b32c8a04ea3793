"""Notes that cannot be read, at a start and at a reload, of our own and of the package; and what is kept of them."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.curriculum.start_cache import NAME
from tests.reliability.drills.bot import ROOT
from tests.reliability.drills.frame import NotHere, Scene, drill, expect
from tests.reliability.drills.starts import cannot, put_roadmap

DAMAGES = {"bytes": b"\xff\xfe\x00 no text", "head": b"---\ntitle: [\n---\n\ntext\n", "missing": None}
"""What a note becomes; None where it is not there."""
OURS = "genai-2026"
"""The roadmap of the group that lives in the database."""


def _damage(folder: Path, how: str) -> None:
    """Have the first note of a roadmap be damaged."""
    note, content = min((folder / "notes").rglob("*.md")), DAMAGES[how]
    note.unlink()
    if content is not None:
        note.write_bytes(content)


@drill(
    does="Notes aren't text, lack a valid header, or are missing: in bundled and own courses, at a start and "
    "a reload. Cached courses and bundled vectors are damaged too",
    sees="All other courses work. A reload keeps the old version. A group without its course reads so",
    holds="Unchanged; after a repair, a reload brings each course back",
)
async def notes_are_damaged(s: Scene) -> None:
    await s.live()
    carried, own = s.folder / "carried", s.folder / "roadmaps"
    shutil.copytree(ROOT / "roadmap", carried)
    there = ("unshare", "-m", "sh", "-c", f'mount --bind "$0" {ROOT}/roadmap && exec "$@"', str(carried))
    if shutil.which("unshare") is None or await cannot(*there, "true"):
        raise NotHere("mounts nothing")
    put_roadmap(own / "good")
    for how in DAMAGES:
        put_roadmap(own / how)
        _damage(own / how, how)
    (vectors,) = carried.glob("vectors-*.npy")
    whole = vectors.read_bytes()
    vectors.write_bytes(whole[:100_000])
    bot, verb = s.bot(), s.bot()
    bot.prefix = verb.prefix = there
    await bot.begin()
    told = bot.log_so_far
    assert all(f"the roadmap {how} is left out" in told for how in DAMAGES) and "good is left out" not in told, told
    page = await s.page(bot)
    await bot.says("carried vectors cannot be read")
    expect(await page.say("ada", "ask what is a tuple?"), "tuple")

    vectors.write_bytes(whole)
    for how in DAMAGES:
        put_roadmap(own / how)
    _damage(own / "good", "bytes")
    _damage(carried / OURS, "head")
    assert await verb.run("roadmap", "reload") == 1
    told = verb.log_so_far
    assert all(f"{how}: new" in told for how in DAMAGES), told
    assert all(f"{ident}: stays as it was" in told for ident in ("good", OURS)), told
    expect(await page.say("ada", "progress"), "Your progress")
    expect(await page.say("ada", "ask what is a list?"), "list")
    await bot.end()

    kept = s.folder / NAME
    damaged = kept.read_bytes()[:-100] + b"x" * 100
    kept.write_bytes(damaged)
    await bot.begin()
    expect(bot.log_so_far, f"the roadmap {OURS} is left out")
    for line in ("progress", "checkin 30 read a chapter", "ask what is a tuple?"):
        expect(await page.say("ada", line), f"can't continue: its course {OURS} is missing or unusable")
    assert "roadmap reload" in " ".join((await bot.health())["fixes"])
    assert kept.read_bytes() != damaged
    shutil.rmtree(carried / OURS)
    shutil.copytree(ROOT / "roadmap" / OURS, carried / OURS)
    await verb.run("roadmap", "reload")
    expect(verb.log_so_far, f"{OURS}: new")
    expect(await page.say("ada", "progress"), "Your progress")
    assert s.count("study_group") == 1
    assert "Traceback" not in bot.log_so_far
