"""Putting decisions into messages: numbered sources, contacts, buttons, and the sentences around them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.corpus import Advisory, Contact, Knowledge, Passage, PassageText
from bot.corpus.article import MARK
from bot.language.catalogue import Catalogue
from bot.messages import Citation, ContactShown, Message, PassageShown, QuickReply

MOST_CONTACTS = 5  # a longer list is not read on a phone


class Decided(Protocol):
    """The part of a decision that is put into words."""

    @property
    def asked(self) -> frozenset[str]:
        """The citizenships asked about."""
        ...

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages to show."""
        ...

    @property
    def offered(self) -> tuple[Passage, ...]:
        """The passages that may answer, where none certainly does."""
        ...

    @property
    def not_covered(self) -> frozenset[str]:
        """The citizenships asked about that nothing shown concerns."""
        ...

    @property
    def related(self) -> bool:
        """Whether some passage would answer for another citizenship."""
        ...


def citizenship_payload(code: str) -> str:
    """Returns what a citizenship button sends: an intent with its entity, in the dialogue engine's own notation."""
    return "/state_citizenship" + json.dumps({"citizenship": code})


def passage_payload(key: str) -> str:
    """Returns what the button of a passage's heading sends, in the dialogue engine's own notation."""
    return "/show_passage" + json.dumps({"passage": key})


@dataclass(frozen=True)
class _Chosen:
    """A decision that the user has taken himself."""

    asked: frozenset[str]
    passages: tuple[Passage, ...]
    offered: tuple[Passage, ...] = ()
    not_covered: frozenset[str] = frozenset()
    related: bool = False


class Composer:
    """Makes messages in the user's language from the knowledge's phrases and passages."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._catalogue = Catalogue(knowledge.languages)

    def say(self, language: str, phrase: str, **values: str) -> str:
        """Returns a fixed sentence in this language."""
        return self._knowledge.phrases[language].say(phrase, **values)

    def notice(self, language: str, phrase: str, **values: str) -> Message:
        """Returns a message that is one fixed sentence."""
        return Message("notice", self.say(language, phrase, **values))

    def answer(self, language: str, decision: Decided) -> tuple[Message, ...]:
        """Returns an answer, and a question back if the citizenship matters; or the honest "not known"."""
        if decision.offered:
            return (self._offer(language, decision.offered),)
        if not decision.passages:
            return (self._no_answer(language, decision),)
        messages = [self._passages(language, decision)]
        if not decision.asked and all(self._advisory(p).citizenships for p in decision.passages):
            messages.append(self.ask_citizenship(language))
        return tuple(messages)

    def chosen(self, language: str, passage: Passage, asked: frozenset[str]) -> tuple[Message, ...]:
        """Returns a passage that somebody chose by its heading; `asked` holds his citizenship, if it is concerned."""
        return self.answer(language, _Chosen(asked, (passage,)))

    def _offer(self, language: str, passages: Iterable[Passage]) -> Message:
        """Returns the question which of some passages is meant, with their headings to press."""
        buttons = tuple(
            QuickReply(self._version(passage, language).heading, passage_payload(passage.key)) for passage in passages
        )
        return Message("clarify", self.say(language, "which_one"), quick_replies=buttons)

    def ask_citizenship(self, language: str) -> Message:
        """Returns the question whose citizen somebody is, with a button for each country."""
        buttons = tuple(
            QuickReply(country.name[language], citizenship_payload(code))
            for code, country in self._knowledge.countries.items()
        )
        return Message("clarify", self.say(language, "ask_citizenship"), quick_replies=buttons)

    def citizenship_noted(self, language: str, code: str) -> Message:
        """Returns the confirmation that a citizenship is now known."""
        country = self._knowledge.countries[code].name[language]
        return self.notice(language, "citizenship_noted", country=country)

    def contacts(self, language: str, citizenship: str | None) -> tuple[Message, ...]:
        """Returns whom citizens of this country can ask; for an unknown one, asks which it is."""
        if citizenship is None:
            return (self.notice(language, "whom_to_ask_none"), self.ask_citizenship(language))
        shown = self._contacts(language, frozenset({citizenship}))
        phrase = "whom_to_ask" if shown else "whom_to_ask_none"
        return (Message("notice", self.say(language, phrase), contacts=shown),)

    # No answer ---------------------------------------------------------------------------------------------------

    def _no_answer(self, language: str, decision: Decided) -> Message:
        home = self._knowledge.languages[language].country
        concerned = decision.asked or frozenset({home} if home else ())
        contacts = self._contacts(language, concerned)
        if decision.related and decision.asked:
            text = self._not_covered(language, decision.asked)
        else:
            text = self.say(language, "no_answer")
        whom = self.say(language, "whom_to_ask" if contacts else "whom_to_ask_none")
        return Message("no_answer", f"{text}\n\n{whom}", contacts=contacts)

    def _not_covered(self, language: str, citizenships: Iterable[str]) -> str:
        countries = self._knowledge.countries
        return "\n".join(
            self.say(language, "no_answer_citizenship", citizens=countries[code].citizens[language])
            for code in sorted(citizenships)
        )

    # Answers -----------------------------------------------------------------------------------------------------

    def _passages(self, language: str, decision: Decided) -> Message:
        numbers = _Numbers()
        blocks = [self._block(language, passage, numbers) for passage in decision.passages]
        shown = [(passage, self._version(passage, language)) for passage in decision.passages]
        advisories = [self._advisory(passage) for passage in decision.passages]
        not_covered = decision.not_covered or self._home_not_covered(language, decision)
        if not_covered:
            blocks.append(self._not_covered(language, not_covered))
        blocks.extend(self._cautions(language, [text for _, text in shown], advisories))
        concerned = decision.asked or frozenset(code for a in advisories for code in a.citizenships)
        urgent = any(passage.severity == "critical" for passage in decision.passages)
        return Message(
            kind="answer",
            text="\n\n".join(blocks),
            passages=tuple(PassageShown(p.advisory, p.id, t.language, t.translation) for p, t in shown),
            citations=numbers.citations,
            as_of=min(passage.as_of for passage in decision.passages).isoformat(),
            contacts=self._contacts(language, concerned | not_covered, decision.passages) if urgent else (),
        )

    def _home_not_covered(self, language: str, decision: Decided) -> frozenset[str]:
        """The country most speakers come from, where nobody's citizenship is known and nothing shown concerns it."""
        home = self._knowledge.languages[language].country
        if decision.asked or home is None:
            return frozenset()
        concerned = any(self._advisory(passage).applies_to(home) for passage in decision.passages)
        return frozenset() if concerned else frozenset({home})

    def _block(self, language: str, passage: Passage, numbers: _Numbers) -> str:
        advisory, version = self._advisory(passage), self._version(passage, language)
        text = MARK.sub(lambda mark: f" [{numbers.number(advisory, passage, mark[1])}]", version.text)
        lines = []
        if advisory.citizenships:
            names = (self._knowledge.countries[code].citizens[language] for code in sorted(advisory.citizenships))
            lines.append(self.say(language, "applies_to", citizens=", ".join(names)))
        if version.language != language:
            lines.append(self.say(language, "fallback_language"))
        return "\n".join([*lines, text])

    def _cautions(self, language: str, versions: Iterable[PassageText], advisories: Iterable[Advisory]) -> list[str]:
        cautions = []
        overdue = [advisory.review_by for advisory in advisories if advisory.review_by < date.today()]
        if overdue:
            cautions.append(self.say(language, "past_review", date=min(overdue).isoformat()))
        if any(version.translation == "draft" for version in versions):
            cautions.append(self.say(language, "draft_translation"))
        return cautions

    def _version(self, passage: Passage, language: str) -> PassageText:
        return self._catalogue.pick(passage.texts, language)

    def _advisory(self, passage: Passage) -> Advisory:
        return self._knowledge.advisories[passage.advisory]

    def _contacts(
        self, language: str, citizenships: frozenset[str], passages: Iterable[Passage] = ()
    ) -> tuple[ContactShown, ...]:
        topics = frozenset(passage.topic for passage in passages)
        contacts = self._knowledge.contacts_for(citizenships, topics)
        return tuple(_shown(contact, language) for contact in contacts[:MOST_CONTACTS])


class _Numbers:
    """Numbers sources in the order in which an answer mentions them."""

    def __init__(self) -> None:
        self._citations: dict[tuple[str, str], Citation] = {}

    def number(self, advisory: Advisory, passage: Passage, source_id: str) -> int:
        source, quote = advisory.sources[source_id], passage.quotes.get(source_id)
        key = (source.url, quote.text if quote else "")
        if key not in self._citations:
            self._citations[key] = Citation(
                n=len(self._citations) + 1,
                publisher=source.publisher.name,
                title=source.title,
                url=source.url,
                published=source.published,
                kind=source.publisher.kind,
                basis=source.basis,
                quote=quote.text if quote else None,
                quote_language=quote.language if quote else None,
            )
        return self._citations[key].n

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._citations.values())


def _shown(contact: Contact, language: str) -> ContactShown:
    names: Mapping[str, str] = contact.names
    return ContactShown(names[language], contact.phone, contact.hours, contact.url, contact.confirmed)
