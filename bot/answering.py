"""From a question to an answer with sources, or to an honest "not known"."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.composing import Composer
from bot.corpus import Knowledge, Passage
from bot.jurisdiction import RUSSIA, Jurisdictions
from bot.language.catalogue import Catalogue
from bot.language.identify import LanguageIdentifier
from bot.language.spelling import clean, has_words
from bot.language.vocabulary import Spelled, Vocabulary
from bot.messages import Message
from bot.retrieval import Index, Ranked, Ranking
from bot.retrieval.question_cache import QuestionCache

Current = Callable[[], "Answerer"]  # returns what answers now; a turn takes it once, so that it sees one state only


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
        ranking: The most probable passages, before anything is left out.
        permitted: Those of them that hold today and concern whom the question is about.
        asked: The citizenships whose rules the question is about; empty if nobody knows.
        passages: The passages to show, best first; empty if the question is not answered.
        not_covered: Citizenships that the question is about and that no shown passage concerns.
        own: The asker's own citizenship, if the question says it.
        related: Whether some passage would answer it for another citizenship.
    """

    ranking: Ranking
    permitted: tuple[Ranked, ...]
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
    """Answers questions from one state of the knowledge. Safe to use from several threads.

    Attributes:
        catalogue: The languages it speaks.
        composer: What puts its decisions into words.
    """

    def __init__(
        self, knowledge: Knowledge, index: Index, vectors: QuestionCache, identifier: LanguageIdentifier
    ) -> None:
        self._knowledge = knowledge
        self._passages = {passage.key: passage for passage in knowledge.passages}
        self._index = index
        self._vectors = vectors
        self._identifier = identifier
        self._jurisdictions = Jurisdictions(knowledge.countries, knowledge.languages)
        self._vocabulary = Vocabulary(_texts(knowledge))
        self.catalogue = Catalogue(knowledge.languages)
        self.composer = Composer(knowledge)

    @property
    def knowledge(self) -> Knowledge:
        """What it answers from."""
        return self._knowledge

    @property
    def version(self) -> str:
        """The state of the knowledge it answers from."""
        return self._index.version

    def passage(self, key: str) -> Passage:
        """Returns a passage of the knowledge.

        Raises:
            KeyError: There is none with this key.
        """
        return self._passages[key]

    def prefetch(self, text: str) -> None:
        """Begins to embed a question that will be asked soon."""
        self._vectors.prefetch(self._spell(text).text)

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
        ranking = self._rank(question.text, asked, seconds if seconds is not None else {})
        permitted = tuple(ranked for ranked in ranking.passages if self._may_show(ranked, asked))
        chosen = self._choose(permitted, ranking.threshold, self._knowledge.languages[question.language].country)
        covered = {code for code in asked for passage in chosen if self._concerns(passage, code)}
        return Decision(
            ranking=ranking,
            permitted=permitted,
            asked=asked,
            passages=chosen,
            not_covered=asked - covered - ({RUSSIA} if covered else set()),
            own=named.own,
            related=any(self._may_show(ranked, frozenset()) for ranked in _probable(ranking)),
        )

    def named_citizenship(self, text: str, language: str) -> str | None:
        """Returns the citizenship that a text names, if it is exactly one."""
        named = self._jurisdictions.named(text, language).citizenships
        return next(iter(named)) if len(named) == 1 else None

    def _rank(self, text: str, asked: frozenset[str], seconds: dict[str, float]) -> Ranking:
        spelled = self._spell(text)
        question = self._vectors.vector(spelled.text)
        started = time.perf_counter()
        ranking = self._index.rank(spelled.text, question.vector, spelled.languages, self._concern(asked))
        seconds.update(embedding=question.seconds, search=time.perf_counter() - started)
        return ranking

    def _spell(self, text: str) -> Spelled:
        return self._vocabulary.spell(clean(text), self._identifier.identify(text).probabilities)

    def _choose(self, candidates: Sequence[Ranked], threshold: float, home: str | None) -> tuple[Passage, ...]:
        if not candidates or candidates[0].probability < threshold:
            return ()
        best = self._passages[candidates[0].key]
        shown = [best, *self._counterparts(best, candidates)]
        # Of several countries' rules, those of the country that most speakers of the language come from stand first.
        return tuple(sorted(shown, key=lambda passage: home is None or not self._concerns(passage, home)))

    def _may_show(self, ranked: Ranked, asked: frozenset[str]) -> bool:
        """Whether a passage holds today and concerns one of these citizenships; none means that nobody knows."""
        passage = self._passages[ranked.key]
        if not passage.current(date.today()):
            return False
        return not asked or any(self._concerns(passage, code) for code in asked)

    def _counterparts(self, best: Passage, candidates: Iterable[Ranked]) -> list[Passage]:
        """Returns what other countries' advisories say on the same point: same topic, same passage id."""
        others = (self._passages[ranked.key] for ranked in candidates)
        return [other for other in others if other.point == best.point and other.advisory != best.advisory]

    def _concern(self, asked: frozenset[str]) -> dict[str, float]:
        """Returns which share of those whom a passage concerns is asked about, by its key; left out where it is none.

        A question about Tajiks is rather answered by what was written for them than by what holds for everybody.
        """
        about = asked - {RUSSIA}
        concern: dict[str, float] = {}
        for advisory in self._knowledge.advisories.values():
            if shared := advisory.citizenships & about:
                share = len(shared) / len(advisory.citizenships)
                concern |= dict.fromkeys((passage.key for passage in advisory.passages), share)
        return concern

    def _concerns(self, passage: Passage, citizenship: str) -> bool:
        return self._knowledge.advisories[passage.advisory].applies_to(citizenship)


def _texts(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Yields what is written in each language: it shows how the language's words are spelled."""
    for passage in knowledge.passages:
        for language, version in passage.texts.items():
            yield language, version.heading
            yield language, version.text
        for question in passage.questions:
            yield from question.texts.items()


def _probable(ranking: Ranking) -> list[Ranked]:
    return [ranked for ranked in ranking.passages if ranked.probability >= ranking.threshold]


def _asked(named: frozenset[str], own: str | None) -> frozenset[str]:
    """Returns whose rules are asked about: a named citizenship comes before one's own, except Russia's."""
    if not named - {RUSSIA} and own:
        return named | {own}
    return named
