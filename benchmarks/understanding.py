"""What the bot takes typed lines for, counted by kind and by what it would publish.

python -m benchmarks.understanding dev [--failures]
python -m benchmarks.understanding held

Each line of typed_lines.yaml goes through `hear` with the commands and the notes of the longest course. Two people
labelled the lines independently. The rules may be fitted to "dev"; "held" only measures.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

from bot.commands.registry import Registry
from bot.curriculum import loader
from bot.features.ask.group_questions import about
from bot.features.ask.terms import Terms
from bot.llm.embedded import MiniLM, ordinary_words
from bot.runtime.catalogue import registry
from bot.understanding.intents import Way, guesses, hear
from bot.understanding.nearest_commands import NearestCommands

SET = Path(__file__).with_name("questions") / "typed_lines.yaml"
ROADMAP = Path(__file__).parents[1] / "roadmap" / "genai-2026"
KINDS = ("subject", "group", "bot", "do", "reaction", "private", "people", "courtesy", "misuse", "other")
UNANSWERED = {"private", "people", "courtesy", "misuse", "other"}


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line that somebody might type near the bot.

    Args:
        kind: what a sensible reader takes it for, one of KINDS.
        aloud: whether an answer that everybody reads is wanted and embarrasses nobody.
    """

    text: str
    way: Way
    kind: str
    aloud: bool


def read_lines(half: str) -> list[TypedLine]:
    """Return the lines of a half of the set, "dev" or "held"."""
    return [TypedLine(**line) for line in yaml.safe_load(SET.read_text(encoding="utf-8"))[half]]


def open_registry() -> Registry:
    """Return the registry of all commands with the terms of the longest course."""
    commands, (track, _) = registry(), loader.load_track(ROADMAP)
    assert track is not None
    commands.is_term = terms = Terms({track.roadmap.id: track}, ordinary_words)
    commands.terms_in, commands.knows = terms.count, terms.knows
    return commands


def classify(commands: Registry, line: TypedLine) -> tuple[str, bool]:
    """Return the kind that the bot takes a line for, and whether its answer is for all to read."""
    call = hear(commands, line.text, line.way, follows=line.kind == "reaction")
    command = commands.find(call.name)
    assert command is not None
    is_published = line.way == "mention" and not command.private
    if call.name == commands.fallback:
        if line.kind == "reaction":
            return "reaction", is_published
        topic = about(commands, call.args["question"])
        kind = "subject" if topic is None else "bot" if topic.subject == "command" else "group"
        return kind, is_published
    if call.name == commands.root:
        return "bot", is_published
    if call.name != commands.unclear or guesses(commands, line.text):
        return "do", is_published
    return "unanswered", is_published


def is_right(line: TypedLine, kind: str) -> bool:
    """Whether a kind fits a line; an offer in private also suits a line that wants no answer."""
    if line.kind in UNANSWERED:
        return kind == "unanswered" or (kind == "do" and line.kind == "private")
    return kind == line.kind


def main() -> None:
    """Print right by kind and the number of lines that would be published."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("half", choices=("dev", "held"))
    parser.add_argument("--failures", action="store_true", help="list the lines that are taken wrongly")
    options = parser.parse_args()
    commands, total, right, published = open_registry(), Counter[str](), Counter[str](), list[str]()
    nearest, near = NearestCommands(commands, MiniLM().embed), Counter[str]()
    for line in read_lines(cast(str, options.half)):
        kind, is_published = classify(commands, line)
        total[line.kind] += 1
        near[line.kind] += bool(nearest.find(line.text, ("moderator",)))
        right[line.kind] += is_right(line, kind)
        if is_published and not line.aloud:
            published.append(line.text)
        if options.failures and not is_right(line, kind):
            print(f"  {line.kind} taken for {kind}, {line.way}: {line.text!r}")
    print(f"{options.half}: {right.total()} of {total.total()} right, {len(published)} published")
    print(", ".join(f"{kind} {right[kind]}/{total[kind]}" for kind in KINDS if total[kind]))
    print("a command is near:", ", ".join(f"{kind} {near[kind]}/{total[kind]}" for kind in KINDS if total[kind]))
    if options.failures:
        print("\n".join(f"  published: {text!r}" for text in published))


if __name__ == "__main__":
    main()
