"""Load the installed courses of several folders, and report those that can't be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.curriculum.faults import Fault
from bot.curriculum.folder import OUTLINE
from bot.curriculum.loader import CourseReading, Read, derive_track, read_course
from bot.curriculum.track import Track
from bot.curriculum.yaml_reader import quoted

CLOSED = "I can't read this folder. Give the bot's user access to it."
MOST_FAULTS = 3
"""Most faults listed for a refused course; the lint lists all."""


@dataclass(frozen=True)
class RefusedFolder:
    """A course folder that can't be used, with its faults; `is_double` if another folder has the same id."""

    folder: Path
    faults: tuple[Fault, ...]
    is_double: bool = False

    @property
    def id(self) -> str:
        """The course id, which is the folder's name."""
        return self.folder.name

    def describe_faults(self) -> str:
        """Return the first faults in one line, with file and line number."""
        first = "; ".join(fault.within(self.folder.parent) for fault in self.faults[:MOST_FAULTS])
        more = f" And {len(self.faults) - MOST_FAULTS} more." if len(self.faults) > MOST_FAULTS else ""
        return f"{first}{more}"


class CourseShelf(MutableMapping[str, Track]):
    """All usable tracks by id: longest first, derived ones last.

    The first is the default of a new group. Iterating during an exchange sees the old tracks.
    """

    def __init__(self, tracks: Mapping[str, Track] | None = None, refused: Sequence[RefusedFolder] = ()) -> None:
        self._tracks: Mapping[str, Track] = dict(tracks or {})
        self.refused: tuple[RefusedFolder, ...] = tuple(refused)

    def __getitem__(self, key: str) -> Track:
        return self._tracks[key]

    def __setitem__(self, key: str, track: Track) -> None:
        self.exchange({key: track}, self.refused)

    def __delitem__(self, key: str) -> None:
        remaining = dict(self._tracks)
        del remaining[key]
        self._tracks = remaining

    def __iter__(self) -> Iterator[str]:
        return iter(self._tracks)

    def __len__(self) -> int:
        return len(self._tracks)

    def exchange(self, tracks: Mapping[str, Track], refused: Sequence[RefusedFolder]) -> None:
        """Replace tracks with the same ids, atomically."""
        self._tracks = _sort_tracks({**self._tracks, **tracks})
        self.refused = tuple(refused)


def folders(root: Path) -> list[Path]:
    """Return the course folders below a root, or the root itself if it is a course."""
    if (root / OUTLINE).is_file():
        return [root]
    with suppress(OSError):
        return sorted(folder for folder in root.iterdir() if folder.is_dir() and not folder.name.startswith((".", "_")))
    return []


def _is_closed(root: Path) -> bool:
    """Whether a folder exists and is unreadable."""
    try:
        next(root.iterdir(), None)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return False


def library(*roots: Path, read: Read = read_course) -> CourseShelf:
    """Load all courses below some folders; an invalid one is refused and doesn't affect others.

    If two have the same id, the one in the first root wins.

    Args:
        read: reads a folder.
    """
    readings: dict[Path, CourseReading] = {}
    refused = [RefusedFolder(root, (Fault(root, 1, CLOSED),)) for root in roots if _is_closed(root)]
    first: dict[str, Path] = {}
    for folder in (folder for root in roots for folder in folders(root)):
        if (other := first.setdefault(folder.name, folder)) is not folder:
            there = quoted(f"{other.parent.name}/{other.name}")
            same = f"The id {quoted(folder.name)} is already used by {there}. Rename this course and its folder."
            refused.append(RefusedFolder(folder, (Fault(folder / OUTLINE, 1, same),), is_double=True))
        else:
            readings[folder] = read(folder)
    tracks_by_folder = {
        folder: reading.to_track() for folder, reading in readings.items() if reading.derivation is None
    }
    tracks: dict[str, Track] = {}
    for folder, reading in readings.items():
        if reading.derivation is None:
            track, faults = tracks_by_folder[folder]
        else:
            track, faults = derive_track(
                folder, reading.derivation, reading.files, roots, lambda base: tracks_by_folder.get(base, (None,))[0]
            )
        if track is None:
            refused.append(RefusedFolder(folder, tuple(faults)))
        else:
            tracks[track.id] = track
    return CourseShelf(_sort_tracks(tracks), refused)


def _sort_tracks(tracks: Mapping[str, Track]) -> dict[str, Track]:
    """Sort tracks: longest first, derived ones last."""
    return dict(sorted(tracks.items(), key=lambda item: (bool(item[1].derived_from), -len(item[1].roadmap.units))))
