"""Starts the dialogue engine and the service, watches them, and leaves no process behind."""

from __future__ import annotations

import asyncio
import ctypes
import os
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.logs import get_logger

PATIENCE = 10.0  # seconds between asking a process to end and ending it
LONGEST_PAUSE = 30.0  # seconds before a process that keeps dying is started again
STEADY = 60.0  # seconds after which a process counts as running, and its next death as the first
HOPELESS = 6  # deaths in a row after which the supervisor gives up
_PR_SET_PDEATHSIG = 1  # linux/prctl.h: the kernel ends the child when this process dies, even by SIGKILL


@dataclass(frozen=True)
class Program:
    """A process to keep running. `private` output may quote users, so only level and place of its lines are shown."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    directory: str
    private: bool = False


class Probe(Protocol):
    """Tells whether everything is ready to take turns."""

    async def __call__(self) -> bool:
        """Returns whether it is."""
        ...


@dataclass
class Supervisor:
    """Keeps programs running until it is told to stop."""

    programs: Sequence[Program]
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _failed: str | None = None

    async def run(self) -> str | None:
        """Runs until SIGINT or SIGTERM; returns None, or the name of a program that would not stay up."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._stop.set)
        keepers = [asyncio.create_task(self._keep(program)) for program in self.programs]
        await self._stop.wait()
        await asyncio.gather(*keepers)
        return self._failed

    async def _keep(self, program: Program) -> None:
        deaths = 0
        while not self._stop.is_set():
            started = asyncio.get_running_loop().time()
            code = await self._run_once(program)
            if self._stop.is_set():
                return
            steady = asyncio.get_running_loop().time() - started > STEADY
            deaths = 1 if steady else deaths + 1
            get_logger().error("process.died", process=program.name, code=code, deaths=deaths)
            if deaths >= HOPELESS:
                self._failed = program.name
                self._stop.set()
                return
            await self._pause(min(LONGEST_PAUSE, 0.5 * 2**deaths))

    async def _run_once(self, program: Program) -> int:
        process = await asyncio.create_subprocess_exec(
            *program.command,
            cwd=program.directory,
            env=dict(program.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if program.private else None,
            stderr=asyncio.subprocess.STDOUT if program.private else None,
            preexec_fn=_die_with_parent,
            start_new_session=True,  # the terminal's Ctrl-C reaches only the supervisor, which ends them in order
            limit=1 << 20,
        )
        get_logger().info("process.started", process=program.name, pid=process.pid)
        reader = asyncio.create_task(_forward(program.name, process.stdout)) if process.stdout else None
        stopped = asyncio.create_task(self._stop.wait())
        ended = asyncio.create_task(process.wait())
        await asyncio.wait({stopped, ended}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        await self._end(process, ended)
        if reader:
            reader.cancel()
        return await ended

    async def _end(self, process: asyncio.subprocess.Process, ended: asyncio.Task[int]) -> None:
        if not ended.done():
            _signal_group(process.pid, signal.SIGTERM)
            await asyncio.wait({ended}, timeout=PATIENCE)
        _signal_group(process.pid, signal.SIGKILL)  # what it may have left behind

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return


_LINE = re.compile(r"\[?(?:\d{4}-\d\d-\d\d[ T]\S+)?\]?\s*(?P<level>WARNING|ERROR|CRITICAL)\s+(?P<place>[\w.]+)")


async def _forward(name: str, stream: asyncio.StreamReader) -> None:
    """Shows of each line of trouble only its level and the module it comes from."""
    while True:
        try:
            line = await stream.readline()
        except ValueError:  # a line longer than the limit; it was dropped
            continue
        if not line:
            return
        match = _LINE.search(line.decode(errors="replace"))
        if match:
            get_logger().warning("process.message", process=name, level_name=match["level"], place=match["place"])
