"""Vectors of texts that are looked at again and again, such as the open questions of a group."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from bot.features.qa.index.chunks import row_hash
from bot.llm.base import Embedder, Matrix, Vector

MOST = 2000
"""Texts whose vectors are kept, the last that were asked for: 3 MB."""


class Remembered:
    """Embeds what was not asked for lately; it keeps no text."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str], embedder: Embedder) -> Matrix:
        """Return what an embedder makes of texts: float32 [n, dim], unit rows."""
        keys = [row_hash(text) for text in texts]
        with self._lock:
            found = {key: self._held[key] for key in keys if key in self._held}
        if new := {key: text for key, text in zip(keys, texts, strict=True) if key not in found}:
            found.update(zip(new, embedder.embed([*new.values()]), strict=True))
        with self._lock:
            for key in keys:
                self._held[key] = found[key]
                self._held.move_to_end(key)
            while len(self._held) > MOST:
                self._held.popitem(last=False)
        return np.stack([found[key] for key in keys])
