"""The guard of the script that rebuilds the model; the rebuilding itself needs torch."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from bot.llm.embedded import FOLDER, MODEL_FILE, VOCABULARY_FILE
from tools.rebuild_embedder import WEIGHTS_SHA256, check_weights


def test_weights_of_another_origin_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(SystemExit, match="not the official file"):
        check_weights(tmp_path)


def test_the_notice_names_the_hashes_of_the_files_that_are_carried() -> None:
    notice = (FOLDER / "NOTICE").read_text(encoding="utf-8")
    for name in (MODEL_FILE, VOCABULARY_FILE):
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() in notice
    assert WEIGHTS_SHA256 in notice
    assert "Apache License" in (FOLDER / "LICENSE").read_text(encoding="utf-8")
