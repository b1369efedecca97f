"""The values that knowledge files become. All are immutable and shared freely between threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.corpus.phrases import Phrases

Translation = Literal["original", "reviewed", "draft"]
Severity = Literal["critical", "important", "info"]
PublisherKind = Literal["law", "court", "embassy", "government", "igo", "ngo", "news"]


@dataclass(frozen=True)
class Language:
    """A language with its script, under a BCP 47 code such as `ky` or `uz-Cyrl`.

    Attributes:
        code: The code.
        name: The language's own name.
        direction: `ltr` or `rtl`.
        fallback: Codes of the languages to show, in this order, when a text is missing in this one.
        accepts: Other codes by which callers may name it.
        country: The citizenship that most of its speakers hold, if one stands out. It orders answers, nothing else.
        citizen: Beginnings of its words for citizen and passport.
        first_person: How it says "I am …": words, or endings of the naming word, written with a hyphen in front.
    """

    code: str
    name: str
    direction: Literal["ltr", "rtl"]
    fallback: tuple[str, ...]
    accepts: tuple[str, ...]
    country: str | None
    citizen: tuple[str, ...]
    first_person: tuple[str, ...]


@dataclass(frozen=True)
class Country:
    """A citizenship: names per language, and the words by which a question mentions it.

    `mentions` holds phrases; each is a tuple of word beginnings in small letters ("=word" for a whole word,
    "!word" for a beginning that does not count).
    """

    code: str
    name: Mapping[str, str]
    citizens: Mapping[str, str]
    mentions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Publisher:
    """Who says something: a law gazette, an embassy, a news outlet."""

    id: str
    name: str
    kind: PublisherKind


@dataclass(frozen=True)
class Source:
    """A page that statements rest on. `published` may be a year, a month or a day; None if the page shows no date."""

    id: str
    publisher: Publisher
    title: str
    url: str
    published: str | None


@dataclass(frozen=True)
class Quote:
    """The words of a source, in its language."""

    text: str
    language: str


@dataclass(frozen=True)
class PassageText:
    """One language's version of a passage; `text` carries source marks such as `[^rferl]`."""

    language: str
    heading: str
    text: str
    translation: Translation


@dataclass(frozen=True)
class Question:
    """One question that a passage answers, as people ask it in each language."""

    id: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Passage:
    """The smallest thing that answers a question; the same passage in every language."""

    advisory: str
    id: str
    severity: Severity
    texts: Mapping[str, PassageText]
    quotes: Mapping[str, Quote]
    questions: tuple[Question, ...]

    @property
    def key(self) -> str:
        """`<advisory>/<passage>`, unique in the knowledge base."""
        return f"{self.advisory}/{self.id}"


@dataclass(frozen=True)
class Advisory:
    """A group of passages on one subject. No citizenships means: it applies to everyone."""

    id: str
    topic: str
    severity: Severity
    citizenships: frozenset[str]
    as_of: date
    review_by: date
    sources: Mapping[str, Source]
    titles: Mapping[str, str]
    passages: tuple[Passage, ...]

    def applies_to(self, citizenship: str) -> bool:
        """Whether it concerns citizens of this country."""
        return not self.citizenships or citizenship in self.citizenships


@dataclass(frozen=True)
class Contact:
    """An office that people can ask; `confirmed` says when its number was last seen on a page."""

    id: str
    serves: frozenset[str]
    names: Mapping[str, str]
    phone: str | None
    hours: str | None
    url: str | None
    source: str
    confirmed: str


@dataclass(frozen=True)
class Knowledge:
    """Everything under knowledge/, with the fingerprint of the files it was read from."""

    fingerprint: str
    languages: Mapping[str, Language]
    countries: Mapping[str, Country]
    contacts: tuple[Contact, ...]
    phrases: Mapping[str, Phrases]
    advisories: Mapping[str, Advisory]
    out_of_scope: tuple[Question, ...]

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages, in the order of the files."""
        return tuple(passage for advisory in self.advisories.values() for passage in advisory.passages)

    def contacts_for(self, citizenships: frozenset[str]) -> tuple[Contact, ...]:
        """The offices that serve citizens of these countries."""
        return tuple(contact for contact in self.contacts if contact.serves & citizenships)
