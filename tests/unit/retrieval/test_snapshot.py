from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.corpus import Knowledge, Passage, Question
from bot.errors import SnapshotError
from bot.retrieval import FakeEmbedder
from bot.retrieval.memory_index import MemoryIndex
from bot.retrieval.snapshot import build, current_version, load, version_of


@pytest.fixture(scope="module")
def knowledge(knowledge: Knowledge) -> Knowledge:
    """The shipped knowledge in two languages and with fewer questions, which is learned from in no time."""

    def cut(question: Question) -> Question:
        return replace(question, texts={code: question.texts[code] for code in ("ky", "en") if code in question.texts})

    def small(passage: Passage) -> Passage:
        texts = {code: passage.texts[code] for code in ("ky", "en")}
        return replace(passage, texts=texts, questions=tuple(map(cut, passage.questions[:3])))

    advisories = {
        key: replace(advisory, passages=tuple(map(small, advisory.passages)))
        for key, advisory in knowledge.advisories.items()
    }
    return replace(knowledge, advisories=advisories, out_of_scope=tuple(map(cut, knowledge.out_of_scope[:30])))


def edited(knowledge: Knowledge) -> Knowledge:
    """The same knowledge with one changed text in one language."""
    key, advisory = next(iter(knowledge.advisories.items()))
    passage = advisory.passages[0]
    text = replace(passage.texts["ky"], text="Өзгөргөн текст.[^rferl]")
    passage = replace(passage, texts={**passage.texts, "ky": text})
    advisory = replace(advisory, passages=(passage, *advisory.passages[1:]))
    return replace(knowledge, fingerprint="edited", advisories={**knowledge.advisories, key: advisory})


def test_what_is_built_is_what_is_loaded(tmp_path: Path, knowledge: Knowledge) -> None:
    report = build(tmp_path, knowledge, FakeEmbedder(), error_rate=0.02)
    snapshot = load(tmp_path)
    assert snapshot.version == report.version == current_version(tmp_path)
    assert len(snapshot.entries) == report.entries == len(snapshot.vectors)
    np.testing.assert_allclose(np.linalg.norm(snapshot.vectors, axis=1), 1, atol=1e-5)


def test_only_what_changed_is_embedded_again(tmp_path: Path, knowledge: Knowledge) -> None:
    build(tmp_path, knowledge, FakeEmbedder(), error_rate=0.02)
    embedder = FakeEmbedder()
    assert build(tmp_path, edited(knowledge), embedder, error_rate=0.02).embedded == 1
    assert embedder.embedded == 1


def test_another_model_embeds_everything(tmp_path: Path, knowledge: Knowledge) -> None:
    first = build(tmp_path, knowledge, FakeEmbedder(), error_rate=0.02)
    second = build(tmp_path, knowledge, FakeEmbedder(128), error_rate=0.02)
    assert second.version != first.version
    assert second.embedded == first.embedded


def test_the_version_knows_knowledge_model_and_error_rate() -> None:
    assert len({version_of(k, m, e) for k in ("a", "b") for m in ("x", "y") for e in (0.01, 0.02)}) == 8


def test_building_twice_changes_nothing(tmp_path: Path, knowledge: Knowledge) -> None:
    build(tmp_path, knowledge, FakeEmbedder(), error_rate=0.02)
    first = load(tmp_path)
    build(tmp_path, knowledge, FakeEmbedder(), error_rate=0.02)
    second = load(tmp_path)
    assert second.version == first.version
    np.testing.assert_array_equal(first.confidence.trust, second.confidence.trust)


def test_a_reader_keeps_its_snapshot_while_a_new_one_is_published(tmp_path: Path, knowledge: Knowledge) -> None:
    build(tmp_path, knowledge, FakeEmbedder(), error_rate=0.02)
    old = MemoryIndex(load(tmp_path))
    question = FakeEmbedder().embed_questions(["армия"])[0]
    before = old.rank(question, {"ky": 1.0})
    build(tmp_path, edited(knowledge), FakeEmbedder(), error_rate=0.02)
    assert old.rank(question, {"ky": 1.0}) == before
    assert MemoryIndex(load(tmp_path)).version != old.version


@pytest.mark.parametrize("name", ["manifest.json", "vectors.npy", "learned.npz"])
def test_a_damaged_snapshot_is_said_to_be_damaged_and_built_anew(
    tmp_path: Path, knowledge: Knowledge, name: str
) -> None:
    report = build(tmp_path, knowledge, FakeEmbedder(), error_rate=0.02)
    (tmp_path / report.version / name).write_bytes(b"nonsense")
    with pytest.raises(SnapshotError, match="damaged"):
        load(tmp_path)
    build(tmp_path, knowledge, FakeEmbedder(), error_rate=0.02)
    assert load(tmp_path).version == report.version


def test_no_index_yet_is_said_with_the_command_to_run(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="safar index"):
        load(tmp_path)


def test_too_few_questions_are_a_clear_problem(tmp_path: Path, knowledge: Knowledge) -> None:
    with pytest.raises(SnapshotError, match=r"out_of_scope\.yml"):
        build(tmp_path, replace(knowledge, out_of_scope=knowledge.out_of_scope[:3]), FakeEmbedder(), error_rate=0.02)


def test_old_snapshots_are_kept_but_not_forever(tmp_path: Path, knowledge: Knowledge) -> None:
    for number in range(7):
        build(tmp_path, replace(knowledge, fingerprint=str(number)), FakeEmbedder(), error_rate=0.02)
    assert len(list(tmp_path.glob("*/manifest.json"))) == 5
    load(tmp_path)
    assert not list(tmp_path.glob(".building-*"))
