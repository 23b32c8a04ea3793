"""Builds what is released, and fails unless it is whole: `python -m tools.release DIR [--image] [--tag]`.

Into DIR go the source, the wheel that is built of that source, `notes.md`, `sbom.cdx.json`, which names what the wheel
brings along and needs (CycloneDX 1.5), and `constraints.txt`, with which pip installs just that. Both are of the lock,
for each Python and system: what has one version for some of them and another for others stands there twice, each with
its marker. Without the constraints pip takes what is newest, which no list can name beforehand. `only-*.txt` and
`without-embeddings.txt` are smaller installs, of which docs/deploy says what they lack.

`--image` also builds the container image, as `tools.packaging` does, and `--tag` tags the commit.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tools import packaging

ROOT = Path(__file__).parents[1]
UV = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}") or "uv"
BUNDLED = ("roadmap", "migrations")
CARRIED = {
    "bot/llm/minilm/minilm-l6-v2-int8.onnx": ("machine-learning-model", "all-MiniLM-L6-v2", "Apache-2.0"),
    "bot/drawing/fonts/Inter-Regular.ttf": ("file", "Inter", "OFL-1.1"),
}
"""What others made and no package brings: of each its kind, its name and its licence."""
OPTIONAL = ("onnxruntime", "openai", "psycopg")
SMALLER = {
    "only-discord": (*OPTIONAL, "slack-bolt"),
    "only-slack": (*OPTIONAL, "discord-py"),
    "without-embeddings": ("onnxruntime",),
}
"""Smaller installs: of each file of requirements the packages that it leaves out."""


def build(into: Path) -> tuple[Path, Path]:
    """Build the source, and of it the wheel; return both."""
    subprocess.run([UV, "build", "--quiet", "--out-dir", str(into)], cwd=ROOT, check=True)
    (source,), (wheel,) = into.glob("*.tar.gz"), into.glob("*.whl")
    return source, wheel


def kept() -> set[str]:
    """Return the files of the checkout."""
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return {name for name in told.stdout.split("\0") if name and (ROOT / name).exists()}


def in_wheel(names: Iterable[str]) -> set[str]:
    """Return where files of the checkout stand in a wheel."""
    packed = {name for name in names if name.startswith("bot/")}
    return packed | {f"bot/_bundle/{name}" for name in names if name.split("/")[0] in BUNDLED}


def differences(wheel: Path, source: Path, files: set[str]) -> list[str]:
    """Return in what the two are not the checkout."""
    with zipfile.ZipFile(wheel) as packed:
        carried = {name for name in packed.namelist() if not name.split("/")[0].endswith(".dist-info")}
    with tarfile.open(source) as packed:
        sent = {name.split("/", 1)[1] for name in packed.getnames() if "/" in name}
    expected = in_wheel(files)
    return [
        *(f"the wheel lacks {name}" for name in sorted(expected - carried)),
        *(f"the wheel has {name}, which is not in the checkout" for name in sorted(carried - expected)),
        *(f"the source lacks {name}" for name in sorted(wanted(files) - sent)),
        *(f"the source has {name}, which is not in the checkout" for name in sorted(sent - files - {"PKG-INFO"})),
    ]


def wanted(files: set[str]) -> set[str]:
    """Return which of the checkout's files the source has to have: those that its declaration names."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = [one.lstrip("/") for one in told["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]]
    return {name for name in files if any(name == one or name.startswith(f"{one}/") for one in named)}


def bill(of: Path) -> dict[str, Any]:
    """Return what is in a wheel and what it needs, as CycloneDX has it."""
    told = subprocess.run(
        [UV, "export", "--quiet", "--locked", "--no-dev", "--format=cyclonedx1.5", "--preview-features=sbom-export"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(told.stdout)
    found["metadata"]["lifecycles"] = [{"phase": "pre-build"}]  # of what was locked, not of what was installed
    found["metadata"]["component"] |= {"type": "application", "hashes": [_sha256(of)], "licenses": [_licence("MIT")]}
    found["components"] += [
        {"type": kind, "bom-ref": file, "name": name, "hashes": [_sha256(ROOT / file)], "licenses": [_licence(licence)]}
        for file, (kind, name, licence) in CARRIED.items()
    ]
    return found


def constraints(*without: str) -> str:
    """Return what is in the bill as constraints of pip, each with its marker.

    Args:
        without: packages to leave out, with all that only they need.
    """
    pruned = (f"--prune={name}" for name in without)
    return subprocess.run(
        [
            UV,
            "export",
            "--quiet",
            "--locked",
            "--no-dev",
            "--no-emit-project",
            "--no-hashes",
            "--no-annotate",
            "--no-header",
            *pruned,
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def notes(of: str, changelog: str) -> str:
    """Return a version's section of the changelog; SystemExit if it has none or no date."""
    match = re.search(
        rf"^## \[{re.escape(of)}\] - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL
    )
    if match is None:
        raise SystemExit(f"CHANGELOG.md has no section [{of}] with a date.")
    section = re.sub(r"\[([^\]]+)\]\((?!https?:)([^)#]+)[^)]*\)", r"\1 (`\2`)", match[1])
    return f"# Trailmate {of}\n\nPages named here are in the source archive.\n{section}"


def build_image(into: Path, of: str, base: str | None) -> Path:
    """Build the container image and save it as an archive for `podman load` and `docker load`."""
    file = into / f"trailmate-{of}-image.tar"
    file.unlink(missing_ok=True)
    with packaging.opened() as engine:
        image = packaging.build(engine, base or packaging.make_base(engine))
        engine.buildah("push", "--quiet", image, f"docker-archive:{file}:trailmate:{of}")
    return file


def _licence(name: str) -> dict[str, Any]:
    return {"license": {"id": name}}


def _sha256(file: Path) -> dict[str, str]:
    return {"alg": "SHA-256", "content": hashlib.sha256(file.read_bytes()).hexdigest()}


def main() -> None:
    """Build into the folder that is named."""
    parser = argparse.ArgumentParser(prog="python -m tools.release", description="Build what is released.")
    parser.add_argument("into", type=Path, metavar="DIR", help="a new or empty folder")
    parser.add_argument("--image", action="store_true", help="also build the container image (as root on Debian)")
    parser.add_argument("--base", metavar="IMAGE", help="the image to build on, instead of a Debian by debootstrap")
    parser.add_argument("--tag", action="store_true", help="also tag the commit, which must be clean")
    given = parser.parse_args()
    into: Path = given.into.absolute()
    of = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    said = notes(of, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    if given.tag and subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, check=True, capture_output=True).stdout:
        raise SystemExit("Commit all changes before you tag.")
    source, wheel = build(into)
    if found := differences(wheel, source, kept()):
        raise SystemExit("\n".join(found[:20]))
    (into / "notes.md").write_text(said, encoding="utf-8")
    (into / "sbom.cdx.json").write_text(json.dumps(bill(wheel), indent=1), encoding="utf-8")
    (into / "constraints.txt").write_text(constraints(), encoding="utf-8")
    for name, without in SMALLER.items():
        (into / f"{name}.txt").write_text(constraints(*without), encoding="utf-8")
    print(f"{wheel.name} and {source.name} carry what the checkout has")
    if given.image:
        print(f"{build_image(into, of, given.base).name} is the image")
    if given.tag:
        subprocess.run(["git", "tag", "--annotate", f"v{of}", "--message", f"Trailmate {of}"], cwd=ROOT, check=True)
        print(f"The commit has the tag v{of}")


if __name__ == "__main__":
    main()
