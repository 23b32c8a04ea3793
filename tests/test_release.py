"""What is released is what the checkout has, with a list of what it needs."""

from __future__ import annotations

import io
import re
import tarfile
import tomllib
import zipfile
from pathlib import Path

from tools import release

FILES = {"bot/runtime/app.py", "roadmap/one/roadmap.yaml", "README.md", ".ci/run"}


def packed(folder: Path, wheel: set[str], source: set[str]) -> tuple[Path, Path]:
    with zipfile.ZipFile(folder / "a.whl", "w") as file:
        for name in wheel | {"trailmate-1.dist-info/METADATA"}:
            file.writestr(name, "")
    with tarfile.open(folder / "a.tar.gz", "w:gz") as archive:
        for name in source | {"PKG-INFO"}:
            archive.addfile(tarfile.TarInfo(f"trailmate-1/{name}"), io.BytesIO())
    return folder / "a.whl", folder / "a.tar.gz"


def test_what_is_whole_differs_in_nothing(tmp_path: Path) -> None:
    built = packed(tmp_path, {"bot/runtime/app.py", "bot/_bundle/roadmap/one/roadmap.yaml"}, FILES - {".ci/run"})

    assert release.differences(*built, FILES) == []


def test_what_is_lacking_and_what_nobody_keeps_is_named(tmp_path: Path) -> None:
    built = packed(
        tmp_path, {"bot/runtime/app.py", "bot/left.py"}, {"README.md", "roadmap/one/roadmap.yaml", "bot/left.py"}
    )

    assert release.differences(*built, FILES) == [
        "the wheel lacks bot/_bundle/roadmap/one/roadmap.yaml",
        "the wheel has bot/left.py, which is not in the checkout",
        "the source lacks bot/runtime/app.py",
        "the source has bot/left.py, which is not in the checkout",
    ]


def test_the_bill_names_all_that_is_needed_by_version_and_hash_and_what_others_made(tmp_path: Path) -> None:
    (wheel := tmp_path / "a.whl").write_bytes(b"")
    bill = release.bill(wheel)
    needed = tomllib.loads((release.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    of = {one["name"]: one for one in bill["components"]}

    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert {re.split(r"[\[<>=]", one)[0].replace(".", "-") for one in needed} <= of.keys()
    assert not {"pytest", "playwright"} & of.keys()
    bought = [one for one in bill["components"] if "purl" in one]
    assert all(one["version"] and one["purl"].endswith(f"@{one['version']}") for one in bought)
    assert all(any(file.get("hashes") for file in one["externalReferences"]) for one in bought)
    carried = {one["name"]: one["licenses"] for one in bill["components"] if "purl" not in one}
    assert carried.keys() == {"all-MiniLM-L6-v2", "Inter"}


def test_the_bill_is_of_the_lock_and_its_constraints_name_the_same_versions_with_the_same_markers(
    tmp_path: Path,
) -> None:
    (wheel := tmp_path / "a.whl").write_bytes(b"")
    bill = release.bill(wheel)
    assert bill["metadata"]["lifecycles"] == [{"phase": "pre-build"}]
    listed = {(one["name"], one["version"]) for one in bill["components"] if "purl" in one}
    lines = [re.split(r"==| ; ", line) for line in release.constraints().splitlines()]

    assert {(name, version.strip()) for name, version, *_ in lines} == listed
    twice = [one for one in bill["components"] if sum(name == one["name"] for name, _ in listed) > 1]
    assert all(any("marker" in said["name"] for said in one["properties"]) for one in twice)
