"""A browser is found or installed, and a machine that cannot have one is told what to do."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

import pytest

from tests import browser
from tools import install_browser
from tools.install_browser import install, main, ways


def refuse(command: Sequence[str]) -> bool:
    raise AssertionError(f"nothing was to be installed: {command}")


@pytest.fixture(autouse=True)
def drivable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install_browser, "can_drive", lambda: True)


def test_a_machine_with_a_browser_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install_browser, "find_installed", lambda: "here")

    assert install(refuse) == "here"


def test_a_browser_of_the_machine_is_found_without_playwright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "sync_playwright", lambda: pytest.fail("playwright was asked"))
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")

    assert browser.find_installed() == "/bin/chromium"


def test_a_playwright_that_does_not_start_has_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "can_drive", lambda: False)
    monkeypatch.setattr(browser, "sync_playwright", lambda: pytest.fail("playwright was started"))
    monkeypatch.setattr(shutil, "which", lambda _: None)

    assert browser.find_installed() is None


def test_a_browser_that_cannot_be_driven_gets_the_library_that_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Sequence[str]] = []
    monkeypatch.setattr(install_browser, "find_installed", lambda: "here")
    monkeypatch.setattr(install_browser, "can_drive", lambda: any("libatomic1" in one for one in done))
    monkeypatch.setattr(install_browser, "ways", lambda **_: ways(is_root=True, has_apt=True))

    def run(command: Sequence[str]) -> bool:
        done.append(command)
        return True

    assert install(run) == "here"
    assert [one[:2] for one in done] == [["apt-get", "update"], ["apt-get", "install"]]


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


@pytest.mark.parametrize(
    ("apt", "said"), [("/bin/apt-get", "apt-get install chromium libatomic1"), (None, "google-chrome")]
)
def test_a_machine_that_cannot_have_one_is_told_what_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], apt: str | None, said: str
) -> None:
    monkeypatch.setattr(install_browser, "find_installed", lambda: None)
    monkeypatch.setattr(install_browser, "ways", lambda **_: [])
    monkeypatch.setattr(shutil, "which", lambda _: apt)

    assert main() == 1
    assert said in capsys.readouterr().out
