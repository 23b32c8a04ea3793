"""Pictures that people upload: checked before they are decoded, and encoded again without their metadata."""

from __future__ import annotations

import io
import struct
import warnings
from typing import TYPE_CHECKING

from bot.base.thread_pool import DaemonThreadPool
from bot.messages.errors import BadInput

if TYPE_CHECKING:  # Pillow is imported with the first upload: most processes never need its memory
    from PIL import Image

UPLOAD_MAX, STORED_MAX = 8_000_000, 1_000_000
"""Most bytes of an upload, and of the PNG that is stored."""
PIXELS_MAX, SIDE_MAX = 25_000_000, 1600
"""Most pixels of an upload, and the longest side of what is stored."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_COLOURS = 256
UPLOADS = DaemonThreadPool("upload", 2)
"""Encodes two pictures at once, because of the memory that one takes."""


def encode_upload(data: bytes, field: str = "picture") -> bytes:
    """Return an uploaded picture as a PNG of at most `STORED_MAX` bytes; BadInput says why it can't be used.

    It takes some seconds and up to 350 MB, so it runs on the thread of `UPLOADS`, outside a transaction. Of a moving
    picture, the first frame stays.

    Args:
        field: the form's field, for the error.
    """
    from PIL import Image, ImageOps

    if len(data) > UPLOAD_MAX:
        raise BadInput(f"The picture is too large. The limit is {UPLOAD_MAX // 1_000_000} MB.", field=field)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            if picture.width * picture.height > PIXELS_MAX:  # known from its head: nothing is decoded yet
                raise Image.DecompressionBombError
            picture.draft("RGB", (SIDE_MAX, SIDE_MAX))
            return _encode_small(_flatten(ImageOps.exif_transpose(picture)))
    except Image.DecompressionBombError:
        millions = PIXELS_MAX // 1_000_000
        raise BadInput(f"The picture has too many pixels. The limit is {millions} million.", field=field) from None
    except (OSError, ValueError, SyntaxError, struct.error):
        raise BadInput("I can't read this picture. Send a PNG, JPEG, WebP or GIF file.", field=field) from None


def _flatten(picture: Image.Image) -> Image.Image:
    """Return the picture on white paper, without what else its file holds."""
    from PIL import Image

    picture.thumbnail((SIDE_MAX, SIDE_MAX))
    paper = Image.new("RGB", picture.size, "white")
    drawn = picture.convert("RGBA")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    return paper


def _encode_small(picture: Image.Image) -> bytes:
    """Return a PNG: in all colours if it is small enough, else in few, and smaller until it fits."""
    from PIL.Image import Quantize

    encoded = _encode(picture)
    while len(encoded) > STORED_MAX:
        encoded = _encode(picture.quantize(_COLOURS, Quantize.FASTOCTREE))
        picture = picture.resize((max(1, picture.width * 3 // 4), max(1, picture.height * 3 // 4)))
    return encoded


def _encode(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
