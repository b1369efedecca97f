from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.corpus import FolderReader, Knowledge, KnowledgeReader, load_knowledge, read_files
from bot.errors import KnowledgeError

from .damages import ADVISORY, TEXT


def test_the_shipped_knowledge_loads(knowledge: Knowledge) -> None:
    assert len(knowledge.languages) == 7
    assert len(knowledge.passages) >= 13


def test_every_passage_has_an_original_and_translations_are_marked(knowledge: Knowledge) -> None:
    for passage in knowledge.passages:
        assert passage.texts["en"].translation == "original", passage.key
        assert all(text.translation == "draft" for code, text in passage.texts.items() if code != "en"), passage.key


def test_every_language_has_every_phrase(knowledge: Knowledge) -> None:
    for phrases in knowledge.phrases.values():
        assert phrases.sentences.keys() == knowledge.phrases["en"].sentences.keys()


def test_all_problems_are_told_at_once(folder: Path) -> None:
    for path, old, new in (
        (ADVISORY, "[RU]", "[XX]"),
        (TEXT, "[^rferl]", ""),
        ("phrases/kk.yml", "  greet:", "  gret:"),
    ):
        file = folder / path
        file.write_text(file.read_text().replace(old, new))
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    assert len({problem.path for problem in caught.value.problems}) == 3


def test_windows_line_ends_and_a_byte_order_mark_are_read_and_warned_of(folder: Path) -> None:
    plain = load_knowledge(folder)
    for path in (ADVISORY, TEXT, "phrases/ky.yml"):
        file = folder / path
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    reading = KnowledgeReader().read(read_files(folder))
    assert reading.usable().advisories == plain.advisories
    assert {problem.rule for problem in reading.problems} == {"byte-order-mark", "line-ends"}


def test_the_fingerprint_follows_every_byte(folder: Path) -> None:
    before = read_files(folder).fingerprint
    assert read_files(folder).fingerprint == before
    file = folder / TEXT
    file.write_text(file.read_text() + "\n")
    assert read_files(folder).fingerprint != before


def test_files_read_again_are_those_that_changed(folder: Path) -> None:
    reader, knowledge = FolderReader(folder), KnowledgeReader()
    first = knowledge.read(reader.read())
    (folder / TEXT).write_text((folder / TEXT).read_text().replace("## ", "## X "))
    second = knowledge.read(reader.read())
    changed = [name for name in second.files.contents if second.files.contents[name] is not first.files.contents[name]]
    assert changed == [TEXT]
    same = "uz-foreign-military-service"
    assert second.usable().advisories[same] is first.usable().advisories[same]
    assert second.usable() == load_knowledge(folder)


def test_a_file_deleted_between_two_readings_is_gone(folder: Path) -> None:
    reader = FolderReader(folder)
    assert TEXT in reader.read().contents
    (folder / TEXT).unlink()
    assert TEXT not in reader.read().contents


def test_archived_files_are_the_same_files(folder: Path, tmp_path: Path) -> None:
    files = read_files(folder)
    archive = tmp_path / "knowledge.zip"
    archive.write_bytes(files.archive())
    unpacked = files.unpack(folder, archive)
    assert unpacked.fingerprint == files.fingerprint
    assert KnowledgeReader().read(unpacked).usable() == load_knowledge(folder)


def test_what_is_superseded_says_by_what(folder: Path) -> None:
    file = folder / ADVISORY
    file.write_text(file.read_text() + "supersedes: [uz-foreign-military-service/penalty]\n")
    advisories = load_knowledge(folder).advisories
    replaced = {p.id: p.superseded_by for p in advisories["uz-foreign-military-service"].passages}
    assert replaced["penalty"] == "ru-refusal-to-serve"
    assert replaced["warning"] is None


def test_dates_limit_when_a_passage_may_be_shown(folder: Path) -> None:
    file = folder / ADVISORY
    file.write_text(file.read_text().replace("as_of:", "valid_from: 2022-09-24\nvalid_until: 2026-01-31\nas_of:"))
    passage = load_knowledge(folder).advisories["ru-refusal-to-serve"].passages[0]
    days = ("2022-09-23", "2022-09-24", "2026-01-31", "2026-02-01")
    assert [passage.current(date.fromisoformat(day)) for day in days] == [False, True, True, False]
