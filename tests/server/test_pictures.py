from __future__ import annotations

from collections.abc import Mapping

from bot.messages.picture import Gallery, Picture, Unknown, address
from bot.messages.reply import Image
from bot.server.mount import mount_pictures
from tests.server.conftest import serving

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def draw(data: Mapping[str, str]) -> Picture:
    match data.get("figure"):
        case "row":
            return Picture(b"png", SVG)
        case "chart":
            return Picture(b"png")
        case _:
            raise Unknown


MOUNT = mount_pictures(Gallery({"figure": draw}))


def path(name: str, drawing: str = "figure") -> str:
    return address(Image(drawing, {"figure": name}, "", ""))


async def test_a_page_is_given_the_svg_and_a_png_where_there_is_none() -> None:
    async with serving([MOUNT]) as (url, http):
        for name, kind, body in (("row", "image/svg+xml", SVG), ("chart", "image/png", b"png")):
            async with http.get(url + path(name)) as response:
                assert (response.status, response.content_type, await response.read()) == (200, kind, body)


async def test_a_drawing_opened_by_itself_runs_no_script_and_loads_nothing() -> None:
    async with serving([MOUNT]) as (url, http), http.get(url + path("row")) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "sandbox" in policy and "script-src" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_what_nobody_draws_is_not_found() -> None:
    async with serving([MOUNT]) as (url, http):
        for one in (path("lost"), path("row", "board"), "/drawn/figure", "/drawn/..%2Froadmap.yaml"):
            async with http.get(url + one) as response:
                assert response.status == 404, one


async def test_other_machines_are_given_no_pictures() -> None:
    async with serving([MOUNT], host="0.0.0.0") as (url, http), http.get(url + path("row")) as response:
        assert response.status == 404
