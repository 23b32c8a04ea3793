"""Text files and pictures attached to commands. The size is checked before the fetch.

A ZIP archive becomes one text of its text files. Nothing is written to a disk, so its paths are only names.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.messages import markup
from bot.messages.errors import BadInput, TryLater

NAME_MAX = 100
FILE_HEAD = "file:"
BINARY_HEAD = "picture:"
_ZIP = b"PK\x03\x04"
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What is unpacked: of bzip2 and LZMA, zipfile can't limit how much comes out of one read."""
FILES_MAX, UNPACKED_MAX, PATH_MAX = 500, 1_000_000, 200
"""Most files of an archive, bytes of all of them together, and characters of a path."""
_TEXTS = (".md", ".markdown", ".txt", ".csv", ".yaml", ".yml")
_FILE = re.compile(r"<!-- file: (.*) -->")
_LIKE_FILE = re.compile(r"^(\\*)(?=<!-- file: )", re.MULTILINE)
_BINARY = frozenset(range(32)) - {9, 10, 12, 13, 27}
"""Control bytes that no text file has."""


@dataclass(frozen=True)
class Attachment:
    """A text file; name and text are hostile."""

    name: str
    text: str


@dataclass(frozen=True)
class PictureFile:
    """A picture as somebody sent it; name and data are hostile, and nobody has looked whether it is a picture."""

    name: str
    data: bytes


@dataclass(frozen=True)
class DocumentFile:
    """A text or a PDF as somebody sent it; name and data are hostile."""

    name: str
    data: bytes


async def fetch(
    name: str, size: int, most: int, read: Callable[[], Awaitable[bytes]], *, is_binary: bool = False
) -> str:
    """Fetch a file and return it as a Call's raw argument; BadInput says why it can't be used.

    Args:
        size: bytes, as the platform reports; a file over `most` bytes is not fetched.
        read: fetches the file.
    """
    _check_size(name, size, most)
    data = await read()
    _check_size(name, len(data), most)
    if is_binary:
        return raw_binary(name, data)
    text = raw(name, data)
    _check_size(name, len(text.encode()), most + NAME_MAX)
    return text


def unfetched(name: str) -> TryLater:
    """Return the refusal for a failed download."""
    return TryLater(f"{_quote_name(name)} could not be fetched. Please send it again.", field="file")


def raw(name: str, data: bytes) -> str:
    """Return a text file, or an archive of such, as a Call's raw argument; BadInput if it isn't UTF-8 text."""
    if data.startswith(_ZIP):
        return f"{FILE_HEAD}{_clean_name(name)}\n{join_files(_unpack(name, data))}"
    return f"{FILE_HEAD}{_clean_name(name)}\n{_decode(name, data)}"


def _decode(name: str, data: bytes) -> str:
    line = next((data.count(b"\n", 0, i) + 1 for i, byte in enumerate(data) if byte in _BINARY), None)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = min(line or error.start + 1, data.count(b"\n", 0, error.start) + 1)
    if line is not None:
        raise BadInput(
            f"{_quote_name(name)} is not UTF-8 text (line {line}): attach Markdown or plain text.", field="file"
        )
    return text


def _unpack(name: str, data: bytes) -> dict[str, str]:
    """Return the text files of an archive by path, and "" for each other file."""
    texts: dict[str, str] = {}
    left = UNPACKED_MAX
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > FILES_MAX:
                raise BadInput(f"{_quote_name(name)} has {len(members)} files. The limit is {FILES_MAX}.", field="file")
            for member in members:
                path = _clean_path(member.filename)
                if not path.endswith(_TEXTS):
                    texts.setdefault(path, "")
                    continue
                if member.compress_type not in _PACKED:
                    raise zipfile.BadZipFile
                with archive.open(member) as packed:
                    content = packed.read(left + 1)  # what an archive says of its sizes may be wrong
                left -= len(content)
                if left < 0:
                    raise BadInput(
                        f"{_quote_name(name)} holds more than {UNPACKED_MAX // 1000} kB of text. Leave some files out.",
                        field="file",
                    )
                texts.setdefault(path, _decode(path, content))
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, LookupError, OSError, RuntimeError, ValueError):
        raise BadInput(f"{_quote_name(name)} isn't an archive that I can read. Pack it again.", field="file") from None
    return texts


def _clean_path(path: str) -> str:
    return markup.clip(" ".join(markup.clean(path).split()).replace("\\", "/"), PATH_MAX)


def join_files(files: Mapping[str, str]) -> str:
    """Return files by path as one text, which `split_files` takes apart again."""
    return "".join(f"<!-- file: {path} -->\n{_LIKE_FILE.sub(_add_backslash, text)}\n" for path, text in files.items())


def _add_backslash(match: re.Match[str]) -> str:
    return match[1] + "\\"


def is_joined(text: str) -> bool:
    """Whether a text holds the files of an archive."""
    return _FILE.match(text) is not None


def split_files(text: str) -> dict[str, str]:
    """Return the files that `join_files` joined, by path."""
    files: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.removesuffix("\n").split("\n"):
        if head := _FILE.fullmatch(line):
            lines = files.setdefault(head[1], [])
        else:
            lines.append(line[1:] if line.startswith("\\") and _LIKE_FILE.match(line) else line)
    return {path: "\n".join(content) for path, content in files.items()}


def raw_binary(name: str, data: bytes) -> str:
    """Return a picture or a document as a Call's raw argument."""
    return f"{BINARY_HEAD}{_clean_name(name)}\n{base64.b64encode(data).decode()}"


def parse_picture(text: str) -> PictureFile:
    """Return the picture of a raw argument; typed text becomes an unnamed file, which is no picture."""
    head, newline, body = text.partition("\n")
    if not newline or not head.startswith(BINARY_HEAD):
        return PictureFile("file", text.encode())
    try:
        return PictureFile(_clean_name(head.removeprefix(BINARY_HEAD)), base64.b64decode(body, validate=True))
    except binascii.Error:
        return PictureFile("file", b"")


def parse_document(text: str) -> DocumentFile:
    """Return the document of a raw argument; typed text becomes an unnamed file."""
    if text.startswith(BINARY_HEAD):
        file = parse_picture(text)
        return DocumentFile(file.name, file.data)
    file_text = parse(text)
    return DocumentFile(file_text.name, file_text.text.encode())


def parse(text: str) -> Attachment:
    """Return the file of a raw argument; typed text becomes an unnamed file."""
    head, newline, body = text.partition("\n")
    if newline and head.startswith(BINARY_HEAD):
        raise BadInput("this file is not text: attach Markdown or plain text")
    if not newline or not head.startswith(FILE_HEAD):
        return Attachment("file", text)
    return Attachment(_clean_name(head.removeprefix(FILE_HEAD)), body)


def _check_size(name: str, size: int, most: int) -> None:
    if size > most:
        raise BadInput(
            f"{_quote_name(name)} has {-(-size // 1000)} kB, and at most {most // 1000} kB are taken.", field="file"
        )


def _quote_name(name: str) -> str:
    return f"“{markup.escape(_clean_name(name), 60)}”"


def _clean_name(name: str) -> str:
    return markup.clip(" ".join(markup.clean(name).split()), NAME_MAX) or "file"
