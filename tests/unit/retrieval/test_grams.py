from __future__ import annotations

import numpy as np

from bot.retrieval.grams import SharedGrams, count

TEXTS = ("the fine for a late patent", "the school for children", "патент үчүн айып", "балдар үчүн мектеп")
LANGUAGES = ("en", "en", "ky", "ky")


def test_the_text_with_the_same_words_leads_in_its_language() -> None:
    scores = SharedGrams(count(TEXTS), LANGUAGES).scores(count(["is there a fine for the patent", "мектеп кайда"]))
    assert scores[0].argmax() == 0
    assert scores[1].argmax() == 3


def test_scores_are_told_from_the_mean_of_each_language() -> None:
    scores = SharedGrams(count(TEXTS), LANGUAGES).scores(count(["is there a fine for the patent"]))[0]
    assert np.allclose([scores[:2].sum(), scores[2:].sum()], 0, atol=1e-6)


def test_all_spellings_of_a_word_meet() -> None:
    grams = SharedGrams(count(TEXTS), LANGUAGES)
    assert np.array_equal(grams.scores(count(["мектеп"])), grams.scores(count(["mektep"])))


def test_nothing_in_common_is_no_failure() -> None:
    assert np.isfinite(SharedGrams(count(TEXTS), LANGUAGES).scores(count(["?"]))).all()
