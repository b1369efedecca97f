"""`safar golden`: the held-out questions, put to the knowledge: is the right passage found, and is it shown?

A question counts as found where its passage ranks, among those that hold today and concern whom the question names.
Where the question names no citizenship, what another country's advisory says on the same point stands beside it in the
answer, and counts as the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from bot.answering import Answerer, Decision, Question
from bot.corpus import Knowledge, Passage
from bot.errors import SetupError

TOP = 3
Verdict = Literal["right", "offered", "wrong", "silent"]


@dataclass(frozen=True)
class Asked:
    """One held-out question in one language."""

    passage: str
    topic: str
    language: str
    text: str


@dataclass(frozen=True)
class Outcome:
    """What became of a question.

    Attributes:
        asked: The question.
        place: The right passage's place, from 1; 0 if it is not in the ranking at all.
        verdict: Whether the right passage is shown, or offered; or only others are shown, or nothing is.
        shown: The keys of the passages shown, best first.
        answer: What a user would read.
    """

    asked: Asked
    place: int
    verdict: Verdict
    shown: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class Score:
    """Shares of a group of questions, between 0 and 1."""

    questions: int
    first: float
    top: float
    shown: float
    offered: float
    wrong: float


def held_out(knowledge: Knowledge) -> list[Asked]:
    """Returns the held-out questions of everything that is not superseded, in every language that has them."""
    return [
        Asked(passage.key, passage.topic, language, text)
        for passage in knowledge.passages
        if passage.superseded_by is None
        for question in passage.held_out
        for language, text in question.texts.items()
    ]


def read_questions(path: Path, knowledge: Knowledge) -> list[Asked]:
    """Returns the questions of a file: for each passage's key, one in every language that has one.

    Raises:
        SetupError: The file cannot be read, or names a passage that the knowledge does not have.
    """
    topics = {passage.key: passage.topic for passage in knowledge.passages}
    try:
        questions = yaml.safe_load(path.read_text("utf-8"))
        return [
            Asked(key, topics[key], language, text)
            for key, texts in questions.items()
            for language, text in texts.items()
        ]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError) as error:
        raise SetupError(f"{path} cannot be read: {type(error).__name__}.") from None
    except KeyError as error:
        raise SetupError(f"{path} names the passage {error}, which the knowledge does not have.") from None


def put(
    questions: Sequence[Asked], answerer: Answerer, progress: Callable[[int, int], None] = lambda *_: None
) -> list[Outcome]:
    """Puts questions to one state of the knowledge."""
    outcomes = []
    for number, asked in enumerate(questions, start=1):
        outcomes.append(_put(asked, answerer))
        progress(number, len(questions))
    return outcomes


def score(outcomes: Sequence[Outcome]) -> Score:
    """Returns the shares of some outcomes; there must be at least one."""
    count = len(outcomes)
    return Score(
        questions=count,
        first=sum(one.place == 1 for one in outcomes) / count,
        top=sum(1 <= one.place <= TOP for one in outcomes) / count,
        shown=sum(one.verdict == "right" for one in outcomes) / count,
        offered=sum(one.verdict == "offered" for one in outcomes) / count,
        wrong=sum(one.verdict == "wrong" for one in outcomes) / count,
    )


def by(outcomes: Iterable[Outcome], key: Callable[[Asked], str]) -> dict[str, Score]:
    """Returns the score of each group, in the order of their names."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(key(outcome.asked), []).append(outcome)
    return {name: score(groups[name]) for name in sorted(groups)}


@dataclass(frozen=True)
class Change:
    """A question whose answer differs between two states of the knowledge."""

    before: Outcome
    after: Outcome

    @property
    def kind(self) -> str:
        """What the change means for the person who asks."""
        if self.before.verdict != self.after.verdict:
            names = {"right": "mended", "offered": "now offered", "wrong": "now wrong", "silent": "no longer answered"}
            return names[self.after.verdict]
        return "other passages" if self.before.shown != self.after.shown else "other words"


def compare(before: Sequence[Outcome], after: Sequence[Outcome]) -> list[Change]:
    """Returns what changed, worst first; both must come from the same questions in the same order."""
    order = ("now wrong", "no longer answered", "now offered", "other passages", "other words", "mended")
    changes = [Change(*pair) for pair in zip(before, after, strict=True) if pair[0].answer != pair[1].answer]
    return sorted(changes, key=lambda change: order.index(change.kind))


def _put(asked: Asked, answerer: Answerer) -> Outcome:
    answer = answerer.answer(Question(asked.text, asked.language))
    decision = answer.decision
    text = "\n\n".join(message.text for message in answer.messages)
    if decision is None:
        return Outcome(asked, 0, "silent", (), text)
    shown = tuple(passage.key for passage in decision.passages)
    right = any(is_right(passage, asked, decision) for passage in decision.passages)
    offered = any(is_right(passage, asked, decision) for passage in decision.offered)
    verdict: Verdict = "right" if right else "wrong" if shown else "offered" if offered else "silent"
    return Outcome(asked, place_of(asked, decision, answerer), verdict, shown, text)


def place_of(asked: Asked, decision: Decision, answerer: Answerer) -> int:
    """Returns the right passage's place; passages on one point share a place."""
    points: list[str] = []
    for ranked in decision.permitted:
        passage = answerer.passage(ranked.key)
        if passage.point not in points:
            points.append(passage.point)
        if is_right(passage, asked, decision):
            return points.index(passage.point) + 1
    return 0


def is_right(passage: Passage, asked: Asked, decision: Decision) -> bool:
    """Whether a passage is the one asked for, or says the same for another country where nobody's rules are named."""
    same_point = passage.point == f"{asked.topic}/{asked.passage.partition('/')[2]}"
    return passage.key == asked.passage or (same_point and not decision.asked)
