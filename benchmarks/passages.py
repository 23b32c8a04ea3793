"""What answering costs as the notes grow, beside llama-index with its own store and with chromadb's.

uv run --with llama-index-core,llama-index-vector-stores-chroma,chromadb python -m benchmarks.passages [N ...]

Passages are made of the shipped notes' sentences. Questions go through the embedder that is shipped; the passages'
vectors are drawn, so that what is measured is the index and not the embedder, whose pace is printed for itself. Each
line is a process of its own, and starts a second time on what the first has kept. The others keep one row a passage and
look for the five nearest; here each passage has a row for every sentence, its gist, heading and question, is searched
by its words as well, and the answer is put together and judged.
"""

from __future__ import annotations

import importlib.util
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.answers.compose.answers import Answerer
from bot.answers.index.chunks import SourceId
from bot.answers.index.retrieval import Index
from bot.answers.index.vectors import FileVectors
from bot.base.files import bundled
from bot.curriculum.note import Note, Section
from bot.curriculum.shelf import library
from bot.llm.base import Matrix
from bot.llm.embedded import ordinary_words
from bot.llm.embedder_process import load_embedder

SIZES = (100, 10_000, 100_000)
QUESTIONS = 200
SENTENCES = 3
HERE = SourceId("here")
PEERS = ("llama_index", "chromadb")

Search = Callable[[str], object]


class Drawn:
    """Embeds questions as they are, and draws the vectors of many passages."""

    def __init__(self) -> None:
        embedder = load_embedder()
        assert embedder is not None
        self._embedder = embedder
        self.name, self.dim = embedder.name, embedder.dim

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Return float32 [n, dim], rows of unit length."""
        if len(texts) == 1:
            return self._embedder.embed(texts)
        drawn = np.random.default_rng(len(texts[0])).standard_normal((len(texts), self.dim), dtype=np.float32)
        unit: Matrix = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return unit


def material() -> tuple[list[str], list[str]]:
    """Return sentences and questions of the shipped notes."""
    track = next(iter(library(bundled("roadmap")).values()))
    sections = [section for note in track.notes.values() for section in note.sections]
    sentences = [
        f"{s.strip()}." for section in sections for p in section.paragraphs for s in p.split(". ") if len(s) > 40
    ]
    return sentences, [question for section in sections for question in section.asked]


def passages(count: int, sentences: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Make passages: a heading and its sentences, the same ones at every start."""
    drawn = random.Random(count)  # noqa: S311
    return [(f"Passage {n}", drawn.sample(sentences, SENTENCES)) for n in range(count)]


def ours(count: int, folder: Path) -> Search:
    """Index passages with what is there, and return what answers."""
    sentences, _ = material()
    notes = [
        Note(f"note-{n}", heading, (Section(heading, " ".join(said), (" ".join(said),), (), said[0]),))
        for n, (heading, said) in enumerate(passages(count, sentences))
    ]
    index = Index({HERE: notes}, Drawn(), ordinary_words())
    index.embed(FileVectors(folder / FileVectors.NAME))
    answerer = Answerer(index)

    def search(question: str) -> object:
        retrieved = answerer.retrieve([question], [HERE])
        return (answerer.from_notes if retrieved.verdict.is_covered else answerer.decline)(retrieved)

    return search


def llama_index(count: int, folder: Path, *, in_chroma: bool = False) -> Search:
    """Index passages with llama-index, in its own store or in chromadb, and return what finds the five nearest."""
    from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.schema import TextNode

    drawn = Drawn()

    class Same(BaseEmbedding):  # type: ignore[misc, unused-ignore]
        def _get_query_embedding(self, query: str) -> list[float]:
            return list(map(float, drawn.embed([query])[0]))

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_query_embedding(text)

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return [[*map(float, row)] for row in drawn.embed(texts)]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    def index_nodes(context: Any) -> Any:
        made = passages(count, material()[0])
        nodes = [TextNode(text=f"{heading}. {' '.join(said)}", id_=heading) for heading, said in made]
        return VectorStoreIndex(nodes, storage_context=context, embed_model=Same(embed_batch_size=500))

    kept = folder / "kept"
    is_first = not kept.exists()
    if in_chroma:
        import chromadb
        from llama_index.vector_stores.chroma import ChromaVectorStore

        client = chromadb.PersistentClient(str(kept), settings=chromadb.Settings(anonymized_telemetry=False))
        store = ChromaVectorStore(chroma_collection=client.get_or_create_collection("passages"))
        context = StorageContext.from_defaults(vector_store=store)
        index = index_nodes(context) if is_first else VectorStoreIndex.from_vector_store(store, embed_model=Same())
    elif is_first:
        index = index_nodes(StorageContext.from_defaults())
        index.storage_context.persist(str(kept))
    else:
        index = load_index_from_storage(StorageContext.from_defaults(persist_dir=str(kept)), embed_model=Same())
    search: Search = index.as_retriever(similarity_top_k=5).retrieve
    return search


WAYS: dict[str, Callable[[int, Path], Search]] = {
    "trailmate": ours,
    "llama-index": llama_index,
    "llama-index, chromadb": lambda count, folder: llama_index(count, folder, in_chroma=True),
}


def measure(way: str, count: int, folder: Path) -> dict[str, float]:
    """Build or start, and ask; seconds, milliseconds, mebibytes."""
    _, questions = material()
    began = time.perf_counter()
    search = WAYS[way](count, folder)
    search("what is warmed up")
    ready = time.perf_counter() - began
    took = []
    for question in random.Random(0).sample(questions, QUESTIONS):  # noqa: S311
        began = time.perf_counter()
        search(question)
        took.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(took, n=100)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"ready_s": ready, "p50_ms": cuts[49], "p99_ms": cuts[98], "peak_mib": peak}


def in_a_process(way: str, count: int, folder: str) -> dict[str, float]:
    """Measure in a process of its own."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "benchmarks.passages", way, str(count), folder],
        check=True,
        capture_output=True,
        text=True,
    )
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def main(sizes: Sequence[int]) -> None:
    """Print a line for each way and size."""
    embedder = load_embedder()
    assert embedder is not None
    some = material()[0][:200]
    began = time.perf_counter()
    embedder.embed(some)
    print(f"the embedder takes {len(some) / (time.perf_counter() - began):.0f} sentences a second")
    has_peers = all(importlib.util.find_spec(name) for name in PEERS)
    if not has_peers:
        print("llama-index and chromadb are not installed: the second line of this file says how to bring them")
    for count in sizes:
        for way in WAYS if has_peers else ("trailmate",):
            with tempfile.TemporaryDirectory() as folder:
                built, started = (in_a_process(way, count, folder) for _ in range(2))
            print(
                f"{count:7} {way:22} built in {built['ready_s']:7.1f} s, started in {started['ready_s']:6.1f} s, "
                f"p50 {started['p50_ms']:7.1f} ms, p99 {started['p99_ms']:7.1f} ms, "
                f"peak {started['peak_mib']:6.0f} MiB",
                flush=True,
            )


if __name__ == "__main__":
    given = sys.argv[1:]
    if given and given[0] in WAYS:
        print(json.dumps(measure(given[0], int(given[1]), Path(given[2]))))
    else:
        main([*map(int, given)] or SIZES)
