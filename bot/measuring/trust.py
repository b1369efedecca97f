"""How far Safar can be trusted: what it shows, offers and refuses, with an answer in the knowledge and without."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.answering import Answerer, Decision, Question
from bot.language import habits
from bot.measuring.golden import TOP, Asked, is_right, place_of
from bot.measuring.uncovered import Uncovered

Became = Literal["right", "wrong", "offered", "refused"]
BINS = 10


@dataclass(frozen=True)
class Fate:
    """What became of a question.

    Attributes:
        group: The language and spelling of a question that has an answer, the kind of one that has none.
        language: Its language.
        place: The right passage's place from 1; 0 if it is not in the ranking or there is none.
        certainty: How certain the best passages were.
        right: Whether they answer it.
        possible: Whether they were probable enough to be shown or offered.
        became: Whether the right passage was shown, another one, headings were offered, or nothing.
    """

    group: str
    language: str
    place: int
    certainty: float
    right: bool
    possible: bool
    became: Became


@dataclass(frozen=True)
class Shares:
    """Shares of a group of questions, between 0 and 1. `first` and `top` are 0 where there is no right passage."""

    questions: int
    first: float
    top: float
    right: float
    wrong: float
    offered: float
    refused: float


def covered_fates(questions: Iterable[Asked], answerer: Answerer, console: Console) -> list[Fate]:
    """Asks questions that have an answer, in each spelling that people of their language use."""
    variants = [variant for asked in questions for variant in _variants(asked)]
    fates = []
    for group, asked in track(variants, "Asking held-out questions", console=console, transient=True):
        decision = answerer.decide(Question(asked.text, asked.language))
        right = any(is_right(passage, asked, decision) for passage in decision.best)
        fates.append(_fate(group, asked.language, place_of(asked, decision, answerer), decision, right=right))
    return fates


def uncovered_fates(questions: Iterable[Uncovered], answerer: Answerer, console: Console) -> list[Fate]:
    """Asks questions that have none."""
    listed = [one for one in questions if one.split == "report"]
    return [
        _fate(one.kind, one.language, 0, answerer.decide(Question(one.text, one.language)), right=False)
        for one in track(listed, "Asking questions without an answer", console=console, transient=True)
    ]


def shares_by(fates: Sequence[Fate], key: Callable[[Fate], str]) -> dict[str, Shares]:
    """Returns the shares of each group, in the order in which the groups appear."""
    groups: dict[str, list[Fate]] = {}
    for fate in fates:
        groups.setdefault(key(fate), []).append(fate)
    return {name: _shares(group) for name, group in groups.items()}


def curve(fates: Sequence[Fate]) -> list[dict[str, float]]:
    """Returns, for each certainty from which passages could be shown, which share is shown and which share is wrong.

    Both of all questions, which must have an answer.
    """
    points = []
    for certain in (number / 20 for number in range(20)):
        shown = [fate for fate in fates if fate.possible and fate.certainty >= certain]
        wrong = sum(not fate.right for fate in shown)
        points.append({"certain": certain, "shown": len(shown) / len(fates), "wrong": wrong / len(fates)})
    return points


def reliability(fates: Iterable[Fate]) -> list[dict[str, float]]:
    """Returns for each tenth of certainty its mean, how often the best passage was right, and of how many questions."""
    bins: dict[int, list[Fate]] = {}
    for fate in fates:
        if fate.possible:
            bins.setdefault(min(BINS - 1, int(fate.certainty * BINS)), []).append(fate)
    return [
        {
            "certainty": float(np.mean([fate.certainty for fate in found])),
            "right": sum(fate.right for fate in found) / len(found),
            "questions": len(found),
        }
        for _, found in sorted(bins.items())
    ]


def figures(covered: Sequence[Fate], uncovered: Sequence[Fate]) -> dict[str, Any]:
    """Returns everything for a file."""
    standard = [fate for fate in covered if "-" not in fate.group.removeprefix(fate.language)]
    return {
        "held_out": {name: asdict(found) for name, found in shares_by(covered, lambda fate: fate.group).items()},
        "curve": curve(standard),
        "reliability": reliability([*standard, *uncovered]),
        "uncovered": {name: asdict(found) for name, found in shares_by(uncovered, lambda fate: fate.group).items()},
        "uncovered_languages": {
            name: asdict(found) for name, found in shares_by(uncovered, lambda fate: fate.language).items()
        },
    }


def print_fates(covered: Sequence[Fate], uncovered: Sequence[Fate], console: Console) -> None:
    """Prints a table of each kind."""
    names = ("questions", "first", f"in {TOP}", "right shown", "wrong shown", "offered", "refused")
    table = Table("held-out questions", *names)
    for name, found in shares_by(covered, lambda fate: fate.group).items():
        shares = (found.first, found.top, found.right, found.wrong, found.offered, found.refused)
        table.add_row(name, str(found.questions), *(f"{share:.3f}" for share in shares))
    console.print(table)
    table = Table("no passage answers", "questions", "shown", "offered", "refused")
    for key in (lambda fate: fate.group, lambda fate: fate.language):
        for name, found in shares_by(uncovered, key).items():
            unanswered = (found.wrong, found.offered, found.refused)
            table.add_row(name, str(found.questions), *(f"{share:.3f}" for share in unanswered))
        table.add_section()
    console.print(table)


def _variants(asked: Asked) -> list[tuple[str, Asked]]:
    suffixes = {"standard": "", "plain": "-plain", "latin": "-latin"}
    found = [(spelling, habits.usual(asked.language, spelling)) for spelling in habits.SPELLINGS]
    return [
        (asked.language + suffixes[spelling], replace(asked, text=habits.respell(asked.text, habit)))
        for spelling, habit in found
        if habit is not None
    ]


def _fate(group: str, language: str, place: int, decision: Decision, *, right: bool) -> Fate:
    became: Became = "refused"
    if decision.passages:
        became = "right" if right else "wrong"
    elif decision.offered:
        became = "offered"
    return Fate(group, language, place, decision.certainty, right, bool(decision.best), became)


def _shares(fates: Sequence[Fate]) -> Shares:
    def share(became: Became) -> float:
        return sum(fate.became == became for fate in fates) / len(fates)

    return Shares(
        questions=len(fates),
        first=sum(fate.place == 1 for fate in fates) / len(fates),
        top=sum(1 <= fate.place <= TOP for fate in fates) / len(fates),
        right=share("right"),
        wrong=share("wrong"),
        offered=share("offered"),
        refused=share("refused"),
    )
