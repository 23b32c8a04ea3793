"""Files that come with a command, and the menu of a message."""

from __future__ import annotations

from tests.platforms.discord.world import connected, fields_of, said


async def test_a_file_comes_with_a_slash_command() -> None:
    async with connected() as s:
        result = await s.ada.slash(s.channel, "keep", file=("notes.md", "Grüße".encode()))
        assert "Kept notes.md: Grüße by None" in said(result.response)


async def test_a_file_that_is_too_large_or_no_text_is_refused_in_a_sentence() -> None:
    async with connected() as s:
        large = await s.ada.slash(s.channel, "keep", file=("big.md", b"x" * 1001))
        assert "“big.md” has 2 kB, and at most 1 kB are taken." in said(large.response)
        wrong = await s.ada.slash(s.channel, "keep", file=("a.png", b"one\n\x89PNG\x00"))
        assert "is not UTF-8 text (line 2)" in said(wrong.response)


async def test_a_file_comes_with_a_direct_message() -> None:
    async with connected() as s:
        await s.ada.user.send_dm("hello")
        room = s.ada.user.dm_channel
        assert room is not None
        await s.ada.user.send_dm("keep it", attachments=s.env.backend.store_attachments(room.id, [("n.txt", b"read")]))
        assert "Kept n.txt: read" in said(s.ada.user.dm_channel.last_message)


async def test_the_menu_of_a_message_opens_the_form_with_what_it_says() -> None:
    async with connected() as s:
        message = await s.ada.send(s.channel, "owls meet by night")
        result = await s.ada.context_menu(s.channel, "Keep it", message)
        filled = fields_of(result.modal)
        assert filled["text"]["value"] == "owls meet by night" and "file" not in filled
        sent = await s.ada.submit_modal(result, {"text": "owls meet by day"})
        assert f"Kept owls meet by day by {s.ada.id}" in said(sent.response)
