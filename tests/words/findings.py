"""What is wrong in the texts of the program: in its source, and in the replies and posts of the tour."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.commands.command import Command
from bot.messages.reply import Fields, Reply, Subtext, Text, plain_block
from bot.runtime.catalogue import registry
from tests.words import lengths
from tests.words.literals import FOR_OPERATORS, Literal, feature_of, flatten, locate, read_literals
from tests.words.rules import VALUE, find_faults, find_phrases, find_summary_faults, split_sentences

if TYPE_CHECKING:  # the tour imports all of the tests' harness
    from tests.tour import Seen


@dataclass(frozen=True, order=True)
class Finding:
    """A rule that a text breaks.

    Args:
        fault: the rule and what to do, such as `phrase: "mend": say fix`.
        text: the sentence, or the first words of a message.
    """

    file: str
    line: int
    fault: str
    text: str = ""

    @property
    def rule(self) -> str:
        """The name of the rule."""
        return self.fault.split(":")[0]

    @property
    def feature(self) -> str:
        """The feature or package of the file."""
        return feature_of(self.file)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.fault} | {self.text[:120]}"


def find_in_source() -> list[Finding]:
    """Return what is wrong in the texts of the source: phrases, clauses and summaries."""
    return sorted({finding for literal in read_literals() for finding in _find_in_literal(literal)})


def _find_in_literal(literal: Literal) -> Iterator[Finding]:
    if literal.kind == "summary":
        for fault in find_summary_faults(literal.text):
            yield Finding(literal.file, literal.line, fault, literal.text)
    for sentence in split_sentences(flatten(literal.text)):
        for fault in find_faults(sentence, for_members=not literal.file.startswith(FOR_OPERATORS)):
            yield Finding(literal.file, literal.line, fault, sentence)


def find_in_tour(seen: Seen) -> list[Finding]:
    """Return what is wrong in the replies and posts of the tour: lengths, buttons, and sentences as people read them.

    A sentence that stands nowhere in the source is the text of a course or a person, and is not judged.
    """
    commands = registry()
    findings: set[Finding] = set()
    for call, reply in seen.answers:
        command = commands.find(call.name)
        names = (command.name, *(former.name for former in command.formerly)) if command else (call.name,)
        kind = lengths.kind_of_reply(names, call, reply)
        findings.update(_find_long(reply, kind, _place_of(command)))
    for key, reply in seen.posts:
        findings.update(_find_long(reply, lengths.kind_of_post(key), _POSTS))
    for _, reply in seen.replies:
        findings.update(_find_in_reply(reply))
    return _drop_repeated(findings)


_POSTS = "bot/features/schedule/wording.py", 1


def _find_long(reply: Reply, kind: lengths.Kind, place: tuple[str, int]) -> Iterator[Finding]:
    if not (faults := lengths.find_long(reply, kind)):
        return
    sentences = list(_sentences(reply))
    folder = f"{place[0].rpartition('/')[0]}/"
    folders = (folder, "bot/features/", "bot/") if place == _POSTS and kind is not lengths.POST else (folder,)
    literals = (locate(sentence, under=under) for under in folders for sentence in sentences)
    literal = next(filter(None, literals), None)
    file, line = (literal.file, literal.line) if literal else place
    for fault in faults:
        yield Finding(file, line, fault, " ".join(reply.plain().split()))


def _place_of(command: Command | None) -> tuple[str, int]:
    if command is None:
        return "bot/commands/dispatcher.py", 1
    return f"{command.run.__module__.replace('.', '/')}.py", command.run.__code__.co_firstlineno


def _sentences(reply: Reply) -> Iterator[str]:
    for text in (reply.title, *_texts(reply)):
        yield from split_sentences(plain_block(Text(text)))


def _texts(reply: Reply) -> Iterator[str]:
    for block in reply.blocks:
        if isinstance(block, Text | Subtext):
            yield block.markdown
        elif isinstance(block, Fields):
            yield from (f"{label}: {value}" for label, value in block.rows)


def _find_in_reply(reply: Reply) -> Iterator[Finding]:
    for sentence in _sentences(reply):
        for fault in find_faults(sentence):
            word = fault.split('"')[1].split()[0]
            if literal := locate(sentence, word):
                yield Finding(literal.file, literal.line, fault, sentence)
    choice = {*reply.all_buttons} - {*lengths.drop_choice(reply.all_buttons)}
    for button in reply.all_buttons:
        faults = [f"phrase: {fault}" for fault in find_phrases(button.label)]
        if len(button.label.split()) > lengths.LABEL_WORDS:
            faults.append(f"button: {len(button.label.split())} words, at most {lengths.LABEL_WORDS}")
        if not faults or button in choice or (literal := locate(button.label, share=1)) is None:
            continue
        for fault in faults:
            yield Finding(literal.file, literal.line, fault, button.label)


def _drop_repeated(findings: Iterable[Finding]) -> list[Finding]:
    """Keep one finding of each fault at each line, whatever the values in the sentence."""
    return sorted({_key(finding): finding for finding in sorted(findings, reverse=True)}.values())


def _key(finding: Finding) -> tuple[str, int, str]:
    is_once = finding.rule in ("length", "buttons", "clause")
    return finding.file, finding.line, finding.rule if is_once else re.sub(r"\d+", VALUE, finding.fault)


def find_all(seen: Seen) -> list[Finding]:
    """Return all findings, those of the tour only where the source has none at the same line and rule."""
    in_source = find_in_source()
    known = set(map(_key, in_source))
    return sorted([*in_source, *(finding for finding in find_in_tour(seen) if _key(finding) not in known)])
