"""The command line: `safar check | index | ask | golden | chat | train | serve | bench`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

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
def check(
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
    annotations: Annotated[
        bool, typer.Option("--annotations", help="Print what was found as annotations for code-hosting CI.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")] = False,
    folder: Annotated[Path | None, typer.Argument(help="The knowledge folder, if not that of the settings.")] = None,
) -> None:
    """Check the knowledge files. Exit code 0: nothing is wrong; 3: something is, with file and line."""
    from bot.checking import check as check_folder
    from bot.checking import print_annotations, print_json, print_table

    folder = folder or read_settings().knowledge
    problems, knowledge = check_folder(folder)
    if as_json:
        print_json(problems)
    elif annotations:
        print_annotations(problems)
    else:
        print_table(problems, knowledge, console)
    if any(strict or problem.level == "error" for problem in problems):
        raise typer.Exit(KnowledgeError.exit_code)


@app.command()
def index(
    history: Annotated[bool, typer.Option("--history", help="List the versions that are kept.")] = False,
    restore: Annotated[
        str | None, typer.Option("--restore", metavar="VERSION", help="Put an earlier version into use.")
    ] = None,
) -> None:
    """Build the index of the knowledge; only what changed is embedded."""
    from bot.indexing import build_index, restore_version, show_history

    settings = read_settings()
    if history:
        show_history(settings, console)
    elif restore:
        restore_version(settings, restore, console)
    else:
        build_index(settings, console)


@app.command()
def train() -> None:
    """Train the dialogue model, if its configuration or training data changed."""
    train_dialogue(read_settings())


@app.command()
def serve() -> None:
    """Index and train what changed, then run everything until Ctrl-C."""
    from bot.indexing import build_or_keep_index

    settings = read_settings()
    configure_logs(settings.log_level)
    check_machine(settings)
    build_or_keep_index(settings, console)
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
    from bot.indexing import build_index

    settings = read_settings()
    build_index(settings, console)
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


@app.command()
def golden(
    against: Annotated[
        str | None,
        typer.Option("--compare", metavar="VERSION", help="A Git reference or an index version to compare with."),
    ] = None,
    page: Annotated[Path | None, typer.Option("--html", help="Write a report with pictures to this file.")] = None,
    output: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
    show: Annotated[bool, typer.Option(help="List the questions whose passage is not found first.")] = False,
    file: Annotated[Path | None, typer.Option("--questions", help="Put the questions of this file instead.")] = None,
) -> None:
    """Put the held-out questions to the knowledge: is the right passage found, and what changed since?"""
    from bot.indexing import build_index
    from bot.measuring.golden_run import run_golden

    settings = read_settings()
    build_index(settings, console)
    run_golden(settings, console, against=against, page=page, output=output, show=show, file=file)


@bench.command("turn")
def bench_turn(
    turns: Annotated[int, typer.Option(help="How many turns to measure.")] = 200,
    output: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
) -> None:
    """Time of a chat turn by stages, beside a bare Rasa bot, and the memory of both."""
    from bot.indexing import build_index
    from bot.measuring.turn import measure_turns

    settings = read_settings()
    build_index(settings, console)
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


@bench.command("size")
def bench_size(
    passages: Annotated[int, typer.Option(min=50, help="How many passages to make up.")] = 10_000,
    questions: Annotated[int, typer.Option(min=1, help="Questions a passage.")] = 3,
    output: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
) -> None:
    """Time and memory of a large knowledge base: full build, an edit of one passage, a search."""
    from bot.measuring.size import measure_size

    measure_size(read_settings(), passages, questions, console, output)


@bench.command("retrieval")
def bench_retrieval(
    data: Annotated[Path, typer.Option(help="Folder with omos-qa/{train,dev}_<language>.jsonl.")],
    part: Annotated[list[str] | None, typer.Option(help="Only this part: omos or trust. May be repeated.")] = None,
    output: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Draw the reliability diagram into this PNG file.")] = None,
) -> None:
    """How often the right text is found across languages, beside what others do, and how far answers can be trusted."""
    from bot.indexing import build_index
    from bot.measuring.retrieval import PARTS, measure_retrieval

    settings = read_settings()
    parts = [known for known in PARTS if not part or known in part]
    if part and len(parts) < len(set(part)):
        raise typer.BadParameter(f"the parts are {', '.join(PARTS)}", param_hint="--part")
    if "trust" in parts:
        build_index(settings, console)
    measure_retrieval(settings, data, console, parts=parts, output=output, picture=picture)


@bench.command("languages")
def bench_languages(
    data: Annotated[Path, typer.Option(help="Folder with sib200/<language>.dev.tsv.")],
    output: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
) -> None:
    """How often the language of 2, 3, 6 words and of sentences is found, beside a general identifier."""
    from bot.measuring.languages import measure_languages

    measure_languages(data, console, output)


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
