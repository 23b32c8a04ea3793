"""The public page on privacy, and the page under docs: what the features declare, with this bot's own settings."""

from __future__ import annotations

from pathlib import Path

from aiohttp.test_utils import make_mocked_request

from bot.features.feature import Features
from bot.runtime import settings as settings_of
from bot.runtime.catalogue import FEATURES
from bot.runtime.composition import privacy_page
from tools.privacy_table import rows

ALL = Features(FEATURES)
PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"


async def shown(*, has_model: bool, **settings: object) -> str:
    given = settings_of.load(_env_file=None, **settings)
    mount = privacy_page(ALL, given, has_model=has_model)
    assert mount.is_public
    [route] = mount.routes()
    assert route.path == "/privacy"
    answer = await route.handler(make_mocked_request("GET", "/privacy"))
    return str(getattr(answer, "text", ""))


async def test_anybody_reads_what_is_kept_and_for_how_long_here() -> None:
    page = await shown(has_model=False, TRAILMATE_QUESTION_DAYS="7", TRAILMATE_KEEP_CONVERSATION_MINUTES="20")
    assert page.startswith("<!doctype html>") and "<h1>Privacy</h1>" in page
    assert all(one.title in page for one in ALL.personal_data.kept if one.title)
    assert "stored for seven days, a conversation for 20 minutes" in page
    assert "No AI model is used here" in page and "privacy forget" in page
    assert "An AI model writes answers" in await shown(has_model=True)


def test_the_page_under_docs_lists_what_the_features_declare() -> None:
    assert rows() in PAGE.read_text(encoding="utf-8"), "run `python -m tools.privacy_table` and paste what it prints"
