"""The command line asks the notes of one roadmap: the one that is named, or the one that covers the question best."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.__main__ import main
from tests.features.qa.statistics_track import statistics
from tests.features.roadmap.test_track import track


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two roadmaps in the place of those that are shipped, searched by words alone."""
    statistics(tmp_path)
    track(tmp_path / "small")
    monkeypatch.setattr("bot.notebook.bundled", lambda _: tmp_path)
    monkeypatch.setattr("bot.llm.embedded.load_embedder", lambda: None)
    monkeypatch.setenv("TRAILMATE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def test_without_a_name_the_roadmap_that_covers_the_question_answers(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "how is a boxplot drawn"]) == 0
    assert "[1] boxplots: How a boxplot is drawn" in capsys.readouterr().out


def test_without_a_name_a_golden_set_is_measured_on_the_longest_roadmap(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = installed / "questions.yaml"
    at = "at: [{note: boxplots, heading: How a boxplot is drawn}]"
    questions.write_text(
        f"covered: [{{q: boxplot, topic: shapes, style: short, {at}}}]\nforeign: []\n", encoding="utf-8"
    )
    assert main(["eval", str(questions)]) == 1
    assert "There is no passage “boxplots”" in capsys.readouterr().err
    assert main(["eval", "--roadmap", "statistics", str(questions)]) == 1
    assert capsys.readouterr().err.endswith("fault: There is no topic “shapes”.\n")


def test_the_roadmap_that_is_named_answers_and_no_other(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--roadmap", "statistics", "how is a boxplot drawn"]) == 0
    assert "[1] boxplots: How a boxplot is drawn" in capsys.readouterr().out
    assert main(["ask", "--roadmap", "small", "how is a boxplot drawn"]) == 0
    assert capsys.readouterr().out == "That is not in our notes.\n"
    assert main(["ask", "--roadmap", "gone", "how is a boxplot drawn"]) == 1
    assert capsys.readouterr().err == "There is no roadmap of this name. Installed: small and statistics.\n"
    assert not (installed / "data" / "trailmate.db").exists()
