"""Files that a reply gives to a person at a keyboard."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import replace
from pathlib import Path

from bot.core import markup
from bot.core.reply import File, Reply, Text


def saved(reply: Reply) -> Reply:
    """Write the files of a reply into a new folder and say where they are; the text of one that cannot be written."""
    if not reply.files:
        return reply
    with contextlib.suppress(OSError):
        folder = Path(tempfile.mkdtemp(prefix="trailmate-"))
        for file in reply.files:
            (folder / file.name).write_bytes(file.data)
        told = {file: Text(f"Saved as {markup.escape(str(folder / file.name), 500)}") for file in reply.files}
        return replace(reply, blocks=tuple(told[b] if isinstance(b, File) else b for b in reply.blocks))
    return reply
