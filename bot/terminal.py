"""`safar chat`: a chat in the terminal with a running Safar."""

from __future__ import annotations

from typing import Any

import httpx
from pydantic import TypeAdapter
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.errors import SetupError
from bot.gateway.schemas import ChatReply
from bot.messages import Message

_STYLES = {
    "answer": "green",
    "emergency": "bold red",
    "clarify": "cyan",
    "no_answer": "yellow",
    "notice": "blue",
}
_REPLY = TypeAdapter(ChatReply)


def chat_in_terminal(address: str, language: str | None, citizenship: str | None, console: Console) -> None:
    """Chats until an empty line, Ctrl-D or Ctrl-C.

    Raises:
        SetupError: Nothing answers at this address.
    """
    console.print(f"[dim]{address} — an empty line ends the chat; a number presses a button[/dim]")
    turn: dict[str, Any] = {"conversation": None, "language": language, "citizenship": citizenship}
    buttons: list[str] = []
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        while text := _read_line(console):
            chosen = int(text) - 1 if text.isdecimal() else -1
            turn["text"] = buttons[chosen] if 0 <= chosen < len(buttons) else text
            reply = _send(client, turn, console)
            if reply is None:
                continue
            turn["conversation"] = reply.conversation
            for message in reply.messages:
                show_message(message, console)
            buttons = [button.payload for message in reply.messages for button in message.quick_replies]


def show_message(message: Message, console: Console) -> None:
    """Prints one message with its numbered sources, contacts and buttons."""
    body = Text(message.text)
    for citation in message.citations:
        body.append(f"\n\n[{citation.n}] {citation.publisher}: {citation.title}", style="bold")
        body.append(f" ({', '.join(filter(None, (citation.published, citation.basis)))})")
        body.append(f"\n    {citation.url}", style="dim")
        if citation.quote:
            body.append(f"\n    “{citation.quote}”", style="italic dim")
    for contact in message.contacts:
        details = " · ".join(part for part in (contact.phone, contact.hours, contact.url) if part)
        body.append(f"\n\n☎ {contact.name}\n    {details}  ({contact.confirmed})")
    for number, button in enumerate(message.quick_replies, start=1):
        body.append(f"\n  {number}  {button.title}", style="cyan")
    console.print(Panel(body, border_style=_STYLES[message.kind], title=message.kind, title_align="left"))


def _read_line(console: Console) -> str:
    try:
        return console.input("[bold]› [/bold]").strip()
    except (EOFError, KeyboardInterrupt):
        return ""


def _send(client: httpx.Client, turn: dict[str, Any], console: Console) -> ChatReply | None:
    try:
        with console.status("…"):
            response = client.post("/api/chat", json=turn)
    except httpx.HTTPError:
        raise SetupError(f"nothing answers at {client.base_url}; start it with 'make serve'.") from None
    if response.is_success:
        return _REPLY.validate_json(response.content)
    console.print(response.json().get("detail", response.status_code), style="red")
    return None
