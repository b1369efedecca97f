#!/usr/bin/env python3
"""Makes the Uzbek texts in Cyrillic letters from those in Latin letters.

Usage: .venv/bin/python scripts/transliterate.py [KNOWLEDGE]

A text `uz-Cyrl.md` is made where there is none, and made anew where its head says `by: transliteration`; one that
somebody has corrected says otherwise, and is left alone. A question in Latin letters gets its twin where it has none.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from UzTransliterator import UzTransliterator  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parent.parent
BY = "by: transliteration"
# Marks, passage ids and addresses; and names that are not Uzbek: with capitals inside, with w, or with c that is no ch;
# and some by name.
_KEPT = re.compile(
    r"\[\^[a-z0-9-]+\]|\{#[a-z0-9-]+\}|https?://\S+|\w+\.(?:com|io|kg|kz|org|ru|tj|uz)\b|RFE/RL|Asia-Plus"
    r"|Human Rights Watch|\w*[a-z][A-Z]\w*|\w*[Ww]\w*|\w*[Cc](?![Hh])\w*|SVTV",
)
_LONE = re.compile(r"(?<!\S)[A-Za-z](?!\S)")  # the library loses words of one letter, such as "u", he or she
_DOUBLED = re.compile(r"(?<!\S)([^\W\d])\1(?!\S)")
_QUESTION = re.compile(r"^(?P<indent> +)(?P<dash>- )?uz-Latn: (?P<text>.+)$")

# What the library writes otherwise than Uzbek does.
_CORRECTIONS = (
    (re.compile("тсия"), "ция"),  # -tsiya of words from Russian
    (re.compile(r"(январ|феврал|апрел|июн|июл|бр)ь(?=\w)"), r"\1"),  # сентябрь, but сентябрда
    (re.compile(r"(?<=\d{4})-(?= ва \d{4} йил)"), ""),  # 2017- va 2021-yillarda
    (re.compile("овестьк"), "овестк"),
)


class Transliterator:
    """Writes Uzbek in Cyrillic letters; everything that is no word stays as it is."""

    def __init__(self) -> None:
        self._engine = UzTransliterator()

    def text(self, latin: str) -> str:
        """Returns a line or paragraph in Cyrillic letters."""
        pieces, end = [], 0
        for kept in _KEPT.finditer(latin):
            pieces += [self._words(latin[end : kept.start()]), kept[0]]
            end = kept.end()
        return "".join([*pieces, self._words(latin[end:])])

    def article(self, latin: str) -> str:
        """Returns a whole text with its head in Cyrillic letters."""
        _, head, body = latin.split("---\n", 2)
        lines = []
        for line in head.splitlines():
            key, _, value = line.partition(": ")
            lines.append(f"title: {self.text(value)}" if key == "title" else BY if key == "by" else line)
        head = re.sub(r"^status: .*$", "status: draft", "\n".join(lines), flags=re.MULTILINE)
        return f"---\n{head}\n---\n" + "".join(self._line(line) for line in body.splitlines(keepends=True))

    def questions(self, text: str) -> str:
        """Returns the content of questions.yml, each question in Latin letters followed by its twin."""
        lines = text.split("\n")
        made = []
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            made.append(line)
            found = _QUESTION.match(line)
            if found and not following.strip().startswith("uz-Cyrl:"):
                indent = found["indent"] + (" " * len(found["dash"]) if found["dash"] else "")
                made.append(f"{indent}uz-Cyrl: {self.text(found['text'])}")
        return "\n".join(made)

    def _line(self, line: str) -> str:
        return self.text(line.rstrip("\n")) + "\n" if line.strip() else line

    def _words(self, latin: str) -> str:
        # The engine drops the spaces around what it is given.
        core = latin.strip()
        if not core:
            return latin
        start = latin.index(core)
        doubled = _LONE.sub(lambda letter: letter[0] * 2, core)
        written: str = self._engine.transliterate(doubled, from_="lat", to="cyr")
        written = _DOUBLED.sub(r"\1", written)
        for wrong, right in _CORRECTIONS:
            written = wrong.sub(right, written)
        return latin[:start] + written + latin[start + len(core) :]


def main() -> None:
    """Goes through all advisories and says what was made."""
    knowledge = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "knowledge"
    transliterator = Transliterator()
    for latin in sorted(knowledge.glob("advisories/*/uz-Latn.md")):
        cyrillic, asked = latin.with_name("uz-Cyrl.md"), latin.with_name("questions.yml")
        if not cyrillic.exists() or BY in cyrillic.read_text():
            _write(cyrillic, transliterator.article(latin.read_text()))
        else:
            print(f"{cyrillic}: corrected by hand, left alone")
        _write(asked, transliterator.questions(asked.read_text()))


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
        print(f"{path}: written")


if __name__ == "__main__":
    main()
