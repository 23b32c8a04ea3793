"""Who may read the counts: this machine, and elsewhere who brings the token; nobody under the public name."""

from __future__ import annotations

import pytest

from bot.server.health import metrics
from tests.server.conftest import serving

TOKEN = "long-enough-for-a-token"
PUBLIC = "study.example.org"


async def page() -> bytes:
    return b"trailmate_members 12.0\n"


@pytest.mark.parametrize(
    ("host", "public", "token", "asked_as", "brought", "status"),
    [
        ("127.0.0.1", None, None, "localhost", None, 200),
        ("127.0.0.1", None, TOKEN, "localhost", None, 200),
        ("0.0.0.0", None, None, "bot.internal", None, 404),  # others may ask, and nothing says who
        ("0.0.0.0", None, TOKEN, "bot.internal", None, 401),
        ("0.0.0.0", None, TOKEN, "bot.internal", "another-long-token", 401),
        ("0.0.0.0", None, TOKEN, "bot.internal", TOKEN, 200),
        ("127.0.0.1", PUBLIC, None, "127.0.0.1", None, 404),  # a proxy may send this machine's own name
        ("127.0.0.1", PUBLIC, TOKEN, "127.0.0.1", None, 401),
        ("127.0.0.1", PUBLIC, TOKEN, "127.0.0.1", TOKEN, 200),
        ("127.0.0.1", PUBLIC, TOKEN, PUBLIC, TOKEN, 404),
    ],
)
async def test_the_counts_are_for_this_machine_and_for_who_brings_the_token(
    host: str, public: str | None, token: str | None, asked_as: str, brought: str | None, status: int
) -> None:
    headers = {"Host": asked_as} | ({"Authorization": f"Bearer {brought}"} if brought else {})
    async with (
        serving([metrics(page, host, public, token)], host=host, public=public) as (url, http),
        http.get(url + "/metrics", headers=headers) as response,
    ):
        said = await response.text()
    assert (response.status, "trailmate" in said and "12.0" in said) == (status, status == 200)
