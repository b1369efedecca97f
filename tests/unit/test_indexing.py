from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console
from structlog.testing import capture_logs

from bot.errors import KnowledgeError, SnapshotError
from bot.indexing import build_index, build_or_keep_index, restore_version, show_history
from bot.retrieval.snapshot import read_pointer

from .made_up import Base


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path)


@pytest.fixture
def console() -> Console:
    return Console(record=True, width=200)


def damage(base: Base) -> None:
    base.text.write_text(base.text.read_text().replace("status: original", "status: orignal"))


def test_with_wrong_files_the_last_good_state_is_kept_and_the_log_says_why(base: Base, console: Console) -> None:
    version = base.build().snapshot.version
    damage(base)
    with capture_logs() as logs:
        build_or_keep_index(base.settings, console)
    assert [entry["event"] for entry in logs] == ["knowledge.refused", "knowledge.kept"]
    assert logs[0]["place"] == f"{base.text}:3"
    assert logs[1]["version"] == version
    with pytest.raises(KnowledgeError):
        build_index(base.settings, console)


def test_with_wrong_files_and_no_earlier_state_nothing_starts(base: Base, console: Console) -> None:
    damage(base)
    with pytest.raises(KnowledgeError, match=r"en\.md:3"):
        build_or_keep_index(base.settings, console)


def test_the_history_shows_what_is_kept_and_what_is_in_use(base: Base, console: Console) -> None:
    first = base.build().snapshot.version
    base.edit()
    second = base.build().snapshot.version
    restore_version(base.settings, first, console)
    show_history(base.settings, console)
    lines = console.export_text().split("\n")
    assert any("in use" in line and first in line for line in lines)
    assert any("in use" not in line and second in line for line in lines)


def test_a_restored_version_stays_in_use_when_the_index_is_built_again(base: Base, console: Console) -> None:
    first = base.build().snapshot.version
    base.edit()
    base.build()
    restore_version(base.settings, first, console)
    build_index(base.settings, console)
    assert "was restored" in console.export_text()
    pointer = read_pointer(base.index)
    assert pointer
    assert pointer.version == first


def test_a_version_that_is_not_there_is_said_with_those_that_are(base: Base, console: Console) -> None:
    version = base.build().snapshot.version
    with pytest.raises(SnapshotError, match=version):
        restore_version(base.settings, "nothing", console)
