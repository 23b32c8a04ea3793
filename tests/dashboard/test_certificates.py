"""A certificate's public page: who gets its address, what it shows, and how it goes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.messages.reply import Listing, Reply
from tests.dashboard.browsing import served
from tests.harness import MONDAY, World, text, world


def address(reply: Reply) -> str:
    """Return the path of the address in a reply."""
    (url,) = [block.code for block in reply.blocks if isinstance(block, Listing)]
    assert url.startswith("https://study.example/certificate/")
    return url.removeprefix("https://study.example")


async def complete_part_1(w: World) -> None:
    """Have Ada complete the last unit of part 1, and Ben not."""
    await w.begin("ada", "ben", extra="first_unit=7")
    await w.say("ada", "checkin 30 read")
    await w.to(MONDAY + timedelta(weeks=1, hours=2))


async def test_a_certificate_is_public_only_as_long_as_its_owner_wants(tmp_path: Path) -> None:
    public: dict[str, Any] = {"TRAILMATE_PUBLIC_URL": "https://study.example", "TRAILMATE_TRUST_PROXY": "yes"}
    async with world(tmp_path, TRAILMATE_PORT=0, **public) as w:
        await complete_part_1(w)
        async with served(w) as site:
            phone = site.browser(Host="study.example", X_Forwarded_Proto="https")
            mine = await w.say("ada", "certificate")
            form = await w.form("ada", w.button("ada", "Get public link", of=mine).target)
            assert [(field.key, field.value) for field in form.fields] == [("name", "Ada")]
            path = address(await w.press("ada", "Get public link", {"name": "Ada <b>Lovelace"}, of=mine))
            page = await phone.get(path)
            assert page.status == 200 and "Ada <b>Lovelace has completed" in page.text and "Night owls" not in page.text
            assert "2 Mar 2026 to 8 Mar 2026" in page.text and "noindex" in page.headers["X-Robots-Tag"]
            assert f'<meta property="og:image" content="https://study.example{path}.png">' in page.html
            assert (await phone.get(f"{path}.png")).headers["Content-Type"] == "image/png"
            assert address(await w.say("ada", "certificate")) == path

            anew = address(await w.press("ada", "Get public link", {"name": "Ada"}, of=mine))
            assert [(await phone.get(old)).status for old in (path, f"{path}.png", f"{anew[:-1]}_")] == [404] * 3
            shown = await w.say("ada", "certificate")
            assert "no longer works" in text(await w.press("ada", "Remove public link", of=shown))
            assert (await phone.get(anew)).status == 404
            last = address(await w.press("ada", "Get public link", {"name": "Ada"}, of=mine))
            assert "Public certificates" in text(await w.press("ada", "See", of=await w.say("ada", "privacy show")))
            await w.say("ada", "privacy forget confirm=yes")
            assert [(await phone.get(gone)).status for gone in (last, f"{last}.png")] == [404, 404]


async def test_without_a_public_address_or_a_certificate_there_is_no_link(w: World) -> None:
    await complete_part_1(w)
    mine = await w.say("ada", "certificate")
    assert [button.label for button in mine.buttons] == ["Share certificate"]
    assert "1 unit" in text(await w.say("ben", "certificate"))
