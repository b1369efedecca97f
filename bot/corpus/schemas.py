"""What each kind of knowledge file must contain."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, StringConstraints
from pydantic_core import PydanticCustomError

from bot.corpus.model import Basis, PublisherKind, Severity, Translation
from bot.corpus.yaml_file import FORMS

Model = TypeVar("Model", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _day(written: Any) -> Any:
    """Lets only a written-out day pass: pydantic would also take a number of seconds for one."""
    if isinstance(written, str) and len(written) == len("2026-11-23"):
        return written
    raise PydanticCustomError("date_form", "a day is written like 2026-11-23")


_PARTIAL_DATE = r"^(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
_URL = r"^https?://[^\s/]+\.[^\s]+$"
_COUNTRY = r"^[A-Z]{2}$"
_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
FORMS |= {
    _PARTIAL_DATE: "a year, a month or a day, written like 2026, 2026-11 or 2026-11-23",
    _URL: "the address of a page, beginning with https:// or http://",
    _COUNTRY: "a country's two capital letters, such as KG",
    _ID: "small letters a-z, digits and single hyphens, such as late-registration",
}

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_one_line)]
Day = Annotated[date, BeforeValidator(_day)]
PartialDate = Annotated[str, StringConstraints(pattern=_PARTIAL_DATE)]
Url = Annotated[str, StringConstraints(pattern=_URL)]
CountryCode = Annotated[str, StringConstraints(pattern=_COUNTRY)]
Id = Annotated[str, StringConstraints(pattern=_ID)]
PerLanguage = dict[str, Text]


class LanguageEntry(_Strict):
    """One entry of languages.yml."""

    name: Text
    direction: Literal["ltr", "rtl"]
    fallback: list[str]
    accepts: list[str]
    country: CountryCode | None = None
    citizen: list[Text]
    first_person: list[Text]
    months: Annotated[list[Text], Field(min_length=12, max_length=12)]
    follow_up: list[Text]


class CountryEntry(_Strict):
    """One entry of countries.yml."""

    name: PerLanguage
    citizens: PerLanguage
    mentions: list[Text]


class PublisherEntry(_Strict):
    """One entry of publishers.yml."""

    name: Text
    kind: PublisherKind


class ContactEntry(_Strict):
    """One entry of contacts.yml."""

    serves: list[CountryCode]
    topics: list[Id] = []
    name: PerLanguage
    languages: list[str] = []
    phone: Text | None = None
    hours: Text | None = None
    url: Url | None = None
    source: Url
    confirmed: PartialDate


class SourceEntry(_Strict):
    """One source in advisory.yml."""

    publisher: Text
    basis: Basis
    title: Text
    url: Url
    published: PartialDate | None = None


class QuoteEntry(_Strict):
    """Words of a source."""

    text: Text
    language: Text


class AppliesTo(_Strict):
    """Whom an advisory concerns."""

    citizenships: list[CountryCode]
    staying_in: list[CountryCode]


class PassageEntry(_Strict):
    """What advisory.yml says of one passage."""

    severity: Severity | None = None
    as_of: Day | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    supersedes: list[str] = []
    quotes: dict[str, QuoteEntry] = {}
    unquoted: list[Text] = []


class AdvisoryFile(_Strict):
    """advisory.yml."""

    topic: Text
    severity: Severity
    applies_to: AppliesTo
    as_of: Day
    valid_from: Day | None = None
    valid_until: Day | None = None
    review_by: Day
    supersedes: list[str] = []
    related: list[str] = []
    sources: Annotated[dict[Id, SourceEntry], Field(min_length=1)]
    passages: Annotated[dict[Id, PassageEntry | None], Field(min_length=1)]


class TextHead(_Strict):
    """The head of <language>.md."""

    title: Text
    status: Translation
    by: Text
    on: Day


class AskedEntry(_Strict):
    """The questions of one passage in questions.yml."""

    search: list[PerLanguage]
    test: list[PerLanguage] = []


class PhrasesFile(_Strict):
    """phrases/<language>.yml."""

    status: Translation
    by: Text
    on: Day
    phrases: dict[str, Text]


class LanguagesFile(RootModel[Annotated[dict[str, LanguageEntry], Field(min_length=1)]]):
    """languages.yml."""


class CountriesFile(RootModel[dict[CountryCode, CountryEntry]]):
    """countries.yml."""


class ElsewhereFile(RootModel[dict[CountryCode, Annotated[list[Text], Field(min_length=1)]]]):
    """elsewhere.yml."""


class TopicsFile(RootModel[dict[Id, PerLanguage]]):
    """topics.yml."""


class PublishersFile(RootModel[dict[Id, PublisherEntry]]):
    """publishers.yml."""


class ContactsFile(RootModel[dict[Id, ContactEntry]]):
    """contacts.yml."""


class QuestionsFile(RootModel[dict[str, AskedEntry]]):
    """questions.yml."""


class OutOfScopeFile(_Strict):
    """out_of_scope.yml."""

    off_topic: list[PerLanguage]
    not_covered: list[PerLanguage]


class SuspiciousFile(_Strict):
    """suspicious.yml."""

    instructions: list[Text]
