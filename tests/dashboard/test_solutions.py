"""Solutions on the dashboard: a picture is uploaded there, and the page shows what the chat shows."""

from __future__ import annotations

import io
import re

from aiohttp import FormData
from PIL import Image

from tests.dashboard.browsing import Site


async def test_a_solution_with_a_picture_is_shared_and_answered_on_the_page(site: Site) -> None:
    w = site.w
    await w.say("ada", "checkin 45 sorted a list")
    ada, _ = await site.signed_in("ada")
    page = await ada.get("/dashboard/solutions?cohort=1")
    assert "Nobody else has shared a solution yet." in page.text
    form = await ada.press(page, "Show my solution")
    assert 'type="file" accept="image/png' in form.html and "sorted a list" in form.html
    out = io.BytesIO()
    Image.effect_noise((900, 900), 90).save(out, "PNG")
    assert len(out.getvalue()) > 512 * 1024  # more than other forms may have
    data = FormData({"do": form.carried, "text": "A *sorted* list", "seen": "group"})
    data.add_field("picture", out.getvalue(), filename="list.png", content_type="image/png")
    shared = await ada.post("/dashboard/do", data)
    assert "Shared: your solution to Unit 1" in shared.text and "Edit solution" in shared.text
    picture = re.search(r'src="(/dashboard/drawn/upload\?key=[^"]+)"', shared.html)
    assert picture is not None
    async with ada.http.get(ada.base + picture[1], headers=ada.headers) as answer:
        assert answer.content_type == "image/png" and (await answer.read()).startswith(b"\x89PNG")
    assert (await site.browser().get(picture[1])).status == 401

    ben, page = await site.signed_in("ben")
    locked = await ben.get("/dashboard/solutions?cohort=1")
    assert "1 member shared a solution. You'll see" in locked.text and "sorted" not in locked.text
    await w.say("ben", "checkin 20 tried it")
    page = await ben.get("/dashboard/solutions?cohort=1")
    assert 'type="checkbox" name="done" value="1"' in (await ben.press(page, "Give feedback")).html
    given = await ben.press(page, "Give feedback", done="1", sentence="Clear names")
    assert "Ada will read your feedback" in given.text and "Clear names" in given.text and "(1 of 1)" in given.text
