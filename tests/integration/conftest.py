"""Safar as an operator starts it: the supervisor, the real Rasa, the real model, real HTTP."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from bot.settings import ROOT

START_LIMIT = 900.0  # seconds: the first start builds the index and trains the dialogue model
CANARY = "zanarkand"  # a word that must turn up nowhere but in the conversation


@dataclass
class Safar:
    """A running Safar."""

    port: int
    log: Path
    process: psutil.Popen
    knowledge: Path
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60, trust_env=False)

    def chat(self, text: str, **more: Any) -> dict[str, Any]:
        response = self.client.post("/api/chat", json={"text": text, **more})
        assert response.status_code == 200, response.text
        reply: dict[str, Any] = response.json()
        return reply

    def child(self, word: str) -> psutil.Process:
        """Returns the child with this word on its command line: `rasa` or `service`."""
        return next(child for child in self.process.children() if word in command_line(child))

    def rasa(self) -> httpx.Client:
        """Returns a client for the dialogue engine's own HTTP API."""
        environment = self.child("rasa").environ()
        token = {"token": environment["SAFAR_RASA_TOKEN"]}
        return httpx.Client(base_url=environment["SAFAR_RASA_URL"], params=token, timeout=60, trust_env=False)

    def wait_until_ready(self, limit: float = START_LIMIT) -> None:
        end = time.monotonic() + limit
        while time.monotonic() < end:
            try:
                if self.client.get("/readyz").status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            if self.process.poll() is not None:
                break
            time.sleep(0.2)
        raise AssertionError("Safar did not become ready:\n" + self.log.read_text()[-3000:])

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(30)


def command_line(process: psutil.Process) -> list[str]:
    """Returns a process's command line; that of a dead one is empty."""
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def start(folder: Path, *prefix: str) -> Safar:
    """Starts `safar serve` on a free port with a copy of the knowledge, behind a command such as `unshare` if given."""
    knowledge = folder / "knowledge"
    shutil.copytree(ROOT / "knowledge", knowledge)
    environment = {**os.environ, "SAFAR_KNOWLEDGE": str(knowledge)}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = folder / "safar.log"
    command = [*prefix, sys.executable, "-m", "bot", "serve"]
    with log.open("w") as output:
        process = psutil.Popen(
            command, cwd=ROOT, env={**environment, "PORT": str(port)}, stdout=output, stderr=subprocess.STDOUT
        )
    return Safar(port, log, process, knowledge)


@pytest.fixture(scope="session")
def safar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Safar]:
    """One Safar for all tests that leave it as they found it."""
    running = start(tmp_path_factory.mktemp("safar"))
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()
