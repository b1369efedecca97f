"""From a question to an answer with sources, or to an honest "not known"."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.composing import Composer
from bot.corpus import Knowledge, Passage
from bot.jurisdiction import RUSSIA, Jurisdictions
from bot.language.identify import LanguageIdentifier
from bot.language.spelling import clean, has_words
from bot.messages import Message
from bot.retrieval import Index, Ranked, Ranking
from bot.retrieval.question_cache import QuestionCache


@dataclass(frozen=True)
class Question:
    """A question as it reaches the answerer; `citizenship` is the asker's own, if known."""

    text: str
    language: str
    citizenship: str | None = None


@dataclass(frozen=True)
class Decision:
    """What is said to a question, and why.

    Attributes:
        ranking: Every passage with its probability, before anything is left out.
        asked: The citizenships whose rules the question is about; empty if nobody knows.
        passages: The passages to show, best first; empty if the question is not answered.
        not_covered: Citizenships that the question is about and that no shown passage concerns.
        own: The asker's own citizenship, if the question says it.
        related: Whether some passage would answer it for another citizenship.
    """

    ranking: Ranking
    asked: frozenset[str]
    passages: tuple[Passage, ...]
    not_covered: frozenset[str]
    own: str | None
    related: bool


@dataclass(frozen=True)
class Answer:
    """The messages for the user, the decision behind them (None where nothing was searched), and seconds per stage."""

    messages: tuple[Message, ...]
    decision: Decision | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)


class Answerer:
    """Answers questions from one state of the knowledge. Safe to use from several threads."""

    def __init__(
        self, knowledge: Knowledge, index: Index, vectors: QuestionCache, identifier: LanguageIdentifier
    ) -> None:
        self._knowledge = knowledge
        self._passages = {passage.key: passage for passage in knowledge.passages}
        self._index = index
        self._vectors = vectors
        self._identifier = identifier
        self._jurisdictions = Jurisdictions(knowledge.countries, knowledge.languages)
        self.composer = Composer(knowledge)

    @property
    def version(self) -> str:
        """The state of the knowledge it answers from."""
        return self._index.version

    def answer(self, question: Question) -> Answer:
        """Returns what to say to a question."""
        if not has_words(question.text):
            return Answer((self.composer.notice(question.language, "not_understood"),))
        seconds: dict[str, float] = {}
        decision = self.decide(question, seconds)
        return Answer(self.composer.answer(question.language, decision), decision, seconds)

    def decide(self, question: Question, seconds: dict[str, float] | None = None) -> Decision:
        """Returns which passages answer a question, if any; `seconds` receives the time of each stage."""
        named = self._jurisdictions.named(question.text, question.language)
        own = named.own or question.citizenship
        asked = _asked(named.citizenships, own)
        ranking = self._rank(question.text, seconds if seconds is not None else {})
        chosen = self._choose(ranking, asked, self._knowledge.languages[question.language].country)
        covered = {code for code in asked for passage in chosen if self._concerns(passage, code)}
        return Decision(
            ranking=ranking,
            asked=asked,
            passages=chosen,
            not_covered=asked - covered - ({RUSSIA} if covered else set()),
            own=named.own,
            related=ranking.passages[0].probability >= ranking.threshold,
        )

    def named_citizenship(self, text: str, language: str) -> str | None:
        """Returns the citizenship that a text names, if it is exactly one."""
        named = self._jurisdictions.named(text, language).citizenships
        return next(iter(named)) if len(named) == 1 else None

    def _rank(self, text: str, seconds: dict[str, float]) -> Ranking:
        question = self._vectors.vector(clean(text))
        started = time.perf_counter()
        ranking = self._index.rank(question.vector, self._identifier.identify(text).probabilities)
        seconds.update(embedding=question.seconds, search=time.perf_counter() - started)
        return ranking

    def _choose(self, ranking: Ranking, asked: frozenset[str], home: str | None) -> tuple[Passage, ...]:
        candidates = [ranked for ranked in ranking.passages if self._may_show(ranked, asked)]
        if not candidates or candidates[0].probability < ranking.threshold:
            return ()
        best = self._passages[candidates[0].key]
        shown = [best, *self._counterparts(best, candidates)]
        # Of several countries' rules, those of the country that most speakers of the language come from stand first.
        return tuple(sorted(shown, key=lambda passage: home is None or not self._concerns(passage, home)))

    def _may_show(self, ranked: Ranked, asked: frozenset[str]) -> bool:
        return not asked or any(self._concerns(self._passages[ranked.key], code) for code in asked)

    def _counterparts(self, best: Passage, candidates: Iterable[Ranked]) -> list[Passage]:
        """Returns what other countries' advisories say on the same point: same topic, same passage id."""
        topic = self._knowledge.advisories[best.advisory].topic
        others = (self._passages[ranked.key] for ranked in candidates)
        return [
            other
            for other in others
            if other.id == best.id
            and other.advisory != best.advisory
            and self._knowledge.advisories[other.advisory].topic == topic
        ]

    def _concerns(self, passage: Passage, citizenship: str) -> bool:
        return self._knowledge.advisories[passage.advisory].applies_to(citizenship)


def _asked(named: frozenset[str], own: str | None) -> frozenset[str]:
    """Returns whose rules are asked about: a named citizenship comes before one's own, except Russia's."""
    if not named - {RUSSIA} and own:
        return named | {own}
    return named
