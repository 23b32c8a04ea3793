"""Pictures that people upload: what is stored of them, and what is refused before it is decoded."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from bot.drawing import uploads
from bot.drawing.uploads import UPLOAD_MAX, encode_upload
from bot.messages.errors import BadInput


def upload(picture: Image.Image, kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def test_a_photo_is_stored_small_upright_and_without_its_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SIDE_MAX", 300)
    monkeypatch.setattr(uploads, "STORED_MAX", 30_000)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera of Ada"
    photo = upload(Image.effect_noise((400, 300), 90).convert("RGB"), "JPEG", exif=exif)
    assert b"Camera of Ada" in photo
    encoded = encode_upload(photo)
    stored = Image.open(io.BytesIO(encoded))
    assert stored.format == "PNG" and len(encoded) <= 30_000
    assert stored.height > stored.width and max(stored.size) <= 300
    assert b"Camera of Ada" not in encoded and not stored.getexif() and not stored.info


def test_a_screenshot_keeps_its_colours_and_lies_on_white() -> None:
    encoded = encode_upload(upload(Image.new("RGBA", (300, 200), (0, 90, 200, 0)), "WEBP"))
    stored = Image.open(io.BytesIO(encoded))
    assert (stored.size, stored.mode, stored.getpixel((0, 0))) == ((300, 200), "RGB", (255, 255, 255))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


HUGE = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 6000, 6000, 8, 2, 0, 0, 0)) + chunk(b"IDAT", b"")

ODD_EXIF = b"Exif\0\0II*\0\x08\0\0\0\x02\0" + struct.pack(
    "<HHIHHHHI8s", 0x0112, 3, 1, 6, 0, 0x0100, 1, 1, b"\xff\0\0\0\0\0\0\0"
)
"""On its side, with a width that is no number."""
NO_PICTURE = "I can't read this picture. Send a PNG, JPEG, WebP or GIF file."


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (HUGE, "The picture has too many pixels. The limit is 25 million."),
        (b"x" * (UPLOAD_MAX + 1), "The picture is too large. The limit is 8 MB."),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "I can't read this picture. Send a PNG, JPEG, WebP or GIF file.",
        ),
        (HUGE[:20], "I can't read this picture. Send a PNG, JPEG, WebP or GIF file."),
        (upload(Image.new("L", (8, 8)), "JPEG", exif=ODD_EXIF), NO_PICTURE),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_in_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(BadInput) as refusal:
        encode_upload(data)
    assert (refusal.value.sentence, refusal.value.field) == (why, "picture")
