"""`safar bench retrieval` on a made-up collection of pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from bot.errors import SetupError
from bot.measuring.omos import LANGUAGES, METHODS, measure_omos, read_collection
from bot.measuring.vectors import StoredVectors
from bot.retrieval import FakeEmbedder

THINGS = ("passport", "kindergarten", "tax", "doctor", "language course", "flat", "driving licence", "bank", "school")


def write(folder: Path, part: str, things: tuple[str, ...], first: int) -> None:
    for code in LANGUAGES:
        rows = [
            {
                "pageId": first + number,
                "question": f"{code} where do I get a {thing}?",
                "answers": [1] if thing != "bank" else [],
                "context": f"{code} {thing}\n" + "\n".join(f"line {n} on the {thing}" for n in range(12)),
            }
            for number, thing in enumerate(things)
        ]
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / f"{part}_{code}.jsonl").write_text(text, encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "omos-qa"
    folder.mkdir()
    write(folder, "train", THINGS[:6], 100)
    write(folder, "dev", THINGS[6:], 200)
    return tmp_path


def test_answerable_questions_and_all_pages_are_read(data: Path) -> None:
    collection = read_collection(data)
    assert collection.pages == 9
    assert collection.train_pages == frozenset(range(6))
    assert collection.questions["dev", "uk"].pages.tolist() == [6, 8]  # what "bank" asks is not answered
    chunks = [chunk for chunk in collection.chunks["fr"] if chunk.page == 0]
    assert [chunk.number for chunk in chunks] == [0, 4, 8]
    assert all(chunk.text.startswith("fr passport\nline ") for chunk in chunks)
    assert chunks[1].text.endswith("line 8 on the passport")


def test_every_pair_is_measured_by_every_method(data: Path, tmp_path: Path) -> None:
    vectors = StoredVectors(FakeEmbedder(), tmp_path / "vectors", Console(quiet=True))
    figures = measure_omos(data, vectors, Console(quiet=True))
    assert set(figures) == set(METHODS)
    for method in METHODS:
        assert len(figures[method]) == len(LANGUAGES) ** 2
        assert figures[method]["en-de"]["pages"] == 9
        assert figures[method]["en-de"]["questions"] == 2
    assert figures["bm25"]["en-en"]["recall@1"] == 1.0


def test_vectors_are_embedded_once(data: Path, tmp_path: Path) -> None:
    first, second = FakeEmbedder(), FakeEmbedder()
    for embedder in (first, second):
        StoredVectors(embedder, tmp_path / "vectors", Console(quiet=True)).passages(["a", "b", "a"], "some")
    assert (first.embedded, second.embedded) == (2, 0)


def test_file_of_another_form_is_named(data: Path) -> None:
    (data / "omos-qa" / "train_ar.jsonl").write_text('{"question": "?"}')
    with pytest.raises(SetupError, match="train_ar"):
        read_collection(data)
