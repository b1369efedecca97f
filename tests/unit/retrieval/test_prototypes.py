from __future__ import annotations

import numpy as np

from bot.retrieval.entries import Entry
from bot.retrieval.prototypes import learn_prototypes, mean_texts

_AXES = np.eye(4, dtype=np.float32)


def _entry(kind: str, key: str, group: str, point: str | None = None) -> Entry:
    return Entry(kind, key, key if point is None else point, group, "en", group)  # type: ignore[arg-type]


def test_a_prototype_begins_at_the_mean_of_the_texts() -> None:
    entries = [_entry("passage", "a/x", "a/x"), _entry("passage", "a/x", "a/x"), _entry("passage", "b/y", "b/y")]
    means = mean_texts(entries, _AXES[[0, 1, 2]])
    assert np.allclose(means["a/x"], np.array([1, 1, 0, 0]) / np.sqrt(2))
    assert np.allclose(means["b/y"], _AXES[2])


def test_it_moves_to_its_questions_and_away_from_those_of_others() -> None:
    entries = [_entry("passage", "a/x", "a/x"), _entry("passage", "b/y", "b/y"), _entry("question", "a/x", "1")]
    asked = np.array([[0.0, 0.6, 0.8, 0.0]], dtype=np.float32)  # nearer to the text of b/y
    prototypes = learn_prototypes(entries, np.concatenate([_AXES[[0, 1]], asked]))
    assert prototypes["a/x"] @ asked[0] > 0.1
    assert prototypes["b/y"] @ asked[0] < 0.6
    assert np.allclose([np.linalg.norm(vector) for vector in prototypes.values()], 1, atol=1e-5)


def test_the_same_point_for_another_country_is_no_rival() -> None:
    entries = [
        _entry("passage", "a/x", "a/x", "topic/x"),
        _entry("passage", "b/x", "b/x", "topic/x"),
        _entry("question", "a/x", "1", "topic/x"),
    ]
    asked = np.array([[0.0, 0.6, 0.8, 0.0]], dtype=np.float32)
    prototypes = learn_prototypes(entries, np.concatenate([_AXES[[0, 1]], asked]))
    assert np.allclose(prototypes["b/x"], _AXES[1])
