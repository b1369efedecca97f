"""Decisions between showing, offering and not knowing, with a made-up ranking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest

from bot.answering import OFFERED, Answerer, Question
from bot.corpus import Knowledge
from bot.language.identify import LanguageIdentifier
from bot.retrieval import FakeEmbedder, Ranked, Ranking, Vectors
from bot.retrieval.certainty import certainty
from bot.retrieval.question_cache import QuestionCache

PENALTY = "kg-foreign-military-service/penalty"
OTHERS = (
    "kg-contacts/embassy-moscow",
    "ru-wage-complaint/inspectorate-complaint",
    "ru-unpaid-wages/unpaid-first-steps",
)


@dataclass
class Index:
    """Ranks as it is told, by the searched text, and remembers what was searched."""

    near: dict[str, list[tuple[str, float, float]]]
    searched: list[str] = field(default_factory=list)
    version: str = "made-up"

    def rank(
        self, text: str, vector: Vectors, languages: Mapping[str, float], concern: Mapping[str, float] | None = None
    ) -> Ranking:
        self.searched.append(text)
        found = next((ranked for part, ranked in self.near.items() if part in text), [])
        passages = tuple(Ranked(key, p, nearness, 0, 0, 0, 0, 0, 0) for key, p, nearness in found)
        return Ranking(passages, 0.3, self.version)


@pytest.fixture
def vectors() -> Iterator[QuestionCache]:
    cache = QuestionCache(FakeEmbedder())
    yield cache
    cache.close()


def answerer(
    knowledge: Knowledge, vectors: QuestionCache, near: list[tuple[str, float, float]] | None = None
) -> Answerer:
    """Returns an answerer that finds something for texts with a certain number: spelling leaves numbers alone."""
    return Answerer(knowledge, Index({"256": near or []}), vectors, LanguageIdentifier.load(), certain=0.5)


def test_what_leads_far_is_shown(knowledge: Knowledge, vectors: QuestionCache) -> None:
    given = answerer(knowledge, vectors, [(PENALTY, 0.9, 30.0), (OTHERS[0], 0.8, 20.0)])
    decision = given.decide(Question("article 256 for fighting?", "en", "KG"))
    assert [passage.key for passage in decision.passages] == [PENALTY]
    assert decision.offered == ()


def test_of_what_stands_close_together_headings_are_offered(knowledge: Knowledge, vectors: QuestionCache) -> None:
    close = [(key, 0.9, 30.0 - number / 10) for number, key in enumerate((PENALTY, *OTHERS))]
    given = answerer(knowledge, vectors, close)
    answer = given.answer(Question("256-берене?", "ky", "KG"))
    (message,) = answer.messages
    assert message.kind == "clarify"
    assert message.passages == ()
    assert len(message.quick_replies) == OFFERED
    heading = given.passage(PENALTY).texts["ky"].heading
    assert message.quick_replies[0].title == heading
    shown = given.show(PENALTY, "ky", "KG")
    assert shown[0].kind == "answer"
    assert shown[0].passages[0].passage == "penalty"
    assert shown[0].citations


def test_what_is_improbable_is_neither_shown_nor_offered(knowledge: Knowledge, vectors: QuestionCache) -> None:
    given = answerer(knowledge, vectors, [(PENALTY, 0.1, 30.0), (OTHERS[0], 0.05, 10.0)])
    decision = given.decide(Question("how to cook 256 plov", "en"))
    assert (decision.passages, decision.offered) == ((), ())


def test_a_heading_that_is_gone_is_answered_politely(knowledge: Knowledge, vectors: QuestionCache) -> None:
    (message,) = answerer(knowledge, vectors).show("no/such-passage", "tg", None)
    assert message.text == knowledge.phrases["tg"].say("no_answer")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("256 in Turkey for migrants?", "en"),
        ("Түркияда 256 барбы", "ky"),
        ("256 в турции", "ru"),
        ("Туркияда 256 бормикан", "uz-Cyrl"),
        ("koreyada 256 bormi", "uz-Latn"),
    ],
)
def test_a_question_about_another_country_is_not_answered_with_our_rules(
    knowledge: Knowledge, vectors: QuestionCache, text: str, language: str
) -> None:
    given = answerer(knowledge, vectors, [(PENALTY, 0.9, 30.0), (OTHERS[0], 0.8, 20.0)])
    decision = given.decide(Question(text, language, "KG"))
    assert (decision.passages, decision.offered) == ((), ())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("and how many years?", "en"),
        ("а сколько лет?", "ru"),
        ("Ал эми канча жыл?", "ky"),
        ("неча йил?", "uz-Cyrl"),
        ("necha yil", "uz-Latn"),
        ("чанд сол?", "tg"),
        ("қанша жыл?", "kk"),
    ],
)
def test_a_follow_up_is_searched_with_the_question_before_it(
    knowledge: Knowledge, vectors: QuestionCache, text: str, language: str
) -> None:
    given = answerer(knowledge, vectors, [(PENALTY, 0.9, 30.0), (OTHERS[0], 0.8, 20.0)])
    decision = given.decide(Question(text, language, "KG", before="256"))
    assert [passage.key for passage in decision.passages] == [PENALTY]
    assert decision.searched == f"256 {text}"


def test_a_follow_up_takes_the_citizenship_that_it_names(knowledge: Knowledge, vectors: QuestionCache) -> None:
    uzbek = "uz-foreign-military-service/penalty"
    given = answerer(knowledge, vectors, [(PENALTY, 0.9, 30.0), (uzbek, 0.9, 29.0), (OTHERS[1], 0.8, 20.0)])
    decision = given.decide(Question("what about Uzbeks?", "en", "KG", before="256 for Kyrgyz who fight?"))
    assert [passage.key for passage in decision.passages] == [uzbek]


@pytest.mark.parametrize("text", ["how do I cook plov for many guests", "plov"])
def test_a_new_question_is_searched_alone(knowledge: Knowledge, vectors: QuestionCache, text: str) -> None:
    given = answerer(knowledge, vectors, [(PENALTY, 0.9, 30.0), (OTHERS[0], 0.8, 20.0)])
    decision = given.decide(Question(text, "en", "KG", before="256"))
    assert decision.passages == ()
    assert decision.searched == text


class Backwards:
    """Re-ranks against the order that it is given, and remembers what it read."""

    read: Sequence[str] = ()

    def scores(self, question: str, texts: Sequence[str]) -> Vectors:
        self.read = texts
        return np.arange(len(texts), dtype=np.float32)


def test_a_re_ranker_changes_places_and_not_how_certain_they_are(knowledge: Knowledge, vectors: QuestionCache) -> None:
    near = [(PENALTY, 0.9, 30.0), (OTHERS[0], 0.8, 20.0), (OTHERS[1], 0.7, 10.0)]
    reranker = Backwards()
    identifier = LanguageIdentifier.load()
    plain = Answerer(knowledge, Index({"256": near}), vectors, identifier, certain=0.5)
    changed = Answerer(knowledge, Index({"256": near}), vectors, identifier, certain=0.5, reranker=reranker)
    question = Question("256-берене?", "ky", "KG")
    before, after = plain.decide(question), changed.decide(question)
    assert [ranked.key for ranked in after.permitted] == [ranked.key for ranked in reversed(before.permitted)]
    assert [ranked.nearness for ranked in after.permitted] == [30.0, 20.0, 10.0]
    assert after.certainty == before.certainty
    text = knowledge.advisories["kg-foreign-military-service"].passages[0].texts["ky"]
    assert any(text.heading in read for read in reranker.read)
    assert not any("[^" in read for read in reranker.read)


def test_what_a_maintainer_has_said_is_not_re_ranked(knowledge: Knowledge, vectors: QuestionCache) -> None:
    near = [(PENALTY, 1.0, 30.0), (OTHERS[0], 0.8, 20.0), (OTHERS[1], 0.7, 10.0)]
    identifier = LanguageIdentifier.load()
    given = Answerer(knowledge, Index({"256": near}), vectors, identifier, certain=0.5, reranker=Backwards())
    decision = given.decide(Question("256-берене?", "ky", "KG"))
    assert [ranked.key for ranked in decision.permitted] == [PENALTY, OTHERS[1], OTHERS[0]]


def test_certainty_grows_with_the_lead() -> None:
    values = [certainty(0.8, lead) for lead in (0.0, 1.0, 2.0, 4.0)]
    assert all(less < more for less, more in pairwise(values))
    assert all(0 < value < 1 for value in values)
    assert certainty(1.0, 0.0) == 1.0
    assert certainty(0.8, float("inf")) == certainty(0.8, 100.0)
