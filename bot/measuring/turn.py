"""`safar bench turn`: time of a chat turn by stages beside that of a bare Rasa bot, and the memory of both."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import yaml
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.corpus import load_knowledge
from bot.errors import SetupError
from bot.settings import ROOT, Settings
from bot.training import CONFIG, DIALOGUE, ENVIRONMENT, rasa_command

WARM_UP = 10
GREETING = "hello"  # the bot of `rasa init` says nothing to texts that it does not understand
START_LIMIT = 180.0  # seconds
STAGES = ("turn", "dialogue", "nlu", "action", "embedding", "search", "policies")


@dataclass
class Times:
    """Milliseconds of each stage, one a turn."""

    stages: dict[str, list[float]] = field(default_factory=dict)

    def add(self, stage: str, milliseconds: float) -> None:
        """Notes one measurement."""
        self.stages.setdefault(stage, []).append(milliseconds)

    def median(self, stage: str) -> float:
        """Returns the median of a stage."""
        return statistics.median(self.stages[stage])

    def high(self, stage: str) -> float:
        """Returns the 95th percentile of a stage."""
        return statistics.quantiles(self.stages[stage], n=20)[-1]


def measure_turns(settings: Settings, turns: int, console: Console, output: Path | None) -> None:
    """Measures and prints; writes JSON to `output` if given.

    There are two bare bots, which answer with fixed utterances of their domains and call nothing: the one that
    `rasa init` makes, with Rasa's default pipeline and policies; and Safar's own pipeline, policies and examples, with
    one utterance for every intent. Turns of all three alternate, so all see the same machine.

    Raises:
        SetupError: Something does not start.
    """
    questions = _questions(settings)
    times = {name: Times() for name in ("safar", *BARE)}
    with ExitStack() as stack:
        address, safar = stack.enter_context(_safar(settings))
        bare = {name: stack.enter_context(_bare(settings, write)) for name, write in BARE.items()}
        client = stack.enter_context(httpx.Client(base_url=address, timeout=60, trust_env=False))
        rasa = stack.enter_context(_rasa_of(safar))
        for number in track(range(-WARM_UP, turns), description="Turns", console=console, transient=True):
            # A new wording each time, or the second round would find its vector already embedded.
            text = f"{questions[number % len(questions)]} {number}"
            timed = _turn(client, text), _parse(rasa, text)
            fixed = {
                name: _bare_turn(one, GREETING if name == "rasa init" else text, number)
                for name, (one, _) in bare.items()
            }
            if number >= 0:
                _note(times["safar"], *timed)
                for name, milliseconds in fixed.items():
                    times[name].add("turn", milliseconds)
        processes = {"safar": safar} | {name: process for name, (_, process) in bare.items()}
        memory = {name: _peak_memory(process) for name, process in processes.items()}
    _show(times, memory, turns, console)
    if output:
        output.write_text(json.dumps(_as_json(times, memory, turns), indent=2) + "\n")


# Taking turns ----------------------------------------------------------------------------------------------------


def _turn(client: httpx.Client, text: str) -> dict[str, float]:
    started = time.perf_counter()
    response = client.post("/api/chat", json={"text": text})
    elapsed = (time.perf_counter() - started) * 1000
    response.raise_for_status()
    stages = (part.split(";dur=") for part in response.headers["Server-Timing"].split(", "))
    return {**{name: float(value) for name, value in stages}, "turn": elapsed}


def _parse(rasa: httpx.Client, text: str) -> float:
    started = time.perf_counter()
    rasa.post("/model/parse", json={"text": text}).raise_for_status()
    return (time.perf_counter() - started) * 1000


def _bare_turn(client: httpx.Client, text: str, number: int) -> float:
    started = time.perf_counter()
    # A sender of its own for each turn, as for Safar: both begin a conversation every time.
    response = client.post("/webhooks/rest/webhook", json={"sender": f"s{number}", "message": text})
    elapsed = (time.perf_counter() - started) * 1000
    if not response.json():
        raise SetupError("the bare bot answered nothing")
    return elapsed


def _note(times: Times, turn: Mapping[str, float], parse: float) -> None:
    for stage, milliseconds in turn.items():
        times.add(stage, milliseconds)
    times.add("nlu", parse)
    if "action" in turn:
        times.add("policies", max(0.0, turn["dialogue"] - turn["action"] - parse))


def _questions(settings: Settings) -> list[str]:
    passages = load_knowledge(settings.knowledge).passages
    texts = [text for passage in passages for question in passage.questions for text in question.texts.values()]
    return texts[:: max(1, len(texts) // 200)]


# Starting both ---------------------------------------------------------------------------------------------------


@contextmanager
def _safar(settings: Settings) -> Iterator[tuple[str, psutil.Process]]:
    port = _free_port()
    command = [sys.executable, "-m", "bot", "serve"]
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "PORT": str(port),
        "SAFAR_DATA": str(settings.data),
        "SAFAR_LOG_LEVEL": "error",
    }
    with _process(command, environment, ROOT) as process:
        _wait(lambda: httpx.get(f"{address}/readyz", trust_env=False).status_code == 200, process)
        yield address, process


@contextmanager
def _bare(settings: Settings, write: Callable[[Path], list[str]]) -> Iterator[tuple[httpx.Client, psutil.Process]]:
    with tempfile.TemporaryDirectory(prefix="bare-", dir=settings.data) as folder:
        work, environment = Path(folder), {**os.environ, **ENVIRONMENT, "MPLCONFIGDIR": folder}
        train = rasa_command(*write(work))
        done = subprocess.run(train, cwd=work, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        models = sorted(work.rglob("*.tar.gz"))
        if not models:
            raise SetupError(f"a bare bot could not be trained: {done.stdout[-500:]}")
        port = _free_port()
        run = rasa_command("run", "--interface", "127.0.0.1", "--port", str(port), "--model", str(models[0]),
                           "--credentials", str(DIALOGUE / "credentials.yml"), "--enable-api")  # fmt: skip
        with (
            _process(run, environment, work) as process,
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client,
        ):
            _wait(lambda: client.get("/status").json().get("model_file"), process)
            yield client, process


def _write_init_bot(_: Path) -> list[str]:
    """Returns the command that makes and trains the bot of `rasa init`."""
    return ["init", "--no-prompt"]


def _write_stripped_bot(work: Path) -> list[str]:
    """Writes our pipeline, policies and examples with one fixed utterance, and returns the command that trains it."""
    config = _read(CONFIG)
    rules = _read(DIALOGUE / "data" / "rules.yml")
    domain = _read(DIALOGUE / "domain" / "domain.yml")
    for rule in rules["rules"]:
        rule["steps"][1]["action"] = "utter_fixed"
    for policy in config["policies"]:
        policy["core_fallback_action_name"] = "utter_fixed"
    stripped = {
        "version": "3.1",
        "intents": [next(iter(intent)) if isinstance(intent, dict) else intent for intent in domain["intents"]],
        "responses": {"utter_fixed": [{"text": "A fixed answer."}]},
    }
    (work / "data").mkdir()
    for path, content in (("data/rules.yml", rules), ("domain.yml", stripped), ("config.yml", config)):
        (work / path).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
    for examples in (DIALOGUE / "data" / "nlu").glob("*.yml"):
        (work / "data" / examples.name).write_text(examples.read_text())
    return ["train", "--out", ".", "--data", "data", "--domain", "domain.yml"]


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


BARE: Mapping[str, Callable[[Path], list[str]]] = {
    "rasa init": _write_init_bot,
    "same pipeline, fixed utterance": _write_stripped_bot,
}


@contextmanager
def _process(command: list[str], environment: Mapping[str, str], folder: Path) -> Iterator[psutil.Process]:
    process = psutil.Popen(
        command, cwd=folder, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _wait(ready: Callable[[], object], process: psutil.Process) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit and process.is_running():
        try:
            if ready():
                return
        except (httpx.HTTPError, ValueError):
            pass
        time.sleep(0.25)
    raise SetupError("a process to measure did not become ready")


def _rasa_of(safar: psutil.Process) -> httpx.Client:
    rasa = next(child for child in safar.children() if "rasa" in child.cmdline())
    environment = rasa.environ()
    token = {"token": environment["SAFAR_RASA_TOKEN"]}
    return httpx.Client(base_url=environment["SAFAR_RASA_URL"], params=token, timeout=60, trust_env=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# Results ---------------------------------------------------------------------------------------------------------


def _peak_memory(process: psutil.Process) -> dict[str, float]:
    """Returns the peak resident memory of a process and its children, in MB, by what they are."""
    peaks: dict[str, float] = {}
    for one in (process, *process.children(recursive=True)):
        status = Path(f"/proc/{one.pid}/status").read_text()
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        name = next((word for word in ("rasa", "service", "serve") if word in one.cmdline()), "other")
        peaks[name] = peaks.get(name, 0) + int(peak.split()[1]) / 1000
    return peaks


def _show(times: Mapping[str, Times], memory: Mapping[str, Mapping[str, float]], turns: int, console: Console) -> None:
    table = Table("stage", "median ms", "95th percentile ms", title=f"{turns} turns over HTTP, one after the other")
    ours = times["safar"]
    for stage in (stage for stage in STAGES if stage in ours.stages):
        table.add_row(f"Safar, {stage}", f"{ours.median(stage):.1f}", f"{ours.high(stage):.1f}")
    for name in BARE:
        table.add_row(f"bare ({name}), turn", f"{times[name].median('turn'):.1f}", f"{times[name].high('turn'):.1f}")
    console.print(table)
    for name in BARE:
        ratio = ours.median("turn") / times[name].median("turn")
        console.print(f"Safar's median turn is {ratio:.2f} times that of the bare bot ({name}).")
    for name, peaks in memory.items():
        parts = ", ".join(f"{part} {peak:.0f}" for part, peak in peaks.items())
        console.print(f"Peak memory of {name}: {sum(peaks.values()):.0f} MB ({parts})")


def _as_json(times: Mapping[str, Times], memory: Mapping[str, Mapping[str, float]], turns: int) -> dict[str, object]:
    summaries = {
        name: {stage: {"median_ms": one.median(stage), "p95_ms": one.high(stage)} for stage in one.stages}
        for name, one in times.items()
    }
    return {"turns": turns, "times": summaries, "peak_memory_mb": memory}
