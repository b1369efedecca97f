from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.errors import SnapshotError
from bot.measuring.synthetic import write_advisory
from bot.retrieval import FakeEmbedder
from bot.retrieval.memory_index import MemoryIndex
from bot.retrieval.snapshot import KEPT, history, is_current, load, read_pointer, restore, version_of
from tests.unit.made_up import ERROR_RATE, Base


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path)


def test_what_is_built_is_what_is_loaded(base: Base) -> None:
    built = base.build().snapshot
    loaded = load(base.index, base.root)
    assert loaded.manifest == built.manifest
    assert loaded.entries == built.entries
    assert loaded.knowledge == built.knowledge
    np.testing.assert_array_equal(loaded.vectors, built.vectors)
    np.testing.assert_allclose(np.linalg.norm(loaded.vectors, axis=1), 1, atol=1e-5)


def test_only_what_changed_is_embedded_again(base: Base) -> None:
    base.build()
    base.edit()
    embedder = FakeEmbedder()
    assert base.build(embedder).embedded == 1
    assert embedder.embedded == 1


def test_going_back_to_an_earlier_text_embeds_nothing(base: Base) -> None:
    base.build()
    base.edit()
    base.build()
    write_advisory(base.root, 0)
    assert base.build().embedded == 0


def test_another_model_embeds_everything(base: Base) -> None:
    first, second = base.build(), base.build(FakeEmbedder(128))
    assert second.snapshot.version != first.snapshot.version
    assert second.embedded == first.embedded


def test_the_version_knows_knowledge_model_and_error_rate() -> None:
    assert len({version_of(k, m, e) for k in ("a", "b") for m in ("x", "y") for e in (0.01, 0.02)}) == 8


def test_building_twice_changes_nothing(base: Base) -> None:
    first, second = base.build().snapshot, base.build().snapshot
    assert second.version == first.version
    np.testing.assert_array_equal(first.learned.confidence.trust, second.learned.confidence.trust)
    assert len(history(base.index)) == 1


def test_a_reader_keeps_its_snapshot_while_a_new_one_is_published(base: Base) -> None:
    base.build()
    old = MemoryIndex(load(base.index, base.root))
    question = FakeEmbedder().embed_questions(["permit"])[0]
    before = old.rank("permit", question, {"en": 1.0})
    base.edit()
    base.build()
    assert old.rank("permit", question, {"en": 1.0}) == before
    assert MemoryIndex(load(base.index, base.root)).version != old.version


@pytest.mark.parametrize("name", ["manifest.json", "knowledge.zip", "vectors.npy", "learned.npz"])
def test_a_damaged_snapshot_is_said_to_be_damaged_and_built_anew(base: Base, name: str) -> None:
    version = base.build().snapshot.version
    (base.index / version / name).write_bytes(b"nonsense")
    with pytest.raises(SnapshotError, match="damaged"):
        load(base.index, base.root)
    base.build()
    assert load(base.index, base.root).version == version


def test_no_index_yet_is_said_with_the_command_to_run(base: Base) -> None:
    with pytest.raises(SnapshotError, match="safar index"):
        load(base.index, base.root)


def test_too_few_questions_are_a_clear_problem(base: Base) -> None:
    (base.root / "out_of_scope.yml").write_text("off_topic:\n  - en: weather\nnot_covered: []\n")
    with pytest.raises(SnapshotError, match=r"out_of_scope\.yml"):
        base.build()
    assert read_pointer(base.index) is None


def test_old_snapshots_are_kept_but_not_forever(base: Base) -> None:
    for number in range(KEPT + 2):
        write_advisory(base.root, 0, tag=str(number))
        base.build()
    assert len(history(base.index)) == KEPT
    load(base.index, base.root)
    assert not list(base.index.glob(".building-*"))


def test_what_a_killed_process_left_behind_is_removed(base: Base) -> None:
    (base.index / ".building-1").mkdir(parents=True)
    base.build()
    assert not list(base.index.glob(".building-*"))


def test_an_earlier_version_is_restored_until_the_files_change(base: Base) -> None:
    first = base.build().snapshot
    base.edit()
    second = base.build().snapshot
    name, fingerprint = FakeEmbedder().name, base.read().files.fingerprint
    assert restore(base.index, base.root, first.version[:6], fingerprint).version == first.version
    assert load(base.index, base.root).knowledge == first.knowledge
    assert is_current(base.index, fingerprint, name, ERROR_RATE)
    base.edit("third")
    assert not is_current(base.index, base.read().files.fingerprint, name, ERROR_RATE)
    assert restore(base.index, base.root, second.version, second.knowledge.fingerprint).version == second.version
    assert read_pointer(base.index) is not None
    assert read_pointer(base.index).instead_of is None  # type: ignore[union-attr]


@pytest.mark.parametrize("prefix", ["zz", ""])
def test_a_version_that_is_not_there_or_not_clear_is_refused_with_those_that_are(base: Base, prefix: str) -> None:
    first = base.build().snapshot
    base.edit()
    base.build()
    with pytest.raises(SnapshotError, match=first.version):
        restore(base.index, base.root, prefix, "now")


def test_what_is_superseded_is_not_in_the_index(base: Base) -> None:
    file = base.root / "advisories" / "made-up-00001" / "advisory.yml"
    file.write_text(file.read_text() + "supersedes: [made-up-00000]\n")
    keys = {entry.key.split("/")[0] for entry in base.build().snapshot.entries if entry.key}
    assert keys == {"made-up-00001"}
