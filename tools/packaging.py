"""Builds the image of docs/deploy and runs it as compose.yaml would; holds the files beside it against their schemas.

python -m tools.packaging [--base IMAGE] [--only files|image]

It wants Linux, root and `apt-get install --no-install-recommends buildah podman runc netavark debootstrap`, and takes a
few minutes. Without an IMAGE the base is a Debian with its own Python, made by debootstrap. Everything is below one
folder in /tmp, and goes when it ends. The exit code is 1 if anything does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import yaml

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "docs" / "deploy"
UV = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}") or "uv"
NEEDS = ("buildah", "podman", "runc", "debootstrap")
QUESTION = "when should i use a set instead of a list"
PORT, START_S, END_S, EXPOSED = 18321, 60.0, 10.0, 2.0
NETWORK = re.compile(
    r"(SSL_CERT_|PIP_|REQUESTS_CA_BUNDLE|UV_INDEX|UV_DEFAULT_INDEX|https?_proxy|no_proxy)", re.IGNORECASE
)
"""How this machine reaches packages, which the build has to know as well."""


def say(*words: object) -> None:
    """Tell one thing that holds, or what is done next."""
    print(*words, flush=True)


def run(*words: str, **options: Any) -> str:
    """Run a command and return what it prints; what it says of a failure goes on."""
    done = subprocess.run(words, text=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, cwd=ROOT, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(words[:6])} ... ended with {done.returncode}\n{done.stdout[-2000:]}")
    return str(done.stdout).strip()


def check_files() -> None:
    """Hold each file against its published schema, and the units against systemd's own judgement."""
    tool = (UV, "tool", "run", "--quiet")
    run(*tool, "check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(DEPLOY / "compose.yaml"))
    say("compose.yaml fits the schema of Compose")
    run(*tool, "kubernetes-validate", "--strict", str(DEPLOY / "kubernetes.yaml"), stderr=subprocess.DEVNULL)
    say("kubernetes.yaml fits the schemas of Kubernetes")
    if shutil.which("systemd-analyze") is None:
        say("the units were not looked at: there is no systemd-analyze")
        return
    with tempfile.TemporaryDirectory() as own:
        for unit in sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer")):
            text = unit.read_text(encoding="utf-8").replace("/opt/trailmate/bin/trailmate", "/usr/bin/true")
            (Path(own) / unit.name).write_text(text, encoding="utf-8")
        for unit in sorted(Path(own).iterdir()):
            run("systemd-analyze", "verify", "--recursive-errors=no", str(unit))
        limit = f"--threshold={EXPOSED * 10:.0f}"
        for service in sorted(Path(own).glob("*.service")):
            found = run("systemd-analyze", "security", "--offline=true", "--no-pager", limit, str(service))
            say("systemd takes the unit:", found.splitlines()[-1].lstrip("→ "))


@dataclass(frozen=True)
class Engine:
    """buildah and podman with a store of their own."""

    folder: Path

    def buildah(self, *words: str) -> str:
        """Run a command of buildah; it isolates by chroot, which works where containers cannot be nested."""
        return run("buildah", *self._store(), *words, env={**os.environ, "BUILDAH_ISOLATION": "chroot"})

    def podman(self, *words: str) -> str:
        """Run a command of podman."""
        quiet = {**os.environ, "PODMAN_IGNORE_CGROUPSV1_WARNING": "1"}
        return run("podman", *self._store(), "--cgroup-manager=cgroupfs", "--runtime=runc", *words, env=quiet)

    def _store(self) -> tuple[str, ...]:
        return "--root", str(self.folder / "store"), "--runroot", str(self.folder / "state")


@contextmanager
def opened() -> Iterator[Engine]:
    """Open an empty store below /tmp and remove it at the end; SystemExit names the packages that are missing."""
    if missing := [name for name in NEEDS if shutil.which(name) is None]:
        raise SystemExit(f"No image was built. Run apt-get install --no-install-recommends {' '.join(missing)}")
    with tempfile.TemporaryDirectory(prefix="trailmate-image-", ignore_cleanup_errors=True) as own:
        engine = Engine(Path(own))
        try:
            yield engine
        finally:
            subprocess.run(["umount", str(engine.folder / "store" / "overlay")], stderr=subprocess.DEVNULL)


def limits() -> list[str]:
    """Return the limits of this process as options: an engine that asks for more than it has is refused."""
    import resource

    kinds = {"nofile": resource.RLIMIT_NOFILE, "nproc": resource.RLIMIT_NPROC}
    return [f"--ulimit={name}={(most := resource.getrlimit(kind)[1])}:{most}" for name, kind in kinds.items()]


def make_base(engine: Engine) -> str:
    """Make a Debian with a Python an image, and return its name."""
    system, name = engine.folder / "system", "localhost/base"
    wanted = "--include=python3-venv,ca-certificates"
    run("debootstrap", "--variant=minbase", wanted, "trixie", str(system), stderr=subprocess.DEVNULL)
    if (trusted := Path("/etc/ssl/certs/ca-certificates.crt")).exists():
        shutil.copy(trusted, system / "etc/ssl/certs")
    for own in ("pip.conf", "uv"):
        if (there := Path("/etc") / own).exists():
            run("cp", "--archive", str(there), str(system / "etc"))
    container = engine.buildah("from", "scratch")
    engine.buildah("add", "--quiet", container, str(system), "/")
    engine.buildah("commit", "--quiet", container, name)
    engine.buildah("rm", container)
    return name


def build(engine: Engine, base: str) -> str:
    """Build the Containerfile as it stands and return the image's name."""
    name, began = "localhost/trailmate", time.monotonic()
    network = [f"--env={key}" for key in os.environ if NETWORK.match(key)]
    engine.buildah(
        "build",
        "--quiet",
        "--format=docker",
        *limits(),
        *network,
        f"--build-arg=BASE={base}",
        f"--tag={name}",
        f"--file={DEPLOY / 'Containerfile'}",
        f"--ignorefile={DEPLOY / 'Containerfile.dockerignore'}",
        str(ROOT),
    )
    sizes = [int(engine.podman("image", "inspect", "--format={{.Size}}", one)) for one in (name, base)]
    say(f"the image is built in {time.monotonic() - began:.0f} s, {(sizes[0] - sizes[1]) / 1e6:.0f} MB over its base")
    return name


def confined() -> list[str]:
    """Return what compose.yaml says of the bot's container as options of podman."""
    said = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["bot"]
    assert said["read_only"] is True
    return [
        "--read-only",
        *(f"--tmpfs={one}" for one in said["tmpfs"]),
        *(f"--cap-drop={one}" for one in said["cap_drop"]),
        *(f"--security-opt={one.removesuffix(':true')}" for one in said["security_opt"]),
    ]


@contextmanager
def running(engine: Engine, image: str, *options: str) -> Iterator[Callable[..., str]]:
    """Run the bot; what is given runs a command inside."""
    name = "trailmate"
    engine.podman(
        "run",
        "--detach",
        f"--name={name}",
        "--network=host",
        *confined(),
        *limits(),
        f"--env=TRAILMATE_PORT={PORT}",
        *options,
        image,
    )
    try:
        yield lambda *words: engine.podman("exec", name, *words)
        began = time.monotonic()
        engine.podman("stop", "--time=15", name)
        took, code = time.monotonic() - began, engine.podman("inspect", "--format={{.State.ExitCode}}", name)
        assert (code, took < END_S) == ("0", True), f"it ended with {code} after {took:.1f} s"
        say(f"SIGTERM ends it with 0 within {took:.1f} s")
    finally:
        engine.podman("rm", "--force", "--time=1", name)


def read(path: str) -> dict[str, Any]:
    """Return what the bot answers, once it answers."""
    until = time.monotonic() + START_S
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=5) as response:
                return dict(json.load(response))
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def check_image(engine: Engine, image: str) -> None:
    """Start it, look at its health, ask it, have it refuse to be written to, and end it."""
    secrets = engine.folder / "secrets"
    secrets.mkdir()
    (secrets / "TRAILMATE_MODERATORS").write_text("nobody", encoding="utf-8")
    given = f"--volume={secrets}:/run/secrets:ro", "--env=TRAILMATE_SECRETS_DIR=/run/secrets"
    wrong = subprocess.run(
        [
            "podman",
            *engine._store(),
            "--cgroup-manager=cgroupfs",
            "--runtime=runc",
            "run",
            "--rm",
            "--network=host",
            *confined(),
            *limits(),
            *given,
            image,
        ],
        capture_output=True,
        text=True,
    )
    assert wrong.returncode == 2 and "TRAILMATE_MODERATORS" in wrong.stderr, wrong.stderr
    say("a wrong setting of a secret's file ends the start with 2 and a sentence")
    (secrets / "TRAILMATE_MODERATORS").write_text("discord:1", encoding="utf-8")
    began = time.monotonic()
    with running(engine, image, *given, "--volume=trailmate:/var/lib/trailmate") as inside:
        health = read("/healthz")
        assert health["ok"], health
        say(f"it is well after {time.monotonic() - began:.1f} s; {read('/livez')}")
        engine.podman("healthcheck", "run", "trailmate")
        said = json.loads(inside("trailmate", "ask", "--json", QUESTION))
        assert not said["declined"] and said["citations"], said
        assert inside("id", "-u") == "10001"
        refused = "for place in / /opt/trailmate /etc; do touch $place/x 2>/dev/null && echo $place; done; true"
        assert not inside("sh", "-c", refused), "it can be written to"
        kept = inside("find", "/var/lib/trailmate", "-not", "-user", "trailmate", "-o", "-perm", "/077")
        assert not kept, f"others can read {kept}"
        say("it answers from the notes, as user 10001, and nothing but its data can be written")


def main() -> None:
    """Try all that can be tried here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", help="the image to build on")
    parser.add_argument("--only", choices=["files", "image"], help="try this alone")
    given = parser.parse_args()
    if given.only != "image":
        check_files()
    if given.only == "files":
        return
    with opened() as engine:
        check_image(engine, build(engine, given.base or make_base(engine)))


if __name__ == "__main__":
    main()
