"""`safar ask`: the ranking, the decision and the answer to one question."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from bot.answering import Answer, Question
from bot.errors import SetupError
from bot.language.identify import LanguageIdentifier, choose_language
from bot.language.spelling import clean
from bot.live import LiveKnowledge
from bot.retrieval.embedder import SentenceTransformerEmbedder, load_reranker
from bot.settings import Settings
from bot.terminal import show_message

SHOWN = 8


def explain(settings: Settings, text: str, language: str | None, citizenship: str | None, console: Console) -> None:
    """Prints how a question is answered.

    Raises:
        SetupError: The language or the citizenship is not known.
    """
    identifier = LanguageIdentifier.load()
    embedder, reranker = SentenceTransformerEmbedder(settings.model), load_reranker(settings.reranker)
    live = LiveKnowledge(settings, embedder, identifier, reranker=reranker)
    answerer, knowledge = live.answerer, live.answerer.knowledge
    chosen = answerer.catalogue.find(language) if language else None
    if language and chosen is None:
        raise SetupError(f"'{language}' is no language here; known: {', '.join(knowledge.languages)}.")
    if citizenship and citizenship not in knowledge.countries:
        raise SetupError(f"'{citizenship}' is no country here; known: {', '.join(knowledge.countries)}.")
    distribution = identifier.identify(text)
    code = chosen.code if chosen else choose_language(
        distribution,
        previous=None,
        chosen=None,
        supported=list(knowledge.languages),
        default=settings.default_language,
    )  # fmt: skip
    answer = answerer.answer(Question(clean(text), code, citizenship))
    console.print(f"Language {code} (identified: {distribution.language}, {distribution.confidence:.2f})")
    _print_decision(answer, console)
    for message in answer.messages:
        show_message(message, console)
    live.close()


def _print_decision(answer: Answer, console: Console) -> None:
    decision = answer.decision
    if decision is None:
        console.print("No words in this text, so nothing was searched.")
        return
    asked = ", ".join(sorted(decision.asked)) or "nobody's in particular"
    console.print(f"About the rules for citizens of: {asked}")
    shown = {passage.key for passage in decision.passages}
    names = ("question", "prototype", "text words", "question words", "all words", "concern")
    table = Table("passage", "probability", *names, "shown")
    for ranked in decision.ranking.passages[:SHOWN]:
        near = (ranked.question_score, ranked.prototype_score)
        shared = (ranked.word_score, ranked.question_word_score, ranked.gathered_word_score)
        scores = (f"{number:.3f}" for number in (ranked.probability, *near, *shared, ranked.concern))
        table.add_row(ranked.key, *scores, "yes" if ranked.key in shown else "")
    console.print(table)
    if decision.passages:
        reason = "the best permitted passage is probable enough and far enough ahead"
    elif decision.offered:
        reason = f"more than one may be meant; offered: {', '.join(passage.key for passage in decision.offered)}"
    elif decision.related and decision.asked:
        reason = "a passage would answer it, but for citizens of another country"
    else:
        reason = "no permitted passage is probable enough"
    console.print(f"Threshold {decision.ranking.threshold:.3f}, certainty {decision.certainty:.3f}: {reason}.")
