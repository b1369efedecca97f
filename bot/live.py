"""The knowledge in use: replaced as a whole when its files change, kept when a change is wrong."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from watchfiles import awatch

from bot.answering import Answerer
from bot.corpus import FolderReader, KnowledgeReader
from bot.errors import KnowledgeError, Problem, SafarError
from bot.gateway.metrics import Metrics
from bot.language.identify import LanguageIdentifier
from bot.logs import get_logger
from bot.retrieval import Embedder, Reranker
from bot.retrieval.memory_index import MemoryIndex
from bot.retrieval.question_cache import QuestionCache
from bot.retrieval.snapshot import Pointer, Snapshot, build, load, read_pointer, version_of
from bot.settings import Settings

QUIET = 300  # milliseconds without a change until a change counts as finished
LONGEST = 1500  # milliseconds after which a stream of changes is looked at anyway
GLANCE = 2000  # milliseconds after which it is checked that the watched folders are still the same ones
LOGGED = 20  # problems of a refused edit that are logged one by one


@dataclass(frozen=True)
class State:
    """One state of the knowledge with what answers from it. Whoever took it keeps it until he is done."""

    snapshot: Snapshot
    answerer: Answerer


class LiveKnowledge:
    """Holds the state in use, and follows the knowledge files and the index folder."""

    def __init__(
        self,
        settings: Settings,
        embedder: Embedder,
        identifier: LanguageIdentifier,
        metrics: Metrics | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        """Takes the snapshot in use.

        Raises:
            SnapshotError: There is none.
        """
        self._root, self._index = settings.knowledge, settings.data / "index"
        self._error_rate, self._certain = settings.error_rate, settings.certain
        self._embedder, self._reranker = embedder, reranker
        self._metrics = metrics
        self._identifier = identifier
        self._folder, self._reader = FolderReader(self._root), KnowledgeReader()
        self._refreshing = Lock()
        self._refused: tuple[Problem, ...] = ()
        self.vectors = QuestionCache(embedder)
        self._state = self._make(self._load())

    @property
    def answerer(self) -> Answerer:
        """What answers from the state in use."""
        return self._state.answerer

    @property
    def state(self) -> State:
        """The state in use."""
        return self._state

    @property
    def refused(self) -> tuple[Problem, ...]:
        """What is wrong with the knowledge files as they are now, so that an earlier state stays in use."""
        return self._refused

    def name(self, path: Path) -> str:
        """Returns how a knowledge file is called in messages: its path within the knowledge folder."""
        return path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else path.name

    def close(self) -> None:
        """Stops the threads."""
        self.vectors.close()

    async def follow(self) -> None:
        """Keeps the state up to date until it is cancelled."""
        while True:
            await asyncio.to_thread(self.refresh)
            try:
                await self._watch()
            except (OSError, RuntimeError) as error:  # a folder is missing, or cannot be watched
                get_logger().debug("knowledge.not_watched", reason=type(error).__name__)
                await asyncio.sleep(GLANCE / 1000)

    def refresh(self) -> None:
        """Takes over what changed, if it is right; whatever goes wrong is reported, and the state stays."""
        with self._refreshing:
            try:
                self._refresh()
            except KnowledgeError as error:
                self._refuse(error.problems)
            except SafarError as error:
                self._refuse((Problem(self._index, 1, str(error), "index"),))
            except Exception as error:  # noqa: BLE001 - nothing that is in a file may end the following of files
                self._refuse((Problem(self._root, 1, f"unexpected {type(error).__name__}", "unexpected"),))
                get_logger().error("knowledge.failed", error=type(error).__name__, exc_info=True)

    # Following -------------------------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        """Refreshes after every change, until a watched folder was replaced by another."""
        watched = {path.absolute(): path.stat().st_ino for path in (self._root, self._index)}
        unseen = True  # what changed before the watching began
        async for changes in awatch(
            *watched, step=QUIET, debounce=LONGEST, rust_timeout=GLANCE, yield_on_timeout=True, watch_filter=None
        ):
            if unseen or any(self._concerns(Path(path)) for _, path in changes):
                await asyncio.to_thread(self.refresh)
            unseen = False
            if any(path.stat().st_ino != inode for path, inode in watched.items()):
                return

    def _concerns(self, path: Path) -> bool:
        return path == self._index.absolute() / "current" or path.is_relative_to(self._root.absolute())

    def _refresh(self) -> None:
        started = time.perf_counter()
        files = self._folder.read()
        pointer = read_pointer(self._index)
        wanted = version_of(files.fingerprint, self._embedder.name, self._error_rate)
        if pointer and (pointer.version == wanted or pointer.instead_of == files.fingerprint):
            self._accept(pointer)
            return
        reading = self._reader.read(files)
        built = build(self._index, reading, self._embedder, error_rate=self._error_rate)
        self._replace(self._make(built.snapshot), embedded=built.embedded, seconds=time.perf_counter() - started)

    def _accept(self, pointer: Pointer) -> None:
        """Takes over the version in use, which this or another process has built or restored."""
        if pointer.version != self._state.snapshot.version:
            self._replace(self._make(self._load()))
        elif self._refused:
            self._refuse(())

    def _load(self) -> Snapshot:
        return load(self._index, self._root, reader=self._reader)

    def _make(self, snapshot: Snapshot) -> State:
        answerer = Answerer(
            snapshot.knowledge,
            MemoryIndex(snapshot),
            self.vectors,
            self._identifier,
            certain=self._certain,
            reranker=self._reranker,
        )
        return State(snapshot, answerer)

    def _replace(self, state: State, *, embedded: int = 0, seconds: float = 0.0) -> None:
        self._state = state
        self._refuse(())
        manifest = state.snapshot.manifest
        get_logger().info(
            "knowledge.updated",
            version=manifest.version,
            passages=manifest.passages,
            embedded=embedded,
            seconds=round(seconds, 2),
        )

    def _refuse(self, problems: tuple[Problem, ...]) -> None:
        if self._metrics:
            self._metrics.knowledge_problems.set(len(problems))
        if problems and problems != self._refused:
            for problem in problems[:LOGGED]:
                place = f"{problem.path}:{problem.line}"
                get_logger().error("knowledge.refused", place=place, rule=problem.rule, reason=problem.message)
            get_logger().error("knowledge.kept", version=self._state.snapshot.version, problems=len(problems))
        self._refused = problems
