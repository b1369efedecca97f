"""`safar bench questions`: a set of questions put to a running Safar, and how many were answered as they should be."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.corpus.yaml_file import parse_yaml
from bot.errors import KnowledgeError, SetupError

Split = Literal["develop", "report"]
Kind = Literal["covered", "off_topic", "uncovered", "other_citizenship", "jurisdiction"]


class Item(BaseModel):
    """One question of the set, and what must come of it."""

    model_config = ConfigDict(extra="forbid")

    id: str
    language: str
    spelling: str
    citizenship: str | None
    text: str
    kind: Kind
    split: Split
    expect: Literal["answer", "none"]
    advisories: Annotated[list[str], Field(description="Advisories of which one must be cited.")]
    never: Annotated[list[str], Field(description="Advisories that must not be cited.")] = []


@dataclass(frozen=True)
class Outcome:
    """What came of a question."""

    item: Item
    kinds: tuple[str, ...]
    cited: tuple[str, ...]
    language: str

    @property
    def right(self) -> bool:
        """Whether the right advisory was cited, or rightly nothing."""
        if self.item.expect == "none":
            return not self.cited
        return bool(set(self.cited) & set(self.item.advisories))

    @property
    def wrong_jurisdiction(self) -> bool:
        """Whether an advisory was cited that concerns other people only."""
        return bool(set(self.cited) & set(self.item.never))


@dataclass(frozen=True)
class Summary:
    """Shares of a part of the set, between 0 and 1, and numbers."""

    questions: int
    right_advisory: float
    unanswerable: int
    wrongly_answered: int
    wrong_jurisdiction: int
    right_language: float


def read_items(path: Path) -> list[Item]:
    """Reads a set of questions.

    Raises:
        SetupError: The file cannot be read.
    """
    try:
        return TypeAdapter(list[Item]).validate_python(parse_yaml(path, path.read_text()).data)
    except (KnowledgeError, OSError, ValueError) as error:
        raise SetupError(f"the questions cannot be read: {error}") from None


def put(items: Iterable[Item], client: httpx.Client) -> list[Outcome]:
    """Puts each question to a running Safar in a conversation of its own."""
    return [_put(item, client) for item in items]


def summarize(outcomes: Sequence[Outcome]) -> Summary:
    """Returns the figures of some outcomes."""
    answerable = [one for one in outcomes if one.item.expect == "answer"]
    others = [one for one in outcomes if one.item.expect == "none"]
    return Summary(
        questions=len(outcomes),
        right_advisory=_share(one.right for one in answerable),
        unanswerable=len(others),
        wrongly_answered=sum(not one.right for one in others),
        wrong_jurisdiction=sum(one.wrong_jurisdiction for one in outcomes),
        right_language=_share(one.language == one.item.language for one in outcomes),
    )


def measure_questions(path: Path, address: str, console: Console, output: Path | None, *, show: Split | None) -> None:
    """Prints figures for both halves; `show` also lists what went wrong in that half, to develop on it.

    Raises:
        SetupError: The file cannot be read, or nothing answers at the address.
    """
    items = read_items(path)
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        outcomes = [_put(item, client) for item in track(items, "Questions", console=console, transient=True)]
    summaries = {split: summarize([o for o in outcomes if o.item.split == split]) for split in ("develop", "report")}
    _print(summaries, outcomes, console)
    for one in outcomes if show else ():
        if one.item.split == show and not one.right:
            console.print(f"{one.item.id} {one.item.kind} {one.item.text} -> {one.kinds} {one.cited}", markup=False)
    if output:
        output.write_text(json.dumps({k: asdict(v) for k, v in summaries.items()}, indent=2) + "\n")


def _put(item: Item, client: httpx.Client) -> Outcome:
    try:
        response = client.post("/api/chat", json={"text": item.text, "citizenship": item.citizenship})
        response.raise_for_status()
    except httpx.HTTPError as error:
        raise SetupError(f"question {item.id} got no reply from {client.base_url}: {type(error).__name__}") from None
    reply = response.json()
    cited = (passage["advisory"] for message in reply["messages"] for passage in message["passages"])
    kinds = tuple(message["kind"] for message in reply["messages"])
    return Outcome(item, kinds, tuple(dict.fromkeys(cited)), reply["language"])


def _share(values: Iterable[bool]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 1.0


def _print(summaries: Mapping[str, Summary], outcomes: Sequence[Outcome], console: Console) -> None:
    table = Table(
        "half", "questions", "right advisory", "unanswerable, answered", "wrong jurisdiction", "right language"
    )
    for split, one in summaries.items():
        wrongly = f"{one.wrongly_answered} of {one.unanswerable}"
        shares = f"{one.right_advisory:.3f}", wrongly, str(one.wrong_jurisdiction), f"{one.right_language:.3f}"
        table.add_row(split, str(one.questions), *shares)
    console.print(table)
    groups: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.item.split == "report":
            for name in ("language", "spelling", "kind"):
                groups[name, getattr(outcome.item, name)].append(outcome.right)
    details = Table("by", "", "right", "of", title="report half")
    for (name, value), right in sorted(groups.items()):
        details.add_row(name, value, str(sum(right)), str(len(right)))
    console.print(details)
