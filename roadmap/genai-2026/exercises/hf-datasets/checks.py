"""Checks of streaming, duplicates, splits and card."""

import hashlib
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType

MINUTES = 120


def make_records(count: int) -> list[dict[str, str]]:
    """Texts of eight words from a vocabulary of 200, all different."""
    return [
        {"id": str(n), "text": " ".join(f"w{(n * step * step + 7 * step + n // 9) % 200}" for step in range(1, 9))}
        for n in range(count)
    ]


def count_upwards() -> Iterator[dict[str, str]]:
    """An endless stream: text n has n % 10 words."""
    for n in itertools.count():
        if n > 1000:
            raise AssertionError("The filter read 1,000 records to give the first 5; yield each one at once.")
        yield {"id": str(n), "text": " ".join(["word"] * (n % 10))}


def check_normalise(exercise: ModuleType) -> None:
    """Case, punctuation, spaces and the form of characters don't make a text different."""
    for first, second in (
        ("Hello,  World!", "hello world"),
        ("caf\u00e9", "cafe\u0301"),
        ("a\u00a0b\n", "A b"),
        ("\ufb01ne", "fine"),
        ("X\u2122", "xtm"),
        ("\u201cHello\u201d", "hello"),
        ("well-known", "well known"),
        ("snake_case", "snake case"),
    ):
        forms = exercise.normalise(first), exercise.normalise(second)
        assert forms[0] == forms[1], (
            f"{first!r} and {second!r} must normalise alike, not to {forms[0]!r} and {forms[1]!r}."
        )
    for first, second in (
        ("no entry", "noentry"),
        ("r\u00e9sum\u00e9", "resume"),
        ("r\u00e9sum\u00e9", "re sume"),
        ("\u0434\u043e\u0431\u0440\u043e\u0435 \u0443\u0442\u0440\u043e", "\u043f\u0440\u0438\u0432\u0435\u0442"),
    ):
        form = exercise.normalise(first)
        assert form != exercise.normalise(second), (
            f"{first!r} and {second!r} are different texts, but both became {form!r}; keep letters of all languages, "
            "their accents and one space between words."
        )


def check_keep_long(exercise: ModuleType) -> None:
    """The filter works on an endless stream and reads no further than it must."""
    stream = count_upwards()
    first = list(itertools.islice(exercise.keep_long(stream, 8), 3))
    assert [record["id"] for record in first] == ["8", "9", "18"], (
        f"With at least 8 words the first records are 8, 9 and 18, not {[record['id'] for record in first]}."
    )
    assert next(stream)["id"] == "19", "The filter read ahead of the record that it gave; use `yield`."


def check_drop_exact(exercise: ModuleType) -> None:
    """The first of several equal texts stays, in the order of the stream."""
    texts = ["Good day.", "Other", "good DAY", "Other!", "new"]
    records = [{"id": str(n), "text": text} for n, text in enumerate(texts)]
    kept = list(exercise.drop_exact(iter(records)))
    assert [record["id"] for record in kept] == ["0", "1", "4"], (
        f"Of {texts} the records 0, 1 and 4 stay, but you kept {[record['id'] for record in kept]}."
    )
    assert kept[0]["text"] == "Good day.", f"The text must stay as it was, 'Good day.', not {kept[0]['text']!r}."
    again = list(exercise.drop_exact(iter(records)))
    assert len(again) == 3, (
        "A second run on the same records gave another result: start with an empty set in every call."
    )


def check_shingles(exercise: ModuleType) -> None:
    """Five words have three runs of three, and Jaccard divides shared by all."""
    runs = exercise.shingles("The cat sat, down here")
    expected = {"the cat sat", "cat sat down", "sat down here"}
    assert set(runs) == expected, f"'The cat sat, down here' has the runs {sorted(expected)}, not {sorted(runs)}."
    short = sorted(exercise.shingles("two words"))
    assert short == ["two words"], f"'two words' is one run, ['two words'], but you gave {short}."
    value = exercise.jaccard({"a", "b", "c"}, {"b", "c", "d"})
    assert abs(value - 0.5) < 1e-9, f"2 shared of 4 different elements are 0.5, not {value:.2f}."


def check_signature(exercise: ModuleType) -> None:
    """Signatures estimate the Jaccard similarity within 0.2 and are equal in every process."""
    first = {f"run {n}" for n in range(60)}
    second = {f"run {n}" for n in range(20, 80)}
    signatures = [exercise.signature(elements) for elements in (first, second, first)]
    assert len(signatures[0]) == 64, f"A signature has 64 numbers, not {len(signatures[0])}."
    assert signatures[0] == signatures[2], "The same set gave two different signatures."
    estimate = exercise.estimate_jaccard(signatures[0], signatures[1])
    assert abs(estimate - 0.5) < 0.2, (
        f"40 of 80 elements are shared, 0.5, but the estimate is {estimate:.2f}; every position needs its own hash."
    )
    apart = [exercise.signature({f"{name} {n}" for n in range(300)}) for name in ("left", "right")]
    estimate = exercise.estimate_jaccard(*apart)
    assert estimate < 0.1, (
        f"Two sets of 300 that share nothing get the estimate {estimate:.2f}; take hashes of 8 bytes, because short "
        "ones agree by chance."
    )
    code = (
        "import importlib.util as u, sys; s = u.spec_from_file_location('e', sys.argv[1]); m = u.module_from_spec(s); "
        "s.loader.exec_module(m); print(m.signature({'a b c'})[:2], [m.split_of(str(n)) for n in range(20)])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, str(exercise.__file__)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1, (
        "Two processes gave different signatures or splits: Python's `hash` is salted, use hashlib."
    )


def check_drop_near(exercise: ModuleType) -> None:
    """A text with one word changed goes, another text on the same subject stays."""
    texts = [
        "the library opens at nine on weekdays and closes at six in the evening",
        "The library opens at nine on weekdays and closes at six in the afternoon",
        "on sundays the library stays closed and the books wait in the dark",
    ]
    records = [{"id": str(n), "text": text} for n, text in enumerate(texts)]
    kept = [record["id"] for record in exercise.drop_near(iter(records), 0.7)]
    assert kept == ["0", "2"], f"Record 1 shares 11 of 13 runs with record 0 and must go; you kept {kept}."
    chain = [{"id": str(n), "text": " ".join(f"w{k}" for k in range(n, n + 12))} for n in (0, 1, 2)]
    kept = [record["id"] for record in exercise.drop_near(iter(chain), 0.7)]
    assert kept == ["0", "2"], (
        f"Record 2 is near only to record 1, which was dropped, so 0 and 2 stay; you kept {kept}."
    )
    apart = [{"id": str(n), "text": texts[place]} for n, place in enumerate((0, 2, 1))]
    kept = [record["id"] for record in exercise.drop_near(iter(apart), 0.7)]
    assert kept == ["0", "1"], (
        f"Record 2 is near to record 0, with another record between them, so 0 and 1 stay; you kept {kept}."
    )
    half = [{"id": "0", "text": "a b c"}, {"id": "1", "text": "a b c d"}]
    kept = [record["id"] for record in exercise.drop_near(iter(half), 0.5)]
    assert kept == ["0"], (
        f"With the threshold 0.5 a record of similarity 0.5 goes: only those below it stay; you kept {kept}."
    )


def check_splits(exercise: ModuleType) -> None:
    """About 80, 10 and 10% of the records are in the splits, and no normalised text is in two."""
    for number in range(1000):
        group = f"author {number}"
        rest = int(hashlib.sha256(group.encode()).hexdigest(), 16) % 100
        expected = "train" if rest < 80 else "validation" if rest < 90 else "test"
        split = exercise.split_of(group)
        assert split == expected, (
            f"The SHA-256 of {group!r} is {rest} modulo 100, so its split is {expected}, not {split}."
        )
    names = sorted(exercise.make_splits([]))
    assert names == ["test", "train", "validation"], f"No records make three empty splits, but you gave {names}."
    records = make_records(2000)
    copies = [{"id": f"copy {n}", "text": records[n]["text"].upper() + "!"} for n in range(0, 2000, 10)]
    splits = exercise.make_splits(records + copies)
    assert sum(len(part) for part in splits.values()) == 2200, (
        "Records were lost or doubled on the way into the splits."
    )
    for name, share in (("train", 0.8), ("validation", 0.1), ("test", 0.1)):
        part = len(splits.get(name, [])) / 2200
        assert abs(part - share) < 0.03, f"{part:.0%} of the records are in {name}; about {share:.0%} are expected."
    places: dict[str, set[str]] = {}
    for name, part in splits.items():
        for record in part:
            places.setdefault(record["text"].lower().strip("!"), set()).add(name)
    leaks = sum(len(names) > 1 for names in places.values())
    assert leaks == 0, (
        f"{leaks} of 200 copies in capitals are in another split than their original: split by `normalise`."
    )


def check_count_leaks(exercise: ModuleType) -> None:
    """A text that stands in two splits is one leak, copies within a split are none."""
    splits = {
        "train": [{"id": "1", "text": "Good day"}, {"id": "2", "text": "good day"}, {"id": "3", "text": "a"}],
        "validation": [{"id": "4", "text": "C!"}, {"id": "8", "text": "Good day?"}],
        "test": [{"id": "5", "text": "good day!"}, {"id": "6", "text": "A."}, {"id": "7", "text": "c"}],
    }
    leaks = exercise.count_leaks(splits)
    assert leaks == 3, (
        f"'good day' stands in three splits, 'a' in train and test, 'c' in validation and test: 3 leaks, but you "
        f"counted {leaks}."
    )
    leaks = exercise.count_leaks({"train": [{"id": "1", "text": "a"}], "dev": [{"id": "2", "text": "A"}]})
    assert leaks == 1, f"'a' stands in train and dev, 1 leak, but you counted {leaks}; take the names from the splits."


def check_card(exercise: ModuleType) -> None:
    """The card has its sections, and its row counts are those of the splits."""
    splits = {name: make_records(count) for name, count in (("train", 80), ("validation", 0), ("test", 12))}
    card = exercise.write_card(splits, "Letters of 1912\n- box: 3", "CC BY 4.0", "Only English; 2 boxes are lost.")
    for heading in ("Source", "Licence", "Known gaps", "Rows"):
        assert f"## {heading}\n" in card, f"The card needs the heading '## {heading}'."
    for text in ("Letters of 1912", "CC BY 4.0", "2 boxes are lost"):
        assert text in card, f"The card doesn't say {text!r}, which it was given."
    other = exercise.read_counts(exercise.write_card({"dev": make_records(3)}, "Letters", "CC0", "None known."))
    assert other == {"dev": 3}, (
        f"A card for the one split dev of 3 rows states {other}; take the names from the splits."
    )
    counts = exercise.read_counts(card)
    expected = {"train": 80, "validation": 0, "test": 12}
    assert counts == expected, f"The card states {counts}, but the splits have {expected}; read only the section Rows."
