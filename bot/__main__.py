"""The command line: `safar check | index | ask | chat | train | serve | bench`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.corpus import load_knowledge
from bot.errors import KnowledgeError, SafarError
from bot.logs import configure_logs
from bot.serving import check_machine
from bot.serving import serve as run_both
from bot.settings import ROOT, Settings, read_settings
from bot.training import model_path
from bot.training import train as train_model

# Commands import the embedding model's libraries inside: they take seconds to load, and most commands need none.

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
bench = typer.Typer(no_args_is_help=True, help="Measure Safar.")
app.add_typer(bench, name="bench")
console = Console()
errors = Console(stderr=True)


@app.command()
def check(as_json: Annotated[bool, typer.Option("--json", help="Print problems as JSON.")] = False) -> None:
    """Check the knowledge files: every problem with its file and line."""
    settings = read_settings()
    try:
        knowledge = load_knowledge(settings.knowledge)
    except KnowledgeError as error:
        if not as_json:
            raise
        rows = [{"file": str(p.path), "line": p.line, "message": p.message} for p in error.problems]
        print(json.dumps({"problems": rows}, ensure_ascii=False, indent=2))
        raise typer.Exit(error.exit_code) from None
    if as_json:
        print(json.dumps({"problems": []}))
    else:
        advisories, passages = len(knowledge.advisories), len(knowledge.passages)
        console.print(
            f"{advisories} advisories with {passages} passages in {len(knowledge.languages)} languages: no problem."
        )


@app.command()
def index() -> None:
    """Build the index of the knowledge; only what changed is embedded."""
    build_index(read_settings())


@app.command()
def train() -> None:
    """Train the dialogue model, if its configuration or training data changed."""
    train_dialogue(read_settings())


@app.command()
def serve() -> None:
    """Index and train what changed, then run everything until Ctrl-C."""
    settings = read_settings()
    configure_logs(settings.log_level)
    check_machine(settings)
    build_index(settings)
    run_both(settings, train_dialogue(settings), console)


@app.command(hidden=True)
def service() -> None:
    """Run the service alone; `safar serve` starts it together with the dialogue engine."""
    from bot.running import run_service

    run_service(read_settings())


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
    language: Annotated[str | None, typer.Option("--lang", help="Language of the answer, such as ky.")] = None,
    citizenship: Annotated[
        str | None, typer.Option("--citizenship", help="The asker's citizenship, such as KG.")
    ] = None,
) -> None:
    """Show how a question is answered: ranked passages, the decision, and the answer as a user would see it."""
    from bot.asking import explain

    settings = read_settings()
    build_index(settings)
    explain(settings, question, language, citizenship, console)


@app.command()
def chat(
    url: Annotated[str, typer.Option(help="Address of a running Safar.")] = "",
    language: Annotated[str | None, typer.Option("--lang", help="Your language, such as ky.")] = None,
    citizenship: Annotated[str | None, typer.Option("--citizenship", help="Your citizenship, such as KG.")] = None,
) -> None:
    """Chat in the terminal with a running Safar."""
    from bot.terminal import chat_in_terminal

    address = url or f"http://127.0.0.1:{read_settings().port}"
    chat_in_terminal(address, language, citizenship, console)


@bench.command("turn")
def bench_turn(
    turns: Annotated[int, typer.Option(help="How many turns to measure.")] = 200,
    output: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
) -> None:
    """Time of a chat turn by stages, beside a bare Rasa bot, and the memory of both."""
    from bot.measuring.turn import measure_turns

    settings = read_settings()
    build_index(settings)
    train_dialogue(settings)
    measure_turns(settings, turns, console, output)


@bench.command("questions")
def bench_questions(
    questions: Annotated[Path, typer.Argument(help="The set of questions.")] = ROOT / "benchmarks" / "questions.yml",
    url: Annotated[str, typer.Option(help="Address of a running Safar.")] = "",
    show: Annotated[bool, typer.Option(help="List what went wrong in the half to develop on.")] = False,
    output: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
) -> None:
    """Put a set of questions to a running Safar and count right answers."""
    from bot.measuring.questions import measure_questions

    address = url or f"http://127.0.0.1:{read_settings().port}"
    measure_questions(questions, address, console, output, show="develop" if show else None)


def build_index(settings: Settings) -> None:
    """Builds the index unless it is the one of today's knowledge and model."""
    from bot.retrieval.model_name import full_name
    from bot.retrieval.snapshot import build, current_version, version_of

    knowledge = load_knowledge(settings.knowledge)
    folder = settings.data / "index"
    version = version_of(knowledge.fingerprint, full_name(settings.model), settings.error_rate)
    if current_version(folder) == version:
        console.print(f"Index {version} is up to date.")
        return
    with console.status(f"Loading the embedding model {settings.model} …"):
        from bot.retrieval.embedder import SentenceTransformerEmbedder

        embedder = SentenceTransformerEmbedder(settings.model)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Embedding texts", total=None)
        report = build(
            folder,
            knowledge,
            embedder,
            error_rate=settings.error_rate,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    console.print(f"Index {report.version}: {report.entries} texts, {report.embedded} of them embedded now.")


def train_dialogue(settings: Settings) -> Path:
    """Trains the dialogue model if needed and returns its path."""
    models = settings.data / "models"
    if model_path(models).exists():
        console.print(f"Dialogue model {model_path(models).stem} is up to date.")
        return model_path(models)
    with console.status("Training the dialogue model (about a minute) …") as status:
        path = train_model(models, dict(os.environ), lambda line: status.update(_training_status(line)))
    console.print(f"Dialogue model {path.stem} is trained.")
    return path


def _training_status(line: str) -> str:
    component = line.rpartition("component '")[2].partition("'")[0] if "component '" in line else ""
    return f"Training the dialogue model (about a minute) … {component}"


def main() -> None:
    """Runs the command line; an expected error is one clear sentence and its exit code."""
    try:
        app()
    except SafarError as error:
        errors.print(f"safar: {error}", style="red", highlight=False, markup=False)
        raise SystemExit(error.exit_code) from None


if __name__ == "__main__":
    main()
