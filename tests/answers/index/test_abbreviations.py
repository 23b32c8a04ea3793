"""What a chat writes short is written out before a search."""

from __future__ import annotations

import pytest

from bot.answers.index.spelling import ABBREVIATIONS, Speller, written_out
from bot.answers.index.words import words
from tests.shipped import read_courses


def test_what_an_abbreviation_stands_for_is_written_in_the_notes() -> None:
    notes = next(iter(read_courses().values())).notes.values()
    text = " ".join(
        words(" ".join(f"{section.heading} . {section.text}" for note in notes for section in note.sections))
    )
    lacking = [whole for whole in ABBREVIATIONS.values() if f" {' '.join(words(whole))} " not in text]
    assert lacking == []


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("train acc 99 val acc 71 what now", "train accuracy 99 validation accuracy 71 what now"),
        ("what lr and bs for sft?", "what learning rate and batch size for supervised fine-tuning?"),
        ("gpu mem of the ckpt", "gpu memory of the checkpoint"),
        ("Seq len 4k", "sequence length 4k"),
        ("grad accum with hparams", "gradient accumulation with hyperparameters"),
        ("is a lower ppl better", "is a lower perplexity better"),
        ("what do ppl use for wd", "what do people use for weight decay"),
        ("why does __init__ take dim=1 and model.val()", "why does __init__ take dim=1 and model.val()"),
        ("nn.Linear, seq2seq, no_grad, lr=3e-4", "nn.Linear, seq2seq, no_grad, lr=3e-4"),
    ],
)
def test_short_words_are_written_out_and_names_in_code_are_not(said: str, meant: str) -> None:
    assert written_out(said) == meant


def test_notes_that_lack_what_is_meant_keep_what_was_typed() -> None:
    assert Speller(["accuracy", "model"]).correct("model acc and lr") == "model accuracy and lr"
