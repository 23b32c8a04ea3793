"""The board and the record of moderators on pages: what somebody may see there is what they may see in chat."""

from __future__ import annotations

from bot.messages.call import Call
from tests.dashboard.browsing import Site
from tests.harness import text


async def test_the_board_shows_its_reader_what_the_chat_shows(site: Site) -> None:
    w = site.w
    for who in ("cleo", "dan"):
        await w.say(who, "join")
    await w.call("ben", Call("settings", {"alias": "=Owl <b>", "zone": "UTC"}))
    await w.say("dan", "settings shown=no")
    for who in ("ben", "dan"):
        await w.say(who, "checkin 45 read two papers")
    ada, _ = await site.signed_in("ada")
    page = await ada.get("/dashboard/board?cohort=1")
    assert "=Owl <b>" in page.text and "&lt;b&gt;" in page.html
    assert "Ben" not in page.text and "Dan" not in page.text and "Ada you 0" in page.text
    found = await ada.get("/dashboard/board?cohort=1&q=OWL")
    assert "=Owl <b> 10" in found.text and "Cleo" not in found.text
    for hidden in ("Dan", "Ben", "%25", "zzz"):
        nobody = await ada.get(f"/dashboard/board?cohort=1&q={hidden}")
        assert "Nobody on the leaderboard has that name" in nobody.text, hidden
    file = await ada.get("/dashboard/board.csv?cohort=1&period=season")
    assert file.html == "Rank,Name,Points (season)\n1,'=Owl <b>,10\n2,Ada,0\n2,Cleo,0\n"
    gone = await ada.press(found, "Hide leaderboard")
    assert gone.url.split("?")[1].startswith("cohort=1&q=OWL&said=") and "You have hidden the leaderboard" in gone.text
    assert "You've hidden the leaderboard." in text(await w.say("ada", "leaderboard"))
    assert (await ada.get("/dashboard/board.csv?cohort=1")).html == "Rank,Name,Points (phase)\n"
    dan, _ = await site.signed_in("dan")
    assert "only you see your row" in (await dan.get("/dashboard/board?cohort=1")).text


async def test_the_record_is_read_and_narrowed_by_moderators_alone(site: Site) -> None:
    w = site.w
    await w.say("mo", "excuse ada 1 was <i>ill</i>")
    ada, page = await site.signed_in("ada")
    assert "Activity log" not in page.text
    for path in ("/dashboard/audit?cohort=1", "/dashboard/audit.csv?cohort=1"):
        refused = await ada.get(path)
        assert refused.status in (403, 404) and "You can't open this page" in refused.text
    mo, _ = await site.signed_in("mo")
    both = await mo.get("/dashboard/audit?cohort=1")
    assert "excuse unit: 1 Ada was <i>ill</i>" in both.text and "manage create" in both.text
    for query, has, lacks in (
        ("person=ada", "excuse", "create"),
        ("what=manage+cr", "create", "ill"),
        ("what=cohort+create", "manage create", "ill"),
        ("since=2999-01-01", "matches", "ill"),
        ("before=2", "create", "ill"),
        ("person=nobody", "No single person in this log", "excuse"),
        ("since=soon", "can't read that date", "excuse"),
        ("before=x%00", "excuse", "Nothing"),
    ):
        shown = await mo.get(f"/dashboard/audit?cohort=1&{query}")
        assert has in shown.text and lacks not in shown.text, query
    file = await mo.get("/dashboard/audit.csv?cohort=1&person=ada")
    assert file.html.splitlines()[1].endswith("Mo,manage excuse,Ada,unit: 1,was <i>ill</i>")
    assert file.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
