"""A made-up knowledge base of any size, to measure and test what depends on size."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import yaml

PER_ADVISORY = 5  # passages
_PLACES = ("Kazan", "Omsk", "Tula", "Perm", "Ufa", "Tver", "Penza", "Chita", "Sochi", "Pskov", "Orel", "Kursk")
_PAPERS = ("permit", "contract", "card", "receipt", "stamp", "form", "letter", "list", "badge", "ticket", "pass")
_THINGS = ("house", "field", "market", "depot", "school", "kitchen", "garage", "bridge", "ship", "farm", "mine", "mill")
_DEEDS = ("bring", "sign", "show", "keep", "copy", "send", "renew", "return", "lose", "find", "pay for", "ask for")


def write_base(folder: Path, lists: Path, *, passages: int, questions: int = 3, tag: str = "first") -> None:
    """Writes a knowledge folder in English.

    Args:
        folder: Where to; it must not exist yet.
        lists: A knowledge folder whose lists and phrases are taken over.
        passages: How many passages to make up, a multiple of 5.
        questions: Questions a passage.
        tag: A word that stands in every heading, so that versions can be told apart.
    """
    shutil.copytree(lists, folder, ignore=shutil.ignore_patterns("advisories"))
    for number in range(passages // PER_ADVISORY):
        write_advisory(folder, number, questions=questions, tag=tag)


def write_advisory(folder: Path, number: int, *, questions: int = 3, tag: str = "first") -> None:
    """Writes one made-up advisory, the same for the same number and tag."""
    place = folder / "advisories" / f"made-up-{number:05}"
    place.mkdir(parents=True, exist_ok=True)
    ids = [f"point-{number}-{part}" for part in range(PER_ADVISORY)]
    head = {
        "topic": "wages",
        "severity": "info",
        "applies_to": {"citizenships": [], "staying_in": []},
        "as_of": "2026-01-01",
        "review_by": "2099-01-01",
        "sources": {
            "page": {"publisher": "rferl", "basis": "news", "title": "A page", "url": "https://example.org/page"}
        },
        "passages": {key: {} for key in ids},
    }
    asked = {key: {"search": [{"en": text} for text in _questions(number, key, questions)]} for key in ids}
    (place / "advisory.yml").write_text(yaml.safe_dump(head, sort_keys=False))
    (place / "questions.yml").write_text(yaml.safe_dump(asked, sort_keys=False))
    (place / "en.md").write_text("\n".join(_article(number, ids, tag)))


def _article(number: int, ids: list[str], tag: str) -> Iterator[str]:
    yield f'---\ntitle: "Made-up advice {number}"\nstatus: original\nby: a program\non: 2026-01-01\n---\n'
    for key in ids:
        chance = Random(key)  # noqa: S311 - not for secrets
        what, where, deed = chance.choice(_PAPERS), chance.choice(_PLACES), chance.choice(_DEEDS)
        yield f"## The {what} of the {chance.choice(_THINGS)} in {where} ({tag}) {{#{key}}}\n"
        yield (
            f"Whoever must {deed} the {what} number {chance.randrange(10_000)} in {where} has "
            f"{chance.randrange(2, 90)} days. The office is at the {chance.choice(_THINGS)}, "
            f"and the {chance.choice(_THINGS)} is closed.[^page]\n"
        )


def _questions(number: int, key: str, count: int) -> Iterator[str]:
    chance = Random(f"{key}?")  # noqa: S311 - not for secrets
    for _ in range(count):
        what, where, thing = chance.choice(_PAPERS), chance.choice(_PLACES), chance.choice(_THINGS)
        yield f"how do i {chance.choice(_DEEDS)} the {what} of the {thing} in {where} {number}"
