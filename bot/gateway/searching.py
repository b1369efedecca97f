"""`GET /api/search`: the ranking behind an answer, for maintainers and tests."""

from __future__ import annotations

import asyncio

from bot.answering import Answerer, Decision, Question
from bot.corpus import Knowledge
from bot.gateway.schemas import SearchHit, SearchReply
from bot.gateway.turns import Turns
from bot.language.catalogue import Catalogue
from bot.language.identify import LanguageIdentifier, choose_language
from bot.language.spelling import clean


class Search:
    """Ranks passages for a question as the answer would see them."""

    def __init__(
        self,
        *,
        knowledge: Knowledge,
        answerer: Answerer,
        turns: Turns,
        identifier: LanguageIdentifier,
        default_language: str,
    ) -> None:
        self._passages = {passage.key: passage for passage in knowledge.passages}
        self._catalogue = Catalogue(knowledge.languages)
        self._answerer = answerer
        self._turns = turns
        self._identifier = identifier
        self._default_language = default_language

    async def __call__(self, q: str, language: str | None, citizenship: str | None, k: int) -> SearchReply:
        """Returns the `k` most probable passages.

        Raises:
            Refused: The language or the citizenship is not known.
        """
        chosen = self._turns.chosen_language(language) or choose_language(
            self._identifier.identify(q),
            previous=None,
            chosen=None,
            supported=[one.code for one in self._catalogue],
            default=self._default_language,
        )
        self._turns.check_citizenship(citizenship, chosen)
        decision = await asyncio.to_thread(self._answerer.decide, Question(clean(q), chosen, citizenship))
        return SearchReply(
            language=chosen,
            version=decision.ranking.version,
            threshold=decision.ranking.threshold,
            passages=[self._hit(decision, place, chosen) for place in range(min(k, len(decision.ranking.passages)))],
        )

    def _hit(self, decision: Decision, place: int, language: str) -> SearchHit:
        ranked = decision.ranking.passages[place]
        passage = self._passages[ranked.key]
        version = self._catalogue.pick(passage.texts, language)
        return SearchHit(
            advisory=passage.advisory,
            passage=passage.id,
            heading=version.heading,
            language=version.language,
            probability=round(ranked.probability, 4),
            text_score=round(ranked.text_score, 4),
            question_score=round(ranked.question_score, 4),
            shown=passage in decision.passages,
        )
