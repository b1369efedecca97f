"""`GET /api/search`: the ranking behind an answer, for maintainers and tests."""

from __future__ import annotations

import asyncio

from bot.answering import Answerer, Current, Decision, Question
from bot.gateway.schemas import SearchHit, SearchReply
from bot.gateway.turns import Turns
from bot.language.identify import LanguageIdentifier, choose_language
from bot.language.spelling import clean


class Search:
    """Ranks passages for a question as the answer would see them."""

    def __init__(
        self,
        *,
        current: Current,
        turns: Turns,
        identifier: LanguageIdentifier,
        default_language: str,
    ) -> None:
        self._current = current
        self._turns = turns
        self._identifier = identifier
        self._default_language = default_language

    async def __call__(self, q: str, language: str | None, citizenship: str | None, k: int) -> SearchReply:
        """Returns the `k` most probable passages among those that hold today and concern whom the question is about.

        Raises:
            Refused: The language or the citizenship is not known.
        """
        answerer = self._current()
        chosen = self._turns.chosen_language(language) or choose_language(
            self._identifier.identify(q),
            previous=None,
            chosen=None,
            supported=[one.code for one in answerer.catalogue],
            default=self._default_language,
        )
        self._turns.check_citizenship(citizenship, chosen)
        decision = await asyncio.to_thread(answerer.decide, Question(clean(q), chosen, citizenship))
        return SearchReply(
            language=chosen,
            version=decision.ranking.version,
            threshold=decision.ranking.threshold,
            passages=[_hit(answerer, decision, place, chosen) for place in range(min(k, len(decision.permitted)))],
        )


def _hit(answerer: Answerer, decision: Decision, place: int, language: str) -> SearchHit:
    ranked = decision.permitted[place]
    passage = answerer.passage(ranked.key)
    version = answerer.catalogue.pick(passage.texts, language)
    return SearchHit(
        advisory=passage.advisory,
        passage=passage.id,
        heading=version.heading,
        language=version.language,
        probability=round(ranked.probability, 4),
        question_score=round(ranked.question_score, 4),
        prototype_score=round(ranked.prototype_score, 4),
        word_score=round(ranked.word_score, 4),
        question_word_score=round(ranked.question_word_score, 4),
        gathered_word_score=round(ranked.gathered_word_score, 4),
        concern=round(ranked.concern, 4),
        shown=passage in decision.passages,
    )
