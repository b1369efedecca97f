"""Knowledge: files under knowledge/ become typed, checked values."""

from bot.corpus.loader import fingerprint, load_knowledge
from bot.corpus.model import (
    Advisory,
    Contact,
    Country,
    Knowledge,
    Language,
    Passage,
    PassageText,
    Publisher,
    Question,
    Quote,
    Source,
)
from bot.corpus.phrases import Phrases

__all__ = [
    "Advisory",
    "Contact",
    "Country",
    "Knowledge",
    "Language",
    "Passage",
    "PassageText",
    "Phrases",
    "Publisher",
    "Question",
    "Quote",
    "Source",
    "fingerprint",
    "load_knowledge",
]
