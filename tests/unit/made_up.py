"""A small made-up knowledge folder with its index, for tests that change it."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from bot.corpus import KnowledgeReader, Reading, read_files
from bot.measuring.synthetic import write_advisory, write_base
from bot.retrieval import FakeEmbedder
from bot.retrieval.snapshot import Built, build
from bot.settings import ROOT, Settings

ERROR_RATE = 0.05


class Base:
    """Two advisories of five passages each, in English."""

    def __init__(self, folder: Path) -> None:
        self.root, self.data = folder / "knowledge", folder / "data"
        self.index = self.data / "index"
        write_base(self.root, ROOT / "knowledge", passages=10)
        scope = self.root / "out_of_scope.yml"
        lines = scope.read_text().splitlines()
        starts = [number for number, line in enumerate(lines) if line.startswith("  - ")]
        scope.write_text("\n".join([*lines[: starts[15]], "not_covered: []", ""]))

    @property
    def settings(self) -> Settings:
        return Settings(
            data=self.data,
            knowledge=self.root,
            error_rate=ERROR_RATE,
            internal_secret=SecretStr("proof"),
            secret_key=SecretStr("key"),
        )

    @property
    def text(self) -> Path:
        """The text of the first advisory."""
        return self.root / "advisories" / "made-up-00000" / "en.md"

    def read(self) -> Reading:
        return KnowledgeReader().read(read_files(self.root))

    def build(self, embedder: FakeEmbedder | None = None) -> Built:
        return build(self.index, self.read(), embedder or FakeEmbedder(), error_rate=ERROR_RATE)

    def edit(self, tag: str = "second") -> None:
        """Changes the heading of one passage."""
        self.text.write_text(self.text.read_text().replace("(first)", f"({tag})", 1))

    def tag(self, tag: str) -> None:
        """Changes the headings of all passages."""
        for number in range(2):
            write_advisory(self.root, number, tag=tag)
