"""Who is told of a message that could not be sent, and in which words."""

from __future__ import annotations

from bot.db.work import Work
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import Cohort
from bot.features.schedule import wording
from bot.features.schedule.trouble import tell_moderators
from tests.harness import World, text


async def test_every_moderator_is_told_and_those_after_the_first_in_one_readable_line(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.say("mo", "cohort edit moderators=ada confirm=yes")

    def tell(work: Work) -> None:
        cohort = work.session.get_one(Cohort, 1)
        reply = wording.trouble(cohort.name, cohort.id, "The channel is archived.")
        tell_moderators(Cohorts(work, w.app.library), cohort, reply, "trouble:1", w.clock.now())

    await w.app.database.run(tell)
    await w.tick()
    assert [post.title for post in await w.posts("@mo")] == ["A post is stuck"]
    said = text(await w.say("ada", "progress"))
    assert said.endswith("A post is stuck: I cannot post in the channel of Night owls. The channel is archived.")
