"""A long text in a form of the page: written, looked through, corrected, and sent as the chat sends a file."""

from __future__ import annotations

import aiohttp

from tests.dashboard.browsing import Shown, Site
from tests.dashboard.test_access import EVIL
from tests.harness import text

LONG = "# Our club\n\n" + "\n".join(
    f"## Part {part}\n" + "\n".join(f"- Subject {part}.{n} with words and quite a long name" for n in range(20))
    for part in range(6)
)


async def test_an_outline_is_written_looked_through_and_changed_beside_its_preview(site: Site) -> None:
    w = site.w
    assert len(LONG) > 3000
    mo, _ = await site.signed_in("mo")
    form = await mo.press(await mo.get("/dashboard/roadmap"), "Paste an outline")
    many = LONG + "".join(f"\n- Extra {n} {EVIL}" for n in range(90))
    faulty = await mo.post("/dashboard/do", {"do": form.carried, "text": many})
    assert "Outline : I can't create a course from this yet" in faulty.text and 'role="alert"' in faulty.html
    assert faulty.written == many and "<script>alert" not in faulty.html
    assert "Our club" not in text(await w.say("mo", "outline show"))
    preview = await mo.post("/dashboard/do", {"do": faulty.carried, "text": LONG})
    assert "120 units" in preview.text and preview.written == LONG and 'role="status"' in preview.html
    again = await mo.post("/dashboard/do", {"do": preview.carried, "text": LONG.replace("Our club", "The club")})
    kept = await mo.press(again, "Confirm")
    assert "Course added: The club" in kept.text and "/dashboard/roadmap" in kept.url
    assert "The club" in text(await w.say("mo", "outline show"))
    editor = await mo.press(await mo.get("/dashboard/roadmap"), "Edit")
    assert editor.written.startswith("# The club") and "Subject 5.19" in editor.written
    changed = await mo.post("/dashboard/do", {"do": editor.carried, "text": editor.written + "\n- One more"})
    assert "One more" in changed.text
    stale = await mo.press(await mo.get("/dashboard/roadmap"), "Edit")
    assert "Course updated" in (await mo.press(changed, "Confirm")).text
    assert "121 units" in text(await w.say("mo", "outline show"))
    warned = await mo.post("/dashboard/do", {"do": stale.carried, "text": LONG})
    assert "This has changed since you opened it" in warned.text
    member, _ = await site.signed_in("ada")
    assert "Paste an outline" not in (await member.get("/dashboard/roadmap")).text


async def test_confirm_beside_an_editor_keeps_what_stands_in_it_and_nothing_unseen(site: Site) -> None:
    w = site.w
    mo, _ = await site.signed_in("mo")
    form = await mo.press(await mo.get("/dashboard/roadmap"), "Paste an outline")
    preview = await mo.post("/dashboard/do", {"do": form.carried, "text": "# Club\r\n- One\r\n- Two\r\n"})
    more = await mo.press(preview, "Confirm", text="# Club\n- One\n- Two\n- Three")
    assert "You've changed the text" in more.text and "3 units" in more.text
    assert more.written == "# Club\n- One\n- Two\n- Three" and "Club" not in text(await w.say("mo", "outline show"))
    faulty = await mo.press(more, "Confirm", text="no units")
    assert 'role="alert"' in faulty.html and faulty.written == "no units" and not faulty.beside("Confirm")
    kept = await mo.press(more, "Confirm", text=more.written.replace("\n", "\r\n"))
    assert "Course added: Club" in kept.text
    editor = await mo.press(await mo.get("/dashboard/roadmap"), "Edit")
    looked = await mo.post(
        "/dashboard/do", {"do": editor.carried, "text": editor.written + "\n- Four", "title": "Club"}
    )
    titled = await mo.press(looked, "Confirm", title="Our club")
    assert "You've changed the text" in titled.text and "Our club" in titled.text
    changed = await mo.press(titled, "Confirm")
    assert "Course updated: Our club" in changed.text and "4 units" in text(await w.say("mo", "outline show"))


async def test_a_file_is_sent_and_its_text_goes_on_in_the_form(site: Site) -> None:
    mo, _ = await site.signed_in("mo")
    form = await mo.press(await mo.get("/dashboard/roadmap"), "Paste an outline")

    async def send(name: str, data: bytes) -> Shown:
        body = aiohttp.FormData({"do": form.carried, "text": ""})
        body.add_field("file", data, filename=name)
        return await mo.post("/dashboard/do", body)

    shown = await send("club.md", LONG.encode())
    assert "120 units" in shown.text and shown.written == LONG
    assert "is not UTF-8 text" in (await send("club.pdf", b"%PDF\x00\xff")).text
