"""The dialogue model: trained when what it is made of changed, and named after it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections import deque
from collections.abc import Callable
from pathlib import Path

from bot.errors import SetupError, TrainingError
from bot.settings import ROOT

CONFIG = ROOT / "config.yml"
DIALOGUE = ROOT / "bot" / "dialogue"
RASA = ROOT / ".venv-rasa" / "bin" / "python"
KEPT = 3  # models kept for going back

# Rasa calls home unless told not to, and looks for fonts and accelerators nobody has.
ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}


def rasa_command(*arguments: str) -> list[str]:
    """Returns the command line that runs Rasa.

    Raises:
        SetupError: Its environment is not set up.
    """
    if not RASA.exists():
        raise SetupError(f"the dialogue engine's environment {RASA.parent.parent} is missing; run 'make setup'.")
    return [str(RASA), "-W", "ignore", "-m", "rasa", *arguments]


def model_path(models: Path) -> Path:
    """Returns where the model for today's configuration and training data lies, or will lie."""
    digest = hashlib.sha256()
    inputs = [
        CONFIG,
        *sorted((DIALOGUE / "domain").rglob("*.yml")),
        *sorted((DIALOGUE / "data").rglob("*.yml")),
    ]
    for path in [*inputs, ROOT / "requirements" / "rasa.txt"]:
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return models / f"{digest.hexdigest()[:16]}.tar.gz"


def train(models: Path, environment: dict[str, str], report: Callable[[str], None] = lambda _: None) -> Path:
    """Trains the model if it is not there yet, and returns its path; `report` receives Rasa's lines as it works.

    Raises:
        SetupError: The dialogue engine is not set up.
        TrainingError: Rasa refused the training data; the text ends with its last lines.
    """
    path = model_path(models)
    if path.exists():
        return path
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".training-", dir=models) as work:
        _run_rasa(Path(work), environment, report)
        next(Path(work).glob("*.tar.gz")).replace(path)
    for old in sorted(models.glob("*.tar.gz"), key=lambda p: p.stat().st_mtime)[:-KEPT]:
        old.unlink()
    return path


def _run_rasa(work: Path, environment: dict[str, str], report: Callable[[str], None]) -> None:
    command = rasa_command(
        "train", "--config", str(CONFIG), "--domain", str(DIALOGUE / "domain"), "--data", str(DIALOGUE / "data"),
        "--out", str(work), "--fixed-model-name", "model",
    )  # fmt: skip
    process = subprocess.Popen(  # noqa: S603
        command,
        cwd=work,
        env={**environment, **ENVIRONMENT, "RASA_MAX_CACHE_SIZE": "0", "MPLCONFIGDIR": str(work)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    last: deque[str] = deque(maxlen=15)
    for line in process.stdout or ():
        last.append(line.rstrip())
        report(line.rstrip())
    if process.wait() != 0 or not list(work.glob("*.tar.gz")):
        raise TrainingError("the dialogue model could not be trained; Rasa said:\n" + "\n".join(last))


def free_space(folder: Path) -> float:
    """Returns the free space of the disk that holds a folder, in GB."""
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return shutil.disk_usage(existing).free / 1e9
