"""What is wrong in the words of the program, by file and line, with counts by rule and feature.

`python -m tools.words` reads the source and a tour of the whole bot (about two minutes); `--source` reads only the
source (seconds). Further arguments are features or packages to list: `python -m tools.words quiz parts`.

`python -m tools.words docs` reads README and docs instead; further arguments are pages: `docs docs/learning.md`.
"""

from __future__ import annotations

import argparse
import logging
from collections import Counter
from collections.abc import Mapping

from tests.words.findings import Finding, find_all, find_in_source
from tests.words.pages import find_in_page, list_pages


def main() -> None:
    """Print the findings."""
    parser = argparse.ArgumentParser(prog="python -m tools.words", description=__doc__)
    parser.add_argument("features", nargs="*", metavar="FEATURE")
    parser.add_argument("--source", action="store_true", help="read only the source")
    arguments = parser.parse_args()
    logging.disable()
    if arguments.features[:1] == ["docs"]:
        found = [finding for page in arguments.features[1:] or list_pages() for finding in find_in_page(page)]
        _print(found, {finding: finding.file for finding in found})
        return
    findings = find_in_source() if arguments.source else _find_everywhere()
    chosen = [f for f in findings if not arguments.features or f.feature in arguments.features]
    _print(chosen, {finding: finding.feature for finding in chosen})


def _find_everywhere() -> list[Finding]:
    from tests.tour import tour  # imports all of the tests' harness

    return find_all(tour())


def _print(findings: list[Finding], places: Mapping[Finding, str]) -> None:
    print("\n".join(map(str, findings)))
    print(_count(findings, places))


def _count(findings: list[Finding], places: Mapping[Finding, str]) -> str:
    features = Counter(places.values())
    rules = sorted({finding.rule for finding in findings})
    lines = [f"{'':24}{''.join(f'{rule:>9}' for rule in rules)}{'all':>9}"]
    for feature, count in features.most_common():
        by_rule = Counter(finding.rule for finding in findings if places[finding] == feature)
        lines.append(f"{feature:24}{''.join(f'{by_rule[rule]:9}' for rule in rules)}{count:9}")
    by_rule = Counter(finding.rule for finding in findings)
    lines.append(f"{'all':24}{''.join(f'{by_rule[rule]:9}' for rule in rules)}{len(findings):9}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
