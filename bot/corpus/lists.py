"""The files that list what advisories name: languages, countries, topics, publishers, contacts, phrases, scope."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.corpus import schemas
from bot.corpus.files import Files
from bot.corpus.model import Contact, Country, Language, Mentions, Publisher, Question, Topic
from bot.corpus.phrases import Phrases, slots
from bot.corpus.yaml_file import YamlFile, nearest, parse_yaml
from bot.errors import KnowledgeError, Problem

REFERENCE = "en"  # the language whose phrases say which phrases there are
NAMES = (
    "languages.yml",
    "countries.yml",
    "elsewhere.yml",
    "topics.yml",
    "publishers.yml",
    "contacts.yml",
    "out_of_scope.yml",
    "suspicious.yml",
)


@dataclass(frozen=True)
class Lists:
    """What the lists hold."""

    languages: Mapping[str, Language]
    countries: Mapping[str, Country]
    elsewhere: Mapping[str, Mentions]
    topics: Mapping[str, Topic]
    publishers: Mapping[str, Publisher]
    contacts: tuple[Contact, ...]
    phrases: Mapping[str, Phrases]
    out_of_scope: tuple[Question, ...]
    instructions: tuple[str, ...]


def read_model(files: Files, name: str, model: type[schemas.Model]) -> tuple[YamlFile, schemas.Model]:
    """Returns a file with its content.

    Raises:
        KnowledgeError: It is missing or wrong.
    """
    file = parse_yaml(files.path(name), files.text(name))
    return file, file.validate(model)


def read_lists(files: Files) -> tuple[Lists | None, list[Problem]]:
    """Returns the lists, or None if a list cannot be read at all; and every problem found."""
    reader = _Reader(files)
    return reader.read(), reader.problems


def known(values: Iterable[str]) -> str:
    """Returns the permitted values for a message."""
    names = sorted(values)
    return ", ".join(names) if len(names) <= 40 else f"{', '.join(names[:40])} and {len(names) - 40} more"


def unknown(what: str, value: str, allowed: Iterable[str]) -> str:
    """Returns the message for a name that stands in no list."""
    allowed = list(allowed)
    return f"'{value}' is no {what}; known: {known(allowed)}{nearest(value, allowed)}."


@dataclass
class _Reader:
    files: Files
    problems: list[Problem] = field(default_factory=list)
    languages: Mapping[str, Language] = field(default_factory=dict)

    def read(self) -> Lists | None:
        languages = self._model("languages.yml", schemas.LanguagesFile)
        countries = self._model("countries.yml", schemas.CountriesFile)
        elsewhere = self._model("elsewhere.yml", schemas.ElsewhereFile)
        topics = self._model("topics.yml", schemas.TopicsFile)
        publishers = self._model("publishers.yml", schemas.PublishersFile)
        contacts = self._model("contacts.yml", schemas.ContactsFile)
        scope = self._model("out_of_scope.yml", schemas.OutOfScopeFile)
        suspicious = self._model("suspicious.yml", schemas.SuspiciousFile)
        if not (languages and countries and topics and publishers and contacts and scope and suspicious and elsewhere):
            return None
        self.languages = {code: _language(code, entry) for code, entry in languages[1].root.items()}
        self._check_languages(languages[0])
        if REFERENCE not in self.languages:
            self._report(languages[0], "missing-language", f"'{REFERENCE}' is missing; Safar's phrases start from it.")
            return None
        found_countries = {code: self._country(countries[0], code, e) for code, e in countries[1].root.items()}
        found_topics = {key: self._topic(topics[0], key, names) for key, names in topics[1].root.items()}
        return Lists(
            languages=self.languages,
            countries=found_countries,
            elsewhere=self._elsewhere(*elsewhere, found_countries),
            topics=found_topics,
            publishers={key: Publisher(key, entry.name, entry.kind) for key, entry in publishers[1].root.items()},
            contacts=tuple(
                self._contact(contacts[0], key, entry, found_countries, found_topics)
                for key, entry in contacts[1].root.items()
            ),
            phrases=self._phrases(),
            out_of_scope=tuple(self._scope_questions(*scope)),
            instructions=tuple(phrase.casefold() for phrase in suspicious[1].instructions),
        )

    def _model(self, name: str, model: type[schemas.Model]) -> tuple[YamlFile, schemas.Model] | None:
        try:
            return read_model(self.files, name, model)
        except KnowledgeError as error:
            self.problems.extend(error.problems)
            return None

    def _report(self, file: YamlFile, rule: str, message: str, *keys: str | int) -> None:
        self.problems.append(file.problem(rule, message, *keys))

    # Languages, countries, topics, contacts ------------------------------------------------------------------------

    def _check_languages(self, file: YamlFile) -> None:
        for code, language in self.languages.items():
            for other in language.fallback:
                if other not in self.languages:
                    self._report(file, "unknown-name", unknown("language", other, self.languages), code, "fallback")

    def _country(self, file: YamlFile, code: str, entry: schemas.CountryEntry) -> Country:
        self._check_per_language(file, entry.name, code, "name")
        self._check_per_language(file, entry.citizens, code, "citizens")
        return Country(code, dict(entry.name), dict(entry.citizens), _mentions(entry.mentions))

    def _elsewhere(
        self, file: YamlFile, elsewhere: schemas.ElsewhereFile, countries: Mapping[str, Country]
    ) -> dict[str, Mentions]:
        for code in sorted(elsewhere.root.keys() & countries.keys()):
            message = f"'{code}' stands in countries.yml, so Safar has rules of it; remove it here."
            self._report(file, "doubled-name", message, code)
        return {code: _mentions(written) for code, written in elsewhere.root.items()}

    def _topic(self, file: YamlFile, key: str, names: Mapping[str, str]) -> Topic:
        self._check_per_language(file, names, key)
        return Topic(key, dict(names))

    def _contact(
        self,
        file: YamlFile,
        key: str,
        entry: schemas.ContactEntry,
        countries: Mapping[str, Country],
        topics: Mapping[str, Topic],
    ) -> Contact:
        self._check_per_language(file, entry.name, key, "name")
        for field_name, values, what, allowed in (
            ("serves", entry.serves, "country here", countries),
            ("topics", entry.topics, "topic", topics),
            ("languages", entry.languages, "language", self.languages),
        ):
            for value in sorted(set(values) - allowed.keys()):
                self._report(file, "unknown-name", unknown(what, value, allowed), key, field_name)
        if not (entry.serves or entry.topics):
            message = "say whom this contact helps: countries under 'serves', or 'topics', or both."
            self._report(file, "missing-field", message, key)
        if not (entry.phone or entry.url):
            self._report(file, "missing-field", "the contact has neither 'phone' nor 'url'; add one.", key)
        if entry.confirmed > date.today().isoformat():
            message = f"'confirmed' is {entry.confirmed}, which lies in the future; write the day it was last seen."
            self._report(file, "date-order", message, key, "confirmed")
        return Contact(
            id=key,
            serves=frozenset(entry.serves),
            topics=frozenset(entry.topics),
            names=dict(entry.name),
            languages=tuple(entry.languages),
            phone=entry.phone,
            hours=entry.hours,
            url=entry.url,
            source=entry.source,
            confirmed=entry.confirmed,
        )

    def _check_per_language(self, file: YamlFile, texts: Mapping[str, str], *keys: str | int) -> None:
        for code in sorted(self.languages.keys() - texts.keys()):
            self._report(file, "missing-language", f"the text in '{code}' is missing; add it.", *keys)
        self.problems.extend(check_codes(file, texts, self.languages, *keys))

    def _scope_questions(self, file: YamlFile, scope: schemas.OutOfScopeFile) -> Iterator[Question]:
        for section in ("off_topic", "not_covered"):
            for number, texts in enumerate(getattr(scope, section)):
                self.problems.extend(check_codes(file, texts, self.languages, section, number))
                yield Question(f"{section}/{number}", dict(texts))

    # Phrases -----------------------------------------------------------------------------------------------------

    def _phrases(self) -> dict[str, Phrases]:
        read = {code: self._model(f"phrases/{code}.yml", schemas.PhrasesFile) for code in self.languages}
        files = {code: pair for code, pair in read.items() if pair is not None}
        if REFERENCE in files:
            wanted = files[REFERENCE][1].phrases
            for file, content in files.values():
                self._check_phrases(file, content.phrases, wanted)
        return {code: Phrases(code, dict(content.phrases)) for code, (_, content) in files.items()}

    def _check_phrases(self, file: YamlFile, phrases: Mapping[str, str], wanted: Mapping[str, str]) -> None:
        for key in sorted(wanted.keys() - phrases.keys()):
            message = f"the phrase '{key}' is missing; in English it is: {wanted[key]}"
            self._report(file, "missing-phrase", message, "phrases")
        for key in sorted(phrases.keys() - wanted.keys()):
            message = f"the phrase '{key}' is not known; remove it or correct its name{nearest(key, wanted)}."
            self._report(file, "unknown-name", message, "phrases", key)
        for key in sorted(phrases.keys() & wanted.keys()):
            try:
                same = slots(phrases[key]) == slots(wanted[key])
            except ValueError:
                same = False
            if not same:
                message = f"the {{words}} differ from the English: {wanted[key]}"
                self._report(file, "phrase-slots", message, "phrases", key)


def check_codes(
    file: YamlFile, texts: Iterable[str], languages: Mapping[str, Language], *keys: str | int
) -> Iterator[Problem]:
    """Yields a problem for every language code that is not known."""
    for code in sorted(set(texts) - languages.keys()):
        yield file.problem("unknown-name", unknown("language", code, languages), *keys, code)


def _mentions(written: Iterable[str]) -> Mentions:
    return tuple(tuple(re.split(r"[\s-]+", mention)) for mention in written)


def _language(code: str, entry: schemas.LanguageEntry) -> Language:
    return Language(
        code=code,
        name=entry.name,
        direction=entry.direction,
        fallback=tuple(entry.fallback),
        accepts=tuple(entry.accepts),
        country=entry.country,
        citizen=tuple(entry.citizen),
        first_person=tuple(entry.first_person),
        months=tuple(tuple(beginnings.split("|")) for beginnings in entry.months),
        follow_up=tuple(entry.follow_up),
    )
