"""Ranks, where ties are lost."""

from __future__ import annotations

import numpy as np
import pytest

from bot.measuring.ranks import fuse, recall


def test_recall_of_three_questions() -> None:
    scores = np.array([[0.9, 0.1, 0.2, 0.3], [0.9, 0.1, 0.2, 0.3], [0.9, 0.1, 0.2, 0.3]], dtype=np.float32)
    found = recall(scores, np.array([0, 3, 1]))
    assert found.first == pytest.approx(1 / 3)
    assert found.top == pytest.approx(2 / 3)
    assert found.mrr == pytest.approx((1 + 1 / 2 + 1 / 4) / 3)
    assert found.figures()["recall@3"] == found.top


def test_scores_that_are_all_zero_have_found_nothing() -> None:
    found = recall(np.zeros((2, 100), dtype=np.float32), np.array([0, 99]))
    assert (found.first, found.top) == (0, 0)
    assert found.mrr == pytest.approx(0.01)


def test_fusion_rewards_agreement_and_gives_nothing_for_nothing() -> None:
    words = np.array([[3.0, 2.0, 0.0]], dtype=np.float32)
    dense = np.array([[0.2, 0.9, 0.8]], dtype=np.float32)
    fused = fuse(words, dense)[0]
    assert fused[1] == pytest.approx(1 / 62 + 1 / 61)
    assert fused[0] == pytest.approx(1 / 61 + 1 / 63)
    assert fused[2] == pytest.approx(1 / 62)
    assert (fuse(np.zeros((1, 3), dtype=np.float32))[0] == 0).all()
