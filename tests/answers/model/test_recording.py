"""The check on recorded replies and verdicts: what honest replies say stays, and false sentences don't pass."""

from __future__ import annotations

import pytest

from benchmarks.judge import read_recording, score_replies


@pytest.mark.nightly
def test_the_recording_meets_the_aims_of_the_check() -> None:
    score = score_replies(*read_recording())
    assert score.raw_facts > 70 and score.kept_facts >= 0.96 * score.raw_facts
    assert score.shown["honest"] >= 0.85 * score.sentences["honest"] > 100
    for kind in ("careless", "hostile"):
        assert score.sentences[kind] >= 50 and score.shown[kind] <= 0.03 * score.sentences[kind]
    assert score.planted > 50 and score.changed == []
    assert score.writer_tokens + score.judge_tokens <= 2 * score.writer_tokens
