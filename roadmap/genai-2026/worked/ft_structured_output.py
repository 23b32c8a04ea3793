"""The numbers of the note on structured output: masking, retries, scores of an extraction, bounds on attacks."""

import json

# cited: twelve defences bypassed by adapted attacks (Nasr et al. 2025)


def masked(p: dict[str, float], allowed: set[str]) -> dict[str, float]:
    """Remove what is not allowed and share its probability among the rest."""
    total = sum(p[token] for token in allowed)
    return {token: p[token] / total if token in allowed else 0.0 for token in p}


def upper_bound(attempts: int) -> float:
    """The 95% upper bound on the rate of success when no attempt succeeded."""
    return 1 - 0.05 ** (1 / attempts)


P = {"{": 0.25, "[": 0.06, "other": 0.69}
Q = masked(P, {"{", "["})
assert round(P["{"] + P["["], 2) == 0.31
assert (round(Q["{"], 3), round(Q["["], 3)) == (0.806, 0.194)
assert abs(sum(Q.values()) - 1) < 1e-9
assert round(0.6 * 0.1 / (0.6 * 0.1 + 0.4 * 0.9), 2) == 0.14

assert round(100 * (1 - 0.08**3), 2) == 99.95
GOLD = [("bug", None), ("billing", "Leeds"), ("other", "York"), ("bug", None)]
ANSWERS = [
    '{"topic": "bug", "city": null}',
    '{"topic": "billing", "city": "London"}',
    'Sure! {"topic": "other", "city": "York"}',
    '{"topic": "crash", "city": null}',
]


def valid(text: str) -> dict[str, str | None] | None:
    """The object, if it parses and its topic is one of those allowed."""
    try:
        found: dict[str, str | None] = json.loads(text)
    except json.JSONDecodeError:
        return None
    return found if found["topic"] in {"bug", "billing", "other"} else None


PARSED = [valid(answer) for answer in ANSWERS]
assert sum(one is not None for one in PARSED) / 4 == 0.5
assert sum(one is not None and one["city"] == city for one, (_, city) in zip(PARSED, GOLD, strict=True)) / 4 == 0.25
for broken in ("{'topic': 1}", '{"topic": "bug",}', '{"a": 1} Done.', '{"topic": "bu'):
    assert valid(broken) is None
assert json.loads('{"a": 1, "a": 2}') == {"a": 2}

assert round(100 * upper_bound(5)) == 45
assert round(100 * upper_bound(100)) == 3

# the answers to Check yourself
assert round(1 - 0.05 ** (1 / 5), 3) == 0.451

assert round(0.6 * 0.1, 2) == 0.06 and round(0.4 * 0.9, 2) == 0.36 and round(0.06 / (0.06 + 0.36), 2) == 0.14
# Check yourself
assert round(0.4 / (0.4 + 0.1), 9) == 0.8
assert round(1 - 0.05 ** (1 / 20), 3) == 0.139
