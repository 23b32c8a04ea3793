# needs: torch transformers datasets tokenizers
"""Checks with the library what the note says of map, filter, splits, streams, formats and collators."""

from datasets import ClassLabel, Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from torch.utils.data import DataLoader
from transformers import DataCollatorWithPadding, PreTrainedTokenizerFast

ds = Dataset.from_dict({"text": ["a b", "c", "a b", "d e f", "g", "h"], "label": [0, 1] * 3})
assert ds[0] == {"text": "a b", "label": 0} and ds[:3]["text"] == ["a b", "c", "a b"]
counted = ds.map(lambda b: {"n": [len(t.split()) for t in b["text"]]}, batched=True)
assert counted[0] == {"text": "a b", "label": 0, "n": 2} and counted[:2]["n"] == [2, 1]
assert len(ds.filter(lambda row: row["label"] == 1)) == 3


def words(batch):
    """More rows out than in."""
    return {"word": [w for t in batch["text"] for w in t.split()]}


assert len(ds.map(words, batched=True, remove_columns=ds.column_names)) == 10
try:
    ds.map(words, batched=True)
    message = ""
except ValueError as error:
    message = str(error)
assert "expected length 6 but got length 10" in message

seen = set()
unique = ds.filter(lambda row: not (row["text"] in seen or seen.add(row["text"])))
assert unique["text"][:] == ["a b", "c", "d e f", "g", "h"]  # in one process only

labelled = ds.cast_column("label", ClassLabel(names=["no", "yes"]))
parts = labelled.train_test_split(test_size=2, stratify_by_column="label", seed=0)
assert len(parts["train"]) == 4 and sorted(parts["test"]["label"]) == [0, 1]
try:
    ds.train_test_split(test_size=2, stratify_by_column="label")
    message = ""
except ValueError as error:
    message = str(error)
assert "Stratifying by column is only supported for ClassLabel column" in message
assert len(ds.class_encode_column("label").train_test_split(test_size=2, stratify_by_column="label")) == 2

stream = ds.to_iterable_dataset().filter(lambda row: row["label"] == 0)
assert [row["text"] for row in stream.take(2)] == ["a b", "a b"]
assert not hasattr(stream, "__len__")

SPECIAL = {"pad_token": "[PAD]", "unk_token": "[UNK]"}
raw = Tokenizer(models.WordLevel({"[PAD]": 0, "[UNK]": 1, "good": 2, "film": 3}, "[UNK]"))
raw.pre_tokenizer = pre_tokenizers.Whitespace()
tok = PreTrainedTokenizerFast(tokenizer_object=raw, **SPECIAL)
ds = Dataset.from_dict({"text": ["good film", "good good film bad"], "label": [1, 0]})
ds = ds.map(lambda b: tok(b["text"], truncation=True, max_length=8), batched=True)
ds = ds.select_columns(["input_ids", "attention_mask", "label"])
batch = next(iter(DataLoader(ds, batch_size=2, collate_fn=DataCollatorWithPadding(tok))))
assert batch["input_ids"].tolist() == [[2, 3, 0, 0], [2, 2, 3, 1]]
assert batch["attention_mask"].sum(1).tolist() == [2, 4] and batch["labels"].tolist() == [1, 0]

tensors = ds.with_format("torch", columns=["input_ids"])
assert tensors[0]["input_ids"].tolist() == [2, 3] and "label" not in tensors[0]
assert ds[0]["label"] == 1  # the stored data is as it was
try:
    next(iter(DataLoader(ds.with_format("torch"), batch_size=2)))
    message = ""
except RuntimeError as error:
    message = str(error)
assert "stack expects each tensor to be equal size" in message
