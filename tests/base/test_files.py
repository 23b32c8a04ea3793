from __future__ import annotations

from pathlib import Path

import pytest

from bot.base import files


def test_a_checkout_has_its_folders_beside_the_package() -> None:
    assert (files.bundled("migrations") / "env.py").is_file()


def test_a_wheel_has_them_inside_and_looks_there_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("bot/_bundle/roadmap", "roadmap"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(files, "_PACKAGE", tmp_path / "bot")
    assert files.bundled("roadmap") == tmp_path / "bot" / "_bundle" / "roadmap"


def test_a_folder_that_is_missing_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="nowhere is missing"):
        files.bundled("nowhere")
