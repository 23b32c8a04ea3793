# needs: torch transformers tokenizers
"""Checks on tiny, untrained models what the note says of padding, masks, generation, truncation and errors."""

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    BertConfig,
    GPT2Config,
    PreTrainedTokenizerFast,
    pipeline,
)

torch.manual_seed(0)
SPECIAL = {"pad_token": "[PAD]", "unk_token": "[UNK]"}
vocab = {"[PAD]": 0, "[UNK]": 1, "good": 2, "bad": 3, "film": 4, "a": 5, "very": 6}
raw = Tokenizer(models.WordLevel(vocab, "[UNK]"))
raw.pre_tokenizer = pre_tokenizers.Whitespace()
tok = PreTrainedTokenizerFast(tokenizer_object=raw, **SPECIAL)
config = BertConfig(
    vocab_size=7, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=16
)
model = AutoModelForSequenceClassification.from_config(config).eval()

texts = ["good film", "a very very bad film"]
batch = tok(texts, padding=True, truncation=True, max_length=16, return_tensors="pt")
assert batch["attention_mask"].tolist() == [[1, 1, 0, 0, 0], [1] * 5]
with torch.no_grad():
    logits = model(**batch).logits
    alone = model(**tok(texts[0], return_tensors="pt")).logits
    unmasked = model(input_ids=batch["input_ids"]).logits
assert torch.allclose(logits[0], alone[0], atol=1e-5)  # with the mask, padding is harmless
assert not torch.allclose(unmasked[0], alone[0], atol=1e-5)

classify = pipeline("text-classification", model=model, tokenizer=tok)
for text, p in zip(texts, logits.softmax(-1), strict=True):
    got = classify(text)[0]
    assert got["label"] == model.config.id2label[int(p.argmax())]
    assert abs(got["score"] - float(p.max())) < 1e-4

# a text longer than the table of positions is an error, unless the pipeline is told to cut it
long = " ".join(["very"] * 40)
try:
    classify(long)
    failed = False
except (IndexError, RuntimeError):
    failed = True
assert failed and classify(long, truncation=True, max_length=16)
assert tok(long, truncation=True, max_length=16)["input_ids"] == [6] * 16

# which end is cut and padded
assert tok("good a a bad", truncation=True, max_length=2)["input_ids"] == [2, 5]
tok.truncation_side, tok.padding_side = "left", "left"
assert tok("good a a bad", truncation=True, max_length=2)["input_ids"] == [5, 3]
assert tok(["good", "a film"], padding=True)["input_ids"] == [[0, 2], [5, 4]]

# generate returns the prompt and, unless told otherwise, 20 new tokens
small = GPT2Config(vocab_size=7, n_embd=32, n_layer=1, n_head=2, bos_token_id=1, eos_token_id=None, pad_token_id=0)
writer = AutoModelForCausalLM.from_config(small).eval()
prompt = torch.tensor([[2, 4, 5]])
default = writer.generate(prompt, do_sample=False)
assert default[0, :3].tolist() == [2, 4, 5] and default.shape[1] <= 23
five = writer.generate(prompt, max_new_tokens=5, do_sample=False)
assert five[:, 3:].shape == (1, 5)

# a tokeniser without a padding token refuses to pad
bare = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel(vocab, "[UNK]")))
try:
    bare(["good", "bad"], padding=True)
    message = ""
except ValueError as error:
    message = str(error)
assert "Asking to pad but the tokenizer does not have a padding token" in message
