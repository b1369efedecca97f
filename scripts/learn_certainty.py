#!/usr/bin/env python3
"""Learns when the best passage can be trusted to answer (`WEIGHTS` in bot/retrieval/certainty.py).

Usage: .venv/bin/python scripts/learn_certainty.py

From the questions of benchmarks/development_questions.yml, whose writers saw only the passages, and from those to
develop on of benchmarks/uncovered_questions.yml, which no passage answers. Prints what comes of each threshold in
ten-fold cross-validation, too. Asks the index in use, so run `safar index` before.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from bot.answering import Decision, Question
from bot.language.identify import LanguageIdentifier
from bot.live import LiveKnowledge
from bot.measuring.golden import is_right, read_questions
from bot.measuring.uncovered import read_uncovered
from bot.retrieval.certainty import features
from bot.retrieval.embedder import SentenceTransformerEmbedder
from bot.settings import ROOT, read_settings

THRESHOLDS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)


@dataclass(frozen=True)
class Judged:
    """A question that was decided, and whether the best passages answer it."""

    kind: str
    decision: Decision
    right: bool


def main() -> None:
    """Asks every question, learns, and prints."""
    settings, console = read_settings(), Console()
    embedder = SentenceTransformerEmbedder(settings.model)
    live = LiveKnowledge(settings, embedder, LanguageIdentifier.load())
    answerer = live.answerer
    judged = []
    for asked in track(read_questions(ROOT / "benchmarks" / "development_questions.yml", answerer.knowledge)):
        decision = answerer.decide(Question(asked.text, asked.language))
        right = any(is_right(passage, asked, decision) for passage in decision.best)
        judged.append(Judged("covered", decision, right))
    for uncovered in track(read_uncovered(ROOT / "benchmarks" / "uncovered_questions.yml")):
        if uncovered.split == "develop":
            decision = answerer.decide(Question(uncovered.text, uncovered.language))
            judged.append(Judged(uncovered.kind, decision, right=False))
    live.close()
    learn(judged, console)


def learn(judged: list[Judged], console: Console) -> None:
    """Prints the weights, and what comes of each threshold."""
    possible = [one for one in judged if one.decision.best]  # the others are refused, whatever the weights
    rows = np.array([features(one.decision.permitted[0].probability, one.decision.lead) for one in possible])
    right = np.array([one.right for one in possible])
    model = LogisticRegression(C=10.0).fit(rows, right)
    weights = tuple(round(float(weight), 2) for weight in (*model.coef_[0], model.intercept_[0]))
    console.print("WEIGHTS =", weights)
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    blind = cross_val_predict(LogisticRegression(C=10.0), rows, right, cv=folds, method="predict_proba")[:, 1]
    console.print(f"area under the curve in cross-validation: {roc_auc_score(right, blind):.3f}")
    kinds = sorted({one.kind for one in judged} - {"covered"})
    shown_of = (f"{kind}: shown" for kind in kinds)
    table = Table("certain from", "shown", "of them wrong", "covered: right", "wrong", *shown_of)
    for threshold in THRESHOLDS:
        shown = [one for one, certain in zip(possible, blind, strict=True) if certain >= threshold]
        covered = [one for one in shown if one.kind == "covered"]
        of = Counter(one.kind for one in judged)
        shares = [
            len(shown) / len(judged),
            sum(not one.right for one in shown) / max(1, len(shown)),
            sum(one.right for one in covered) / of["covered"],
            sum(not one.right for one in covered) / of["covered"],
            *(sum(one.kind == kind for one in shown) / of[kind] for kind in kinds),
        ]
        table.add_row(f"{threshold}", *(f"{share:.3f}" for share in shares))
    console.print(table)


if __name__ == "__main__":
    main()
