"""Knowledge: files under knowledge/ become typed, checked values."""

from bot.corpus.files import Files, FolderReader, read_files
from bot.corpus.loader import KnowledgeReader, Reading, load_knowledge
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
    Topic,
    Validity,
)
from bot.corpus.phrases import Phrases

__all__ = [
    "Advisory",
    "Contact",
    "Country",
    "Files",
    "FolderReader",
    "Knowledge",
    "KnowledgeReader",
    "Language",
    "Passage",
    "PassageText",
    "Phrases",
    "Publisher",
    "Question",
    "Quote",
    "Reading",
    "Source",
    "Topic",
    "Validity",
    "load_knowledge",
    "read_files",
]
