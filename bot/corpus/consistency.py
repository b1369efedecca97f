"""Whether the language versions of an advisory say the same figures, and whether its quotes bear them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from bot.corpus.article import Article, Paragraph, Section
from bot.corpus.figures import date_figures, figures, shown
from bot.corpus.model import Language
from bot.corpus.schemas import AdvisoryFile
from bot.errors import Problem


def compare_figures(articles: Mapping[str, Article], languages: Mapping[str, Language]) -> Iterator[Problem]:
    """Yields a problem for every passage whose numbers, dates or phone numbers differ from the other languages'."""
    versions: dict[str, dict[str, Section]] = {}
    for code, article in articles.items():
        for section in article.sections:
            versions.setdefault(section.id, {})[code] = section
    for sections in versions.values():
        found = {code: _of_section(section, languages[code]) for code, section in sections.items()}
        reference = _reference(found, {code: articles[code].head.status == "original" for code in found})
        for code, here in found.items():
            if here != found[reference]:
                yield _difference(articles, sections, languages, found, code, reference)


def check_quotes(article: Article, head: AdvisoryFile, language: Language) -> Iterator[Problem]:
    """Yields a problem for every paragraph with a figure that none of its sources' quotes shows.

    Only where every source of the paragraph is quoted can this be told. Figures of the sources' titles and of the
    advisory's dates count as shown, and so do those that the passage lists as `unquoted`.
    """
    months = language.months
    for section in article.sections:
        entry = head.passages.get(section.id)
        quotes = entry.quotes if entry else {}
        if entry is None or not quotes:
            continue
        for paragraph in section.paragraphs:
            marks = set(paragraph.marks)
            if not marks or not marks <= quotes.keys() or not marks <= head.sources.keys():
                continue
            missing = _of_paragraph(paragraph, language) - _shown_by(head, section.id, marks, months)
            if missing:
                message = (
                    f"{shown(missing)}: no quote of this paragraph's sources shows it. Correct the text, complete the "
                    f"quote, or list it under 'unquoted' of the passage '{section.id}' in advisory.yml."
                )
                yield Problem(article.path, paragraph.line, message, "figure-not-quoted")


def _shown_by(head: AdvisoryFile, passage: str, marks: Iterable[str], months: tuple[tuple[str, ...], ...]) -> set[str]:
    entry = head.passages[passage]
    allowed: set[str] = set()
    if entry is None:
        return allowed
    days = [head.as_of, head.valid_from, head.valid_until, entry.as_of, entry.valid_from, entry.valid_until]
    allowed |= date_figures(day.isoformat() for day in days if day)
    for mark in marks:
        source = head.sources[mark]
        allowed |= figures(f"{entry.quotes[mark].text} {source.title}", months)
        allowed |= date_figures([source.published] if source.published else [])
    for text in entry.unquoted:
        allowed |= figures(text, months) | {text}
    # A month's name in the quote is in another language, so its number cannot be compared with certainty.
    return allowed | {f"month {number}" for number in range(1, 13)}


def _of_section(section: Section, language: Language) -> frozenset[str]:
    heading = figures(section.heading, language.months)
    return heading.union(*(_of_paragraph(paragraph, language) for paragraph in section.paragraphs))


def _of_paragraph(paragraph: Paragraph, language: Language) -> frozenset[str]:
    return figures(paragraph.words, language.months)


def _reference(found: Mapping[str, frozenset[str]], original: Mapping[str, bool]) -> str:
    """Returns the language that the others are compared with: one of the majority, else the original."""
    counts = Counter(found.values())
    commonest, times = counts.most_common(1)[0]
    alike = [code for code, here in found.items() if here == commonest]
    if times > len(found) / 2 and len(found) > 2:
        return alike[0]
    return next((code for code, is_original in original.items() if is_original), alike[0])


def _difference(
    articles: Mapping[str, Article],
    sections: Mapping[str, Section],
    languages: Mapping[str, Language],
    found: Mapping[str, frozenset[str]],
    code: str,
    reference: str,
) -> Problem:
    section = sections[code]
    more, less = found[code] - found[reference], found[reference] - found[code]
    line = next(
        (paragraph.line for paragraph in section.paragraphs if _of_paragraph(paragraph, languages[code]) & more),
        section.line,
    )
    other = articles[reference].path.name
    parts = [f"only here: {shown(more)}" if more else "", f"only in {other}: {shown(less)}" if less else ""]
    message = (
        f"the figures of the passage '{section.id}' differ from {other} (its line {sections[reference].line}): "
        f"{'; '.join(part for part in parts if part)}. Make them equal; write numbers in digits."
    )
    return Problem(articles[code].path, line, message, "figure-differs")
