"""A browser is found or installed, and a machine that cannot have one is told what to do."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests import install_browser
from tests.install_browser import install, main, ways


def refuse(command: Sequence[str]) -> bool:
    raise AssertionError(f"nothing was to be installed: {command}")


def test_a_machine_with_a_browser_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install_browser, "find_installed", lambda: "here")

    assert install(refuse) == "here"


def test_root_on_debian_takes_the_package_before_the_library_s_own_build() -> None:
    package, own = ways(is_root=True, has_apt=True)

    assert package[-1][:2] == ["apt-get", "install"]
    assert own[0][-2:] == ["--with-deps", "chromium"]


def test_without_root_only_the_library_s_own_build_is_left() -> None:
    assert [way[0][1:] for way in ways(is_root=False, has_apt=True)] == [["-m", "playwright", "install", "chromium"]]


def test_a_way_that_fails_leads_to_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(install_browser, "find_installed", lambda: "own" if "playwright" in done else None)
    monkeypatch.setattr(install_browser, "ways", lambda **_: [[["apt-get"], ["never"]], [["playwright"]]])

    def run(command: Sequence[str]) -> bool:
        done.append(command[0])
        return command[0] != "apt-get"

    assert install(run) == "own"
    assert done == ["apt-get", "playwright"]


def test_a_machine_that_cannot_have_one_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install_browser, "find_installed", lambda: None)
    monkeypatch.setattr(install_browser, "ways", lambda **_: [])

    assert main() == 1
    assert "google-chrome" in capsys.readouterr().out
