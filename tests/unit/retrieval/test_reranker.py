"""Re-ranking with a real, tiny cross-encoder, made here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

from bot.errors import ModelError
from bot.retrieval.embedder import load_reranker

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "prison", "army", "plov", "how", "many", "years")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        initializer_range=0.5,  # so that texts differ clearly
    )
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_every_text_gets_a_score_that_depends_on_it(model: Path) -> None:
    reranker = load_reranker(str(model))
    assert reranker is not None
    scores = reranker.scores("how many years prison", ["army prison", "plov", "army prison"])
    assert scores.shape == (3,)
    assert scores.dtype == np.float32
    assert scores[0] == pytest.approx(scores[2], abs=1e-6)
    assert abs(scores[0] - scores[1]) > 1e-3


def test_no_setting_means_no_re_ranking() -> None:
    assert load_reranker("") is None


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="re-ranking model"):
        load_reranker(str(tmp_path))
