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
from bot.corpus.yaml_file import parse_yaml
from bot.errors import KnowledgeError, Problem

MARK = re.compile(r"\[\^([a-z0-9-]+)\]")
_HEADING = re.compile(r"^(?P<heading>.+?)\s*\{#(?P<id>[a-z0-9-]+)\}$")
_HEAD = "'---', 'title: …', 'status: …', 'by: …', 'on: …', '---'"
# What Markdown can say and an answer cannot show, with what to write instead.
_BLOCKS = {
    "bullet_list_open": "a list; write sentences",
    "ordered_list_open": "a list; write sentences (or put the number's full stop away from the beginning of the line)",
    "blockquote_open": "a quotation block; write the words in quotation marks",
    "code_block": "an indented text; begin the line without spaces",
    "fence": "a code block; write sentences",
    "html_block": "HTML or a hidden comment; remove it",
    "hr": "a line; remove it",
}
_INLINES = {
    "strong_open": "bold text; remove the '**'",
    "em_open": "slanted text; remove the '*' or '_'",
    "link_open": "a link; name the page as a source in advisory.yml and put its mark [^…] here",
    "image": "a picture; remove it",
    "html_inline": "HTML or a hidden comment; remove it",
    "code_inline": "code; remove the '`'",
}
_MARKDOWN = MarkdownIt("commonmark").use(front_matter_plugin)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph's plain text with source marks, and the line it begins on."""

    line: int
    text: str

    @property
    def marks(self) -> tuple[str, ...]:
        """The ids of the sources it names."""
        return tuple(MARK.findall(self.text))

    @property
    def words(self) -> str:
        """The text without marks."""
        return MARK.sub("", self.text)


@dataclass(frozen=True)
class Section:
    """One passage of an article."""

    id: str
    heading: str
    line: int
    paragraphs: tuple[Paragraph, ...]

    @property
    def text(self) -> str:
        """The paragraphs, an empty line between each."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True)
class Article:
    """One advisory in one language."""

    path: Path
    head: TextHead
    sections: tuple[Section, ...]


def parse_article(path: Path, text: str) -> Article:
    """Reads one article.

    Raises:
        KnowledgeError: Everything that is wrong with its form.
    """
    tokens = _MARKDOWN.parse(text)
    if not tokens or tokens[0].type != "front_matter":
        message = f"the head is missing; the file must begin with {_HEAD}, each on a line of its own."
        raise KnowledgeError([Problem(path, 1, message, "text-form")])
    problems: list[Problem] = []
    sections = tuple(_sections(path, tokens[1:], problems))
    try:
        head = parse_yaml(path, tokens[0].content, first_line=2).validate(TextHead)
    except KnowledgeError as error:
        raise KnowledgeError([*error.problems, *problems]) from None
    for number, section in enumerate(sections):
        if section.id in (other.id for other in sections[:number]):
            message = f"the passage id '{section.id}' stands twice; give each passage its own."
            problems.append(Problem(path, section.line, message, "double-passage"))
    if problems:
        raise KnowledgeError(problems)
    return Article(path, head, sections)


def _sections(path: Path, tokens: Sequence[Token], problems: list[Problem]) -> Iterator[Section]:
    starts = [number for number, token in enumerate(tokens) if token.type == "heading_open"]
    first = starts[0] if starts else len(tokens)
    if first > 0:
        message = "this text stands before the first '## Heading {#passage}'; move it below one."
        problems.append(Problem(path, _line(tokens[0]), message, "text-form"))
    if not starts and first == 0:
        message = "there is no passage; write '## Heading {#passage}' and a text below it."
        problems.append(Problem(path, 1, message, "text-form"))
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        section = _section(path, tokens[start:end], problems)
        if section:
            yield section


def _section(path: Path, tokens: Sequence[Token], problems: list[Problem]) -> Section | None:
    line, title = _line(tokens[0]), tokens[1].content
    match = _HEADING.match(title)
    if match is None or tokens[0].tag != "h2":
        wanted = "'## Heading {#passage}' with small letters, digits and '-' in the id"
        message = f"the heading is '{title}', but must look like {wanted}."
        problems.append(Problem(path, line, message, "text-form"))
        return None
    _refuse_markup(path, tokens[2:], problems)
    paragraphs = tuple(
        Paragraph(_line(token), _plain(token)) for token in tokens[2:] if token.type == "inline" and token.content
    )
    if not paragraphs:
        message = f"the passage '{match['id']}' has no text; write it below the heading."
        problems.append(Problem(path, line, message, "text-form"))
    return Section(match["id"], match["heading"], line, paragraphs)


def _refuse_markup(path: Path, tokens: Sequence[Token], problems: list[Problem]) -> None:
    for token in tokens:
        if token.type in _BLOCKS:
            problems.append(Problem(path, _line(token), f"this is {_BLOCKS[token.type]}.", "markup"))
        found = [_INLINES[child.type] for child in token.children or () if child.type in _INLINES]
        problems.extend(Problem(path, _line(token), f"this holds {what}.", "markup") for what in found)


def _plain(token: Token) -> str:
    """Returns an inline token's text; a line break inside a paragraph becomes a space."""
    pieces = (" " if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or ())
    return re.sub(r"\s+", " ", "".join(pieces)).strip()


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1
