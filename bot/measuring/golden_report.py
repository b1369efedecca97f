"""The golden run as a page: a coverage picture, the tables, and what changes between two versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from bot.corpus import Knowledge, Passage
from bot.measuring.golden import TOP, Change, Outcome, by, score

TEMPLATE = Path(__file__).with_name("golden_report.html")


@dataclass(frozen=True)
class Cell:
    """A topic in a language: `colour` is good, draft, late or none, `share` how much is there in percent."""

    colour: str
    share: int
    text: str
    title: str


@dataclass(frozen=True)
class Row:
    """A topic in every language."""

    topic: str
    cells: tuple[Cell, ...]


def write_report(
    path: Path,
    knowledge: Knowledge,
    version: str,
    outcomes: Sequence[Outcome],
    *,
    compared: str | None = None,
    changes: Sequence[Change] = (),
) -> None:
    """Writes one HTML file that needs nothing else.

    Args:
        path: The file.
        knowledge: The knowledge that was measured.
        version: Its version.
        outcomes: What became of the held-out questions; there must be at least one.
        compared: The name of the version it was compared with, if any.
        changes: The questions whose answer differs from that version's.
    """
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(TEMPLATE.read_text())
    topics = by(outcomes, lambda asked: asked.topic)
    page = template.render(
        version=version,
        day=date.today().isoformat(),
        advisories=len(knowledge.advisories),
        passages=len(knowledge.passages),
        total=score(outcomes),
        languages=list(knowledge.languages),
        coverage=coverage(knowledge, date.today()),
        tables=[
            ("language", [*by(outcomes, lambda asked: asked.language).items(), ("all", score(outcomes))]),
            ("topic", [(knowledge.topics[topic].name["en"], found) for topic, found in topics.items()]),
        ],
        top=TOP,
        compared=compared,
        changes=changes,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page)


def coverage(knowledge: Knowledge, today: date) -> list[Row]:
    """Returns how far each topic is covered in each language."""
    rows = []
    for topic in knowledge.topics.values():
        passages = [p for p in knowledge.passages if p.topic == topic.id and p.current(today)]
        cells = tuple(_cell(knowledge, passages, language, today) for language in knowledge.languages)
        rows.append(Row(topic.name["en"], cells))
    return rows


def _cell(knowledge: Knowledge, passages: Sequence[Passage], language: str, today: date) -> Cell:
    there = [passage for passage in passages if language in passage.texts]
    drafts = sum(passage.texts[language].translation == "draft" for passage in there)
    late = sum(knowledge.advisories[passage.advisory].review_by < today for passage in there)
    if not there:
        colour = "none"
    elif late:
        colour = "late"
    else:
        colour = "draft" if drafts else "good"
    title = f"{language}: {len(there)} of {len(passages)} passages, {drafts} of them drafts, {late} past their review"
    share = round(100 * len(there) / len(passages)) if passages else 0
    return Cell(colour, share, f"{len(there)} / {len(passages)}" if passages else "–", title)
