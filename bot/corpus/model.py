"""The values that knowledge files become. All are immutable and shared freely between threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.corpus.phrases import Phrases

Translation = Literal["original", "reviewed", "draft"]
Severity = Literal["critical", "important", "info"]
PublisherKind = Literal["law", "court", "embassy", "government", "igo", "ngo", "news", "guidance"]
# How a statement is known: from the text of a law, a court, a state body, a news outlet that quotes one, the page of an
# organisation, a news outlet's own report, or an adviser's page.
Basis = Literal["law", "court", "state", "state-in-news", "organisation", "news", "guidance"]


Mentions = tuple[tuple[str, ...], ...]  # phrases that name a country; see `Country`


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
        months: For each of the twelve months the beginnings of its name.
        follow_up: How a message begins that goes on with what was said before.
    """

    code: str
    name: str
    direction: Literal["ltr", "rtl"]
    fallback: tuple[str, ...]
    accepts: tuple[str, ...]
    country: str | None
    citizen: tuple[str, ...]
    first_person: tuple[str, ...]
    months: tuple[tuple[str, ...], ...]
    follow_up: tuple[str, ...]


@dataclass(frozen=True)
class Country:
    """A citizenship: names per language, and the words by which a question mentions it.

    `mentions` holds phrases; each is a tuple of word beginnings in small letters ("=word" for a whole word,
    "!word" for a beginning that does not count).
    """

    code: str
    name: Mapping[str, str]
    citizens: Mapping[str, str]
    mentions: Mentions


@dataclass(frozen=True)
class Topic:
    """What advisories are about, with its name in every language."""

    id: str
    name: Mapping[str, str]


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
    basis: Basis
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
    """One language's version of a passage; `text` carries source marks such as `[^rferl]`.

    `by` and `on` tell who wrote, translated or reviewed it, and when.
    """

    language: str
    heading: str
    text: str
    translation: Translation
    by: str
    on: date


@dataclass(frozen=True)
class Question:
    """One question that a passage answers, as people ask it in each language."""

    id: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Validity:
    """From which day until which day something holds; None where that end is open."""

    since: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether it holds on this day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Passage:
    """The smallest thing that answers a question; the same passage in every language.

    Attributes:
        advisory: The advisory it belongs to.
        id: Its name within the advisory.
        topic: The advisory's topic.
        severity: How much hangs on it.
        as_of: The day its sources speak of.
        validity: When it holds: it is not shown before or after.
        superseded_by: The key of the newer passage that replaces it, so that it is not shown.
        texts: Its versions by language; not every passage is translated into every language.
        quotes: Words of its sources, by source id.
        questions: Questions by which it is found.
        held_out: Questions that only test whether it is found.
    """

    advisory: str
    id: str
    topic: str
    severity: Severity
    as_of: date
    validity: Validity
    superseded_by: str | None
    texts: Mapping[str, PassageText]
    quotes: Mapping[str, Quote]
    questions: tuple[Question, ...]
    held_out: tuple[Question, ...]

    @property
    def key(self) -> str:
        """`<advisory>/<passage>`, unique in the knowledge base."""
        return f"{self.advisory}/{self.id}"

    @property
    def point(self) -> str:
        """`<topic>/<passage>`, the same for what two countries' advisories say on the same point."""
        return f"{self.topic}/{self.id}"

    def current(self, day: date) -> bool:
        """Whether it may be shown on this day."""
        return self.superseded_by is None and self.validity.holds(day)


@dataclass(frozen=True)
class Advisory:
    """A group of passages on one subject.

    No citizenships means that it applies to everyone; no `staying_in`, that it does not matter where somebody is.
    """

    id: str
    topic: str
    severity: Severity
    citizenships: frozenset[str]
    staying_in: frozenset[str]
    review_by: date
    sources: Mapping[str, Source]
    titles: Mapping[str, str]
    passages: tuple[Passage, ...]

    def applies_to(self, citizenship: str) -> bool:
        """Whether it concerns citizens of this country."""
        return not self.citizenships or citizenship in self.citizenships


@dataclass(frozen=True)
class Contact:
    """An office that people can ask; `confirmed` says when its number was last seen on a page.

    No `serves` means that it helps citizens of any country; no topics, that it helps with everything.
    """

    id: str
    serves: frozenset[str]
    topics: frozenset[str]
    names: Mapping[str, str]
    languages: tuple[str, ...]
    phone: str | None
    hours: str | None
    url: str | None
    source: str
    confirmed: str


@dataclass(frozen=True)
class Knowledge:
    """Everything under knowledge/, with the fingerprint of the files it was read from.

    `elsewhere` says by which words a question names a country that there are no rules of.
    """

    fingerprint: str
    languages: Mapping[str, Language]
    countries: Mapping[str, Country]
    topics: Mapping[str, Topic]
    contacts: tuple[Contact, ...]
    phrases: Mapping[str, Phrases]
    advisories: Mapping[str, Advisory]
    out_of_scope: tuple[Question, ...]
    elsewhere: Mapping[str, Mentions]

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages, in the order of the files."""
        return tuple(passage for advisory in self.advisories.values() for passage in advisory.passages)

    def contacts_for(self, citizenships: frozenset[str], topics: frozenset[str] = frozenset()) -> tuple[Contact, ...]:
        """The offices that serve citizens of these countries, and those for these topics that serve everyone."""
        return tuple(
            contact
            for contact in self.contacts
            if (contact.serves & citizenships and (not contact.topics or contact.topics & topics))
            or (not contact.serves and contact.topics & topics)
        )
