"""Checks an installed wheel: run with the Python of its environment, outside a checkout, with `-I`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from importlib import resources
from pathlib import Path
from urllib.request import urlopen

QUESTION = "when should i use a set instead of a list"
START_S, END_S = 60.0, 10.0
CARRIED = (
    "_bundle/roadmap/genai-2026/roadmap.yaml",
    "_bundle/roadmap/genai-2026/notes",
    "_bundle/migrations/env.py",
    "_bundle/migrations/versions",
    "platforms/web/templates/page.html",
    "platforms/web/static/main.js",
    "dashboard/templates/base.html",
    "dashboard/static/dashboard.css",
    "html/static/base.css",
    "drawing/templates/artwork.svg",
    "drawing/fonts/Inter-Regular.ttf",
    "drawing/fonts/widths.json",
    "drawing/fonts/LICENSE",
    "drawing/fonts/NOTICE",
    "llm/minilm/minilm-l6-v2-int8.onnx",
    "llm/minilm/vocab.txt",
    "llm/minilm/LICENSE",
    "llm/minilm/NOTICE",
)


def main() -> None:
    """Check what the wheel carries, then ask it something and start it."""
    check_files()
    with tempfile.TemporaryDirectory(prefix="trailmate-wheel-") as own:
        folder = Path(own)
        check_answer(folder)
        check_page(folder)
    print(f"the wheel is whole on Python {sys.version_info.major}.{sys.version_info.minor}")


def check_files() -> None:
    """Fail unless every folder and file that is not code came along."""
    package = Path(str(resources.files("bot")))
    assert "site-packages" in package.parts, f"{package} is a checkout"
    missing = [name for name in CARRIED if not (package / name).exists()]
    assert not missing, f"the wheel lacks {missing}"


def trailmate(*words: str) -> list[str]:
    """Return the command line of the installed script."""
    return [str(Path(sys.executable).with_name("trailmate")), *words]


def environment(folder: Path) -> dict[str, str]:
    """Return an environment without any setting but a data directory and a free port."""
    kept = {k: v for k, v in os.environ.items() if not re.match("TRAILMATE|DISCORD|SLACK|OPENAI|PYTHONPATH", k)}
    return {**kept, "TRAILMATE_DATA_DIR": str(folder / "data"), "TRAILMATE_PORT": "0"}


def check_answer(folder: Path) -> None:
    """Fail unless a question from the notes is answered with a citation."""
    done = subprocess.run(
        trailmate("ask", "--json", QUESTION),
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=START_S,
        check=True,
    )
    said = json.loads(done.stdout)
    assert not said["declined"] and said["citations"], said
    assert not (folder / "data" / "vectors.db").exists(), "the notes were embedded, whose vectors are carried"


def check_page(folder: Path) -> None:
    """Fail unless the bot starts, answers, and ends when it is told to."""
    process = subprocess.Popen(
        trailmate("run"),
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = re.search(r"http://\S+", line)
        assert match, f"no address in {line!r}"
        health = json.loads(read(match[0] + "/healthz"))
        assert health["ok"], health
        assert "<html" in read(match[0] + "/"), "the page is not there"
        process.terminate()
        assert process.wait(END_S) == 0
    finally:
        process.kill()


def read(url: str) -> str:
    """Return what an address answers, once it answers."""
    until = time.monotonic() + START_S
    while True:
        try:
            with urlopen(url, timeout=5) as response:
                return str(response.read().decode())
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


if __name__ == "__main__":
    main()
