"""What is wrong in the words of the program, by file and line, with counts by rule and feature.

`python -m tools.words` reads the source and a tour of the whole bot (about two minutes); `--source` reads only the
source (seconds). Further arguments are features or packages to list: `python -m tools.words quiz parts`.
"""

from __future__ import annotations

import argparse
import logging
from collections import Counter

from tests.tour import tour
from tests.words.findings import Finding, find_all, find_in_source


def main() -> None:
    """Print the findings."""
    parser = argparse.ArgumentParser(prog="python -m tools.words", description=__doc__)
    parser.add_argument("features", nargs="*", metavar="FEATURE")
    parser.add_argument("--source", action="store_true", help="read only the source")
    arguments = parser.parse_args()
    logging.disable()
    findings = find_in_source() if arguments.source else find_all(tour())
    chosen = [f for f in findings if not arguments.features or f.feature in arguments.features]
    print("\n".join(map(str, chosen)))
    print(_count(chosen))


def _count(findings: list[Finding]) -> str:
    features = Counter(finding.feature for finding in findings)
    rules = sorted({finding.rule for finding in findings})
    lines = [f"{'':20}{''.join(f'{rule:>9}' for rule in rules)}{'all':>9}"]
    for feature, count in features.most_common():
        by_rule = Counter(finding.rule for finding in findings if finding.feature == feature)
        lines.append(f"{feature:20}{''.join(f'{by_rule[rule]:9}' for rule in rules)}{count:9}")
    by_rule = Counter(finding.rule for finding in findings)
    lines.append(f"{'all':20}{''.join(f'{by_rule[rule]:9}' for rule in rules)}{len(findings):9}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
