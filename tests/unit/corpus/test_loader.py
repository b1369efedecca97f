from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.corpus import Knowledge, fingerprint, load_knowledge
from bot.errors import KnowledgeError

ADVISORY = "advisories/ru-refusal-to-serve/advisory.yml"
TEXT = "advisories/ru-refusal-to-serve/ky.md"
Damage = Callable[[str], str]


def replace(old: str, new: str) -> Damage:
    def damage(text: str) -> str:
        assert old in text, f"the file no longer holds {old!r}"
        return text.replace(old, new, 1)

    return damage


DAMAGES: dict[str, tuple[str, Damage, str]] = {
    "wrong type": (ADVISORY, replace("severity: critical", "severity: 5"), "severity"),
    "unknown word": (ADVISORY, replace("severity: critical", "severity: terrible"), "'terrible'"),
    "missing field": (ADVISORY, replace("as_of: 2022-09-20\n", ""), "'as_of' is missing"),
    "extra field": (ADVISORY, replace("topic:", "tpoic: x\ntopic:"), "tpoic"),
    "bad date": (ADVISORY, replace("2022-09-20", "2022-19-20"), "as_of"),
    "bad address": (ADVISORY, replace("https://www.rferl", "www.rferl"), "url"),
    "unknown country": (ADVISORY, replace("[RU]", "[XX]"), "'XX' is no country"),
    "unknown publisher": (ADVISORY, replace("publisher: rferl", "publisher: rfrl"), "'rfrl' is no publisher"),
    "unknown quoted source": (ADVISORY, replace("      rferl: {", "      rfe: {"), "'rfe' is not among the sources"),
    "doubled key": (ADVISORY, replace("severity:", "topic: x\nseverity:"), "duplicate key"),
    "tab indentation": (ADVISORY, replace("  citizenships", "\tcitizenships"), ""),
    "no head": (TEXT, replace("---\n", ""), "head"),
    "statement without source": (TEXT, replace("[^rferl]", ""), "no source"),
    "unknown mark": (TEXT, replace("[^rferl]", "[^nobody]"), "[^nobody]"),
    "heading without id": (TEXT, replace(" {#refusal}", ""), "heading"),
    "unknown passage": (TEXT, replace("{#refusal}", "{#refuse}"), "'refuse' is not in advisory.yml"),
    "unknown status": (TEXT, replace("status: draft", "status: perfect"), "status"),
    "missing phrase": ("phrases/kk.yml", replace("  greet:", "  gret:"), "'greet' is missing"),
    "lost brace": ("phrases/tg.yml", replace("{limit}", "limit"), "differ from the English"),
    "lone brace": ("phrases/tg.yml", replace("{limit}", "{limit"), "differ from the English"),
    "missing name": ("countries.yml", replace("    ky: ", "    kyy: "), "'ky' is missing"),
    "unknown fallback": ("languages.yml", replace("fallback: [ru, en]", "fallback: [ru, xx]"), "'xx' is no language"),
    "contact without source": ("contacts.yml", replace("  source: ", "  sauce: "), "source"),
    "question in no language": ("out_of_scope.yml", replace("    ky: ", "    qq: "), "'qq' is no language"),
}


def test_the_shipped_knowledge_loads(knowledge: Knowledge) -> None:
    assert len(knowledge.languages) == 7
    assert len(knowledge.passages) >= 13


def test_every_passage_stands_in_every_language_and_translations_are_marked(knowledge: Knowledge) -> None:
    for passage in knowledge.passages:
        assert passage.texts.keys() == knowledge.languages.keys(), passage.key
        drafts = {code for code, text in passage.texts.items() if text.translation == "draft"}
        assert drafts == knowledge.languages.keys() - {"en"}, passage.key


def test_every_language_has_every_phrase(knowledge: Knowledge) -> None:
    for phrases in knowledge.phrases.values():
        assert phrases.sentences.keys() == knowledge.phrases["en"].sentences.keys()


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_in_its_file_with_a_line(folder: Path, name: str) -> None:
    path, damage, expected = DAMAGES[name]
    file = folder / path
    file.write_text(damage(file.read_text()))
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    found = [problem for problem in caught.value.problems if problem.path == file]
    assert found, caught.value
    assert any(expected in problem.message for problem in found), found
    assert all(1 <= problem.line <= file.read_text().count("\n") + 1 for problem in found)


def test_the_line_is_that_of_the_value(folder: Path) -> None:
    file = folder / ADVISORY
    file.write_text(file.read_text().replace("publisher: rferl", "publisher: nobody"))
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    lines = file.read_text().splitlines()
    assert "nobody" in lines[caught.value.problems[0].line - 1]


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


@pytest.mark.parametrize("name", ["languages.yml", ADVISORY, "phrases/ky.yml"])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xfe\x00a", "UTF-8"),
        (b"x" * 1_100_000, "larger"),
        (b"", ""),
        (b"- a\n- b\n", ""),
        (None, "cannot be read"),
    ],
)
def test_unreadable_files_are_problems_not_failures(
    folder: Path, name: str, content: bytes | None, expected: str
) -> None:
    file = folder / name
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    assert any(expected in problem.message for problem in caught.value.problems if problem.path == file)


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(folder: Path) -> None:
    for path in (ADVISORY, TEXT, "phrases/ky.yml"):
        file = folder / path
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    load_knowledge(folder)


def test_the_fingerprint_follows_every_byte(folder: Path) -> None:
    before = fingerprint(folder)
    assert fingerprint(folder) == before
    file = folder / TEXT
    file.write_text(file.read_text() + "\n")
    assert fingerprint(folder) != before
