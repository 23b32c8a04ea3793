"""A disk whose power can fail: what it holds at an instant is all that comes back."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from tests.reliability.drills.frame import NotHere

_FREEZE, _THAW = 0xC0045877, 0xC0045878  # FIFREEZE and FITHAW of Linux
_ROOM_MB, _SPARE_MB = 512, 128
_LET_GO_S = 20.0


class Disk:
    """An ext4 of its own in an image, at `folder`; the image lies on another one that can stand still.

    While the lower one stands still nothing more reaches the image, so that a copy of it is what the disk held at that
    instant: what was written to a file and not synced is missing in it, as it is after a power cut.

    Raises:
        NotHere: nothing can be mounted.
    """

    def __init__(self) -> None:
        self._made = Path(tempfile.mkdtemp(prefix="trailmate-drill-disk-"))
        self._made.chmod(0o755)  # a server that is begun by another user has to come through
        self._lower, self.folder = self._made / "lower", self._made / "disk"
        self._kept = self._made / "kept.img"
        self._numbers = count()
        self._image = self._lower / f"{next(self._numbers)}.img"
        self._held = ExitStack()
        self._still: int | None = None
        self._held.callback(shutil.rmtree, self._made, ignore_errors=True)
        try:
            self._format(self._made / "lower.img", _ROOM_MB + _SPARE_MB)
            self._mount(self._made / "lower.img", self._lower)
            self._format(self._image, _ROOM_MB)
            self._mount(self._image, self.folder)
        except (OSError, subprocess.CalledProcessError):
            self._held.close()
            raise NotHere("mounts nothing") from None

    def sync(self) -> None:
        """Have the disk hold all that was written so far."""
        subprocess.run(["sync", "-f", str(self.folder)], check=True)

    def fail(self) -> None:
        """Have nothing more reach the disk."""
        self._still = os.open(self._lower, os.O_RDONLY)
        fcntl.ioctl(self._still, _FREEZE, 0)

    def keep(self) -> None:
        """Put aside what the disk holds; whoever waits for it goes on from then on, and that is lost."""
        _copy(self._image, self._kept)
        self._go_on()

    def come_back(self) -> None:
        """Have the folder hold what was put aside; whatever had something of it open must be ending by now."""
        _unmount(self.folder)
        self._image.unlink()
        self._image = self._lower / f"{next(self._numbers)}.img"
        _copy(self._kept, self._image)
        self._mount(self._image, self.folder)

    def remove(self) -> None:
        """Unmount it, and leave nothing of it."""
        self._go_on()
        self._held.close()

    def _go_on(self) -> None:
        if self._still is not None:
            fcntl.ioctl(self._still, _THAW, 0)
            os.close(self._still)
            self._still = None

    def _format(self, image: Path, size_mb: int) -> None:
        with image.open("wb") as file:
            file.truncate(size_mb << 20)
        if os.geteuid() or shutil.which("mkfs.ext4") is None:
            raise OSError
        subprocess.run(["mkfs.ext4", "-q", "-F", "-E", "nodiscard", str(image)], check=True, capture_output=True)

    def _mount(self, image: Path, at: Path) -> None:
        at.mkdir(exist_ok=True)
        subprocess.run(["mount", "-o", "loop,noatime", str(image), str(at)], check=True, capture_output=True)
        self._held.callback(_unmount, at)


def _unmount(folder: Path) -> None:
    """Unmount a folder once nobody has anything in it open."""
    until = time.monotonic() + _LET_GO_S
    while os.path.ismount(folder):
        patient = time.monotonic() < until
        words = ["umount", str(folder)] if patient else ["umount", "-l", str(folder)]
        if subprocess.run(words, capture_output=True, check=False).returncode and patient:
            time.sleep(0.05)


def _copy(image: Path, to: Path) -> None:
    """Copy an image, but for what nothing was ever written to."""
    subprocess.run(["cp", "--sparse=always", str(image), str(to)], check=True)
