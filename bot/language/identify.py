"""Which language a message is written in, and which language to answer it in.

The model is a linear softmax over hashed character n-grams and over which languages have the words, made by
`scripts/train_language_model.py`. It knows a closed set of languages, and how people type them on a phone: without
special letters, in Latin ones.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import HashingVectorizer

from bot.errors import SetupError
from bot.language.spelling import APOSTROPHES
from bot.language.word_lists import WordLists

MODEL_PATH = Path(__file__).with_name("language_model.npz")

# A longer text is settled long before this, and a pasted document must not hold a worker.
MAX_CHARACTERS = 600

# Before reading a message: how many times likelier the language of the conversation so far is than any other.
PREVIOUS_ODDS = 100.0
# The same for the default of someone who has not written yet: barely ahead, so that any sentence decides.
DEFAULT_ODDS = 4.0
# Words at which half of a text's evidence counts: one word may be a name or a loan, six are a sentence.
HALF_TRUST_WORDS = 1.5
# How much one word's lists count beside its text's n-grams, which have unit length; chosen on news not trained on.
LISTED = np.float32(0.3)
# No text is better evidence than this: the model was fitted on news, and meets spellings it never saw.
LEAST_SHARE = 1e-4

# Addresses, handles and chat commands ("/start") are in Latin letters whatever the language.
_NOISE = re.compile(r"\S+://\S+|www\.\S+|\S*@\S+|(?<!\S)/\w+")


@dataclass(frozen=True)
class Distribution:
    """How probable each language is for one text.

    Attributes:
        probabilities: Every language the model knows; they sum to 1.
        words: The number of words the estimate rests on, 0 for a text without letters.
    """

    probabilities: Mapping[str, float]
    words: int

    @property
    def language(self) -> str:
        """The most probable language; the first one when all are equal."""
        return max(self.probabilities, key=self.probabilities.__getitem__)

    @property
    def confidence(self) -> float:
        """The probability of the most probable language."""
        return self.probabilities[self.language]


@dataclass(frozen=True)
class Reader:
    """Turns texts into words and features, for training and identification alike.

    Attributes:
        alphabet: The letters that count, in lower case; a text in other letters has no words.
        buckets: The number of hashed features.
        longest: The length of the longest character n-gram.
        lists: The words of each language.
    """

    alphabet: str
    buckets: int
    longest: int
    lists: WordLists
    _word: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _vectorizer: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        letters = f"[{re.escape(self.alphabet)}]+"
        object.__setattr__(self, "_word", re.compile(f"{letters}(?:'{letters})*"))
        vectorizer = HashingVectorizer(
            analyzer="char_wb",
            ngram_range=(1, self.longest),
            n_features=self.buckets,
            binary=True,
            alternate_sign=False,
            lowercase=False,
            dtype=np.float32,
        )
        object.__setattr__(self, "_vectorizer", vectorizer)

    def words(self, text: str) -> list[str]:
        """Returns the words in lower case, without digits, punctuation, addresses and commands."""
        plain = unicodedata.normalize("NFC", text[:MAX_CHARACTERS].lower()).translate(APOSTROPHES)
        return self._word.findall(_NOISE.sub(" ", plain))

    def features(self, texts: Sequence[Sequence[str]]) -> csr_matrix:
        """Returns a sparse matrix with one row for each text, given as its words; shape (texts, features).

        Of each row the part with n-grams has unit length; a word adds its pattern, the less the more words there are.
        """
        grams = self._vectorizer.transform([" ".join(words) for words in texts])
        lengths = np.array([len(words) for words in texts])
        patterns = [self.lists.pattern(word) for words in texts for word in words]
        shares = np.repeat(LISTED / np.sqrt(np.maximum(lengths, 1), dtype=np.float32), lengths)
        places = (np.repeat(np.arange(len(texts)), lengths), patterns)
        listed = csr_matrix((shares, places), shape=(len(texts), self.lists.patterns), dtype=np.float32)
        return hstack([grams, listed], format="csr")


@dataclass(frozen=True, eq=False)
class LanguageIdentifier:
    """Says how probable each of a closed set of languages is. Holds no state: safe to share between threads.

    Attributes:
        labels: The languages, in the order of the columns.
        reader: Makes the features.
        coefficients: One row a feature, one column a language.
        intercepts: One number a language.

    Example:
        >>> identifier = LanguageIdentifier.load()
        >>> identifier.identify("Паспортумду жоготуп алдым").language
        'ky'
    """

    labels: tuple[str, ...]
    reader: Reader
    coefficients: NDArray[np.float16]
    intercepts: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path | None = None) -> LanguageIdentifier:
        """Reads a model file, by default the one delivered with Safar.

        Raises:
            SetupError: The file is missing, or is no language model.
        """
        source = path or MODEL_PATH
        try:
            with source.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                lists = WordLists(tuple(str(language) for language in stored["listed"]), stored["lists"])
                buckets = len(stored["coefficients"]) - lists.patterns
                reader = Reader(str(stored["alphabet"]), buckets, int(stored["longest"]), lists)
                labels = tuple(str(label) for label in stored["labels"])
                return cls(labels, reader, stored["coefficients"], stored["intercepts"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise SetupError(f"{source} cannot be read as a language model: {error}") from error

    def save(self, path: Path, *, credit: str) -> None:
        """Writes a model file that carries the credit of the data it was fitted on."""
        np.savez_compressed(
            path,
            credit=np.array(credit),
            labels=np.array(self.labels),
            alphabet=np.array(self.reader.alphabet),
            longest=np.array(self.reader.longest),
            listed=np.array(self.reader.lists.languages),
            lists=self.reader.lists.table,
            coefficients=self.coefficients,
            intercepts=self.intercepts,
        )

    def identify(self, text: str) -> Distribution:
        """Returns how probable each language is; a text without letters says nothing about any."""
        words = self.reader.words(text)
        if not words:
            return _distribution(dict.fromkeys(self.labels, 1.0), words=0)
        row = self.reader.features([words])
        scores = row.data @ self.coefficients[row.indices].astype(np.float32) + self.intercepts
        shares = np.exp(scores - scores.max())
        return _distribution(dict(zip(self.labels, shares.tolist(), strict=True)), words=len(words))


def choose_language(
    distribution: Distribution,
    *,
    chosen: str | None,
    previous: str | None,
    default: str,
    supported: Collection[str],
) -> str:
    """Returns the language to answer a message in.

    What the user chose wins. Otherwise the conversation's language so far, or in a first message the default,
    is prior evidence that the text must outweigh: a word or a name does not, a sentence does. What speaks for
    a language that Safar cannot answer in speaks for none.

    Args:
        distribution: What the text says.
        chosen: The language the user chose, if any; taken as it is.
        previous: The language of the conversation so far. None, or one no longer supported: a first message.
        default: The language for a first message that says nothing; one of `supported`.
        supported: The languages that may be answered in.
    """
    if chosen is not None:
        return chosen
    expected, odds = (previous, PREVIOUS_ODDS) if previous in supported else (default, DEFAULT_ODDS)
    shares = _share_out(distribution, supported)
    trust = distribution.words / (distribution.words + HALF_TRUST_WORDS)

    def belief(language: str) -> float:
        evidence: float = max(shares[language], LEAST_SHARE) ** trust
        return evidence * (odds if language == expected else 1.0)

    return max(shares, key=belief)


def _share_out(distribution: Distribution, supported: Collection[str]) -> Mapping[str, float]:
    """Returns a probability for each supported language; what the others have is shared equally."""
    known = {language: distribution.probabilities.get(language, 0.0) for language in supported}
    rest = (1 - sum(known.values())) / len(known)
    return {language: probability + rest for language, probability in known.items()}


def _distribution(shares: Mapping[str, float], *, words: int) -> Distribution:
    total = sum(shares.values())
    return Distribution(MappingProxyType({label: share / total for label, share in shares.items()}), words)
