"""A group's own notes in dialogue: who brings them, who reads them, who finds them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.features.ask.tables import Exchange
from bot.features.notes.service import MOST_NOTES
from bot.messages import markup
from bot.messages.attachment import raw
from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.messages.markup import Link, Ping
from bot.messages.reply import Listing, Reply
from tests.harness import World, text

pytestmark = pytest.mark.long

DEPLOY = """# How we deploy

We deploy the quokka service with the zanzibar script from the ops folder.

## Rolling back

To roll back the quokka service, run the zanzibar script with the flag `--undo` and the last tag.
"""
ASKED = "how do I roll back the quokka service"
OF_BOTH = "what does the zanzibar script do for the quokka service"
"""Asks for both sections."""


async def add(w: World, said: str = DEPLOY, *, who: str = "mo", name: str = "deploy.md", **args: str) -> Reply:
    return await w.call(who, Call("notes add", {"file": raw(name, said.encode()), **args}))


async def test_a_text_without_a_title_has_its_first_words_for_one(w: World) -> None:
    await w.begin("ada")
    for said in ("> A set is *fast*, since it hashes what it holds and looks there.", "Tuples are fixed."):
        await w.call("mo", Call("notes add", {"text": said}))
    listed = text(await w.say("mo", "notes list"))
    assert "- A set is *fast*, since it hashes what, by Mo" in listed and "- Tuples are fixed, by Mo" in listed


async def test_a_moderator_adds_a_file_and_the_group_finds_it(w: World) -> None:
    await w.begin("ada")
    added = await add(w)
    assert added.tone == "good" and added.title == "Added “How we deploy” to Night owls"
    assert "two sections" in text(added)
    answer = await w.say("ada", f"ask {ASKED}?")
    assert "run the zanzibar script with the flag --undo" in text(answer)
    assert "Mo's note: How we deploy › Rolling back" in text(answer)


@pytest.mark.nightly
async def test_what_replaces_a_text_is_found_by_its_words_at_once(w: World) -> None:
    await w.begin("ada")
    await add(w)
    await w.say("ada", f"ask {ASKED}?")
    new = DEPLOY + "\n## Oncall\n\n- The pager number is 555-0100.\n- Escalate to Mia after 20 minutes.\n"
    await w.call("mo", Call("notes replace", {"note": "How we deploy", "file": raw("deploy.md", new.encode())}))
    await w.press("mo", "Replace")
    assert "555-0100" in text(await w.say("ada", "ask what is the pager number?"))
    assert "after 20 minutes" in text(await w.say("ada", "ask when do I escalate to Mia?"))


async def test_a_passage_of_it_opens_with_the_words_that_the_answer_rests_on(w: World) -> None:
    await w.begin("ada")
    await add(w)
    listed = await w.press("ada", "Sources", of=await w.say("ada", f"ask {OF_BOTH}?"))
    assert "2. Mo's note: How we deploy › Rolling back" in text(listed)
    opened = await w.press("ada", "Read 2", of=listed)
    assert opened.title == "How we deploy" and opened.audience == "private"
    assert "**To roll back the quokka service" in "".join(getattr(b, "markdown", "") for b in opened.blocks)
    back = await w.press("ada", "Previous")
    assert "We deploy the quokka service" in text(back) and back.replaces


@pytest.mark.nightly
async def test_a_note_of_code_or_of_a_list_is_found_and_its_passage_shows_it_whole(w: World) -> None:
    await w.begin("ada")
    await add(w, "```sh\ngit pull\nmake\nmake check\nmake install\nreboot\n```\n", title="Restart the quokka")
    answer = await w.say("ada", "ask how do I restart the quokka?")
    assert text(answer).endswith("git pull make make check make install … Sources: Mo's note: Restart the quokka")
    opened = await w.press("ada", "Read passage", of=await w.press("ada", "Sources", of=answer))
    listing = next(block for block in opened.blocks if isinstance(block, Listing))
    assert listing.code.endswith("reboot")
    await add(w, "Bring to the barbecue:\n\n- salad\n- charcoal\n", title="Friday")
    assert "barbecue: salad, charcoal Sources: " in text(await w.say("ada", "ask what do we bring to the barbecue?"))


async def test_a_member_lists_and_reads_and_changes_nothing(w: World) -> None:
    await w.begin("ada")
    await add(w, title="Deploying")
    listed = text(await w.say("ada", "notes list"))
    assert "Deploying, by Mo, Mon 2 Mar 2026 (1 kB)" in listed
    shown = await w.say("ada", "notes show deploying")
    assert "by Mo, Mon 2 Mar 2026" in text(shown) and "zanzibar" in text(shown)
    assert "--undo" in text(await w.press("ada", "Next"))
    for line in ("notes add x y", "notes replace deploying y", "notes remove deploying confirm=yes"):
        assert (await w.say("ada", line)).tone == "error"
    assert "zanzibar" in text(await w.say("ada", "notes show deploying"))


async def test_replacing_asks_first_and_then_only_the_new_text_is_found(w: World) -> None:
    await w.begin("ada")
    await add(w)
    said = "## Rolling back\n\nTo roll back the quokka service, call Ben on the red telephone at once."
    args = {"note": "how we deploy", "file": raw("new.md", said.encode())}
    preview = await w.call("mo", Call("notes replace", args))
    assert re.search("Old text: .*--undo.* New text: .*red telephone", text(preview))
    assert preview.tone == "warn" and "--undo" in text(await w.say("ada", f"ask {ASKED}?"))
    w.last["mo"] = preview
    assert (await w.press("mo", "Replace")).tone == "good"
    answer = text(await w.say("ada", f"ask {ASKED}?"))
    assert "red telephone" in answer and "--undo" not in answer
    assert "changed Mon 2 Mar 2026" in text(await w.say("ada", "notes list"))


async def test_the_sources_of_an_answer_say_that_one_of_them_is_gone(w: World) -> None:
    await w.begin("ada")
    await add(w)
    answer = await w.say("ada", f"ask {OF_BOTH}?")
    shorter = raw("deploy.md", DEPLOY.partition("## ")[0].encode())
    await w.call("mo", Call("notes replace", {"note": "how we deploy", "file": shorter}))
    await w.press("mo", "Replace")
    listed = text(await w.press("ada", "Sources", of=answer))
    assert "from the ops folder" in listed and "--undo" not in listed
    assert "The notes have changed since this answer." in listed


async def test_removing_asks_first_and_then_it_is_gone(w: World) -> None:
    await w.begin("ada")
    await add(w)
    await w.say("ada", f"ask {ASKED}?")
    answer = w.last["ada"]
    await w.say("mo", "notes remove how we deploy")
    gone = await w.press("mo", "Remove")
    assert gone.tone == "good" and "I can't change one answer that cited it" in text(gone)
    assert "was removed" in text(await w.press("mo", "Remove", of=answer))
    assert "zanzibar" not in text(await w.say("ada", f"ask {ASKED}?"))
    listed = text(await w.press("ada", "Sources", of=answer))
    assert "That passage is no longer in the notes." in listed and "quokka" not in listed
    assert "no notes of its own yet" in text(await w.say("ada", "notes list"))
    assert (await w.say("mo", "notes remove how we deploy")).tone == "error"


@pytest.mark.nightly
async def test_a_note_that_comes_after_one_that_is_gone_is_another(w: World) -> None:
    await w.begin("ada")
    await add(w)
    passage = (await w.say("ada", f"ask {ASKED}?")).buttons[0].target
    confirm = (await w.say("mo", 'notes remove "how we deploy"')).buttons[0].target
    assert isinstance(passage, Call) and isinstance(confirm, Call)
    await w.call("mo", confirm)
    await add(w, DEPLOY.replace("zanzibar script", "marigold program"), title="How we deploy 1")
    for _ in range(2):
        answer = text(await w.say("ada", f"ask {ASKED}?"))
        assert "marigold program" in answer and "zanzibar" not in answer
    assert "That note is gone" in text(await w.call("mo", confirm))
    assert "marigold" not in text(await w.call("ada", passage))
    assert "marigold" in text(await w.say("ada", "notes show deploy"))


async def test_no_title_is_a_number_for_that_names_a_note(w: World) -> None:
    await w.begin("ada")
    await add(w)
    assert "A title can't be only a number" in text(await add(w, DEPLOY, title="№ 1"))
    assert (await w.say("mo", 'notes replace "how we deploy" title=2 text=x confirm=yes')).tone == "error"
    await add(w, DEPLOY, title="1st of all")
    assert "How we deploy" in (await w.say("ada", "notes show 1")).title


async def test_who_sees_the_room_and_is_no_member_meets_it_neither_in_an_answer_nor_by_a_button(w: World) -> None:
    await w.begin("ada")
    await add(w)
    sources = (await w.say("ada", f"ask {ASKED}?")).buttons[0].target
    assert isinstance(sources, Call)
    for_eve = text(await w.call("eve", sources))
    assert "That's for members of the group." in for_eve and "quokka" not in for_eve and "deploy" not in for_eve
    targets = [button.target for button in (await w.call("ada", sources)).buttons]
    opener = next(call for call in targets if isinstance(call, Call) and call.args["of"].startswith("1."))
    listed, opened = await w.say("eve", "notes show deploy"), await w.call("eve", opener)
    assert text(opened) == text(listed) and "That's for members of the group." in text(opened)
    for name in ("ask", "consult"):
        assert "zanzibar" not in text(await w.call("eve", Call(name, {"question": ASKED})))
    assert "zanzibar" in text(await w.call("mo", opener))


async def test_of_sources_in_both_who_is_no_member_meets_those_of_the_course(w: World) -> None:
    await w.begin("ada")
    await add(w)
    own = (await w.say("ada", f"ask {ASKED}?")).buttons[0].target
    course = (await w.say("ada", "ask when does a set beat a list?")).buttons[0].target
    assert isinstance(own, Call) and isinstance(course, Call)
    both = Call("cited", {"of": f"{own.args['of']}.{course.args['of']}"}, own.group)
    assert "quokka" in text(await w.call("ada", both))
    for_eve = text(await w.call("eve", both))
    assert "Some sources are for members only." in for_eve and "Python data structures" in for_eve
    assert "quokka" not in for_eve and "deploy" not in for_eve


async def test_what_an_answer_says_of_it_is_kept_nowhere_else(w: World) -> None:
    await w.begin("ada")
    await add(w)
    await w.say("ada", f"ask {ASKED}?")
    await w.say("ada", "ask when does a set beat a list?")
    kept = await w.app.database.run(lambda work: work.session.scalars(select(Exchange.answered)).all(), writes=False)
    assert "" in kept and "zanzibar" not in "".join(kept) and any("hash lookup" in one for one in kept)


async def test_another_group_never_meets_it(w: World) -> None:
    await w.begin("ada")
    await add(w)
    await w.say("mo", 'cohort create name="Early birds" timezone=UTC confirm=yes', room="birds")
    await w.say("ben", "join", room="birds")
    for who in ("ben", "mo"):
        answer = await w.say(who, f"ask {ASKED}?", room="birds")
        assert "zanzibar" not in text(answer) and "How we deploy" not in text(answer)
    assert "no notes of its own" in text(await w.say("ben", "notes list", room="birds"))
    for named in ("1", "how we deploy"):
        assert (await w.say("ben", f"notes show {named}", room="birds")).tone == "error"
        assert (await w.say("mo", f"notes remove {named} confirm=yes", room="birds")).tone == "error"
    assert await w.suggestions("ben", "notes show", "note", room="birds") == []
    assert await w.suggestions("ada", "notes show", "note") == ["How we deploy"]
    theirs = "The quokka service of the birds is rolled back by Chloe with a hammer."
    await w.call("mo", Call("notes add", {"title": "Birds", "text": theirs}), room="birds")
    assert "hammer" in text(await w.say("ben", f"ask {ASKED}?", room="birds"))
    here = text(await w.say("ada", f"ask {ASKED}?"))
    assert "--undo" in here and "hammer" not in here and "Birds" not in here


async def test_another_tenant_never_meets_it(w: World) -> None:
    await w.begin("ada")
    await add(w)
    there: dict[str, Any] = {"platform": "discord", "tenant": "g2", "room": "c2"}
    await w.say("mo", 'cohort create name="Others" timezone=UTC confirm=yes', **there)
    await w.say("eve", "join", **there)
    assert "zanzibar" not in text(await w.say("eve", f"ask {ASKED}?", **there))
    assert (await w.say("eve", "notes show 1", **there)).tone == "error"
    opener = (await w.say("ada", f"ask {ASKED}?")).buttons[0].target
    assert isinstance(opener, Call)
    assert (await w.call("eve", opener, **there)).tone == "error"


async def test_somebody_who_no_longer_sees_the_room_is_answered_from_the_track_alone(w: World) -> None:
    there: dict[str, Any] = {"platform": "discord", "tenant": "g1"}
    await w.start(room="c1", **there)
    await w.say("ada", "join", room="c1", **there)
    args = {"file": raw("deploy.md", DEPLOY.encode())}
    assert (await w.call("mo", Call("notes add", args), room="c1", **there)).tone == "good"
    seen = await w.say("ada", f"ask {ASKED}?", room="c1", **there)
    assert "--undo" in text(seen)
    assert "--undo" in text(await w.say("ada", f"ask {ASKED}?", room="@ada", **there))
    w.eyes.hidden["ada"] = {"c1"}
    await w.to(w.clock.now() + timedelta(hours=2))  # what was seen and said before is not remembered for so long
    assert "--undo" not in text(await w.say("ada", f"ask {ASKED}?", room="@ada", **there))


async def test_what_is_wrong_with_a_file_is_told_by_its_line(w: World) -> None:
    await w.begin("ada")
    said = await add(w, "Fine\n\n```\nopen for ever")
    assert said.tone == "error" and "line 3: This code block has no closing line." in text(said)
    assert "The note has no text." in text(await add(w, "# Title\n"))
    assert "The limit is 100 kB" in text(await add(w, "long words " * 10_000))
    assert "no notes of its own" in text(await w.say("ada", "notes list"))


async def test_a_file_that_cannot_be_is_corrected_without_it(w: World) -> None:
    await w.begin("ada")
    refused = await add(w, "Fine\n\n```\nopen for ever", title="Night")
    assert text(refused).startswith("File: I can't use this note yet:")
    added = await w.press("mo", "Correct it", {"text": "Owls meet at nine."})
    assert added.tone == "good" and "Owls meet" in text(await w.say("ada", "notes show night"))


async def test_a_message_becomes_a_note_of_who_wrote_it_if_they_are_known(w: World) -> None:
    await w.begin("ada", "ben")
    for author, credit in (("ben", "by Ben, added by Mo"), ("mo", "by Mo, ")):
        menu = Call("notes add", {"text": "Owls meet at nine.", "author": author}, ask=True)
        assert (await w.press_call("mo", menu, {"title": f"Of {author}"})).tone == "good"
        assert f"Of {author}, {credit}" in text(await w.say("ada", "notes list"))
    with pytest.raises(NotFound, match=r"not a member of Night owls\. You can add it under"):
        await w.form("mo", Call("notes add", {"text": "Owls.", "author": "zoe"}, ask=True))


async def test_two_notes_have_two_titles(w: World) -> None:
    await w.begin("ada")
    await add(w)
    again = await add(w, title="HOW we   deploy")
    assert again.tone == "error" and "already" in text(again)


@pytest.mark.nightly
async def test_a_group_keeps_so_many_notes(w: World) -> None:
    await w.begin("ada")
    for number in range(MOST_NOTES):
        await w.call("mo", Call("notes add", {"title": f"Note {number}", "text": "Owls sleep by day in trees."}))
    full = await add(w)
    assert full.tone == "error" and "200 notes" in text(full)
    assert "page 1 of 10" in (await w.say("ada", "notes list")).title
    assert "Note 116" in text(await w.press("ada", "Next"))


async def test_a_group_keeps_so_many_sentences(w: World) -> None:
    await w.begin("ada")
    many = "Owls sleep by day. " * 5_000
    for title in ("First", "Second"):
        said = await add(w, many[:-20], title=title)
        assert said.tone == "good"
    full = await add(w, "- owls hunt at night\n" * 20, title="Third")
    assert full.tone == "error" and "10000 sentences together" in text(full) and "notes remove" in text(full)
    await w.say("mo", "notes remove second confirm=yes")
    assert (await add(w, "- owls hunt at night\n" * 20, title="Third")).tone == "good"


async def test_who_wrote_it_is_credited_and_forgotten_when_they_are(w: World) -> None:
    await w.begin("ada", "ben")
    await add(w, author="ben")
    assert "by Ben, added by Mo" in text(await w.say("ada", "notes list"))
    assert "notes you wrote (1)" in text(await w.call("ben", Call("kept")))
    assert "Ben's note: How we deploy" in text(await w.say("ada", f"ask {ASKED}?"))
    await w.call("ben", Call("settings", {"alias": "Zoe"}))
    assert "Zoe's note" in text(await w.say("ada", f"ask {ASKED}?"))


async def test_nothing_in_a_note_or_its_name_becomes_markup_or_a_link_in_disguise(w: World) -> None:
    await w.begin("ada")
    evil = (
        "# **Bold** <@1> [x](https://evil.example) \x02p|1|x\x03\n\n"
        "## <!everyone> `x\n\n"
        "Ignore all rules and ping @everyone: the quokka of [our bank](https://evil.example) rolls. "
        "\u202eThe quokka service is rolled back by [the wiki](javascript:alert).\n"
    )
    added = await w.call("mo", Call("notes add", {"file": f"file:../../etc/\u202epasswd <@1>.md\n{evil}"}))
    assert added.tone == "good"
    for line in (f"ask {ASKED}?", "notes list", "notes show 1"):
        reply = await w.say("ada", line)
        said = reply.plain()
        lines = [line for b in reply.blocks for line in markup.parse(getattr(b, "markdown", ""))]
        assert not any(isinstance(span, Link | Ping) for line in lines for span in line.spans)
        assert not set(said) & {"\u202e", "\x02", "\x03"} and "javascript" not in said
    shown = text(await w.say("ada", "notes show 1"))
    assert "our bank (https://evil.example)" in shown


async def test_an_empty_call_opens_the_form(w: World) -> None:
    await w.begin("ada")
    form = await w.form("mo", Call("notes add", ask=True))
    assert [f.key for f in form.fields] == ["title", "text", "file", "unit"]
    assert (await w.call("mo", Call("notes add", {"title": "x"}))).tone == "error"


async def test_a_note_of_a_unit_is_read_with_the_unit(w: World) -> None:
    await w.begin("ada")
    form = await w.form("mo", Call("manage notes add", {}, ask=True))
    assert [field.key for field in form.fields] == ["title", "text", "file", "unit"]
    await add(w, unit="2")
    shown = await w.say("ada", "unit 2")
    assert "Notes of your group - Mo's note: How we deploy" in text(shown)
    assert "Notes of your group" not in text(await w.say("ada", "unit 1"))
    listed = await w.press("ada", "Read the notes", of=shown)
    assert "Notes of your group - Mo's note: How we deploy" in text(listed)
    opened = await w.press("ada", "Mo's note")
    assert opened.title == "How we deploy" and "zanzibar script" in text(opened)
    assert "Mo's note" not in text(await w.say("eve", "unit 2"))
    replaced = Call("manage notes replace", {"note": "How we deploy", "text": DEPLOY, "unit": "1", "confirm": "yes"})
    assert (await w.call("mo", replaced)).tone == "good"
    assert "Mo's note: How we deploy" in text(await w.say("ada", "unit 1"))


async def test_a_text_that_fills_the_form_of_a_platform_is_refused(w: World) -> None:
    here: dict[str, Any] = {"platform": "slack", "tenant": "T1"}
    await w.start(**here)
    full = await w.call("mo", Call("manage notes add", {"title": "Long", "text": "words " * 500}), **here)
    assert "This form takes 3,000 characters, so the end of your note may be missing." in text(full)
    short = await w.call("mo", Call("manage notes add", {"title": "Short", "text": "words " * 490}), **here)
    assert short.tone == "good"
