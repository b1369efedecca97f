"""Reading a whole knowledge folder: all of it is right, or every problem is reported and nothing is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath

from bot.corpus.advisories import HEAD, AdvisoryReading, Reference, read_advisory
from bot.corpus.files import Files, FolderReader
from bot.corpus.lists import NAMES, Lists, known, read_lists
from bot.corpus.model import Advisory, Knowledge, Passage
from bot.corpus.suspicious import find_suspicious
from bot.corpus.yaml_file import nearest
from bot.errors import KnowledgeError, Problem


@dataclass(frozen=True)
class Reading:
    """A state of the knowledge folder: the values if nothing in it is wrong, and what was found."""

    files: Files
    knowledge: Knowledge | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the knowledge from being used."""
        return tuple(problem for problem in self.problems if problem.level == "error")

    def usable(self) -> Knowledge:
        """Returns the knowledge.

        Raises:
            KnowledgeError: Something in it is wrong; `problems` holds every error, with file and line.
        """
        if self.knowledge is None:
            raise KnowledgeError(self.errors)
        return self.knowledge


@dataclass
class KnowledgeReader:
    """Reads knowledge again and again; what did not change is neither read nor parsed twice."""

    _lists: tuple[str, Lists | None, tuple[Problem, ...]] | None = None
    _advisories: dict[str, tuple[str, AdvisoryReading]] = field(default_factory=dict)
    _suspicious: dict[str, tuple[bytes, tuple[Problem, ...]]] = field(default_factory=dict)

    def read(self, files: Files, today: date | None = None) -> Reading:
        """Returns what the files hold, checked."""
        today = today or date.today()
        lists_digest = files.digest([name for name in files.contents if not name.startswith("advisories/")])
        lists, list_problems = self._read_lists(files, lists_digest)
        readings: dict[str, AdvisoryReading] = {}
        problems = [*files.problems, *list_problems, *_file_problems(files, lists)]
        if lists is not None:
            readings = self._read_advisories(files, lists, lists_digest, today)
            problems += [problem for reading in readings.values() for problem in reading.problems]
            problems += self._find_suspicious(files, lists)
        advisories = {name: reading.advisory for name, reading in readings.items() if reading.advisory}
        superseding = [item for reading in readings.values() for item in reading.supersedes]
        problems += _check_superseding(superseding, advisories)
        related = [item for reading in readings.values() for item in reading.related]
        problems += _check_related(related, superseding, advisories)
        problems += _check_points(files, advisories.values())
        problems.sort(key=lambda p: (str(p.path), p.line, p.level, p.message))
        usable = lists is not None and not any(problem.level == "error" for problem in problems)
        knowledge = _knowledge(files, lists, _mark_superseded(advisories, superseding)) if lists and usable else None
        return Reading(files, knowledge, tuple(dict.fromkeys(problems)))

    def _read_lists(self, files: Files, digest: str) -> tuple[Lists | None, tuple[Problem, ...]]:
        if self._lists is None or self._lists[0] != digest or files.problems:
            lists, problems = read_lists(files)
            self._lists = (digest, lists, tuple(problems))
        return self._lists[1:]

    def _read_advisories(self, files: Files, lists: Lists, context: str, today: date) -> dict[str, AdvisoryReading]:
        folders: dict[str, list[str]] = {}
        for name in files.contents:
            parts = PurePosixPath(name).parts
            if parts[0] == "advisories" and len(parts) == 3:
                folders.setdefault(parts[1], []).append(name)
        readings: dict[str, tuple[str, AdvisoryReading]] = {}
        for folder in sorted(folders):
            digest = f"{context}{today}{files.digest(folders[folder])}"
            known = self._advisories.get(folder)
            if known is None or known[0] != digest:
                known = (digest, read_advisory(folder, folders[folder], files, lists, today))
            readings[folder] = known
        self._advisories = readings
        return {folder: reading for folder, (_, reading) in readings.items()}

    def _find_suspicious(self, files: Files, lists: Lists) -> list[Problem]:
        kept: dict[str, tuple[bytes, tuple[Problem, ...]]] = {}
        for name, content in files.contents.items():
            if name == "suspicious.yml":
                continue
            cached = self._suspicious.get(name)
            if cached is None or cached[0] != content:
                try:
                    text = files.text(name)
                except KnowledgeError:
                    continue
                cached = (content, tuple(find_suspicious(files.path(name), text, lists.instructions)))
            kept[name] = cached
        self._suspicious = kept
        return [problem for _, problems in kept.values() for problem in problems]


def load_knowledge(folder: Path) -> Knowledge:
    """Reads and checks a knowledge folder.

    Raises:
        KnowledgeError: Something in it is wrong; `problems` holds every error, with file and line.
    """
    return KnowledgeReader().read(FolderReader(folder).read()).usable()


def _knowledge(files: Files, lists: Lists, advisories: Mapping[str, Advisory]) -> Knowledge:
    return Knowledge(
        fingerprint=files.fingerprint,
        languages=lists.languages,
        countries=lists.countries,
        topics=lists.topics,
        contacts=lists.contacts,
        phrases=lists.phrases,
        advisories=advisories,
        out_of_scope=lists.out_of_scope,
        elsewhere=lists.elsewhere,
    )


def _file_problems(files: Files, lists: Lists | None) -> Iterator[Problem]:
    """Yields what is odd about files as such: their names, their encoding's mark, their line ends."""
    for name in (*files.contents, *files.others):
        if message := _misplaced(name, lists):
            inside = name.startswith("advisories/")  # where a wrong name most likely means a text that is not read
            yield Problem(files.path(name), 1, message, "misplaced-file", "error" if inside else "warning")
    for name, content in files.contents.items():
        if content.startswith(b"\xef\xbb\xbf"):
            message = "the file begins with a byte order mark; it does no harm, but save it as plain UTF-8."
            yield Problem(files.path(name), 1, message, "byte-order-mark", "warning")
        if b"\r" in content:
            line = content[: content.index(b"\r")].count(b"\n") + 1
            message = "the lines end as on Windows (CRLF); it does no harm, but save it with plain line ends (LF)."
            yield Problem(files.path(name), line, message, "line-ends", "warning")


def _misplaced(name: str, lists: Lists | None) -> str | None:
    """Returns what is wrong with a file's name or place, if anything."""
    parts = PurePosixPath(name).parts
    wanted: tuple[str, ...]
    if len(parts) == 1:
        fits, wanted = name in NAMES, NAMES
    elif parts[0] == "phrases":
        wanted = tuple(f"{code}.yml" for code in lists.languages) if lists else ()
        fits = len(parts) == 2 and (parts[1] in wanted or not lists)
    elif parts[0] == "advisories":
        wanted = (HEAD, "questions.yml", *(f"{code}.md" for code in lists.languages)) if lists else (HEAD,)
        fits = len(parts) == 3 and (parts[2] in wanted or parts[2].endswith(".md") or not lists)
    else:
        return "nothing reads this file; remove it, or put it where it belongs (see README.md)."
    if fits:
        return None
    return f"nothing reads a file of this name; here can be: {known(wanted)}{nearest(parts[-1], wanted)}."


def _check_superseding(items: list[Reference], advisories: Mapping[str, Advisory]) -> Iterator[Problem]:
    passages = {passage.key for advisory in advisories.values() for passage in advisory.passages}
    follow: dict[str, set[str]] = {}
    for item in items:
        allowed = passages if "/" in item.target else advisories
        if item.target not in allowed:
            what = "passage (advisory/passage)" if "/" in item.target else "advisory"
            message = f"'{item.target}' is no {what}{nearest(item.target, allowed)}."
            yield replace(item.place, message=message, rule="unknown-name")
        follow.setdefault(item.source.split("/")[0] if "/" not in item.target else item.source, set()).add(item.target)
    for item in items:
        if _leads_to(follow, item.target, item.source):
            message = f"'{item.target}' supersedes '{item.source}' in turn, so neither would be shown; remove one."
            yield replace(item.place, message=message, rule="supersedes-cycle")


def _check_related(
    items: list[Reference], superseding: list[Reference], advisories: Mapping[str, Advisory]
) -> Iterator[Problem]:
    """Yields a problem for what is named as related and is not there, a warning for what something newer replaces."""
    replaced = {item.target: item.source for item in superseding}
    passages = {passage.key for advisory in advisories.values() for passage in advisory.passages}
    for item in items:
        allowed = passages if "/" in item.target else advisories
        if item.target not in allowed:
            what = "passage (advisory/passage)" if "/" in item.target else "advisory"
            message = f"'{item.target}' is no {what}{nearest(item.target, allowed)}."
            yield replace(item.place, message=message, rule="unknown-name")
        elif newer := replaced.get(item.target) or replaced.get(item.target.split("/")[0]):
            message = f"'{item.target}' is superseded by '{newer}'; name that one."
            yield replace(item.place, message=message, rule="superseded-cited", level="warning")


def _leads_to(follow: Mapping[str, set[str]], start: str, end: str) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here in (end, end.split("/")[0]):
            return True
        if here not in seen:
            seen.add(here)
            waiting.extend(follow.get(here, ()))
            if "/" in here:
                waiting.extend(follow.get(here.split("/")[0], ()))
    return False


def _mark_superseded(advisories: Mapping[str, Advisory], items: list[Reference]) -> dict[str, Advisory]:
    replaced = {item.target: item.source for item in items}

    def mark(passage: Passage) -> Passage:
        newer = replaced.get(passage.key) or replaced.get(passage.advisory)
        return replace(passage, superseded_by=newer) if newer else passage

    marked = dict(advisories)
    for name in {old.split("/")[0] for old in replaced} & advisories.keys():
        marked[name] = replace(marked[name], passages=tuple(mark(passage) for passage in marked[name].passages))
    return marked


def _check_points(files: Files, advisories: Iterable[Advisory]) -> Iterator[Problem]:
    """Yields a problem for passages that seem to say the same for different countries, but concern the same people."""
    points: dict[str, list[tuple[Advisory, Passage]]] = {}
    for advisory in advisories:
        for passage in advisory.passages:
            points.setdefault(passage.point, []).append((advisory, passage))
    for same in points.values():
        for number, (advisory, passage) in enumerate(same):
            for other, _ in same[:number]:
                if not (advisory.citizenships and other.citizenships) or advisory.citizenships & other.citizenships:
                    message = (
                        f"the passage id '{passage.id}' stands in '{other.id}' too. Within a topic the same id means "
                        "the same point for citizens of different countries; give this passage another id."
                    )
                    path = files.path(f"advisories/{advisory.id}/{HEAD}")
                    yield Problem(path, _line_of(files, advisory.id, passage.id), message, "same-point")


def _line_of(files: Files, advisory: str, passage: str) -> int:
    lines = files.text(f"advisories/{advisory}/{HEAD}").split("\n")
    return next((number for number, line in enumerate(lines, 1) if line.strip().startswith(f"{passage}:")), 1)
