"""Expand chat abbreviations such as `val acc`, `lr` and `ckpt` before a search."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.answers.index.words import content

ABBREVIATIONS = {
    "acc": "accuracy", "attn": "attention", "aug": "augmentation", "batchnorm": "batch norm", "bn": "batch norm",
    "bs": "batch size", "ce": "cross-entropy", "cfg": "classifier-free guidance", "ckpt": "checkpoint",
    "ckpts": "checkpoints", "conv": "convolution", "cot": "chain of thought", "ctx": "context", "dim": "dimension",
    "dims": "dimensions", "emb": "embedding", "embs": "embeddings", "feats": "features", "finetune": "fine-tune",
    "finetuning": "fine-tuning", "ft": "fine-tuning", "grad": "gradient", "grad acc": "gradient accumulation",
    "grad accum": "gradient accumulation", "grads": "gradients", "hf": "Hugging Face", "hparam": "hyperparameter",
    "hparams": "hyperparameters", "layernorm": "layer norm", "lm": "language model", "lr": "learning rate",
    "lrs": "learning rates", "matmul": "matrix multiplication", "mem": "memory", "mha": "multi-head attention",
    "moe": "mixture of experts", "nn": "neural network", "nns": "neural networks", "oom": "out of memory",
    "optim": "optimiser", "ppl": "perplexity", "preds": "predictions", "quant": "quantisation", "sched": "schedule",
    "seq": "sequence", "seq len": "sequence length", "seqs": "sequences", "sft": "supervised fine-tuning",
    "std": "standard deviation", "temp": "temperature", "tok": "token", "toks": "tokens", "val": "validation",
    "vec": "vector", "vecs": "vectors", "vocab": "vocabulary", "wd": "weight decay", "xent": "cross-entropy",
}  # a table of data # fmt: skip
"""Only unambiguous ones: `inf` may be infinity or inference, `cv` vision or validation."""

_SHORT = re.compile(
    r"(?<![\w.'@/-])(?:(?P<people>(?:(?<=do )|(?<=some )|(?<=most )|(?<=many ))ppl"
    r"|ppl(?= (?:use|do|say|think|who|usually|are|get|pick|take|call|have|prefer|like|mean|talk)\b))"
    rf"|(?P<short>{'|'.join(sorted(ABBREVIATIONS, key=len, reverse=True))}))(?![\w(='/-]|\.\w)",
    re.IGNORECASE,
)
"""An abbreviation that isn't part of a name in code; `ppl` before a verb means people."""


def written_out(text: str, known: Collection[str] | None = None) -> str:
    """Expand the abbreviations in a text.

    Args:
        known: lower-case words; an abbreviation with other words in its expansion stays.
    """

    def expand(match: re.Match[str]) -> str:
        if match["people"]:
            return "people"
        whole = ABBREVIATIONS[match["short"].lower()]
        return whole if known is None or all(word in known for word in content(whole)) else match[0]

    return _SHORT.sub(expand, text)
