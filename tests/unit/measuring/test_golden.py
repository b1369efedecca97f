from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.corpus import Knowledge
from bot.errors import SetupError
from bot.language.identify import LanguageIdentifier
from bot.measuring.golden import Asked, Change, Outcome, by, compare, held_out, put, read_questions, score
from bot.measuring.golden_report import coverage, write_report
from bot.measuring.versions import load_version
from bot.retrieval import FakeEmbedder
from bot.retrieval.memory_index import MemoryIndex
from bot.retrieval.question_cache import QuestionCache
from bot.retrieval.snapshot import Snapshot
from bot.settings import ROOT
from tests.unit.made_up import Base

KEY = "made-up-00000/point-0-1"


@pytest.fixture
def base(tmp_path: Path) -> Base:
    """A base with one held-out question, which is nearly one of those that are searched."""
    made = Base(tmp_path)
    file = made.text.with_name("questions.yml")
    lines = file.read_text().split("\n")
    place = lines.index("point-0-1:")
    asked = lines[place + 2].replace("  - en: ", "")
    lines.insert(place + 1, f"  test:\n  - en: {asked} please")
    file.write_text("\n".join(lines))
    return made


@pytest.fixture
def vectors() -> Iterator[QuestionCache]:
    cache = QuestionCache(FakeEmbedder())
    yield cache
    cache.close()


def answerer(snapshot: Snapshot, vectors: QuestionCache) -> Answerer:
    return Answerer(snapshot.knowledge, MemoryIndex(snapshot), vectors, LanguageIdentifier.load(), certain=0.5)


def outcome(place: int = 1, verdict: str = "right", answer: str = "a", language: str = "en") -> Outcome:
    return Outcome(Asked("a/b", "wages", language, "?"), place, verdict, ("a/b",), answer)  # type: ignore[arg-type]


def test_held_out_questions_are_asked_and_found(base: Base, vectors: QuestionCache) -> None:
    snapshot = base.build().snapshot
    (asked,) = held_out(snapshot.knowledge)
    assert (asked.passage, asked.language) == (KEY, "en")
    assert all(entry.text != asked.text for entry in snapshot.entries)
    (found,) = put([asked], answerer(snapshot, vectors))
    assert 1 <= found.place <= 3  # the fake embedder knows letters only


def test_shares_are_counted_by_group() -> None:
    outcomes = [outcome(), outcome(3, "wrong"), outcome(4, "silent"), outcome(0, "silent", language="ky")]
    total = score(outcomes)
    assert (total.questions, total.first, total.top, total.shown, total.wrong) == (4, 0.25, 0.5, 0.25, 0.25)
    groups = by(outcomes, lambda asked: asked.language)
    assert list(groups) == ["en", "ky"]
    assert groups["ky"].top == 0


def test_only_answers_that_changed_are_listed_worst_first() -> None:
    before = [outcome(answer="same"), outcome(verdict="silent"), outcome(verdict="right"), outcome()]
    after = [outcome(answer="same"), outcome(answer="b"), outcome(verdict="wrong", answer="c"), outcome(answer="d")]
    changes = compare(before, after)
    assert [change.kind for change in changes] == ["now wrong", "other words", "mended"]


def test_a_change_of_text_is_seen_between_two_index_versions(base: Base, vectors: QuestionCache) -> None:
    first = base.build().snapshot
    lines = base.text.read_text().split("\n")
    place = next(number for number, line in enumerate(lines) if "{#point-0-1}" in line) + 2
    lines[place] = lines[place].replace("Whoever", "Everybody who")
    base.text.write_text("\n".join(lines))
    second = base.build().snapshot
    other = load_version(base.settings, first.version[:8], FakeEmbedder(), lambda *_: None)
    questions = held_out(second.knowledge)
    changes = compare(put(questions, answerer(other, vectors)), put(questions, answerer(second, vectors)))
    for change in changes:
        assert change.before.answer != change.after.answer
    before, after = (answerer(one, vectors).passage(KEY).texts["en"].text for one in (other, second))
    assert before.replace("Whoever", "Everybody who") == after


def test_the_knowledge_of_a_git_commit_is_read(base: Base) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=Safar", "-c", "user.email=safar@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=base.root.parent, check=True, capture_output=True)

    git("init", "-q")
    git("add", "knowledge")
    git("commit", "-q", "-m", "first")
    base.build()
    base.edit()
    old = load_version(base.settings, "HEAD", FakeEmbedder(), lambda *_: None)
    assert "(first)" in old.knowledge.advisories["made-up-00000"].passages[0].texts["en"].heading
    with pytest.raises(SetupError, match="neither a version of the index"):
        load_version(base.settings, "no-such-thing", FakeEmbedder(), lambda *_: None)


def test_coverage_tells_drafts_missing_and_overdue_apart(knowledge: Knowledge) -> None:
    languages = list(knowledge.languages)
    rows = {row.topic: dict(zip(languages, row.cells, strict=True)) for row in coverage(knowledge, date(2026, 11, 23))}
    assert len(rows) == len(knowledge.topics)
    army = rows[knowledge.topics["military-service"].name["en"]]
    assert (army["en"].colour, army["ru"].colour) == ("good", "draft")
    late = coverage(knowledge, date(2099, 1, 1))
    assert {cell.colour for row in late for cell in row.cells} <= {"late", "none"}


def test_the_report_is_one_page_that_escapes_what_it_shows(knowledge: Knowledge, tmp_path: Path) -> None:
    page = tmp_path / "reports" / "golden.html"
    changes = [Change(outcome(answer="<b>before</b>"), outcome(verdict="wrong", answer="after"))]
    write_report(page, knowledge, "v1", [outcome()], compared="HEAD~1", changes=changes)
    text = page.read_text()
    assert "&lt;b&gt;before&lt;/b&gt;" in text
    assert "now wrong" in text
    assert "http" not in text.replace("http-equiv", "")
    assert text.count("<tr>") >= len(knowledge.topics)


def test_questions_are_read_from_a_file(tmp_path: Path, knowledge: Knowledge) -> None:
    key = knowledge.passages[0].key
    (tmp_path / "questions.yml").write_text(f"{key}:\n  ky: канча жыл\n  ru: сколько лет\n")
    assert [(one.passage, one.language, one.text) for one in read_questions(tmp_path / "questions.yml", knowledge)] == [
        (key, "ky", "канча жыл"),
        (key, "ru", "сколько лет"),
    ]


@pytest.mark.parametrize(
    ("content", "says"), [("no/such:\n  ky: a\n", "no/such"), ("- a\n", "cannot be read"), ("a: [\n", "cannot be read")]
)
def test_a_wrong_file_of_questions_is_named(tmp_path: Path, knowledge: Knowledge, content: str, says: str) -> None:
    (tmp_path / "questions.yml").write_text(content)
    with pytest.raises(SetupError, match=says):
        read_questions(tmp_path / "questions.yml", knowledge)


def test_the_questions_to_develop_on_are_held_out(knowledge: Knowledge) -> None:
    known = {text for passage in knowledge.passages for one in passage.questions for text in one.texts.values()}
    questions = read_questions(ROOT / "benchmarks" / "development_questions.yml", knowledge)
    tested = {(asked.language, asked.text) for asked in held_out(knowledge)}
    assert [one.text for one in questions if one.text in known or (one.language, one.text) in tested] == []
