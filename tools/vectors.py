"""The vectors of the notes that the package carries, made anew: `python -m tools.vectors`.

Rows that are carried already stay as they are; what was changed or added since is embedded, and what is gone goes.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bot.answers.index.chunks import SourceId, cut, row_hash, rows
from bot.answers.index.vectors import NAME, ROW, Carried, packed
from bot.base.files import bundled
from bot.curriculum.shelf import library
from bot.curriculum.track import Track
from bot.llm.embedded import MiniLM
from bot.runtime import settings as settings_of
from bot.runtime.console import progress

BATCH = 64


def texts(tracks: Iterable[Track]) -> dict[str, str]:
    """Return every row of the notes of these courses by its hash, in their order."""
    notes = [(SourceId(track.id), note) for track in tracks for note in track.notes.values()]
    return {row_hash(text): text for source, note in notes for chunk in cut(note, source) for text in rows(chunk)}


def main() -> None:
    """Write the file of the present model; those of others go."""
    settings_of.load(_env_file=None)
    folder, embedder, wanted = bundled("roadmap"), MiniLM(), texts(library(bundled("roadmap")).values())
    vectors = Carried(folder).get(wanted, embedder.name)
    missing = [one for one in wanted if one not in vectors]
    with progress("Embedding", "texts") as show:
        for at in range(0, len(missing), BATCH):
            batch = missing[at : at + BATCH]
            vectors |= zip(batch, embedder.embed([wanted[one] for one in batch]), strict=True)
            show(at, len(missing))
    made = packed({one: vectors[one] for one in wanted})
    file = folder / NAME.format(model=embedder.name)
    for old in folder.glob(NAME.format(model="*")):
        old.unlink()
    assert made.dtype == ROW
    np.save(file, made, allow_pickle=False)
    print(f"{file.name}: {len(made)} rows, {len(missing)} new")


if __name__ == "__main__":
    main()
