"""Reading one advisory's folder, and everything about it that can be checked without the other advisories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import TypeVar

from bot.corpus import schemas
from bot.corpus.article import MARK, Article, Section, parse_article
from bot.corpus.consistency import check_quotes, compare_figures
from bot.corpus.files import Files
from bot.corpus.lists import Lists, check_codes, known, read_model, unknown
from bot.corpus.model import Advisory, Passage, PassageText, Question, Quote, Source, Validity
from bot.corpus.yaml_file import YamlFile, nearest
from bot.errors import KnowledgeError, Problem

HEAD, QUESTIONS = "advisory.yml", "questions.yml"
Value = TypeVar("Value")


@dataclass(frozen=True)
class AdvisoryReading:
    """What an advisory's folder holds.

    Attributes:
        advisory: None if it cannot be used.
        problems: Everything found.
        supersedes: What it, or a passage of it, replaces.
        related: What it names as related.
    """

    advisory: Advisory | None
    problems: tuple[Problem, ...]
    supersedes: tuple[Reference, ...]
    related: tuple[Reference, ...]


@dataclass(frozen=True)
class Reference:
    """`source` names `target`, each an advisory's id or a passage's key; `place` is where, with an empty message."""

    source: str
    target: str
    place: Problem


def read_advisory(name: str, names: Iterable[str], files: Files, lists: Lists, today: date) -> AdvisoryReading:
    """Reads the advisory in `advisories/<name>/`, whose files have these names."""
    reader = _Reader(name, tuple(names), files, lists, today)
    advisory = reader.read()
    return AdvisoryReading(advisory, tuple(reader.problems), tuple(reader.superseding), tuple(reader.related))


@dataclass
class _Reader:
    name: str
    names: tuple[str, ...]
    files: Files
    lists: Lists
    today: date
    problems: list[Problem] = field(default_factory=list)
    superseding: list[Reference] = field(default_factory=list)
    related: list[Reference] = field(default_factory=list)

    @property
    def folder(self) -> str:
        return f"advisories/{self.name}"

    def read(self) -> Advisory | None:
        head = self._try(lambda: read_model(self.files, f"{self.folder}/{HEAD}", schemas.AdvisoryFile))
        asked = self._try(lambda: read_model(self.files, f"{self.folder}/{QUESTIONS}", schemas.QuestionsFile))
        articles = self._articles()
        if head is None or asked is None or not articles:
            return None
        self._check_head(*head)
        self._check_dates(*head)
        self._check_articles(head[1], articles)
        self._check_weak_sources(*head, articles)
        self._check_languages(*head, articles)
        self.problems.extend(compare_figures(articles, self.lists.languages))
        for code, article in articles.items():
            self.problems.extend(check_quotes(article, head[1], self.lists.languages[code]))
        self._note_references(*head)
        self._check_asked(head[1], *asked)
        return self._advisory(head[1], asked[1], articles)

    def _try(self, work: Callable[[], Value]) -> Value | None:
        try:
            return work()
        except KnowledgeError as error:
            self.problems.extend(error.problems)
            return None

    def _report(self, file: YamlFile, rule: str, message: str, *keys: str | int) -> None:
        self.problems.append(file.problem(rule, message, *keys))

    def _articles(self) -> dict[str, Article]:
        articles = {}
        languages = self.lists.languages
        for name in sorted(self.names):
            path = PurePosixPath(name)
            if path.suffix != ".md":
                continue
            if path.stem not in languages:
                message = unknown("language", path.stem, languages)
                self.problems.append(Problem(self.files.path(name), 1, message, "unknown-name"))
            elif article := self._try(lambda name=name: parse_article(self.files.path(name), self.files.text(name))):  # type: ignore[misc]
                articles[path.stem] = article
        if not articles and not self.problems:
            message = "the advisory has no text in any language; add one, such as en.md."
            self.problems.append(Problem(self.files.path(f"{self.folder}/{HEAD}"), 1, message, "missing-file"))
        return articles

    # advisory.yml --------------------------------------------------------------------------------------------------

    def _check_head(self, file: YamlFile, head: schemas.AdvisoryFile) -> None:
        if head.topic not in self.lists.topics:
            self._report(file, "unknown-name", unknown("topic", head.topic, self.lists.topics), "topic")
        for field_name in ("citizenships", "staying_in"):
            for code in sorted(set(getattr(head.applies_to, field_name)) - self.lists.countries.keys()):
                message = unknown("country here", code, self.lists.countries)
                self._report(file, "unknown-name", message, "applies_to", field_name)
        for key, source in head.sources.items():
            if source.publisher not in self.lists.publishers:
                message = unknown("publisher", source.publisher, self.lists.publishers)
                self._report(file, "unknown-name", message, "sources", key, "publisher")
        for key, passage in head.passages.items():
            for source_id in sorted((passage.quotes if passage else {}).keys() - head.sources.keys()):
                message = f"'{source_id}' is not among the sources; known: {known(head.sources)}."
                self._report(file, "unknown-name", message, "passages", key, "quotes", source_id)

    def _check_dates(self, file: YamlFile, head: schemas.AdvisoryFile) -> None:
        if head.review_by < head.as_of:
            message = f"'review_by' ({head.review_by}) lies before 'as_of' ({head.as_of}); correct one of them."
            self._report(file, "date-order", message, "review_by")
        elif head.review_by < self.today:
            message = f"this should have been checked again by {head.review_by}; users are told so."
            self.problems.append(file.warning("past-review", message, "review_by"))
        entries: list[tuple[schemas.AdvisoryFile | schemas.PassageEntry, tuple[str, ...]]] = [(head, ())]
        entries += [(entry, ("passages", key)) for key, entry in head.passages.items() if entry]
        for entry, keys in entries:
            if entry.as_of and entry.as_of > self.today:
                self._report(file, "date-order", f"'as_of' is {entry.as_of}, which lies in the future.", *keys, "as_of")
            if entry.valid_from and entry.valid_until and entry.valid_until < entry.valid_from:
                message = f"'valid_until' ({entry.valid_until}) lies before 'valid_from' ({entry.valid_from})."
                self._report(file, "date-order", message, *keys, "valid_until")
        for key, source in head.sources.items():
            if source.published and source.published > self.today.isoformat():
                message = f"'published' is {source.published}, which lies in the future."
                self._report(file, "date-order", message, "sources", key, "published")

    def _note_references(self, file: YamlFile, head: schemas.AdvisoryFile) -> None:
        lists: list[tuple[str, list[str], tuple[str, ...]]] = [(self.name, head.supersedes, ("supersedes",))]
        for key, entry in head.passages.items():
            if entry:
                lists.append((f"{self.name}/{key}", entry.supersedes, ("passages", key, "supersedes")))
        for new, replaced, keys in lists:
            for number, old in enumerate(replaced):
                self.superseding.append(Reference(new, old, file.problem("supersedes", "", *keys, number)))
        for number, other in enumerate(head.related):
            self.related.append(Reference(self.name, other, file.problem("related", "", "related", number)))

    # Texts ---------------------------------------------------------------------------------------------------------

    def _check_articles(self, head: schemas.AdvisoryFile, articles: Mapping[str, Article]) -> None:
        for article in articles.values():
            if article.head.on > self.today:
                message = f"'on' is {article.head.on}, which lies in the future."
                self.problems.append(Problem(article.path, 1, message, "date-order"))
            for section in article.sections:
                if section.id not in head.passages:
                    message = f"the passage '{section.id}' is not in advisory.yml; known: {known(head.passages)}"
                    hint = nearest(section.id, head.passages)
                    self.problems.append(Problem(article.path, section.line, f"{message}{hint}.", "unknown-passage"))
                self._check_marks(article, section, head)
        written = {section.id for article in articles.values() for section in article.sections}
        for key in sorted(head.passages.keys() - written):
            article = next((a for a in articles.values() if a.head.status == "original"), next(iter(articles.values())))
            message = f"the passage '{key}' of advisory.yml is missing; add '## Heading {{#{key}}}' and its text."
            self.problems.append(Problem(article.path, 1, message, "missing-passage"))

    def _check_marks(self, article: Article, section: Section, head: schemas.AdvisoryFile) -> None:
        for paragraph in section.paragraphs:
            if not paragraph.marks:
                message = f"this statement has no source; add a mark such as [^{next(iter(head.sources))}]."
                self.problems.append(Problem(article.path, paragraph.line, message, "missing-source"))
            elif not MARK.search(paragraph.text[-60:]) or not _ends_with_mark(paragraph.text):
                message = "the words after the last mark have no source; end the paragraph with a mark."
                self.problems.append(Problem(article.path, paragraph.line, message, "missing-source"))
            for mark in sorted(set(paragraph.marks) - head.sources.keys()):
                message = f"the mark [^{mark}] is not among the sources; known: {known(head.sources)}"
                hint = nearest(mark, head.sources)
                self.problems.append(Problem(article.path, paragraph.line, f"{message}{hint}.", "unknown-source"))
            if any(bracket in paragraph.words for bracket in "[]"):
                message = "a '[' or ']' is left over; a mark looks like [^source], with nothing else in it."
                self.problems.append(Problem(article.path, paragraph.line, message, "broken-mark"))

    def _check_weak_sources(self, file: YamlFile, head: schemas.AdvisoryFile, articles: Mapping[str, Article]) -> None:
        """What can send people to prison, to war or out of the country must not rest on advisers' pages alone."""
        for article in articles.values():
            for section in article.sections:
                entry = head.passages.get(section.id)
                if ((entry.severity if entry else None) or head.severity) != "critical":
                    continue
                marks = {mark for paragraph in section.paragraphs for mark in paragraph.marks} & head.sources.keys()
                if marks and all(head.sources[mark].basis == "guidance" for mark in marks):
                    message = (
                        f"the passage '{section.id}' is critical and rests only on guidance pages; add a source that "
                        "is a law, a court, a state body, an organisation or a news report."
                    )
                    self.problems.append(Problem(article.path, section.line, message, "weak-source"))

    def _check_languages(self, file: YamlFile, head: schemas.AdvisoryFile, articles: Mapping[str, Article]) -> None:
        missing: dict[str, list[str]] = {}
        for code in self.lists.languages:
            here = {section.id for section in articles[code].sections} if code in articles else set()
            if gaps := [key for key in head.passages if key not in here]:
                missing.setdefault(", ".join(gaps) if len(gaps) < len(head.passages) else "", []).append(code)
        for gaps_named, codes in missing.items():
            what = f"the passages {gaps_named} are" if gaps_named else "the advisory is"
            message = f"{what} not translated into {', '.join(codes)}; users of these languages see another language."
            self.problems.append(file.warning("missing-translation", message, "passages"))

    # questions.yml ---------------------------------------------------------------------------------------------------

    def _check_asked(self, head: schemas.AdvisoryFile, file: YamlFile, asked: schemas.QuestionsFile) -> None:
        for key in sorted(asked.root.keys() - head.passages.keys()):
            message = f"the passage '{key}' is not in advisory.yml; known: {known(head.passages)}"
            self._report(file, "unknown-passage", f"{message}{nearest(key, head.passages)}.", key)
        for key in sorted(head.passages.keys() - asked.root.keys()):
            message = f"the passage '{key}' has no questions; add some, as people would type them."
            self.problems.append(file.warning("few-questions", message))
        for key, entry in asked.root.items():
            for part in ("search", "test"):
                for number, texts in enumerate(getattr(entry, part)):
                    self.problems.extend(check_codes(file, texts, self.lists.languages, key, part, number))
            known_texts = {text.casefold() for texts in entry.search for text in texts.values()}
            for number, texts in enumerate(entry.test):
                for code, text in texts.items():
                    if text.casefold() in known_texts:
                        message = "this question stands under 'search' too, so it tests nothing; ask it differently."
                        self._report(file, "test-not-held-out", message, key, "test", number, code)

    # The values ------------------------------------------------------------------------------------------------------

    def _advisory(
        self, head: schemas.AdvisoryFile, asked: schemas.QuestionsFile, articles: Mapping[str, Article]
    ) -> Advisory:
        publishers = self.lists.publishers
        return Advisory(
            id=self.name,
            topic=head.topic,
            severity=head.severity,
            citizenships=frozenset(head.applies_to.citizenships),
            staying_in=frozenset(head.applies_to.staying_in),
            review_by=head.review_by,
            sources={
                key: Source(key, publishers[entry.publisher], entry.basis, entry.title, entry.url, entry.published)
                for key, entry in head.sources.items()
                if entry.publisher in publishers
            },
            titles={code: article.head.title for code, article in articles.items()},
            passages=tuple(
                self._passage(key, entry or schemas.PassageEntry(), head, articles, asked.root.get(key))
                for key, entry in head.passages.items()
            ),
        )

    def _passage(
        self,
        key: str,
        entry: schemas.PassageEntry,
        head: schemas.AdvisoryFile,
        articles: Mapping[str, Article],
        asked: schemas.AskedEntry | None,
    ) -> Passage:
        prefix = f"{self.name}/{key}"
        return Passage(
            advisory=self.name,
            id=key,
            topic=head.topic,
            severity=entry.severity or head.severity,
            as_of=entry.as_of or head.as_of,
            validity=Validity(entry.valid_from or head.valid_from, entry.valid_until or head.valid_until),
            superseded_by=None,
            texts=dict(_texts(key, articles)),
            quotes={source: Quote(quote.text, quote.language) for source, quote in entry.quotes.items()},
            questions=tuple(_questions(f"{prefix}/search", asked.search if asked else ())),
            held_out=tuple(_questions(f"{prefix}/test", asked.test if asked else ())),
        )


def _ends_with_mark(text: str) -> bool:
    """Whether nothing but punctuation follows the last mark."""
    return not any(character.isalnum() for character in MARK.split(text)[-1])


def _texts(key: str, articles: Mapping[str, Article]) -> Iterator[tuple[str, PassageText]]:
    for code, article in articles.items():
        for section in article.sections:
            if section.id == key:
                head = article.head
                yield code, PassageText(code, section.heading, section.text, head.status, head.by, head.on)


def _questions(prefix: str, entries: Iterable[Mapping[str, str]]) -> Iterator[Question]:
    for number, texts in enumerate(entries):
        yield Question(f"{prefix}/{number}", dict(texts))
