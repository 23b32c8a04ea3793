"""What is wrong in README, CONTRIBUTING, SECURITY, CHANGELOG and the pages below `docs/`."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from bot.cli.parser import parser
from bot.runtime.catalogue import registry
from tests.words.findings import Finding
from tests.words.rules import VALUE, count_words, find_faults, split_sentences

ROOT = Path(__file__).parents[2]
SENTENCE_WORDS = 40
"""Most words of a sentence outside tables and code. Aim at 25."""
PROSE_RULES = ("phrase", "clause", "sentence", "list")
"""The rules about words and layout. The other rules are about commands and links."""
FOR_MEMBERS = frozenset({"README.md", "docs/members.md", "docs/organisers.md"})
"""Pages that say "course" where operators and developers may read "roadmap"."""
OTHER_OPTIONS = frozenset(
    {"--build-arg", "--cov", "--ignore-freelist", "--init", "--no-install-recommends", "--publish", "--strict"}
)
"""Options of programs of others."""
OTHER_SLASHES = frozenset({"/invite"})
"""Slash commands of Slack itself."""


def list_pages() -> list[str]:
    """Return the paths of all pages, relative to the repository."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "README.md"]
    return sorted(page.relative_to(ROOT).as_posix() for page in pages)


def find_in_page(page: str) -> list[Finding]:
    """Return what is wrong in a page: its words, commands, options, links and layout."""
    return find_in_text((ROOT / page).read_text(encoding="utf-8"), page)


def find_in_text(text: str, page: str) -> list[Finding]:
    """Return what is wrong in the text of a page.

    Args:
        page: its path, relative to the repository: links start there.
    """
    findings = {
        *_find_in_words(text, page),
        *_find_in_spans(text, page),
        *_find_in_blocks(text, page),
        *_find_in_links(text, page),
        *_find_in_layout(text, page),
    }
    return sorted(findings)


@dataclass(frozen=True)
class _Passage:
    """A paragraph, an item of a list, a heading or a cell of a table. Its line breaks are those of the page."""

    line: int
    text: str
    is_cell: bool = False


_FENCE = re.compile(r"^ *```")
_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^)]*\)")
_COMMENT = re.compile(r"<!--.*?-->|</?\w[^>]*>", re.DOTALL)
_ITEM = re.compile(r"^ *(?:[-*+]|\d+\.) +")


def _blank(text: str) -> str:
    """Return the line breaks of a text, so that the lines after it keep their numbers."""
    return "\n" * text.count("\n")


def _drop_blocks(text: str) -> str:
    """Return the text with empty lines in place of its blocks of code."""
    lines, is_code = [], False
    for line in text.split("\n"):
        is_fence = bool(_FENCE.match(line))
        lines.append("" if is_code or is_fence else line)
        is_code ^= is_fence
    return "\n".join(lines)


def _passages(text: str) -> Iterator[_Passage]:
    plain = _COMMENT.sub(lambda found: _blank(found[0]), _drop_blocks(text))
    plain = _CODE.sub(lambda found: VALUE + _blank(found[2]), plain)
    plain = _LINK.sub(lambda found: found[1] + _blank(found[0][len(found[1]) :]), plain)
    paragraph: list[str] = []
    for number, line in enumerate([*plain.split("\n"), ""], 1):
        is_alone = line.startswith(("#", "|")) or not line.strip()
        if paragraph and (is_alone or _ITEM.match(line)):
            yield _Passage(number - len(paragraph), "\n".join(paragraph))
            paragraph = []
        if line.startswith("|"):
            yield from (_Passage(number, cell.strip(), is_cell=True) for cell in line.strip("| ").split("|"))
        elif line.startswith("#"):
            yield _Passage(number, line.lstrip("# "))
        elif line.strip():
            paragraph.append(_ITEM.sub("", line).lstrip("> "))


def _find_in_words(text: str, page: str) -> Iterator[Finding]:
    for passage in _passages(text):
        flat, start = passage.text.replace("\n", " "), 0
        for sentence in split_sentences(flat):
            start = flat.index(sentence, start)
            line = passage.line + passage.text.count("\n", 0, start)
            bare = re.sub(r"[*_]", "", sentence)
            for fault in find_faults(bare, for_members=page in FOR_MEMBERS):
                yield Finding(page, line, fault, bare)
            if not passage.is_cell and (words := count_words(bare.replace(VALUE, "x"))) > SENTENCE_WORDS:
                yield Finding(page, line, f"sentence: {words} words, at most {SENTENCE_WORDS}", bare)


def _find_in_spans(text: str, page: str) -> Iterator[Finding]:
    prose = _drop_blocks(text)
    for match in _CODE.finditer(prose):
        span = " ".join(match[2].split())
        for fault in find_code_faults(span):
            yield Finding(page, prose.count("\n", 0, match.start()) + 1, fault, span)


def _find_in_blocks(text: str, page: str) -> Iterator[Finding]:
    for match in re.finditer(r"^ *```(?:sh|console|bash)\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE):
        first = text.count("\n", 0, match.start(1)) + 1
        for number, line in enumerate(match[1].replace("\\\n", " \x00").split("\n"), first):
            for part in re.split(r"&&|\|\|?|;|>|<|(?:^|\s)#", line.replace("\x00", "")):
                if (rest := _ours(part)) and (fault := find_line_fault(rest)):
                    yield Finding(page, number, fault, part.strip())


def find_code_faults(span: str) -> list[str]:
    """Return what is wrong in a piece of code in a sentence: a command or an option that does not exist."""
    if rest := _ours(re.split(r" [|>&;]", span.rpartition("&& ")[2])[0]):
        fault = find_line_fault(rest)
    elif span.startswith("--"):
        name = re.split(r"[ =]", span)[0]
        fault = "" if name in _options() | OTHER_OPTIONS else f"option: {name} does not exist"
    else:
        fault = find_command_fault(span)
    return [fault] if fault else []


def _ours(line: str) -> str:
    """Return what follows `trailmate` on a line of a shell."""
    match = re.search(r"(?:^|/bin/|\b(?:exec [\w-]+|uv run|sudo) )trailmate +([a-z\[-].*)$", line.strip())
    return match[1] if match else ""


def find_line_fault(arguments: str) -> str:
    """Return why the arguments of `trailmate` cannot be parsed, or an empty text.

    Brackets and an ellipsis mean that an argument is optional; a verb may be named without its arguments.
    """
    line = re.sub(r"\b(?:N|PORT|SHARE)\b", "1", re.sub(r"…|\.\.\.|[\[\]]", "", arguments))
    line = re.sub(r"\bPLATFORM\b", "slack", line)
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    output = io.StringIO()
    try:
        with redirect_stderr(output), redirect_stdout(output):
            parser().parse_args(words)
    except SystemExit as end:
        if end.code:
            message = output.getvalue().split("\n")[0]
            is_name = len(words) <= 2 and all(re.fullmatch(r"[a-z-]+", word) for word in words)
            return "" if is_name and re.search(r" (?:is|are) missing\.", message) else f"command: {message}"
    return ""


@cache
def _options() -> frozenset[str]:
    """Return all options of the command line and of the programs in tests, tools and benchmarks."""
    scripts = (path for folder in ("benchmarks", "tests", "tools") for path in (ROOT / folder).rglob("*.py"))
    found = {
        name
        for path in scripts
        for name in re.findall(r'add_?(?:argument|option)\(\s*"(--[a-z-]+)', path.read_text(encoding="utf-8"))
    }
    for command in parser().walk():
        found.update(command.options)
    return frozenset(found)


def find_command_fault(span: str) -> str:
    """Return why the chat command that a text names cannot be typed, or an empty text."""
    commands = registry()
    is_slash = bool(re.fullmatch(r"/[a-z]+(?: .*)?", span)) and span.split()[0] not in OTHER_SLASHES
    text = re.sub(r"^/(?:study )?", "", span) if is_slash else span
    words = re.split(r"\s+", re.split(r"\s[a-z_]+[=:]|…", text)[0].strip())
    names = {name: command for command in commands for name in (command.name, *command.spoken)}
    heads = {command.name.split()[0] for command in commands if " " in command.name}
    name = next((name for n in (4, 3, 2, 1) if len(words) >= n and (name := " ".join(words[:n])) in names), "")
    if any(" ".join(words) == " ".join(known.split()[: len(words)]) for known in names):
        name = name or words[0]
    elif len(words) > 1 and words[0] in heads and re.fullmatch("[a-z]+", words[1]):
        known = {tuple(name.split()[:2]) for name in names}
        if tuple(words[:2]) not in known or not name:
            return f"command: {' '.join(words)!r} does not exist"
    if not name and len(words) > 1 and (former := commands.find(" ".join(words[:2]))):
        return f"command: {' '.join(words[:2])!r} is now {former.name!r}"
    if is_slash and not name and span not in _paths() and span != "/study":
        return f"command: {span.split()[0]} does not exist"
    if command := names.get(name):
        keys = {key for param in command.params for key in (param.key, *param.says.formerly)}
        if strange := [key for key in re.findall(r"\s([a-z_]+)[=:]", text) if key not in keys]:
            return f"option: {command.name!r} has no {strange[0]}="
    return ""


@cache
def _paths() -> frozenset[str]:
    """Return the addresses of one word that the server answers."""
    files = (path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
    return frozenset(path for file in files for path in re.findall(r'"(/[a-z]+)"', file))


def _find_in_links(text: str, page: str) -> Iterator[Finding]:
    prose, folder = _drop_blocks(text), (ROOT / page).parent
    for match in re.finditer(r"(?:\]\(|(?:src|href)=\")([^)\"\s]+)", prose):
        target, _, anchor = match[1].partition("#")
        file = folder / unquote(target)
        if "://" in match[1] or match[1].startswith("mailto:"):
            continue
        line = prose.count("\n", 0, match.start()) + 1
        if not file.exists():
            yield Finding(page, line, "link: leads nowhere", match[1])
            continue
        led = file.read_text(encoding="utf-8") if file.suffix == ".md" else "" if target else text
        if anchor and (led or not target) and anchor not in find_anchors(led):
            yield Finding(page, line, "link: the page has no such heading", match[1])


def find_anchors(text: str) -> set[str]:
    """Return the anchors that a forge gives the headings of a page."""
    headings = (_LINK.sub(r"\1", heading) for heading in re.findall(r"^#+ +(.+)$", _drop_blocks(text), re.MULTILINE))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _find_in_layout(text: str, page: str) -> Iterator[Finding]:
    """Find lists that the site would show as one paragraph or without their levels."""
    before = ""
    for number, line in enumerate(_drop_blocks(text).split("\n"), 1):
        if _ITEM.match(line):
            if (len(line) - len(line.lstrip())) % 4:
                yield Finding(page, number, "list: indent a list in a list by 4 spaces", line)
            if before.strip() and not before.startswith(" ") and not _ITEM.match(before):
                yield Finding(page, number, "list: leave an empty line above a list", line)
        before = line
