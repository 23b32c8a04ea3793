"""What the bot says of itself where nobody knows it yet."""

from __future__ import annotations

from bot.core.reply import Button, Reply, Text
from bot.db.work import Work
from bot.features.cohort.service import Cohorts
from bot.features.people.service import People
from bot.features.setup.commands import setup, setup_name


def greeting(work: Work, platform: str, tenant: str) -> Reply | None:
    """Return what stands where nothing was ever posted: how to start a group; None once one runs."""
    found = People(work).find_tenant(platform, tenant)
    if found is not None and Cohorts(work, {}).list_running(found.id):
        return None
    return Reply(
        (
            Text(
                "Nothing runs here yet. Say how the group is called and when it begins, and you see its first post "
                "before anything goes out."
            ),
        ),
        (
            Button("Start a cohort here", setup_name.ask(start="today", step="post"), "primary"),
            Button("Step by step", setup.call()),
        ),
        title="Welcome to Trailmate",
    )
