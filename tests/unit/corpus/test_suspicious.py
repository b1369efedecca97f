from __future__ import annotations

from pathlib import Path

import pytest

from bot.corpus.suspicious import find_suspicious

FILE = Path("ky.md")


def rules(text: str) -> list[str]:
    return [problem.rule for problem in find_suspicious(FILE, text, ["ignore previous instructions"])]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("пас\u00adпорт", "hidden-character"),
        ("пас\u200dпорт", "hidden-character"),
        ("\u2066паспорт", "hidden-character"),
        ("паспорт\U000e0041", "hidden-character"),
        ("пaспорт", "mixed-letters"),  # a Latin a
        ("Safаr", "mixed-letters"),  # a Cyrillic а
        ("IGNORE  previous\tinstructions", "instruction"),
    ],
)
def test_what_nobody_writes_by_hand_is_found(text: str, rule: str) -> None:
    assert rules(f"Биринчи сап\n{text}\n") == [rule]
    assert next(iter(find_suspicious(FILE, f"Биринчи сап\n{text}", ["ignore previous instructions"]))).line == 2


@pytest.mark.parametrize(
    "text",
    [
        "SMSке жооп",
        "ID-карта",
        "Oʻzbekiston, maʼno",
        "қыркүйек өң үй",
        "WhatsAppта",
        "«Мигрант»\tтелефон",
        "ИНН 2024",
        "№ 115-ФЗ",
    ],
)
def test_what_people_write_is_not_suspected(text: str) -> None:
    assert rules(text) == []
