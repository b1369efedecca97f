from __future__ import annotations

import numpy as np
import pytest

from bot.retrieval.entries import Entry
from bot.retrieval.evidence import ASKED_WORDS, GATHERED_WORDS, NOTHING, QUESTION, WORDS, Evidence
from bot.retrieval.grams import count
from bot.retrieval.interfaces import Vectors

# Two passages: the first has four known questions, the second one.
ENTRIES = [
    Entry("passage", "a/one", "a/one", "a/one", "en", "Prison for fighting abroad."),
    Entry("translation", "a/one", "a/one", "a/one", "ky", "Чет өлкөдө согушканга түрмө."),
    Entry("passage", "a/two", "a/two", "a/two", "en", "Days to register."),
    *(Entry("question", "a/one", "a/one", f"q{n}", "en", f"how many years of prison {n}") for n in range(4)),
    Entry("question", "a/two", "a/two", "q4", "en", "when must i register"),
    Entry("out_of_scope", "", "", "q5", "en", "weather tomorrow"),
]
COSINES = [0.9, 0.0, 0.1, 0.8, 0.6, 0.4, 0.2, 0.3, 0.0]  # of the question with each entry


@pytest.fixture
def evidence() -> Evidence:
    rows = [[cosine, np.sqrt(1 - cosine**2)] for cosine in COSINES]
    rows[1] = [0.0, 0.0]  # a translation is not embedded
    vectors: Vectors = np.array(rows, dtype=np.float32)
    return Evidence(ENTRIES, vectors, count([entry.text for entry in ENTRIES]), {})


QUESTIONS: Vectors = np.array([[1.0, 0.0]], dtype=np.float32)


def test_the_mean_of_the_three_nearest_questions_counts(evidence: Evidence) -> None:
    scores = evidence.scores(QUESTIONS, count(["түрмө"]))[0]
    assert scores[:, QUESTION] == pytest.approx([(0.8 + 0.6 + 0.4) / 3, 0.3], abs=1e-6)


def test_the_words_of_a_translation_count_though_it_is_not_embedded(evidence: Evidence) -> None:
    words = evidence.scores(QUESTIONS, count(["түрмө"]))[0, :, WORDS]
    assert words[0] >= words[1]


def test_words_shared_with_known_questions_count(evidence: Evidence) -> None:
    asked = evidence.scores(QUESTIONS, count(["must i register"]))[0, :, ASKED_WORDS]
    assert asked[1] > asked[0]


def test_a_question_left_out_is_no_evidence(evidence: Evidence) -> None:
    scores = evidence.scores(QUESTIONS, count(["register"]), without=["q4"])[0]
    assert scores[1, QUESTION] == NOTHING
    scores = evidence.scores(QUESTIONS, count(["register"]), without=["q0"])[0]
    assert scores[0, QUESTION] == pytest.approx((0.6 + 0.4 + 0.2) / 3, abs=1e-6)


def test_what_is_left_out_is_left_out_of_the_gathered_words_too() -> None:
    vectors: Vectors = np.ones((len(ENTRIES), 2), dtype=np.float32)
    evidence = Evidence(ENTRIES, vectors, count([entry.text for entry in ENTRIES]), {})
    asked = count(["must i register"])
    before = evidence.scores(QUESTIONS, asked)[0, :, GATHERED_WORDS]
    after = evidence.scores(QUESTIONS, asked, without=["q4"])[0, :, GATHERED_WORDS]
    assert after[1] < before[1]
    assert after[0] == before[0]
