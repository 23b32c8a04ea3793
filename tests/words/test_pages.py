"""README and docs are short and plain, and what they name exists."""

from __future__ import annotations

from functools import cache

import pytest

from tests.examples import sample
from tests.words import pages
from tests.words.findings import Finding
from tests.words.pages import PROSE_RULES, ROOT, find_anchors, find_code_faults, find_in_text, list_pages

find_in_page = cache(pages.find_in_page)
NOT_YET: frozenset[str] = frozenset()
"""Pages whose words are still to be rewritten. Take one off when `python -m tools.words docs PAGE` is quiet."""


def _say(findings: list[Finding]) -> str:
    return "\n".join(map(str, findings))


def _rules(text: str, page: str = "docs/example.md") -> list[tuple[int, str]]:
    return [(finding.line, finding.rule) for finding in find_in_text(text, page)]


def test_a_finding_names_file_line_and_rule() -> None:
    text = "# Title\n\nA first line.\nA second line. Ask the operator\nto mend it.\n"

    (finding,) = find_in_text(text, "docs/example.md")

    assert str(finding) == 'docs/example.md:4: phrase: "mend": say fix | Ask the operator to mend it.'


def test_a_long_sentence_is_found_outside_tables_and_code() -> None:
    long = "word " * 40 + "end."

    assert _rules(f"A start.\n\n- One.\n- {long}\n") == [(4, "sentence")]
    assert _rules(f"| A |\n| --- |\n| {long} |\n\n```text\n{long}\n```\n\n`{long}` is code.\n") == []


def test_a_clause_is_no_subject_in_any_passage() -> None:
    clause = "Whoever hides is not on the leaderboard."

    assert _rules(f"> {clause}\n\n| A | B |\n| --- | --- |\n| a | {clause} |\n") == [
        (1, "clause"),
        (1, "phrase"),
        (5, "clause"),
        (5, "phrase"),
    ]


def test_members_read_of_courses() -> None:
    assert _rules("The roadmap has nine parts.\n") == []
    assert _rules("The roadmap has nine parts.\n", "docs/members.md") == [(1, "phrase")]


@pytest.mark.parametrize(
    "span",
    [
        "checkin",
        "checkin 30",
        "check in 30 min",
        "manage schedule skip",
        "manage schedule",
        "/manage",
        "/study manage edit moderators=@ada",
        "/manage edit notify:@learners",
        "review cap=20",
        "/healthz",
        "/dashboard/ask",
        "/invite @Trailmate",
        "trailmate",
        "trailmate db check --repair",
        ".venv/bin/trailmate manifest slack",
        "docker compose exec bot trailmate doctor",
        "trailmate roadmap check [DIR]",
        "trailmate backup",
        "--repair",
        "--from FILE",
        "disk full",
        "roadmap.yaml",
    ],
)
def test_a_command_that_exists_is_fine(span: str) -> None:
    assert find_code_faults(span) == []


@pytest.mark.parametrize(
    ("span", "fault"),
    [
        ("manage schedule jump", "command: 'manage schedule jump' does not exist"),
        ("quiz later", "command: 'quiz later' does not exist"),
        ("cohort create", "command: 'cohort create' is now 'manage create'"),
        ("/pledge", "command: /pledge does not exist"),
        ("checkin minuets=30", "option: 'checkin' has no minuets="),
        ("trailmate fly", 'command: There is no command "fly".'),
        ("trailmate db check --mend", "command: There is no option --mend."),
        (
            "trailmate db move ONE",
            "command: TARGET is missing. Example: trailmate db move trailmate.db postgresql://USER:PASSWORD@HOST/NAME",
        ),
        ("--fly", "option: --fly does not exist"),
    ],
)
def test_a_command_that_does_not_exist_is_found(span: str, fault: str) -> None:
    (found,) = find_code_faults(span)
    assert found.startswith(fault)


def test_a_line_for_the_shell_is_read() -> None:
    text = (
        "```sh\npython3 -m venv .venv && .venv/bin/trailmate fly  # a comment\ntrailmate db check \\\n  --mend\n```\n"
    )

    assert [finding.fault[:40] for finding in find_in_text(text, "docs/example.md")] == [
        'command: There is no command "fly". Choose'[:40],
        "command: There is no option --mend."[:40],
    ]


def test_a_link_leads_to_a_page_and_a_heading() -> None:
    text = "# One `two` [three](four.md)\n\n[a](#one-two-three) [b](../README.md) [c](https://example.org/#x)\n"

    assert find_anchors(text) == {"one-two-three"}
    assert [(finding.line, finding.text) for finding in find_in_text(text, "docs/example.md")] == [(1, "four.md")]
    assert [finding.text for finding in find_in_text("See [d](../README.md#nowhere).", "docs/example.md")] == [
        "../README.md#nowhere"
    ]


def test_a_list_is_one_on_the_site_too() -> None:
    assert _rules("Text:\n\n1. One\n   goes further.\n    * Two\n2. Three\n") == []
    assert _rules("Text:\n* One\n  * Two\n") == [(2, "list"), (3, "list")]


@pytest.mark.parametrize("page", sample(list_pages(), 2))
def test_a_page_names_commands_options_and_links_that_exist(page: str) -> None:
    assert _say([finding for finding in find_in_page(page) if finding.rule not in PROSE_RULES]) == ""


@pytest.mark.parametrize("page", [page for page in sample(list_pages(), 2) if page not in NOT_YET])
def test_a_page_has_plain_words(page: str) -> None:
    assert _say([finding for finding in find_in_page(page) if finding.rule in PROSE_RULES]) == ""


def test_the_index_lists_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs").glob("*/README.md")]
    names = {page.relative_to(ROOT / "docs").as_posix() for page in pages} - {"README.md"}

    assert [name for name in sorted(names) if f"]({name})" not in index] == []


@pytest.mark.parametrize("page", sorted(NOT_YET))
def test_a_page_that_is_plain_is_off_the_list(page: str) -> None:
    assert any(finding.rule in PROSE_RULES for finding in find_in_page(page)), f"take {page} off NOT_YET"
