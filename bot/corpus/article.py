"""Reading <language>.md: a head, then "## Heading {#passage}" sections with [^source] marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from bot.corpus.schemas import TextHead
from bot.corpus.yaml_file import parse_yaml, read_text
from bot.errors import KnowledgeError, Problem

MARK = re.compile(r"\[\^([a-z0-9-]+)\]")
_HEADING = re.compile(r"^(?P<heading>.+?)\s*\{#(?P<id>[a-z0-9-]+)\}$")


@dataclass(frozen=True)
class Section:
    """One passage of an article. `paragraphs` are plain text with source marks."""

    id: str
    heading: str
    line: int
    paragraphs: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        """The paragraphs, an empty line between each."""
        return "\n\n".join(text for _, text in self.paragraphs)


@dataclass(frozen=True)
class Article:
    """One advisory in one language."""

    path: Path
    head: TextHead
    sections: tuple[Section, ...]


def read_article(path: Path) -> Article:
    """Reads one article.

    Raises:
        KnowledgeError: The head is wrong, or a heading has no passage id, or the same id stands twice.
    """
    tokens = MarkdownIt("commonmark").use(front_matter_plugin).parse(read_text(path))
    if not tokens or tokens[0].type != "front_matter":
        raise KnowledgeError([Problem(path, 1, "the head is missing: begin with '---', 'title:', 'status:', '---'.")])
    head = parse_yaml(path, tokens[0].content, first_line=2).validate(TextHead)
    sections = tuple(_sections(path, tokens[1:]))
    twice = {section.id for section in sections if [s.id for s in sections].count(section.id) > 1}
    if twice:
        lines = [section for section in sections if section.id in twice]
        raise KnowledgeError([Problem(path, s.line, f"the passage id '{s.id}' stands twice.") for s in lines])
    return Article(path, head, sections)


def _sections(path: Path, tokens: Sequence[Token]) -> Iterator[Section]:
    starts = [number for number, token in enumerate(tokens) if token.type == "heading_open"]
    first = starts[0] if starts else len(tokens)
    if first > 0:
        line = _line(tokens[0])
        raise KnowledgeError([Problem(path, line, "this text stands before the first '## Heading {#passage}'.")])
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        yield _section(path, tokens[start:end])


def _section(path: Path, tokens: Sequence[Token]) -> Section:
    line, title = _line(tokens[0]), tokens[1].content
    match = _HEADING.match(title)
    if match is None or tokens[0].tag != "h2":
        wanted = "'## Heading {#passage}' with small letters, digits and '-' in the id"
        raise KnowledgeError([Problem(path, line, f"the heading is '{title}', but should look like {wanted}.")])
    paragraphs = tuple(
        (_line(token), _plain(token)) for token in tokens[2:] if token.type == "inline" and token.content
    )
    if not paragraphs:
        raise KnowledgeError([Problem(path, line, f"the passage '{match['id']}' has no text.")])
    return Section(match["id"], match["heading"], line, paragraphs)


def _plain(token: Token) -> str:
    """Returns an inline token's text without markup; a line break inside a paragraph becomes a space."""
    pieces = (" " if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or ())
    return re.sub(r"\s+", " ", "".join(pieces)).strip()


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1
