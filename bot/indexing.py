"""`safar index`: building the index of the knowledge, its history, and going back to an earlier version."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.corpus import KnowledgeReader, Reading, read_files
from bot.errors import KnowledgeError
from bot.logs import get_logger
from bot.retrieval.model_name import full_name
from bot.retrieval.snapshot import build, history, is_current, read_pointer, restore
from bot.settings import Settings

# The embedding model's libraries take seconds to load, so they are imported only where something must be embedded.


def build_index(settings: Settings, console: Console) -> None:
    """Builds the index, unless the one in use belongs to the knowledge files as they are.

    Raises:
        KnowledgeError: The knowledge files are wrong.
        SnapshotError: The index cannot be written, or there is too little to learn from.
    """
    folder, files = settings.data / "index", read_files(settings.knowledge)
    if is_current(folder, files.fingerprint, full_name(settings.model), settings.error_rate):
        pointer = read_pointer(folder)
        restored = pointer is not None and pointer.instead_of is not None
        state = "was restored, and stays in use until the knowledge files change" if restored else "is up to date"
        console.print(f"Index {pointer.version if pointer else ''} {state}.")
        return
    reading = KnowledgeReader().read(files)
    reading.usable()
    _build(settings, reading, console)


def build_or_keep_index(settings: Settings, console: Console) -> None:
    """Builds the index; where the knowledge files are wrong and an earlier state is there, that one stays in use.

    Raises:
        KnowledgeError: The knowledge files are wrong, and there is no earlier state.
        SnapshotError: The index cannot be written, or there is too little to learn from.
    """
    try:
        build_index(settings, console)
    except KnowledgeError as error:
        pointer = read_pointer(settings.data / "index")
        if pointer is None:
            raise
        for problem in error.problems:
            place = f"{problem.path}:{problem.line}"
            get_logger().error("knowledge.refused", place=place, rule=problem.rule, reason=problem.message)
        get_logger().error("knowledge.kept", version=pointer.version, problems=len(error.problems))


def show_history(settings: Settings, console: Console) -> None:
    """Prints the versions that are kept, newest first."""
    folder = settings.data / "index"
    pointer = read_pointer(folder)
    table = Table("", "version", "built (UTC)", "advisories", "passages", "texts", "model")
    for manifest in history(folder):
        in_use = pointer is not None and pointer.version == manifest.version
        numbers = (str(manifest.advisories), str(manifest.passages), str(manifest.entries))
        built = manifest.built[:19].replace("T", " ")
        table.add_row("in use" if in_use else "", manifest.version, built, *numbers, manifest.model)
    console.print(table)


def restore_version(settings: Settings, prefix: str, console: Console) -> None:
    """Puts an earlier version into use; a running Safar takes it over within seconds.

    Raises:
        SnapshotError: No version or more than one begins like that, or it cannot be used.
    """
    files = read_files(settings.knowledge)
    manifest = restore(settings.data / "index", settings.knowledge, prefix, files.fingerprint)
    console.print(
        f"Version {manifest.version} is in use. The knowledge files are as they were: "
        "with their next change the newest state comes back."
    )


def _build(settings: Settings, reading: Reading, console: Console) -> None:
    with console.status(f"Loading the embedding model {settings.model} …"):
        from bot.retrieval.embedder import SentenceTransformerEmbedder

        embedder = SentenceTransformerEmbedder(settings.model)
    columns = (TextColumn("Embedding texts"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)
        built = build(
            settings.data / "index",
            reading,
            embedder,
            error_rate=settings.error_rate,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    manifest = built.snapshot.manifest
    console.print(f"Index {manifest.version}: {manifest.entries} texts, {built.embedded} of them embedded now.")
