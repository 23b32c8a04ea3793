"""The text of a PDF. A process of its own reads it, with limits of time and memory, because a PDF is hostile."""

from __future__ import annotations

import asyncio
import io
import sys
from contextlib import suppress

from bot.messages.errors import BadInput

PAGES_MAX, CHARACTERS_MAX = 300, 600_000
SECONDS_MAX, MEMORY_MAX = 30, 1 << 30
"""Time and bytes that the process may take."""
_TOO_MANY, _LOCKED = 3, 4
"""Exit codes of the process; any other but 0 is a file that can't be read."""
_REFUSALS = {
    _TOO_MANY: f"The PDF has more than {PAGES_MAX} pages. Send a part of it.",
    _LOCKED: "The PDF is locked by a password. Send a copy without one.",
}
_RUNNING = asyncio.Semaphore(1)


async def read_pdf(data: bytes) -> str:
    """Return the text of a PDF with a form feed between its pages; BadInput says why it can't be used."""
    async with _RUNNING:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-m", __name__),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
        )
        try:
            async with asyncio.timeout(SECONDS_MAX):
                text, _ = await child.communicate(data)
        except TimeoutError:
            raise BadInput("Reading the PDF took too long. Send a part of it.", field="file") from None
        finally:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode != 0:
        unreadable = "I can't read this PDF. Paste its text instead."
        raise BadInput(_REFUSALS.get(child.returncode or 1, unreadable), field="file")
    return text.decode(errors="replace")


def _limit() -> None:
    with suppress(ImportError):  # not on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))


def _main() -> int:
    _limit()
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()))
    if reader.is_encrypted and not reader.decrypt(""):
        return _LOCKED
    if len(reader.pages) > PAGES_MAX:
        return _TOO_MANY
    left = CHARACTERS_MAX
    for number, page in enumerate(reader.pages):
        text = page.extract_text().replace("\f", "\n")[:left]
        left -= len(text)
        sys.stdout.buffer.write(("\f" * bool(number) + text).encode(errors="replace"))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
