"""From a question to an answer with sources, or to an honest "not known"."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import inf

from bot.composing import Composer
from bot.corpus import Knowledge, Passage
from bot.corpus.article import MARK
from bot.jurisdiction import RUSSIA, Countries, Jurisdictions
from bot.language.catalogue import Catalogue
from bot.language.identify import LanguageIdentifier
from bot.language.spelling import clean, fold, has_words
from bot.language.vocabulary import Spelled, Vocabulary
from bot.messages import Message
from bot.retrieval import Index, Ranked, Ranking, Reranker
from bot.retrieval.certainty import certainty
from bot.retrieval.question_cache import QuestionCache

CLOSE = 1.0  # lead of the best passage up to which the next one of the same advisory is shown with it
RERANKED = 10  # passages that a re-ranker reads, one after the other
OFFERED = 3  # passages whose headings are offered when it is not certain which one answers
LONGEST_FOLLOW_UP = 8  # words of a message that may need what was said before
LONGEST_BEFORE = 300  # characters of what was said before, so that follow-ups of follow-ups do not grow for ever

Current = Callable[[], "Answerer"]  # returns what answers now; a turn takes it once, so that it sees one state only


@dataclass(frozen=True)
class Question:
    """A question as it reaches the answerer.

    Attributes:
        text: What was typed.
        language: The language to answer in.
        citizenship: The asker's own, if known.
        before: The question before it, if there was one; a follow-up is searched together with it.
    """

    text: str
    language: str
    citizenship: str | None = None
    before: str | None = None


@dataclass(frozen=True)
class Decision:
    """What is said to a question, and why.

    Attributes:
        ranking: The most probable passages, before anything is left out.
        permitted: Those of them that hold today and concern whom the question is about.
        asked: The citizenships whose rules the question is about; empty if nobody knows.
        lead: By how much the best permitted passage is nearer than the next one of another advisory, on another point.
        best: What could be shown, best first; empty if nothing is probable enough.
        certainty: How probable it is that these passages answer, between 0 and 1.
        passages: The passages to show: `best`, if it is certain enough.
        offered: Where it is not certain which passage answers, those that may, best first.
        not_covered: Citizenships that the question is about and that no shown passage concerns.
        own: The asker's own citizenship, if the question says it.
        related: Whether some passage would answer it for another citizenship.
        searched: The question as it was searched: with the one before it, if it cannot stand alone.
    """

    ranking: Ranking
    permitted: tuple[Ranked, ...]
    asked: frozenset[str]
    lead: float
    best: tuple[Passage, ...]
    certainty: float
    passages: tuple[Passage, ...]
    offered: tuple[Passage, ...]
    not_covered: frozenset[str]
    own: str | None
    related: bool
    searched: str


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
        self,
        knowledge: Knowledge,
        index: Index,
        vectors: QuestionCache,
        identifier: LanguageIdentifier,
        *,
        certain: float,
        reranker: Reranker | None = None,
    ) -> None:
        """Takes the parts.

        Args:
            knowledge: What to answer from.
            index: What ranks its passages.
            vectors: Embeds questions.
            identifier: Tells which language a question is in.
            certain: The certainty from which a passage is shown and not only offered.
            reranker: Puts the nearest passages in order anew, if there is one.
        """
        self._knowledge = knowledge
        self._passages = {passage.key: passage for passage in knowledge.passages}
        self._index = index
        self._vectors = vectors
        self._identifier = identifier
        self._certain, self._reranker = certain, reranker
        self._jurisdictions = Jurisdictions(knowledge.countries, knowledge.languages)
        self._elsewhere = Countries(knowledge.elsewhere)
        self._naming: dict[str, frozenset[str]] = {}  # passages' countries elsewhere, found when first asked for
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

    def show(self, key: str, language: str, citizenship: str | None) -> tuple[Message, ...]:
        """Returns what to say to somebody who chose the heading of a passage; it may have ceased to hold meanwhile."""
        passage = self._passages.get(key)
        if passage is None or not passage.current(date.today()):
            return (self.composer.notice(language, "no_answer"),)
        asked = frozenset({citizenship} if citizenship and self._concerns(passage, citizenship) else ())
        return self.composer.chosen(language, passage, asked)

    def decide(self, question: Question, seconds: dict[str, float] | None = None) -> Decision:
        """Returns which passages answer a question, if any; `seconds` receives the time of each stage."""
        seconds = {} if seconds is None else seconds
        alone = self._decide(question, question.text, seconds)
        if alone.passages or question.before is None or not self._follows_up(question):
            return alone
        together = self._decide(question, f"{question.before[:LONGEST_BEFORE]} {question.text}", seconds)
        return max(alone, together, key=lambda decision: decision.certainty)

    def _decide(self, question: Question, searched: str, seconds: dict[str, float]) -> Decision:
        named = self._jurisdictions.named(question.text, question.language)
        if not named.citizenships and searched != question.text:
            named = self._jurisdictions.named(searched, question.language)
        own = named.own or question.citizenship
        asked = _asked(named.citizenships, own)
        ranking = self._rank(searched, asked, seconds)
        elsewhere = self._elsewhere.named(searched)
        permitted = tuple(ranked for ranked in ranking.passages if self._may_show(ranked, asked, elsewhere))
        permitted = self._reranked(searched, question.language, permitted)
        points = self._points(permitted)
        lead = self._lead(points)
        certain = certainty(points[0].probability, lead) if points else 0.0
        probable = _probable(points, ranking.threshold)
        best = self._best(probable, permitted, self._knowledge.languages[question.language].country)
        chosen = best if certain >= self._certain else ()
        covered = {code for code in asked for passage in chosen if self._concerns(passage, code)}
        return Decision(
            ranking=ranking,
            permitted=permitted,
            asked=asked,
            lead=lead,
            best=best,
            certainty=certain,
            passages=chosen,
            offered=() if chosen else tuple(self._passages[ranked.key] for ranked in probable[:OFFERED]),
            not_covered=asked - covered - ({RUSSIA} if covered else set()),
            own=named.own,
            related=any(
                self._may_show(ranked, frozenset(), elsewhere)
                for ranked in _probable(ranking.passages, ranking.threshold)
            ),
            searched=searched,
        )

    def _follows_up(self, question: Question) -> bool:
        """Whether a question begins as if it went on with the one before it."""
        text = fold(clean(question.text)).lstrip(" ,.…-–—")
        beginnings = self._knowledge.languages[question.language].follow_up
        return len(text.split()) <= LONGEST_FOLLOW_UP and any(
            text == start or text.startswith((f"{start} ", f"{start},", f"{start}?")) for start in map(fold, beginnings)
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

    def _reranked(self, text: str, language: str, permitted: tuple[Ranked, ...]) -> tuple[Ranked, ...]:
        """Returns the passages, the nearest of them in the re-ranker's order.

        Each takes over nearness and probability of its new place, so that certainty keeps its meaning.
        """
        nearest = [ranked for ranked in permitted[:RERANKED] if ranked.probability < 1]  # 1: a maintainer has said so
        if self._reranker is None or len(nearest) < 2:
            return permitted
        versions = [self.catalogue.pick(self._passages[ranked.key].texts, language) for ranked in nearest]
        texts = [f"{version.heading}. {MARK.sub('', version.text)}" for version in versions]
        order = (-self._reranker.scores(text, texts)).argsort(kind="stable").tolist()
        moved = [
            replace(nearest[n], probability=place.probability, nearness=place.nearness)
            for n, place in zip(order, nearest, strict=True)
        ]
        said = permitted[: len(permitted[:RERANKED]) - len(nearest)]
        return (*said, *moved, *permitted[RERANKED:])

    def _points(self, permitted: Sequence[Ranked]) -> list[Ranked]:
        """Returns the best passage on each point."""
        best: dict[str, Ranked] = {}
        for ranked in permitted:
            best.setdefault(self._passages[ranked.key].point, ranked)
        return list(best.values())

    def _lead(self, points: Sequence[Ranked]) -> float:
        """Returns how far the first is nearer than the first of another advisory: texts of one advisory go together."""
        advisories = [self._passages[ranked.key].advisory for ranked in points]
        rivals = (ranked for ranked, name in zip(points, advisories, strict=True) if name != advisories[0])
        return points[0].nearness - next((rival.nearness for rival in rivals), -inf) if points else 0.0

    def _best(self, probable: Sequence[Ranked], permitted: Sequence[Ranked], home: str | None) -> tuple[Passage, ...]:
        """Returns the first passage, what other countries say on its point, and what is close to it in its advisory."""
        if not probable:
            return ()
        best = self._passages[probable[0].key]
        shown = [best, *self._counterparts(best, permitted)]
        # Of several countries' rules, those of the country that most speakers of the language come from stand first.
        shown.sort(key=lambda passage: home is None or not self._concerns(passage, home))
        close = [ranked for ranked in probable[1:2] if probable[0].nearness - ranked.nearness < CLOSE]
        siblings = (self._passages[ranked.key] for ranked in close)
        return (*shown, *(passage for passage in siblings if passage.advisory == best.advisory))

    def _may_show(self, ranked: Ranked, asked: frozenset[str], elsewhere: frozenset[str]) -> bool:
        """Whether a passage holds today, and concerns whom and where the question is about.

        Args:
            ranked: The passage.
            asked: The citizenships asked about; none means that nobody knows.
            elsewhere: Countries named that there are no rules of: only a text that names one of them may answer.
        """
        passage = self._passages[ranked.key]
        if not passage.current(date.today()):
            return False
        if elsewhere and not elsewhere & self._named_in(passage):
            return False
        return not asked or any(self._concerns(passage, code) for code in asked)

    def _named_in(self, passage: Passage) -> frozenset[str]:
        if passage.key not in self._naming:
            text = next(iter(passage.texts.values()))  # figures and names are the same in every language
            self._naming[passage.key] = self._elsewhere.named(MARK.sub("", f"{text.heading} {text.text}"))
        return self._naming[passage.key]

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


def _probable(passages: Iterable[Ranked], threshold: float) -> list[Ranked]:
    return [ranked for ranked in passages if ranked.probability >= threshold]


def _asked(named: frozenset[str], own: str | None) -> frozenset[str]:
    """Returns whose rules are asked about: a named citizenship comes before one's own, except Russia's."""
    if not named - {RUSSIA} and own:
        return named | {own}
    return named
