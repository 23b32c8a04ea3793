"""Files attached to replies."""

from __future__ import annotations

import io
import re
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from bot.messages import markup

FILE_MAX, FILE_SHOWN = 500_000, 3000
"""Most characters of a file, and of its text on a platform that takes no files."""
ZIP_MAX = FILE_MAX * 3 // 4
"""Most bytes of an archive, which is stored in base64."""


@dataclass(frozen=True)
class File:
    """A file attached to a reply.

    Args:
        name: plain text, without a folder.
        media: its media type, such as text/csv.
        text: its content; base64 if packed.
        is_packed: whether it is binary, such as an archive.
    """

    name: str
    media: str
    text: str
    is_packed: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", re.sub(r"[^\w.-]+", "-", markup.clean(self.name))[:80].strip(".-") or "file")
        if len(self.text) > FILE_MAX:
            raise ValueError("a file that is too long for a message")

    @classmethod
    def packed(cls, name: str, media: str, data: bytes) -> File:
        """Return a file of bytes."""
        return cls(name, media, b64encode(data).decode(), is_packed=True)

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return b64decode(self.text) if self.is_packed else self.text.encode()

    @property
    def listing(self) -> str:
        """Return its text for a platform that takes no files."""
        if self.is_packed:
            return f"{self.name} could not be given here."
        return markup.clip(markup.clean(self.text), FILE_SHOWN)


def zipped(texts: Iterable[tuple[str, str]]) -> bytes:
    """Return a ZIP archive of texts by name; without timestamps, so that equal texts make equal archives."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts:
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()
