"""How long a start takes and what memory it keeps, of the real process and of all that it begins.

python -m benchmarks.start [--runs N] [--chats] [--imports] [--beside COMMAND ...]

Each run is a fresh process whose files are warm and compiled, in a data directory that a first run has filled. Times
are seconds from the start of the process; processor time is that of the process alone. Memory is that of the process
and of those that it has begun: what is resident (RSS), and with shared pages by halves (PSS). `--chats` sets tokens of
Discord and Slack whose servers refuse at once, so that both libraries are loaded; `--imports` tells which packages take
how long to import; `--beside` measures another command until it has ended by itself, such as that of another bot
without a token.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

IDLE_S, LOOK_S, PATIENCE_S = 75.0, 0.02, 180.0
QUESTION, QUOTED = "when should i use a set instead of a list", "hash lookup"
"""What is asked, and what the notes say to it."""
CHATS = {
    "DISCORD_TOKEN": "MTIzNDU2Nzg5MDEyMzQ1Njc4.none.none",
    "DISCORD_API_URL": "http://127.0.0.1:9/api",
    "SLACK_BOT_TOKEN": "xoxb-none",
    "SLACK_APP_TOKEN": "xapp-none",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",
}
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the median of each number of some starts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", default=3, type=int)
    parser.add_argument("--chats", action="store_true")
    parser.add_argument("--imports", action="store_true")
    parser.add_argument("--beside", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    if given.imports:
        print("\n".join(imports()))
        return
    if given.beside:
        print(beside(given.beside))
        return
    more = CHATS if given.chats else {}
    with tempfile.TemporaryDirectory(prefix="start-") as folder:
        print("first start:", told(measure(folder, more, asks=False)), flush=True)
        warm = [measure(folder, more, asks=at == 0) for at in range(given.runs)]
    every = {name: statistics.median(run[name] for run in warm if name in run) for name in warm[0]}
    print(f"warm, the median of {given.runs}:", told(every))


def told(numbers: dict[str, float]) -> str:
    """Return the numbers of a start in one line."""
    return ", ".join(f"{name} {value:.2f}" if value < 30 else f"{name} {value:.0f}" for name, value in numbers.items())


def measure(folder: str, more: dict[str, str], *, asks: bool) -> dict[str, float]:
    """Start the bot once; seconds and megabytes by what they are of."""
    kept = {k: v for k, v in os.environ.items() if not re.match("TRAILMATE|DISCORD|SLACK|OPENAI|PYTHONDONT", k)}
    settings = {"TRAILMATE_DATA_DIR": folder, "TRAILMATE_PORT": "0", **more}
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        env={**kept, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        match = re.search(r"http://\S+", process.stdout.readline())
        assert match, "it has not started"
        url, numbers = match[0].rstrip("/"), {}
        health(url)
        numbers["s until /healthz answers"] = time.monotonic() - began
        numbers["s of the processor until then"] = processor_s(process.pid)
        numbers |= memory(process.pid, "then")
        while health(url).get("index") != "ready":
            assert time.monotonic() - began < PATIENCE_S, "the index is not ready"
            time.sleep(LOOK_S)
        numbers["s until the index is ready"] = time.monotonic() - began
        numbers |= memory(process.pid, "then with the index")
        if asks:
            numbers |= asked(process.pid, url)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    return numbers


def asked(pid: int, url: str) -> dict[str, float]:
    """Ask on the page, twice, and again when it has been idle; milliseconds until the answer stands there."""
    first, next_ = ask(url, "one"), ask(url, "two")
    numbers = {"ms of the first answer": first, "ms of the next": next_, **memory(pid, "after them")}
    time.sleep(IDLE_S)
    numbers |= memory(pid, f"idle {IDLE_S:.0f} s later")
    return {**numbers, "ms of the first answer after that": ask(url, "three")}


def ask(url: str, name: str) -> float:
    """Return the milliseconds that a question on the page takes, until its answer is shown there."""
    with urlopen(url, timeout=30) as page:  # noqa: S310 ours
        token = re.search(r'name="token" content="([^"]+)"', page.read().decode())
    assert token, "the page has no token"
    said = {"as": "ada", "room": "general", "key": f"start-{name}", "text": f"ask {QUESTION}"}
    headers = {"Content-Type": "application/json", "X-Trailmate-Token": token[1]}
    there, began = shown(url), time.monotonic()
    with urlopen(Request(f"{url}/say", json.dumps(said).encode(), headers), timeout=30) as answer:  # noqa: S310
        is_private = QUOTED in answer.read().decode()
    while not is_private and shown(url) == there:
        assert time.monotonic() - began < PATIENCE_S, "no answer is shown"
        time.sleep(LOOK_S / 4)
    return (time.monotonic() - began) * 1000


def shown(url: str) -> int:
    """Count the answers in the room."""
    with urlopen(f"{url}/room/general?as=ada", timeout=30) as room:  # noqa: S310 ours
        return room.read().decode().count(QUOTED)


def health(url: str) -> dict[str, str]:
    """Return what /healthz says, well or not."""
    try:
        with urlopen(f"{url}/healthz", timeout=30) as answer:  # noqa: S310 ours
            return dict(json.load(answer))
    except HTTPError as unwell:
        return dict(json.load(unwell))


def processor_s(pid: int) -> float:
    """Return the processor's seconds of one process, of programs and of the system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory(pid: int, when: str) -> dict[str, float]:
    """Return the megabytes of a process and of all that it has begun."""
    total = Counter[str]()
    for one in tree(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            name, _, size = line.partition(":")
            if name in ("Rss", "Pss"):
                total[name.upper()] += int(size.split()[0])
    return {f"MB {name} {when}": size / 1024 for name, size in total.items()}


def tree(pid: int) -> Iterator[int]:
    """Yield a process and those below it that run."""
    yield pid
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            if " Z " not in Path(f"/proc/{child}/stat").read_text():
                yield from tree(int(child))


def imports() -> list[str]:
    """Return the milliseconds of each package that a start imports, the longest first."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import bot.runtime.process"],
        capture_output=True,
        text=True,
        check=True,
    )
    took, modules = Counter[str](), Counter[str]()
    for own, name in re.findall(r"^import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)$", done.stderr, re.MULTILINE):
        took[name.partition(".")[0]] += int(own)
        modules[name.partition(".")[0]] += 1
    every = f"{sum(took.values()) / 1000:.0f} ms for {sum(modules.values())} modules"
    return [every, *(f"{us / 1000:.0f} ms {name} ({modules[name]})" for name, us in took.most_common(20))]


def beside(command: list[str]) -> str:
    """Return how long another command takes until it ends, and the most memory that it has on the way."""
    began, most = time.monotonic(), 0.0
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    while process.poll() is None:
        try:
            most = max(most, memory(process.pid, "")["MB RSS "])
        except (OSError, KeyError):
            break
        time.sleep(LOOK_S)
    process.wait()
    return f"{' '.join(command)}: {time.monotonic() - began:.2f} s until it ends, at most {most:.0f} MB RSS"


if __name__ == "__main__":
    main()
