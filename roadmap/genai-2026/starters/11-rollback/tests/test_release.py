from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from answers.cite import RULES, Quoter
from answers.evaluate import read_questions
from answers.release import Settings, ask, history, main, make, measured, passes, publish, rebuild, rollback
from answers.serve import described

HERE = Path(__file__).resolve()
HOME = next(place for place in HERE.parents if (place / "documents").is_dir())
ASKED = read_questions(HOME / "questions.json")
DOGS = "Where are dogs welcome?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the documents, to be changed."""
    return Path(shutil.copytree(HOME / "documents", tmp_path / "documents"))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "releases"


def test_the_same_parts_have_the_same_id(store: Path, folder: Path) -> None:
    assert make(store, folder) == make(store, HOME / "documents") == make(store.parent / "elsewhere", folder)


def test_each_changed_part_changes_the_id(store: Path, folder: Path) -> None:
    ids = {
        make(store, folder),
        make(store, folder, RULES.replace("alone", "only")),
        make(store, folder, settings=Settings(size=41)),
        make(store, folder, settings=Settings(threshold=0.4)),
        make(store, folder, model="another"),
    }
    (folder / "faq.md").write_text("Dogs are welcome everywhere.", encoding="utf-8")
    ids.add(make(store, folder))
    (folder / "faq.md").rename(folder / "zfaq.md")
    ids.add(make(store, folder))
    assert len(ids) == 7


def test_the_gate_blocks_a_loss_of_five_points() -> None:
    assert passes([0.8] * 20, [0.8] * 20) and passes([0.8] * 20, [0.9] * 20)
    assert passes([0.8] * 20, [0.76] * 20)
    assert not passes([1.0] * 20, [1.0] * 19 + [0.0])
    assert not passes([0.35] * 20, [0.3] * 20), "five points are five points, whatever floats say"


def test_a_bad_release_is_not_published_and_an_equal_one_is(store: Path, folder: Path) -> None:
    good = make(store, folder)
    assert publish(store, good, Quoter(), ASKED), "there is nothing to compare the first release with"
    deaf = make(store, folder, settings=Settings(threshold=1.1))
    assert not publish(store, deaf, Quoter(), ASKED) and history(store) == [good]
    equal = make(store, folder, RULES.replace("alone", "only"))
    assert publish(store, equal, Quoter(), ASKED) and history(store) == [good, equal]


def test_rollback_restores_the_former_answers(store: Path, folder: Path) -> None:
    first = make(store, folder)
    publish(store, first, Quoter(), ASKED)
    before = [described(ask(store, one.question, Quoter())[1]) for one in ASKED[:8]]
    (folder / "rules.md").write_text("Title: Rules\n\nLoan bicycles are borrowed for nine days.", encoding="utf-8")
    second = make(store, folder)
    assert publish(store, second, Quoter(), ASKED[12:])
    assert [described(ask(store, one.question, Quoter())[1]) for one in ASKED[:8]] != before
    assert rollback(store) == first and history(store) == [first]
    assert [described(ask(store, one.question, Quoter())[1]) for one in ASKED[:8]] == before
    with pytest.raises(ValueError):
        rollback(store)
    assert history(store) == [first]


def test_an_answer_is_rebuilt_from_its_logged_id(store: Path, folder: Path) -> None:
    publish(store, make(store, folder), Quoter(), ASKED)
    id, answer = ask(store, DOGS, Quoter())
    shutil.rmtree(folder)
    assert rebuild(store, id, Quoter()).ask(DOGS) == answer and not answer.refused


def test_the_prompt_of_the_release_is_the_one_that_is_sent(store: Path, folder: Path) -> None:
    sent: list[str] = []

    class Listening(Quoter):
        def answer(self, prompt: str) -> str:
            sent.append(prompt)
            return super().answer(prompt)

    rebuild(store, make(store, folder, "Be brief.\r\nCite."), Listening()).ask(DOGS)
    assert sent[0].startswith("Be brief.\r\nCite.\n\n[1] ")


@pytest.mark.parametrize("part", ["prompt.txt", "documents/faq.md", "release.json"])
def test_a_release_that_was_changed_is_not_served(store: Path, folder: Path, part: str) -> None:
    id = make(store, folder)
    file = store / id / part
    file.write_bytes(file.read_bytes().replace(b"quoter", b"gloater") + b" ")
    if part == "release.json":
        assert b"gloater" in file.read_bytes()
    with pytest.raises(ValueError):
        rebuild(store, id, Quoter())


def test_points_are_the_ones_of_the_evaluation(store: Path, folder: Path) -> None:
    scored = measured(rebuild(store, make(store, folder), Quoter()), ASKED)
    assert len(scored) == 30 and scored[-6:] == [1.0] * 6


def test_the_commands(store: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["make", str(folder)], store) == 0
    id = capsys.readouterr().out.strip()
    assert main(["publish", id], store, HOME / "questions.json") == 0 and history(store) == [id]
    assert main([], store) == 2
