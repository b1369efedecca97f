"""Sets up Safar on a fresh machine: the service's environment `.venv` and the dialogue engine's `.venv-rasa`.

Runs with any Python 3.8 or newer and the standard library alone. A second run finds everything in place.

    python3 scripts/setup.py [--dev]

Variables it reads (all optional):
    SAFAR_PYTHON      the Python 3.11+ for the service
    SAFAR_PYTHON310   the Python 3.10 for the dialogue engine
    TORCH_BACKEND     which build of PyTorch to fetch, as `uv pip install --torch-backend` names it (default: cpu)
    PIP_FIND_LINKS    a folder of wheels to look into first, for example one with a CPU build of torch
"""

import argparse
import glob
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVICE = ROOT / ".venv"
RASA = ROOT / ".venv-rasa"
SERVICE_VERSIONS = ("3.11", "3.12", "3.13")
SPACE_NEEDED = {SERVICE: 3.0, RASA: 4.0}  # GB, measured 1.5 and 2.5 installed, and room for the downloads


class SetupError(Exception):
    """A sentence for the person at the terminal that says what to do."""


def main():
    parser = argparse.ArgumentParser(description="Set up Safar's two environments.")
    parser.add_argument("--dev", action="store_true", help="also install what the tests need")
    arguments = parser.parse_args()
    try:
        set_up_service("dev" if arguments.dev else "service")
        set_up_rasa()
    except SetupError as error:
        sys.exit(f"setup: {error}")


def set_up_service(requirements):
    """Creates `.venv` with the pinned packages of `requirements/<requirements>.txt`."""
    wanted = stamp_of("bootstrap.txt", "torch.in", requirements + ".txt")
    # An environment that has the tools of development can serve too: do not install it anew.
    if stamp(SERVICE) in (wanted, stamp_of("bootstrap.txt", "torch.in", "dev.txt")):
        return
    check_space(SERVICE)
    check_compiler()
    python = service_python()
    say(f"creating .venv with {python}")
    run([python, "-m", "venv", str(SERVICE)], NO_VENV)
    pip = [str(SERVICE / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "bootstrap.txt")], NO_NETWORK)
    install_torch()
    say("installing the service's packages")
    # --no-deps: the file is complete, and torch stands outside it.
    uv_install(SERVICE, COMPILED, "--no-deps", "--require-hashes", "-r", f"requirements/{requirements}.txt")
    uv_install(SERVICE, "--no-deps", "--no-build-isolation", "--editable", ".")
    write_stamp(SERVICE, wanted)


def install_torch():
    """Installs the pinned torch from a wheel folder, as the chosen build, or last as the registry's own file."""
    say("installing PyTorch (no GPU is needed)")
    pinned = ["-r", "requirements/torch.in"]
    links = os.environ.get("PIP_FIND_LINKS", "")
    if links and glob.glob(os.path.join(links, "torch-*.whl")):
        uv_install(SERVICE, *pinned)
        return
    backend = os.environ.get("TORCH_BACKEND", "cpu")
    try:
        uv_install(SERVICE, "--torch-backend", backend, *pinned)
    except SetupError:
        say(f"the '{backend}' build of PyTorch cannot be reached; taking the registry's build, several GB larger")
        uv_install(SERVICE, *pinned)


def set_up_rasa():
    """Creates `.venv-rasa`, the dialogue engine's own environment with Python 3.10."""
    wanted = stamp_of("rasa.txt")
    if stamp(RASA) == wanted:
        return
    check_space(RASA)
    python = rasa_python()
    say(f"creating .venv-rasa with {python}")
    run(
        [str(SERVICE / "bin" / "uv"), "venv", "--quiet", "--allow-existing", "--python", python, str(RASA)],
        NO_PYTHON_310,
    )
    say("installing Rasa (2.5 GB)")
    uv_install(RASA, COMPILED, "--require-hashes", "-r", "requirements/rasa.txt")
    write_stamp(RASA, wanted)


# Finding a Python ------------------------------------------------------------------------------------------------


def service_python():
    """Returns the path of a Python 3.11 or newer, 3.11 first: that is the version the pins are made for."""
    candidates = [os.environ.get("SAFAR_PYTHON")]
    for version in SERVICE_VERSIONS:
        candidates += [f"python{version}", *pyenv_pythons(version)]
    found = first_python([*candidates, sys.executable, "python3"], SERVICE_VERSIONS)
    if not found:
        raise SetupError(
            "Python 3.11 or newer is missing. Install it (Debian and Ubuntu: 'apt-get install python3 python3-venv'), "
            "or name one in the variable SAFAR_PYTHON, and run the same command again."
        )
    return found


def rasa_python():
    """Returns the path of a Python 3.10, or the version for uv to fetch when none is installed."""
    found = first_python([os.environ.get("SAFAR_PYTHON310"), "python3.10", *pyenv_pythons("3.10")], ("3.10",))
    return found or "3.10"


def pyenv_pythons(version):
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    return sorted(glob.glob(os.path.join(root, "versions", version + ".*", "bin", "python")), reverse=True)


def first_python(candidates, versions):
    """Returns the first candidate that runs and is one of `versions`; pyenv's shims may exist and still refuse."""
    for candidate in filter(None, candidates):
        path = shutil.which(candidate)
        if path and version_of(path) in versions:
            return path
    return None


def version_of(python):
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


# Checks before work ----------------------------------------------------------------------------------------------


def check_space(folder):
    free = shutil.disk_usage(ROOT).free / 1e9
    needed = SPACE_NEEDED[folder]
    if free < needed:
        raise SetupError(
            f"the disk has {free:.1f} GB free, and {folder.name} needs {needed:.0f} GB. "
            f"Free some space or move this folder to a larger disk, and run the same command again."
        )


def check_compiler():
    """The bundled model ships compiled for Linux on x86-64 only and is compiled during installation elsewhere."""
    ready = platform.system() == "Linux" and platform.machine() == "x86_64"
    if not ready and not (shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")):
        raise SetupError(
            f"this machine ({platform.system()} {platform.machine()}) needs a C compiler to build the embedding model. "
            "Install one (Debian and Ubuntu: 'apt-get install build-essential'), and run the same command again."
        )


# Running and remembering -----------------------------------------------------------------------------------------

NO_VENV = (
    "Python could not create a virtual environment. Install its venv module "
    "(Debian and Ubuntu: 'apt-get install python3-venv'), and run the same command again."
)
# Rasa imports thousands of files: compiled, it starts three times as fast, also where nothing may be written later.
COMPILED = "--compile-bytecode"
NO_NETWORK = (
    "a package could not be installed: the lines above name it. Check the network, the package index and the free "
    "disk space, and run the same command again: it goes on where it stopped."
)
NO_PYTHON_310 = (
    "Python 3.10 is missing, and it could not be fetched; the dialogue engine Rasa runs on no other version. "
    "Install it (for example 'pyenv install 3.10') or name one in the variable SAFAR_PYTHON310, and run the same "
    "command again."
)


def uv_install(environment, *arguments):
    command = [str(SERVICE / "bin" / "uv"), "pip", "install", "--python", str(environment / "bin" / "python")]
    run([*command, *arguments], NO_NETWORK)


def run(command, sentence):
    try:
        subprocess.run(command, cwd=ROOT, env=uv_environment(), check=True)
    except (OSError, subprocess.CalledProcessError):
        raise SetupError(sentence) from None


def uv_environment():
    """Returns the environment with pip's settings translated for uv, which does not read them."""
    environment = dict(os.environ)
    for pip, uv in (
        ("PIP_FIND_LINKS", "UV_FIND_LINKS"),
        ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"),
        ("PIP_CERT", "SSL_CERT_FILE"),
    ):
        if os.environ.get(pip):
            environment.setdefault(uv, os.environ[pip])
    return environment


def stamp_of(*names):
    contents = (ROOT / "requirements" / name for name in names)
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in contents)).hexdigest()


def stamp(environment):
    path = environment / ".safar-stamp"
    return path.read_text() if path.exists() else None


def write_stamp(environment, value):
    (environment / ".safar-stamp").write_text(value)


def say(sentence):
    print(f"setup: {sentence} …", flush=True)


if __name__ == "__main__":
    main()
