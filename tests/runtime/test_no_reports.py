"""Nobody phones home: what a run leaves outside its data directory, and which addresses it asks for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot.runtime.settings import Settings

ROOT = Path(__file__).parents[2]
WITNESS = """
import os, sys
def witness(event, args):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto", "socket.bind"):
        with open(os.environ["WITNESS"], "a") as file:
            file.write(f"{event} {args[0] if event.endswith('info') else args[-1]}\\n")
sys.addaudithook(witness)
"""


RUNS = """
import sys
from bot.__main__ import main
sys.exit(main(["ask", "what is a list?"]) or main(["doctor"]))
"""


def test_a_run_writes_into_its_data_directory_alone_and_asks_for_no_address(tmp_path: Path) -> None:
    home, data, hook = (tmp_path / name for name in ("home", "data", "hook"))
    for folder in (home, data, hook):
        folder.mkdir()
    (hook / "sitecustomize.py").write_text(WITNESS)
    names = {str(f.validation_alias) for f in Settings.model_fields.values()} | {"XDG_CACHE_HOME", "XDG_DATA_HOME"}
    inherited = {k: v for k, v in os.environ.items() if k not in names and k != "ORT_DISABLE_TELEMETRY"}
    done = subprocess.run(
        [sys.executable, "-c", RUNS],
        cwd=home,
        input="help\n",
        text=True,
        capture_output=True,
        timeout=300,
        env={
            **inherited,
            "HOME": str(home),
            "TMPDIR": str(data),
            "TRAILMATE_DATA_DIR": str(data),
            "PYTHONPATH": f"{hook}{os.pathsep}{ROOT}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "WITNESS": str(tmp_path / "asked"),
        },
    )
    assert done.returncode == 0, done.stderr
    assert "words alone" not in done.stdout + done.stderr, "the embedder was not there to be watched"
    assert sorted(p.relative_to(home) for p in home.rglob("*")) == []
    asked = tmp_path / "asked"
    assert not asked.exists(), asked.read_text()
