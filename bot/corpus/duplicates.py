"""Passages that say nearly the same: one of them will be corrected some day, and the other forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.corpus.article import MARK
from bot.corpus.files import Files
from bot.corpus.model import Knowledge, Passage
from bot.errors import Problem

ALIKE = 0.9  # cosine of two texts' character 5-grams from which they count as the same
_CHUNK = 1000  # texts compared with all others at once


def find_duplicates(knowledge: Knowledge, files: Files) -> Iterator[Problem]:
    """Yields a warning for each passage that repeats another one in the same language.

    What two countries' advisories say on the same point may be alike.
    """
    for language in knowledge.languages:
        passages = [passage for passage in knowledge.passages if language in passage.texts]
        for first, second in _pairs(passages, [MARK.sub("", passage.texts[language].text) for passage in passages]):
            if first.point != second.point:
                path = files.path(f"advisories/{second.advisory}/{language}.md")
                message = (
                    f"the passage '{second.id}' says nearly the same as {first.key}; "
                    "keep one of them, or say how they differ."
                )
                yield Problem(path, _line(files, second, language), message, "near-duplicate", "warning")


def _pairs(passages: Sequence[Passage], texts: Sequence[str]) -> Iterator[tuple[Passage, Passage]]:
    if len(texts) < 2:
        return
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(5, 5), sublinear_tf=True).fit_transform(texts)
    for start in range(0, len(texts), _CHUNK):
        alike = (grams[start : start + _CHUNK] @ grams.T).tocoo()
        for row, column in zip(*(np.array(part)[alike.data >= ALIKE] for part in (alike.row, alike.col)), strict=True):
            if column < row + start:
                yield passages[column], passages[row + start]


def _line(files: Files, passage: Passage, language: str) -> int:
    lines = files.text(f"advisories/{passage.advisory}/{language}.md").split("\n")
    return next((number for number, line in enumerate(lines, 1) if f"{{#{passage.id}}}" in line), 1)
