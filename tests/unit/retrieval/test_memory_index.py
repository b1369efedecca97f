from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.corpus import Knowledge
from bot.language.scripts import in_searched_script
from bot.retrieval import FakeEmbedder
from bot.retrieval.memory_index import RANKED, MemoryIndex
from bot.retrieval.snapshot import load
from bot.settings import ROOT


@pytest.fixture(scope="module")
def index(fake_data: Path) -> MemoryIndex:
    return MemoryIndex(load(fake_data / "index", ROOT / "knowledge"))


def test_a_known_question_finds_its_own_passage_for_certain(index: MemoryIndex, knowledge: Knowledge) -> None:
    for number, passage in enumerate(knowledge.passages):
        texts = list(passage.questions[0].texts.items())
        language, text = texts[number % len(texts)]
        searched = in_searched_script(text, language)
        ranking = index.rank(searched, FakeEmbedder().embed_questions([searched])[0], {language: 1.0})
        assert ranking.passages[0].probability == 1
        certain = {ranked.key.split("/")[1] for ranked in ranking.passages if ranked.probability == 1}
        assert passage.id in certain, text


def test_the_nearest_passages_are_ranked_with_a_probability(index: MemoryIndex, knowledge: Knowledge) -> None:
    ranking = index.rank("армия", FakeEmbedder().embed_questions(["армия"])[0], {"ky": 0.5, "kk": 0.5})
    keys = {ranked.key for ranked in ranking.passages}
    assert keys <= {passage.key for passage in knowledge.passages}
    assert len(keys) == len(ranking.passages) == min(RANKED, len(knowledge.passages))
    assert all(0 <= ranked.probability <= 1 for ranked in ranking.passages)
    assert 0 < ranking.threshold < 1


def test_those_whom_a_question_is_about_come_before_everybody(index: MemoryIndex) -> None:
    asked, vector = "армия", FakeEmbedder().embed_questions(["армия"])[0]
    before = index.rank(asked, vector, {"ru": 1.0}).passages
    key = before[5].key
    after = index.rank(asked, vector, {"ru": 1.0}, {key: 1.0}).passages
    place = [passage.key for passage in after].index(key)
    assert place < 5
    assert after[place].concern == 1.0
    assert after[0].probability <= before[0].probability  # it says nothing of whether the question is answered


def test_an_unknown_language_is_no_failure(index: MemoryIndex) -> None:
    assert index.rank("armee", FakeEmbedder().embed_questions(["armee"])[0], {"de": 1.0}).passages


def test_threads_get_the_same_ranking(index: MemoryIndex) -> None:
    question = FakeEmbedder().embed_questions(["согуш"])[0]
    with ThreadPoolExecutor(8) as pool:
        rankings = list(pool.map(lambda _: index.rank("согуш", question, {"ky": 1.0}), range(200)))
    assert all(ranking == rankings[0] for ranking in rankings)
