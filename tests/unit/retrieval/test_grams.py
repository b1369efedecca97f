from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from bot.retrieval.grams import GatheredGrams, SharedGrams, count

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


def test_all_that_a_passage_has_in_a_language_counts_as_one_text() -> None:
    texts = (*TEXTS, "how much must i pay")  # what somebody asks of the first passage
    owners, languages = np.array([0, 1, 0, 1, 0]), (*LANGUAGES, "en")
    scores = GatheredGrams(count(texts), owners, languages, 2).scores(count(["pay for the patent", "мектеп", "?"]))
    assert scores[0, 0] > scores[0, 1]
    assert scores[1, 1] > scores[1, 0]
    assert not scores[2].any()


def test_a_text_left_out_counts_as_if_it_had_never_been_there() -> None:
    texts = ("the fine for a late patent", "the school for children", "the late fine")  # the last has no new word
    owners, languages, asked = np.array([0, 1, 0]), ("en",) * 3, count(["late fine", "school"])
    left_out = csr_matrix(np.array([[0, 0, 1], [0, 0, 0]], dtype=np.float32))
    scores = GatheredGrams(count(texts), owners, languages, 2).scores(asked, left_out)
    never = GatheredGrams(count(texts[:2]), owners[:2], languages[:2], 2).scores(asked)
    assert np.allclose(scores[0], never[0])
    assert scores[0, 0] != GatheredGrams(count(texts), owners, languages, 2).scores(asked)[0, 0]
