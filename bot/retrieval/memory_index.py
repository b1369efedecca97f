"""Exact search in memory over a snapshot."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from bot.corpus import Knowledge
from bot.language.scripts import in_searched_script
from bot.language.spelling import sound
from bot.retrieval.evidence import ASKED_WORDS, GATHERED_WORDS, PROTOTYPE, QUESTION, WORDS, Evidence
from bot.retrieval.grams import count
from bot.retrieval.interfaces import Ranked, Ranking, Vectors
from bot.retrieval.snapshot import Snapshot

_WORD = re.compile(r"\w+")
RANKED = 200  # passages in a ranking; those after them are never probable enough to be shown


class MemoryIndex:
    """Compares a question with every entry of a snapshot. Immutable, so safe to use from several threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._version, self._learned = snapshot.version, snapshot.learned
        projected = snapshot.learned.projection.entries(snapshot.entries, snapshot.vectors)
        self._evidence = Evidence(snapshot.entries, projected, snapshot.grams, snapshot.learned.prototypes)
        self._places = {key: place for place, key in enumerate(self._evidence.keys)}
        self._known = _known_questions(snapshot.knowledge, self._places)

    @property
    def version(self) -> str:
        """The fingerprint of the knowledge and the model it was built from."""
        return self._version

    def rank(
        self, text: str, vector: Vectors, languages: Mapping[str, float], concern: Mapping[str, float] | None = None
    ) -> Ranking:
        """Returns the ranking for one question; see `Index.rank`."""
        confidence = self._learned.confidence
        projected = self._learned.projection.question(vector, languages)
        scores = self._evidence.scores(projected[None, :], count([text]))[0]
        concerns = np.zeros(len(scores), dtype=np.float32)
        for key, share in (concern or {}).items():
            if key in self._places:
                concerns[self._places[key]] = share
        order, nearness, probabilities = confidence.rank(projected, scores, concerns)
        near = dict(zip(order.tolist(), nearness.tolist(), strict=True))
        known = self._known.get(_wording(text), [])  # what a maintainer has said is certain
        ranked = [(n, 1.0) for n in known]
        ranked += [(n, float(p)) for n, p in zip(order.tolist(), probabilities, strict=True) if n not in known]
        passages = tuple(
            Ranked(
                key=self._evidence.keys[n],
                probability=probability,
                nearness=near[n],
                question_score=float(scores[n, QUESTION]),
                prototype_score=float(scores[n, PROTOTYPE]),
                word_score=float(scores[n, WORDS]),
                question_word_score=float(scores[n, ASKED_WORDS]),
                gathered_word_score=float(scores[n, GATHERED_WORDS]),
                concern=float(concerns[n]),
            )
            for n, probability in ranked[:RANKED]
        )
        return Ranking(passages, confidence.threshold, self.version)


def _known_questions(knowledge: Knowledge, place: Mapping[str, int]) -> dict[str, list[int]]:
    """Returns which passages, by their places, are said to answer a question, by its wording."""
    known: dict[str, list[int]] = {}
    for passage in knowledge.passages:
        if passage.key not in place:
            continue
        for question in passage.questions:
            for language, text in question.texts.items():
                places = known.setdefault(_wording(in_searched_script(text, language)), [])
                if place[passage.key] not in places:
                    places.append(place[passage.key])
    return known


def _wording(text: str) -> str:
    return " ".join(_WORD.findall(sound(text)))
