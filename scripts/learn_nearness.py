#!/usr/bin/env python3
"""Learns how much each score of a passage counts (`NEARNESS` and `CONCERN` in bot/retrieval/confidence.py).

Usage: .venv/bin/python scripts/learn_nearness.py [QUESTIONS]      (default: benchmarks/development_questions.yml)

From pairs of the passage that a question was written for and one of the nearest others. Prints the share of questions
whose passage is first in five-fold cross-validation, too. Asks the index in use, so run
`safar index` before; the questions must stand in no questions.yml.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from bot.answering import Answerer, Question
from bot.language.identify import LanguageIdentifier
from bot.live import LiveKnowledge
from bot.measuring.golden import Asked, is_right, read_questions
from bot.retrieval import Ranked
from bot.retrieval.embedder import SentenceTransformerEmbedder
from bot.retrieval.nearness import Scores, learn_nearness
from bot.settings import ROOT, read_settings

RIVALS = 20  # nearest other passages of a question
FOLDS = 5


def main() -> None:
    """Asks every question, learns, and prints."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "benchmarks" / "development_questions.yml"
    settings = read_settings()
    embedder = SentenceTransformerEmbedder(settings.model)
    live = LiveKnowledge(settings, embedder, LanguageIdentifier.load())
    answerer = live.answerer
    questions = read_questions(path, answerer.knowledge)
    leads = [one for asked in track(questions, console=Console()) if (one := _leads(asked, answerer)) is not None]
    live.close()
    first = np.concatenate([_first(leads, fold) for fold in range(FOLDS)])
    print(f"{len(questions)} questions, {len(leads)} of them with their passage among the ranked")
    print(f"first place in cross-validation: {first.mean() * len(leads) / len(questions):.3f}")
    print("question, prototype, text words, question words, all words; concern:", learn_nearness(leads).round(1))


def _first(leads: list[Scores], fold: int) -> NDArray[np.bool_]:
    """Returns which questions of a fold find their passage first by what the others teach."""
    weights = learn_nearness([lead for number, lead in enumerate(leads) if number % FOLDS != fold])
    return np.array([bool((lead @ weights > 0).all()) for lead in leads[fold::FOLDS]])


def _leads(asked: Asked, answerer: Answerer) -> Scores | None:
    decision = answerer.decide(Question(asked.text, asked.language))
    right = [is_right(answerer.passage(ranked.key), asked, decision) for ranked in decision.permitted]
    if not any(right):
        return None
    own = decision.permitted[right.index(True)]
    others = [ranked for ranked, yes in zip(decision.permitted, right, strict=True) if not yes][:RIVALS]
    return _scores(own) - np.stack([_scores(other) for other in others])


def _scores(ranked: Ranked) -> Scores:
    near = (ranked.question_score, ranked.prototype_score)
    shared = (ranked.word_score, ranked.question_word_score, ranked.gathered_word_score)
    return np.array([*near, *shared, ranked.concern], dtype=np.float64)


if __name__ == "__main__":
    main()
