from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from bot import supervisor
from bot.supervisor import Program, Supervisor


def program(code: str, folder: Path, *, private: bool = False) -> Program:
    return Program("test", [sys.executable, "-c", code], dict(os.environ), str(folder), private=private)


async def run_until(condition: Path, watched: Supervisor) -> str | None:
    running = asyncio.create_task(watched.run())
    for _ in range(200):
        if condition.exists() or running.done():
            break
        await asyncio.sleep(0.05)
    if not running.done():
        os.kill(os.getpid(), signal.SIGTERM)
    return await asyncio.wait_for(running, 20)


async def test_a_program_that_dies_is_started_again(tmp_path: Path) -> None:
    code = (
        "import pathlib, time\n"
        "first = pathlib.Path('first')\n"
        "if first.exists(): pathlib.Path('second').touch(); time.sleep(60)\n"
        "first.touch()\n"
    )
    assert await run_until(tmp_path / "second", Supervisor([program(code, tmp_path)])) is None
    assert (tmp_path / "second").exists()


async def test_a_program_that_keeps_dying_ends_the_supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.01)
    code = "open('count', 'a').write('x')"
    assert await run_until(tmp_path / "never", Supervisor([program(code, tmp_path)])) == "test"
    assert (tmp_path / "count").read_text() == "x" * supervisor.HOPELESS


async def test_grandchildren_and_the_deaf_are_ended_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PATIENCE", 0.5)
    code = (
        "import pathlib, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "pathlib.Path('pid').write_text(str(child.pid)); pathlib.Path('up').touch(); time.sleep(60)\n"
    )
    await run_until(tmp_path / "up", Supervisor([program(code, tmp_path)]))
    pid = int((tmp_path / "pid").read_text())
    await asyncio.sleep(0.2)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


async def test_private_output_shows_level_and_place_only(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = (
        "import pathlib, time\n"
        "print('2026-01-01 10:00:00 ERROR    rasa.core.channels.rest  - failure text=canary', flush=True)\n"
        "print('canary ' * 300000, flush=True)\n"
        "time.sleep(0.5); pathlib.Path('done').touch(); time.sleep(60)\n"
    )
    await run_until(tmp_path / "done", Supervisor([program(code, tmp_path, private=True)]))
    output = "".join(capfd.readouterr())
    assert "rasa.core.channels.rest" in output
    assert "canary" not in output
