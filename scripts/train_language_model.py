"""Trains the language identifier and writes its model file.

    apt-get install tesseract-ocr tesseract-ocr-{eng,rus,kir,kaz,tgk,uzb,uzb-cyrl}
    python scripts/train_language_model.py DATA /usr/share/tesseract-ocr/5/tessdata knowledge bot/dialogue/data/nlu \\
        bot/language/language_model.npz --all

DATA holds `sib200/<language>.train.tsv` and `ntrex/<language>.txt`; TESSDATA the files of the text recognizer
Tesseract, whose lists of words say which languages have a word; KNOWLEDGE is the knowledge folder and EXAMPLES that of
the dialogue's NLU examples: they show how people talk to Safar. OUT is the `.npz` file that `bot.language.identify`
loads. Fitted on all of it; without --all lines 801-1000 are left out, and a table of them is printed, to develop on.
`safar bench languages` measures on the dev files.

People type short messages, without special letters or in Latin letters, and slip. So every sentence is cut to
a few words many times and each cut is respelt. Case and punctuation need no variants: the identifier ignores
both.
"""

import argparse
import subprocess
import tempfile
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags  # type: ignore[import-untyped]
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm  # type: ignore[import-untyped]

from bot.corpus import load_knowledge
from bot.corpus.article import MARK
from bot.language import habits
from bot.language.habits import Habit
from bot.language.identify import LanguageIdentifier, Reader
from bot.language.scripts import in_cyrillic
from bot.language.spelling import APOSTROPHES
from bot.language.word_lists import WordLists

CREDIT = (
    "Fitted on SIB-200 (Adelani et al. 2024, text of FLORES-200, CC BY-SA 4.0) "
    "and NTREX-128 (Federmann, Kocmi, Xin 2022, CC BY-SA 4.0), on the word lists of Tesseract's tessdata_fast "
    "(Apache License 2.0), and on Safar's own knowledge."
)

Part = Literal["train", "tuning"]
Words = Sequence[str]

SEED = 7
BUCKETS = 2**17
# Words of up to three letters whole, and the endings that tell Kyrgyz from Kazakh.
LONGEST_NGRAM = 5
# Letters rarer than this come from quoted foreign names.
LEAST_LETTER_COUNT = 20
TUNING = 800  # the first line of NTREX that is only measured

CUTS_OF_NEWS, CUTS_OF_OWN = 70, 5  # of a sentence: ours are many, and on few topics
# How often a cut has 1, 2, … 8 words: messages are short.
CUT_LENGTHS = (2, 3, 4, 3, 2, 2, 1, 1)
LATIN_SHARE = 0.25
PLAIN_SHARE = 0.35
TYPO_SHARE = 0.05
# Some keyboards have some of the letters: such typists fold each letter or not.
PARTIAL_SHARE = 0.2
COPIES_OF_PHRASE = 40

# Chosen on the train part alone. Rare n-grams tell languages apart and single letters do not: a steep power.
INVERSE_FREQUENCY_POWER = 2.5
# The inverse of scikit-learn's penalty on large coefficients.
LOOSENESS = 3.0
ITERATIONS = 150


@dataclass(frozen=True)
class Source:
    """The names of a language's files in both sets."""

    sib200: str
    ntrex: str


@dataclass(frozen=True)
class Example:
    """A text as its words, and its language."""

    label: str
    words: Words


UZBEK = Source("uzn_Latn", "uzb")
SOURCES = {
    "en": Source("eng_Latn", "eng"),
    "ru": Source("rus_Cyrl", "rus"),
    "ky": Source("kir_Cyrl", "kir"),
    "kk": Source("kaz_Cyrl", "kaz"),
    "tg": Source("tgk_Cyrl", "tgk-Cyrl"),
    "uz-Latn": UZBEK,
    "uz-Cyrl": UZBEK,
    "tk": Source("tuk_Latn", "tuk"),
}


# The files of Tesseract's languages.
LISTS = {
    "en": ("eng",), "ru": ("rus",), "ky": ("kir",), "kk": ("kaz",), "tg": ("tgk",), "uz": ("uzb", "uzb_cyrl"),
}  # fmt: skip
# What people say to each other and newspapers do not print; comma-separated.
EVERYDAY = {
    "en": "hello, hi, good morning, thanks, thank you, please, sorry, help me, i need help, how are you, "
    "yes, no, what should i do, i do not understand, how much does it cost, when, why, where, "
    "is it possible, i have a question, i do not know, how can i, tell me, goodbye",
    "ru": "привет, здравствуйте, добрый день, спасибо, большое спасибо, пожалуйста, извините, помогите мне, "
    "мне нужна помощь, как дела, хорошо, да, нет, что делать, я не понимаю, сколько стоит, когда, почему, "
    "где, можно ли, у меня вопрос, я не знаю, как мне, скажите, до свидания",
    "ky": "салам, саламатсызбы, рахмат, чоң рахмат, кечиресиз, жардам бериңизчи, мага жардам керек, кандай, "
    "жакшы, ооба, жок, эмне кылуу керек, түшүнгөн жокмун, канча турат, качан, эмне үчүн, кайда, болобу, "
    "суроом бар, билбейм, кантип, айтып бериңизчи",
    "kk": "сәлем, сәлеметсіз бе, рақмет, көп рақмет, кешіріңіз, көмектесіңізші, маған көмек керек, қалай, "
    "жақсы, иә, жоқ, не істеу керек, түсінбедім, қанша тұрады, қашан, неге, қайда, бола ма, сұрағым бар, "
    "білмеймін, айтыңызшы",
    "tg": "салом, ассалому алейкум, раҳмат, ташаккур, мебахшед, ба ман ёрӣ диҳед, ба ман кӯмак лозим аст, "
    "чӣ хел, хуб, ҳа, не, чӣ кор кунам, нафаҳмидам, чанд пул, кай, чаро, дар куҷо, мумкин аст, савол дорам, "
    "намедонам, чӣ тавр, лутфан гӯед, хайр",
    "uz-Latn": "salom, assalomu alaykum, rahmat, katta rahmat, kechirasiz, yordam bering, menga yordam "
    "kerak, qalay, qandaysiz, yaxshi, ha, yo'q, nima qilish kerak, tushunmadim, qancha turadi, qachon, nega, "
    "qayerda, mumkinmi, savolim bor, bilmayman, qanday qilib, ayting iltimos, xayr",
    "tk": "salam, sag boluň, haýyş edýärin, bagyşlaň, kömek beriň, maňa kömek gerek, nähili, gowy, hawa, "
    "ýok, näme etmeli, düşünmedim, näçe durýar, haçan, näme üçin, nirede, bolarmy, soragym bar, bilmeýärin",
}
EVERYDAY["uz-Cyrl"] = EVERYDAY["uz-Latn"]
# Names and loans that all share speak for no language: they are examples of every one.
SHARED = (
    "ок, окей, москва, казань, россия, бишкек, ош, алматы, астана, казахстан, кыргызстан, ташкент, "
    "самарканд, узбекистан, душанбе, худжанд, паспорт, виза, патент, депортация, миграция, телефон, адвокат, "
    "ok, okay, moskva, bishkek, almaty, astana, tashkent, dushanbe, pasport, viza, patent, telegram, whatsapp"
)


def main() -> None:
    """Trains, writes the model and prints how good it is."""
    parser = argparse.ArgumentParser(description="Train the language identifier.")
    parser.add_argument("data", type=Path, help="folder with sib200/ and ntrex/")
    parser.add_argument("tessdata", type=Path, help="folder with <language>.traineddata")
    parser.add_argument("knowledge", type=Path, help="the knowledge folder")
    parser.add_argument("examples", type=Path, help="folder with <language>.yml of NLU examples")
    parser.add_argument("--all", action="store_true", help="fit on lines 801-1000 too, when nothing is left to choose")
    parser.add_argument("out", type=Path, help="the .npz file to write")
    arguments = parser.parse_args()
    reader = Reader(find_alphabet(arguments.data), BUCKETS, LONGEST_NGRAM, read_lists(arguments.tessdata))
    tuning = read_examples(arguments.data, reader, "tuning")
    news = [*read_examples(arguments.data, reader, "train"), *(tuning if arguments.all else ())]
    own = [*read_knowledge(arguments.knowledge, reader), *read_dialogue(arguments.examples, reader)]
    rng = Random(SEED)  # noqa: S311
    examples = [*vary(news, CUTS_OF_NEWS, rng), *vary(own, CUTS_OF_OWN, rng), *read_phrases(rng)]
    identifier = fit(reader, examples)
    identifier.save(arguments.out, credit=CREDIT)
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB")
    if not arguments.all:
        # Measured as delivered: with the rounding of the file.
        report(LanguageIdentifier.load(arguments.out), tuning)


def read_lists(tessdata: Path) -> WordLists:
    """Returns the words that Tesseract knows, by language."""
    return WordLists.gather({code: _words_of(tessdata, files) for code, files in LISTS.items()})


def _words_of(tessdata: Path, files: Sequence[str]) -> set[str]:
    words: set[str] = set()
    for name in files:
        with tempfile.TemporaryDirectory() as work:
            unpack = ["combine_tessdata", "-u", tessdata / f"{name}.traineddata", f"{work}/tess."]
            write = ["dawg2wordlist", "tess.lstm-unicharset", "tess.lstm-word-dawg", "words"]
            for command in (unpack, write):
                subprocess.run(command, check=True, capture_output=True, cwd=work)
            words.update(Path(work, "words").read_text("utf-8", errors="ignore").lower().split())
    return {word.translate(APOSTROPHES) for word in words if word[0].isalpha() and word[-1].isalpha()}


def read_lines(data: Path, source: Source, part: Part) -> list[str]:
    """Returns the sentences of one language and part."""
    table = (data / "sib200" / f"{source.sib200}.train.tsv").read_text(encoding="utf-8").splitlines()
    news = (data / "ntrex" / f"{source.ntrex}.txt").read_text(encoding="utf-8").splitlines()
    # Zero-width blanks are left over from the web pages and would split words.
    lines = news[TUNING:] if part == "tuning" else [row.split("\t")[2] for row in table[1:]] + news[:TUNING]
    return [line.replace("\u200b", "") for line in lines]


def find_alphabet(data: Path) -> str:
    """Returns every letter in regular use in the train part or in a spelling table."""
    texts = (line for source in SOURCES.values() for line in read_lines(data, source, "train"))
    counts = Counter(unicodedata.normalize("NFC", "".join(texts).lower()))
    tables = [habits.options(label, spelling) or {} for label in SOURCES for spelling in habits.SPELLINGS]
    spelt = {letter for table in tables for ways in table.values() for letter in "".join(ways)}
    frequent = {letter for letter, count in counts.items() if count >= LEAST_LETTER_COUNT}
    # "Ll" leaves out the modifier letters that Uzbek uses as apostrophes.
    return "".join(sorted(letter for letter in frequent | spelt if unicodedata.category(letter) == "Ll"))


def read_examples(data: Path, reader: Reader, part: Part) -> list[Example]:
    """Returns every sentence of one part as an example; Uzbek in both scripts."""
    examples = []
    for label, source in SOURCES.items():
        for line in read_lines(data, source, part):
            words = reader.words(line)
            examples.append(Example(label, to_cyrillic(words) if label == "uz-Cyrl" else words))
    return [example for example in examples if example.words]


def read_knowledge(folder: Path, reader: Reader) -> list[Example]:
    """Returns the knowledge's texts, questions and phrases as examples."""
    knowledge = load_knowledge(folder)
    questions = [*knowledge.out_of_scope, *(question for one in knowledge.passages for question in one.questions)]
    texts = [pair for question in questions for pair in question.texts.items()]
    texts += [(code, MARK.sub("", text.text)) for one in knowledge.passages for code, text in one.texts.items()]
    texts += [(code, text) for code, phrases in knowledge.phrases.items() for text in phrases.sentences.values()]
    examples = [Example(label, reader.words(text)) for label, text in texts]
    return [example for example in examples if example.words]


def read_dialogue(folder: Path, reader: Reader) -> list[Example]:
    """Returns the NLU examples, which are full of questions in the first person."""
    blocks = [(path.stem, yaml.safe_load(path.read_text())["nlu"]) for path in folder.glob("*.yml")]
    items = [(language, block["examples"]) for language, found in blocks for block in found]
    examples = [Example(label, reader.words(line[2:])) for label, lines in items for line in lines.splitlines()]
    return [example for example in examples if example.words]


def to_cyrillic(words: Words) -> Words:
    """Returns Uzbek words in Latin letters as Cyrillic ones."""
    return in_cyrillic(" ".join(words)).split()


def read_phrases(rng: Random) -> Iterator[Example]:
    """Yields the phrases of conversation in many spellings, and the shared words for every language."""
    for label, phrases in EVERYDAY.items():
        for phrase in phrases.split(", ") * COPIES_OF_PHRASE:
            words = to_cyrillic(phrase.split()) if label == "uz-Cyrl" else phrase.split()
            yield Example(label, respell(words, pick_habit(label, rng)))
        for phrase in SHARED.split(", ") * COPIES_OF_PHRASE:
            yield Example(label, phrase.split())


def vary(examples: Iterable[Example], cuts: int, rng: Random) -> Iterator[Example]:
    """Yields short, respelt cuts of each example, and the whole of it."""
    for example in tqdm(examples, desc="cutting and respelling", unit="sentence"):
        for cut in [example.words, *(cut_words(example.words, rng) for _ in range(cuts))]:
            words = slip(respell(cut, pick_habit(example.label, rng)), rng)
            if words:
                yield Example(example.label, words)


def cut_words(words: Words, rng: Random) -> Words:
    """Returns a few neighbouring words."""
    length = rng.choices(range(1, len(CUT_LENGTHS) + 1), CUT_LENGTHS)[0]
    start = rng.randrange(max(1, len(words) - length + 1))
    return words[start : start + length]


def pick_habit(label: str, rng: Random) -> Habit:
    """Returns how one typist spells a language; a typist keeps to one way for each letter."""
    kind = rng.random()
    if kind < LATIN_SHARE and (letters := habits.options(label, "latin")):
        return {letter: rng.choice(ways) for letter, ways in letters.items()}
    if kind < LATIN_SHARE + PLAIN_SHARE and (letters := habits.options(label, "plain")):
        kept = 0.5 if rng.random() < PARTIAL_SHARE else 0.0
        return {letter: rng.choice(ways) for letter, ways in letters.items() if rng.random() >= kept}
    return {}


def respell(words: Words, habit: Habit) -> Words:
    """Returns the words typed with a habit; what nothing is left of is no word."""
    return [spelt for word in words if (spelt := habits.respell(word, habit))]


def slip(words: Words, rng: Random) -> Words:
    """Returns the words, sometimes with a letter of one of them lost, doubled or swapped with the next."""
    if not words or rng.random() >= TYPO_SHARE:
        return words
    place = rng.randrange(len(words))
    word = words[place]
    at = rng.randrange(len(word))
    wrong = rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        )
    )
    return [*words[:place], *filter(None, [wrong]), *words[place + 1 :]]


def fit(reader: Reader, examples: Sequence[Example]) -> LanguageIdentifier:
    """Returns the identifier fitted on the examples."""
    features = reader.features([example.words for example in examples])
    # Of the patterns of lists none is weighed.
    weights = np.append(weigh(features[:, : reader.buckets]), np.ones(reader.lists.patterns, dtype=np.float32))
    labels = list(SOURCES)
    model = LogisticRegression(C=LOOSENESS, max_iter=ITERATIONS)
    print(f"fitting {features.shape[0]:,} texts, {features.nnz:,} features: one to three minutes")
    with warnings.catch_warnings():
        # Stopping early is meant: the last iterations change no decision.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit((features @ diags(weights)).tocsr(), [labels.index(example.label) for example in examples])
    # The weights go into the coefficients, so that identifying needs none.
    coefficients = (model.coef_ * weights).T.astype(np.float16)
    return LanguageIdentifier(tuple(labels), reader, coefficients, model.intercept_.astype(np.float32))


def weigh(features: csr_matrix) -> NDArray[np.float32]:
    """Returns a weight for each feature, larger for rarer ones; the average text keeps unit length."""
    texts, buckets = features.shape
    frequency = np.bincount(features.indices, minlength=buckets)
    weights = np.log((1 + texts) / (1 + frequency)) ** INVERSE_FREQUENCY_POWER
    squares = np.asarray(features.multiply(features).sum(axis=0)).ravel()
    return np.asarray(weights / np.sqrt(squares @ weights**2 / texts), dtype=np.float32)


def report(identifier: LanguageIdentifier, examples: Sequence[Example]) -> None:
    """Prints the share of sentences identified, by language, spelling and number of words."""
    lengths = (2, 3, 6, None)
    print(f"{'':8} {'':8}" + "".join(f"{length or 'all':>8}" for length in lengths))
    for spelling in habits.SPELLINGS:
        rows = []
        for label in SOURCES:
            habit = habits.usual(label, spelling)
            if habit is None:
                continue
            chosen = [respell(example.words, habit) for example in examples if example.label == label]
            rows.append([share_found(identifier, label, chosen, length) for length in lengths])
            print_row(label, spelling, rows[-1])
        print_row("average", spelling, np.mean(rows, axis=0))


def share_found(identifier: LanguageIdentifier, label: str, texts: Sequence[Words], length: int | None) -> float:
    """Returns how many of the texts, cut to their first words, are identified."""
    found = [identifier.identify(" ".join(words[:length])).language == label for words in texts]
    return sum(found) / len(found)


def print_row(label: str, spelling: str, shares: Iterable[float]) -> None:
    """Prints one row of the table."""
    print(f"{label:8} {spelling:8}" + "".join(f"{share:8.3f}" for share in shares))


if __name__ == "__main__":
    main()
