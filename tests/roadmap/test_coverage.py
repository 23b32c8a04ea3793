"""The list of what the shipped roadmap must cover names every subject of the path that it was drawn from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.shipped import read_yaml

ROOT = Path(__file__).resolve().parents[2]
COVERAGE = read_yaml(ROOT / "roadmap" / "genai-2026" / "coverage.yaml")
SUBJECTS = {
    "advanced-python": "data structures | object-oriented | asynchronous | iterators | generators | numpy | pandas",
    "applied-maths": (
        "vectors | matrices | transformations | eigenvalues | singular value | derivatives | gradients | chain rule"
        " | probability distributions | bayes | significance | confidence"
    ),
    "computer-science": "algorithms | complexity | data structures | system design",
    "deep-learning": (
        "architecture | backpropagation | activation | initialisation | normalisation | sgd | adam | adamw | schedules"
    ),
    "ml-frameworks": "pytorch | tensorflow | keras | from scratch | debugging",
    "training-evaluation": (
        "overfitting | underfitting | bias | variance | regularisation | validation | leakage | classification metrics"
        " | regression metrics"
    ),
    "transformers": (
        "attention is all you need | self-attention | multi-head | masks | sinusoidal | learned | rope | alibi"
        " | encoder-decoder | tokenisation | pre-training | decoding | kv cache | context length | mixture of experts"
        " | speculative decoding"
    ),
    "vae-gan": (
        "variational autoencoders | elbo | reparameterisation | collapse | objective | mode collapse | wasserstein"
        " | choosing"
    ),
    "diffusion": (
        "forward | reverse | noise schedules | samplers | guidance | latent diffusion | audio | vision-language"
        " | speech | flow matching | diffusion transformers"
    ),
    "hugging-face": "transformers | diffusers | datasets | hub",
    "adapting-models": (
        "prompt engineering | fine-tuning | lora | qlora | preference tuning | evaluation of llms | reasoning"
        " | test-time compute | grpo | distillation | synthetic data | fp8 | fp4 | test sets | benchmarks"
    ),
    "rag": "embedding | chunking | vector databases | pinecone | chroma | faiss | choose | reranking | evaluation",
    "agents": (
        "context engineering | prompt caching | long context | compaction | loop | tool use | mcp | memory | injection"
    ),
    "mlops": (
        "deploying | serving | monitoring | drift | versioning of models, data and prompts | cost | safety | guardrails"
        " | eu ai act"
    ),
}


@pytest.mark.parametrize("topic", SUBJECTS)
def test_every_subject_is_a_subtopic(topic: str) -> None:
    (listed,) = (one["subtopics"] for one in COVERAGE["topics"] if one["topic"] == topic)
    names = " / ".join(one["name"].lower() for one in listed)
    assert [subject for subject in SUBJECTS[topic].split(" | ") if subject not in names] == []


def test_no_topic_is_left_out() -> None:
    assert [one["topic"] for one in COVERAGE["topics"]] == list(SUBJECTS)


@pytest.mark.parametrize(
    ("says", "pattern"),
    [
        ("a misconception is corrected in the sentence that names it", r"tempting to [a-z]* [^,;.:]*\. "),
        ("percentages are written as 5%", r"\d %(?! \d)"),
    ],
)
def test_notes_and_quizzes_keep_to_one_way(says: str, pattern: str) -> None:
    files = [*ROOT.glob("roadmap/*/notes/*.md"), *ROOT.glob("roadmap/*/quizzes/*.yaml")]
    prose = {
        file.name: re.sub(r"```.*?```|`[^`]*`", "", file.read_text(encoding="utf-8"), flags=re.DOTALL) for file in files
    }
    assert {name: found for name, text in prose.items() if (found := re.findall(pattern, text))} == {}, says
