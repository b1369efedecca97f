"""Reading a whole knowledge folder: all of it is right, or every problem is reported and nothing is used."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from bot.corpus import schemas
from bot.corpus.article import MARK, Article, read_article
from bot.corpus.model import (
    Advisory,
    Contact,
    Country,
    Knowledge,
    Language,
    Passage,
    PassageText,
    Publisher,
    Question,
    Quote,
    Source,
)
from bot.corpus.phrases import Phrases, slots
from bot.corpus.yaml_file import YamlFile, read_yaml
from bot.errors import KnowledgeError, Problem

Value = TypeVar("Value")
REFERENCE = "en"  # the language whose phrases say which phrases there are


def fingerprint(folder: Path) -> str:
    """Returns a digest of every knowledge file's path and content."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".yml", ".md") and p.name != "README.md"):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def load_knowledge(folder: Path) -> Knowledge:
    """Reads and checks a knowledge folder.

    Raises:
        KnowledgeError: Something in it is wrong; `problems` holds all that was found, with file and line.
    """
    loader = _Loader(folder)
    knowledge = loader.load()
    if loader.problems or knowledge is None:
        raise KnowledgeError(sorted(loader.problems, key=lambda p: (str(p.path), p.line)))
    return knowledge


class _Loader:
    """Collects problems instead of stopping at the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.languages: Mapping[str, Language] = {}
        self.countries: Mapping[str, Country] = {}
        self.publishers: Mapping[str, Publisher] = {}

    def load(self) -> Knowledge | None:
        digest = self._try(lambda: fingerprint(self.folder))
        languages = self._read("languages.yml", schemas.LanguagesFile)
        countries = self._read("countries.yml", schemas.CountriesFile)
        publishers = self._read("publishers.yml", schemas.PublishersFile)
        contacts = self._read("contacts.yml", schemas.ContactsFile)
        scope = self._read("out_of_scope.yml", schemas.OutOfScopeFile)
        if not (languages and countries and publishers and contacts and scope and digest):
            return None
        self.languages = {code: _language(code, entry) for code, entry in languages[1].root.items()}
        self._check_languages(languages[0])
        self.countries = {code: self._country(countries[0], code, e) for code, e in countries[1].root.items()}
        self.publishers = {key: Publisher(key, entry.name, entry.kind) for key, entry in publishers[1].root.items()}
        return Knowledge(
            fingerprint=digest,
            languages=self.languages,
            countries=self.countries,
            contacts=tuple(self._contact(contacts[0], key, e) for key, e in contacts[1].root.items()),
            phrases=self._phrases(),
            advisories=self._advisories(),
            out_of_scope=tuple(self._scope_questions(*scope)),
        )

    def _try(self, work: Callable[[], Value]) -> Value | None:
        try:
            return work()
        except KnowledgeError as error:
            self.problems.extend(error.problems)
            return None

    def _read(self, name: str, model: type[schemas.Model]) -> tuple[YamlFile, schemas.Model] | None:
        def work() -> tuple[YamlFile, schemas.Model]:
            file = read_yaml(self.folder / name)
            return file, file.validate(model)

        return self._try(work)

    def _report(self, file: YamlFile, message: str, *keys: str | int) -> None:
        self.problems.append(file.problem(message, *keys))

    # Lists -------------------------------------------------------------------------------------------------------

    def _check_languages(self, file: YamlFile) -> None:
        for code, language in self.languages.items():
            for other in language.fallback:
                if other not in self.languages:
                    self._report(file, f"'{other}' is no language; known: {_known(self.languages)}.", code, "fallback")

    def _country(self, file: YamlFile, code: str, entry: schemas.CountryEntry) -> Country:
        self._check_per_language(file, entry.name, code, "name")
        self._check_per_language(file, entry.citizens, code, "citizens")
        mentions = tuple(tuple(re.split(r"[\s-]+", mention)) for mention in entry.mentions)
        return Country(code, dict(entry.name), dict(entry.citizens), mentions)

    def _contact(self, file: YamlFile, key: str, entry: schemas.ContactEntry) -> Contact:
        self._check_per_language(file, entry.name, key, "name")
        for code in set(entry.serves) - set(self.countries):
            self._report(file, f"'{code}' is no country here; known: {_known(self.countries)}.", key, "serves")
        return Contact(
            id=key,
            serves=frozenset(entry.serves),
            names=dict(entry.name),
            phone=entry.phone,
            hours=entry.hours,
            url=entry.url,
            source=entry.source,
            confirmed=entry.confirmed,
        )

    def _check_per_language(self, file: YamlFile, texts: Mapping[str, str], *keys: str | int) -> None:
        for code in self.languages.keys() - texts.keys():
            self._report(file, f"the text in '{code}' is missing; add it.", *keys)
        self._check_codes(file, texts, *keys)

    def _check_codes(self, file: YamlFile, texts: Iterable[str], *keys: str | int) -> None:
        for code in sorted(set(texts) - self.languages.keys()):
            self._report(file, f"'{code}' is no language; known: {_known(self.languages)}.", *keys, code)

    def _scope_questions(self, file: YamlFile, scope: schemas.OutOfScopeFile) -> Iterator[Question]:
        for section in ("off_topic", "not_covered"):
            for number, texts in enumerate(getattr(scope, section)):
                self._check_codes(file, texts, section, number)
                yield Question(f"{section}/{number}", dict(texts))

    # Phrases -----------------------------------------------------------------------------------------------------

    def _phrases(self) -> dict[str, Phrases]:
        read = {code: self._read(f"phrases/{code}.yml", schemas.PhrasesFile) for code in self.languages}
        files = {code: pair for code, pair in read.items() if pair is not None}
        if REFERENCE in files:
            wanted = files[REFERENCE][1].phrases
            for file, content in files.values():
                self._check_phrases(file, content.phrases, wanted)
        return {code: Phrases(code, dict(content.phrases)) for code, (_, content) in files.items()}

    def _check_phrases(self, file: YamlFile, phrases: Mapping[str, str], wanted: Mapping[str, str]) -> None:
        for key in wanted.keys() - phrases.keys():
            self._report(file, f"the phrase '{key}' is missing; in English it is: {wanted[key]}", "phrases")
        for key in phrases.keys() - wanted.keys():
            self._report(file, f"the phrase '{key}' is not known; remove it or correct its name.", "phrases", key)
        for key in phrases.keys() & wanted.keys():
            try:
                same = slots(phrases[key]) == slots(wanted[key])
            except ValueError:
                same = False
            if not same:
                self._report(file, f"the {{words}} differ from the English: {wanted[key]}", "phrases", key)

    # Advisories --------------------------------------------------------------------------------------------------

    def _advisories(self) -> dict[str, Advisory]:
        folders = sorted(path for path in (self.folder / "advisories").iterdir() if path.is_dir())
        loaded = (self._advisory(folder) for folder in folders)
        return {advisory.id: advisory for advisory in loaded if advisory is not None}

    def _advisory(self, folder: Path) -> Advisory | None:
        place = folder.relative_to(self.folder)
        read = self._read(f"{place}/advisory.yml", schemas.AdvisoryFile)
        asked = self._read(f"{place}/questions.yml", schemas.QuestionsFile)
        articles = self._articles(folder)
        if read is None or asked is None or not articles:
            return None
        file, head = read
        self._check_head(file, head)
        self._check_articles(file, head, articles)
        questions = self._questions(folder.name, head, *asked)
        return Advisory(
            id=folder.name,
            topic=head.topic,
            severity=head.severity,
            citizenships=frozenset(head.applies_to.citizenships),
            as_of=head.as_of,
            review_by=head.review_by,
            sources=self._sources(file, head),
            titles={code: article.head.title for code, article in articles.items()},
            passages=tuple(
                _passage(folder.name, key, entry, head, articles, questions.get(key, ()))
                for key, entry in head.passages.items()
            ),
        )

    def _articles(self, folder: Path) -> dict[str, Article]:
        articles = {}
        for path in sorted(folder.glob("*.md")):
            if path.stem not in self.languages:
                message = f"'{path.stem}' is no language; known: {_known(self.languages)}."
                self.problems.append(Problem(path, 1, message))
            elif article := self._try(lambda path=path: read_article(path)):  # type: ignore[misc]
                articles[path.stem] = article
        if not articles:
            self.problems.append(Problem(folder, 1, "the advisory has no text in any language."))
        return articles

    def _check_head(self, file: YamlFile, head: schemas.AdvisoryFile) -> None:
        for code in set(head.applies_to.citizenships) - self.countries.keys():
            message = f"'{code}' is no country here; known: {_known(self.countries)}."
            self._report(file, message, "applies_to", "citizenships")
        for key, passage in head.passages.items():
            for source in (passage.quotes if passage else {}).keys() - head.sources.keys():
                message = f"'{source}' is not among the sources; known: {_known(head.sources)}."
                self._report(file, message, "passages", key, "quotes", source)

    def _sources(self, file: YamlFile, head: schemas.AdvisoryFile) -> dict[str, Source]:
        sources = {}
        for key, entry in head.sources.items():
            publisher = self.publishers.get(entry.publisher)
            if publisher is None:
                message = f"'{entry.publisher}' is no publisher; known: {_known(self.publishers)}."
                self._report(file, message, "sources", key, "publisher")
            else:
                sources[key] = Source(key, publisher, entry.title, entry.url, entry.published)
        return sources

    def _check_articles(self, file: YamlFile, head: schemas.AdvisoryFile, articles: Mapping[str, Article]) -> None:
        for article in articles.values():
            written = {section.id for section in article.sections}
            for key in head.passages.keys() - written:
                message = f"the passage '{key}' of advisory.yml is missing; add '## Heading {{#{key}}}' and its text."
                self.problems.append(Problem(article.path, 1, message))
            for section in article.sections:
                if section.id not in head.passages:
                    message = f"the passage '{section.id}' is not in advisory.yml; known: {_known(head.passages)}."
                    self.problems.append(Problem(article.path, section.line, message))
                self._check_marks(article.path, section.paragraphs, head)

    def _check_marks(self, path: Path, paragraphs: Iterable[tuple[int, str]], head: schemas.AdvisoryFile) -> None:
        for line, text in paragraphs:
            marks = MARK.findall(text)
            if not marks:
                message = f"this statement has no source; add a mark such as [^{next(iter(head.sources))}]."
                self.problems.append(Problem(path, line, message))
            for mark in set(marks) - head.sources.keys():
                message = f"the mark [^{mark}] is not among the sources; known: {_known(head.sources)}."
                self.problems.append(Problem(path, line, message))

    def _questions(
        self, advisory: str, head: schemas.AdvisoryFile, file: YamlFile, asked: schemas.QuestionsFile
    ) -> dict[str, tuple[Question, ...]]:
        for key in asked.root.keys() - head.passages.keys():
            self._report(file, f"the passage '{key}' is not in advisory.yml; known: {_known(head.passages)}.", key)
        for key, entries in asked.root.items():
            for number, texts in enumerate(entries):
                self._check_codes(file, texts, key, number)
        return {
            key: tuple(Question(f"{advisory}/{key}/{n}", dict(texts)) for n, texts in enumerate(entries))
            for key, entries in asked.root.items()
        }


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
    )


def _passage(
    advisory: str,
    key: str,
    entry: schemas.PassageEntry | None,
    head: schemas.AdvisoryFile,
    articles: Mapping[str, Article],
    questions: tuple[Question, ...],
) -> Passage:
    texts = {
        code: PassageText(code, section.heading, section.text, article.head.status)
        for code, article in articles.items()
        for section in article.sections
        if section.id == key
    }
    quotes = {source: Quote(q.text, q.language) for source, q in (entry.quotes if entry else {}).items()}
    severity = (entry.severity if entry else None) or head.severity
    return Passage(advisory, key, severity, texts, quotes, questions)


def _known(values: Iterable[str]) -> str:
    return ", ".join(sorted(values))
