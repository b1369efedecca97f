from __future__ import annotations

import pytest

from bot.errors import SetupError
from bot.settings import ROOT, Settings, read_settings


def test_every_setting_is_documented_with_its_meaning() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    for name, field in Settings.model_fields.items():
        variable = str(field.validation_alias or f"SAFAR_{name.upper()}")
        assert f"| `{variable}` |" in page, f"{variable} is missing in docs/settings.md"
        assert field.description, name
        assert field.description in page, variable


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "70000"),
        ("PORT", "http"),
        ("SAFAR_LOG_LEVEL", "loud"),
        ("SAFAR_ERROR_RATE", "1"),
        ("SAFAR_MAX_TEXT", "-1"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SetupError) as caught:
        read_settings()
    assert variable in str(caught.value)
    assert value in str(caught.value)


def test_the_port_is_taken_from_the_plain_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8123")
    assert read_settings().port == 8123


def test_secrets_are_not_printed() -> None:
    settings = Settings(secret_key="canary", internal_secret="canary", rasa_token="canary")
    assert "canary" not in repr(settings)
