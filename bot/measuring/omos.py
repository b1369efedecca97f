"""Finding the page that answers a question across languages, on OMoS-QA (Kleinle, Prange, Friedrich 2024).

Migrants' questions and the counselling pages of three German places, both in five languages. What is learned is learned
from the train files: the projection from questions and from pages in several languages, the weights of the scores from
how the right page of a question leads the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import bm25s  # type: ignore[import-untyped]
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from bot.errors import SetupError
from bot.language.spelling import words
from bot.measuring.ranks import Recall, fuse, recall
from bot.measuring.vectors import StoredVectors
from bot.retrieval import Vectors
from bot.retrieval.entries import Entry
from bot.retrieval.grams import GatheredGrams, SharedGrams, count
from bot.retrieval.nearness import learn_nearness
from bot.retrieval.projection import Projection, learn_projection, unit

LANGUAGES = ("de", "en", "fr", "uk", "ar")
LINES, STEP = 5, 4  # lines of a page that are embedded together, under its heading, and where the next ones begin
FOLDS = 3
Part = Literal["train", "dev"]
METHODS = ("safar", "bm25", "dense", "rrf")


@dataclass(frozen=True)
class Chunk:
    """Some lines of a page, under the page's heading; the same number in every language is nearly the same lines."""

    page: int
    number: int
    text: str


@dataclass(frozen=True)
class Questions:
    """Questions in one language, and the page of each."""

    texts: Sequence[str]
    pages: NDArray[np.int64]


@dataclass(frozen=True)
class Collection:
    """The answerable questions and all pages, by language.

    Attributes:
        pages: How many pages there are, of both parts.
        train_pages: Which of them belong to the train part.
        questions: By part and language; the same question stands at the same place in every language.
        chunks: By language, in the order of the pages.
    """

    pages: int
    train_pages: frozenset[int]
    questions: Mapping[tuple[Part, str], Questions]
    chunks: Mapping[str, Sequence[Chunk]]


def read_collection(data: Path) -> Collection:
    """Reads `omos-qa/{train,dev}_<language>.jsonl`.

    Raises:
        SetupError: A file is missing or has other fields.
    """
    rows = {(part, code): _rows(data, part, code) for part in _PARTS for code in LANGUAGES}
    ids = dict.fromkeys(row["pageId"] for part in _PARTS for row in rows[part, LANGUAGES[0]])
    place = {page: number for number, page in enumerate(ids)}
    questions, chunks = {}, {}
    for code in LANGUAGES:
        contexts: dict[int, dict[str, None]] = {}  # the same page was fetched more than once
        for part in _PARTS:
            for row in rows[part, code]:
                contexts.setdefault(place[row["pageId"]], {})[row["context"]] = None
            asked = [row for row in rows[part, code] if row["answers"]]
            pages = np.array([place[row["pageId"]] for row in asked])
            questions[part, code] = Questions([row["question"] for row in asked], pages)
        chunks[code] = [chunk for page in sorted(contexts) for text in contexts[page] for chunk in _chunks(page, text)]
    train = frozenset(place[row["pageId"]] for row in rows["train", LANGUAGES[0]])
    return Collection(len(ids), train, questions, chunks)


def measure_omos(data: Path, vectors: StoredVectors, console: Console) -> dict[str, dict[str, dict[str, float]]]:
    """Returns for each method and pair, such as "en-de" (question, page), recall and how many there are of both."""
    collection = read_collection(data)
    search = _Search(collection, vectors)
    figures: dict[str, dict[str, dict[str, float]]] = {method: {} for method in METHODS}
    pairs = [(asked, told) for told in LANGUAGES for asked in LANGUAGES]
    for asked, told in track(pairs, "Searching pages", console=console, transient=True):
        sizes = {"questions": len(collection.questions["dev", asked].texts), "pages": collection.pages}
        for method, found in search.measure(asked, told).items():
            figures[method][f"{asked}-{told}"] = {**found.figures(), **sizes}
    return figures


class _Search:
    """All vectors and n-grams of a collection, ready to be compared."""

    def __init__(self, collection: Collection, vectors: StoredVectors) -> None:
        self._collection = collection
        self._asked = {
            key: vectors.questions(questions.texts, f"questions, {key[1]}")
            for key, questions in collection.questions.items()
        }
        self._told = {
            code: vectors.passages([chunk.text for chunk in chunks], f"pages, {code}")
            for code, chunks in collection.chunks.items()
        }
        self._pages = {code: _Pages(chunks, collection.pages) for code, chunks in collection.chunks.items()}
        self._grams = {key: count(questions.texts) for key, questions in collection.questions.items()}
        train = collection.questions["train", LANGUAGES[0]].pages
        order = {page: number for number, page in enumerate(dict.fromkeys(train.tolist()))}
        self._folds = np.array([order[page] % FOLDS for page in train.tolist()])
        self._projection = self._learn(np.ones(len(train), dtype=bool))
        self._learned: dict[tuple[str, tuple[str, ...]], NDArray[np.float64]] = {}
        # The weights are learned from questions that the projection has not seen, like those of dev.
        self._blind = [self._learn(self._folds != fold) for fold in range(FOLDS)]

    def measure(self, asked: str, told: str) -> dict[str, Recall]:
        """Returns how well each method finds the pages of dev questions."""
        right = self._collection.questions["dev", asked].pages
        pages, texts = self._pages[told], self._collection.questions["dev", asked].texts
        dense = pages.best(self._asked["dev", asked] @ self._told[told].T)
        keywords = pages.best(pages.bm25(texts))
        weights = self._weights(asked, told)
        ours = (self._scores("dev", asked, told, self._projection) @ weights).astype(np.float32)
        scores = dict(zip(METHODS, (ours, keywords, dense, fuse(keywords, dense)), strict=True))
        return {method: recall(found, right) for method, found in scores.items()}

    def _weights(self, asked: str, told: str) -> NDArray[np.float64]:
        """Returns the weights for pages in one language: for questions in it, or for those in any of the others."""
        others = (asked,) if asked == told else tuple(code for code in LANGUAGES if code != told)
        if (told, others) not in self._learned:
            self._learned[told, others] = learn_nearness([lead for code in others for lead in self._leads(code, told)])
        return self._learned[told, others]

    def _leads(self, asked: str, told: str) -> Iterator[NDArray[np.float64]]:
        right = self._collection.questions["train", asked].pages
        for fold, projection in enumerate(self._blind):
            rows = np.flatnonzero(self._folds == fold)
            scores = self._scores("train", asked, told, projection)[rows]
            for own, each in zip(right[rows], scores, strict=True):
                yield (each[own] - np.delete(each, own, axis=0)).astype(np.float64)

    def _scores(self, part: Part, asked: str, told: str, projection: Projection) -> Vectors:
        """Returns the evidence for each question and page, shape (questions, pages, 4).

        The cosines to the nearest chunk and to the mean of the page's chunks, and the same of shared pieces of words.
        """
        pages, grams = self._pages[told], self._grams[part, asked]
        chunks = projection.entries(_entries(self._collection.chunks[told], told), self._told[told])
        questions = projection.entries(
            _questions(self._collection.questions[part, asked], asked), self._asked[part, asked]
        )
        near = pages.best(questions @ chunks.T), questions @ pages.means(chunks).T
        return np.stack([*near, pages.best(pages.shared.scores(grams)), pages.gathered.scores(grams)], axis=2)

    def _learn(self, seen: NDArray[np.bool_]) -> Projection:
        """Learns from those train questions, and from the train pages, in all languages."""
        entries: list[Entry] = []
        vectors: list[Vectors] = []
        for code in LANGUAGES:
            questions = self._collection.questions["train", code]
            entries += [entry for entry, used in zip(_questions(questions, code), seen, strict=True) if used]
            chunks = self._collection.chunks[code]
            known = [row for row, chunk in enumerate(chunks) if chunk.page in self._collection.train_pages]
            entries += _entries([chunks[row] for row in known], code)
            vectors += [self._asked["train", code][seen], self._told[code][known]]
        return learn_projection(entries, np.concatenate(vectors))


class _Pages:
    """The pages in one language: which chunks they have, and what words."""

    def __init__(self, chunks: Sequence[Chunk], pages: int) -> None:
        owners = np.array([chunk.page for chunk in chunks])
        self._starts = np.flatnonzero(np.diff(owners, prepend=-1))
        grams, one = count([chunk.text for chunk in chunks]), [""] * len(chunks)
        self.shared = SharedGrams(grams, one)
        self.gathered = GatheredGrams(grams, owners, one, pages)
        self._words = bm25s.BM25()
        self._words.index([words(chunk.text) for chunk in chunks], show_progress=False)

    def best(self, scores: Vectors) -> Vectors:
        """Returns the best score of each page; takes those of all chunks, (questions, chunks)."""
        best: Vectors = np.maximum.reduceat(scores, self._starts, axis=1)
        return best

    def means(self, vectors: Vectors) -> Vectors:
        """Returns a unit vector for each page, the mean of those of its chunks."""
        sums: Vectors = np.add.reduceat(vectors, self._starts, axis=0)
        return unit(sums)

    def bm25(self, questions: Sequence[str]) -> Vectors:
        """Returns the BM25 score of each question and chunk."""
        return np.stack([self._words.get_scores(words(question)) for question in questions])


_PARTS: tuple[Part, ...] = ("train", "dev")


def _rows(data: Path, part: Part, code: str) -> list[dict[str, Any]]:
    path = data / "omos-qa" / f"{part}_{code}.jsonl"
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for row in rows:
            row["pageId"], row["question"], row["answers"], row["context"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(f"{path} cannot be read as a file of OMoS-QA: {type(error).__name__}") from None
    return rows


def _chunks(page: int, context: str) -> list[Chunk]:
    heading, *lines = context.split("\n")
    if lines and lines[0] == heading:
        lines = lines[1:]
    starts = range(0, max(1, len(lines) - LINES + STEP), STEP)
    parts = {start: "\n".join(lines[start : start + LINES]).strip() for start in starts}
    found = [Chunk(page, start, f"{heading.strip()}\n{text}") for start, text in parts.items() if text]
    return found or [Chunk(page, 0, heading.strip())]


def _entries(chunks: Sequence[Chunk], code: str) -> list[Entry]:
    return [Entry("passage", str(c.page), "", f"{c.page}/{c.number}", code, c.text) for c in chunks]


def _questions(questions: Questions, code: str) -> list[Entry]:
    pairs = zip(questions.texts, questions.pages.tolist(), strict=True)
    return [Entry("question", str(page), "", str(page), code, text) for text, page in pairs]
