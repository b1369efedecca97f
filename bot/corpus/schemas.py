"""What each kind of knowledge file must contain."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, StringConstraints

from bot.corpus.model import PublisherKind, Severity, Translation

Model = TypeVar("Model", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
PartialDate = Annotated[
    str,
    BeforeValidator(str),
    StringConstraints(pattern=r"^(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"),
]
Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
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

    serves: Annotated[list[CountryCode], Field(min_length=1)]
    name: PerLanguage
    phone: Text | None = None
    hours: Text | None = None
    url: Url | None = None
    source: Url
    confirmed: PartialDate


class SourceEntry(_Strict):
    """One source in advisory.yml."""

    publisher: Text
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


class PassageEntry(_Strict):
    """What advisory.yml says of one passage."""

    severity: Severity | None = None
    quotes: dict[str, QuoteEntry] = {}


class AdvisoryFile(_Strict):
    """advisory.yml."""

    topic: Text
    severity: Severity
    applies_to: AppliesTo
    as_of: date
    review_by: date
    sources: Annotated[dict[str, SourceEntry], Field(min_length=1)]
    passages: Annotated[dict[str, PassageEntry | None], Field(min_length=1)]


class TextHead(_Strict):
    """The head of <language>.md."""

    title: Text
    status: Translation


class PhrasesFile(_Strict):
    """phrases/<language>.yml."""

    status: Translation
    phrases: dict[str, Text]


class LanguagesFile(RootModel[dict[str, LanguageEntry]]):
    """languages.yml."""


class CountriesFile(RootModel[dict[CountryCode, CountryEntry]]):
    """countries.yml."""


class PublishersFile(RootModel[dict[str, PublisherEntry]]):
    """publishers.yml."""


class ContactsFile(RootModel[dict[str, ContactEntry]]):
    """contacts.yml."""


class QuestionsFile(RootModel[dict[str, list[PerLanguage]]]):
    """questions.yml: passage id -> questions, each in every language that has it."""


class OutOfScopeFile(_Strict):
    """out_of_scope.yml."""

    off_topic: list[PerLanguage]
    not_covered: list[PerLanguage]
