"""The committed questions about the seed article, through the chat API: the half that nothing was developed on."""

from __future__ import annotations

import pytest

from bot.measuring.questions import Outcome, put, read_items, summarize
from bot.settings import ROOT

from .conftest import Safar

pytestmark = pytest.mark.integration
QUESTIONS = ROOT / "benchmarks" / "questions.yml"


@pytest.fixture(scope="module")
def reported(safar: Safar) -> list[Outcome]:
    return put((item for item in read_items(QUESTIONS) if item.split == "report"), safar.client)


def test_the_right_advisory_is_cited(reported: list[Outcome]) -> None:
    # A guard against regressions, not a goal: what is reached stands in benchmarks/README.md.
    assert summarize(reported).right_advisory >= 0.8


def test_no_off_topic_question_is_answered(reported: list[Outcome]) -> None:
    assert [one.item.text for one in reported if one.item.kind == "off_topic" and one.cited] == []


def test_no_wrong_jurisdiction(reported: list[Outcome]) -> None:
    assert [one.item.text for one in reported if one.wrong_jurisdiction] == []


def test_the_set_is_what_it_says() -> None:
    items = read_items(QUESTIONS)
    assert len({item.id for item in items}) == len(items) >= 60
    assert {item.language for item in items} == {"ky", "ru", "uz-Latn", "uz-Cyrl", "tg", "kk", "en"}
    counts = {kind: sum(item.kind == kind for item in items) for kind in ("off_topic", "other_citizenship")}
    assert counts["off_topic"] >= 12
    assert counts["other_citizenship"] >= 6
