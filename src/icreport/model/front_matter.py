"""The front matter of a document: for whom it is, its number and revision, who prepared, checked and approved it.

A view or theme says it (`[document]`), a report made in Python (`Report(document=…)`), a document under `"icreport"`,
or whoever converts (`meta=`). Of what several say that of meta counts, then the report's, the view's, the theme's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from icreport.errors import UsageError, choices
from icreport.model.formats import Format
from icreport.model.json_object import first_error, set_private
from icreport.values import text_of

if TYPE_CHECKING:
    from icreport.words import Words

_LONGEST = 300
_LONGEST_DESCRIPTION = 2000
_MOST_REVISIONS, _MOST_APPROVALS, _MOST_OTHERS = 200, 50, 50
_CLOSE = 0.8
"""How alike a name is to a known one for which it is taken as misspelt."""


def _text(value: object) -> object:
    """Return numbers and dates as text, which TOML and JSON may have for a revision or a day."""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return text_of(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


_Text = BeforeValidator(_text, json_schema_input_type=str | int | float)
# What is checked after `_Text` would speak of items.
Text = Annotated[str, StringConstraints(max_length=_LONGEST), _Text]


class _Said(Format):
    """A part of the front matter: texts, of which numbers and dates stay what they were in JSON."""

    _came: Mapping[str, object] | None = PrivateAttr(default=None)

    @model_validator(mode="wrap")
    @classmethod
    def _keep_what_came(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        made = handler(data)
        if data and isinstance(data, dict):
            set_private(made, _came=data)
        return made

    def to_object(self) -> Any:
        """Return the JSON, numbers and dates as they came."""
        made, came = super().to_object(), self._came or {}
        if not isinstance(made, dict):
            return made
        return {
            key: came[key] if isinstance(came.get(key), int | float) and _text(came[key]) == value else value
            for key, value in made.items()
        }


class _Line(_Said):
    """A line of a table; what it has beside its fields is kept in documents, and refused elsewhere."""

    @model_validator(mode="after")
    def _know_names(self, info: ValidationInfo) -> Self:
        for name in self.model_extra or {}:
            if info.context is None:
                raise ValueError(f"there is no {name!r} ({choices(name, type(self).model_fields)})")
        return self


class Revision(_Line):
    """A line of the table of revisions."""

    revision: Text | None = Field(default=None, description="What it is called: 02, B.")
    date: Text | None = Field(default=None, description="When it was issued.")
    description: Annotated[str, StringConstraints(max_length=_LONGEST_DESCRIPTION), _Text] | None = Field(
        default=None, description="What changed."
    )


class Approval(_Line):
    """Somebody who prepared, checked or approved the document; what is left out is a line to sign by hand."""

    role: Text | None = Field(default=None, description="Prepared, Checked, Approved.")
    name: Text | None = Field(default=None, description="Who did.")
    date: Text | None = Field(default=None, description="When.")


class FrontMatter(_Said):
    """What a document that is handed over says of itself; false where nothing is said."""

    client: Text | None = Field(default=None, description="For whom the document is.")
    project: Text | None = Field(default=None, description="The project or campaign.")
    number: Text | None = Field(default=None, description="The number of the document.")
    revision: Text | None = Field(default=None, description="Its revision.")
    status: Text | None = Field(default=None, description='As "Issued for review".')
    classification: Text | None = Field(default=None, description='As "Confidential".')
    revisions: Annotated[list[Revision], Field(max_length=_MOST_REVISIONS)] | None = Field(
        default=None, description="The table of revisions: `[[document.revisions]]`."
    )
    approvals: Annotated[list[Approval], Field(max_length=_MOST_APPROVALS)] | None = Field(
        default=None, description="Who signs: `[[document.approvals]]`."
    )
    headings: Literal["plain", "numbered"] | None = Field(
        default=None, description="Number sections, and what is in them."
    )
    lists: bool | None = Field(default=None, description="List tables and figures after the contents.")

    def __init__(
        self,
        *,
        client: str | None = None,
        project: str | None = None,
        number: str | None = None,
        revision: str | None = None,
        status: str | None = None,
        classification: str | None = None,
        revisions: list[Revision] | list[dict[str, str]] | None = None,
        approvals: list[Approval] | list[dict[str, str]] | None = None,
        headings: Literal["plain", "numbered"] | None = None,
        lists: bool | None = None,
        others: Mapping[str, str] | None = None,
    ) -> None:
        """Make it of what is said; `others` are further texts, for templates and properties. Raises `UsageError`."""
        given: dict[str, object] = {
            "client": client,
            "project": project,
            "number": number,
            "revision": revision,
            "status": status,
            "classification": classification,
            "revisions": revisions,
            "approvals": approvals,
            "headings": headings,
            "lists": lists,
        }
        said = {name: value for name, value in given.items() if value is not None}
        super().__init__(**{name: value for name, value in (others or {}).items() if name not in given}, **said)

    @classmethod
    def of(cls, said: FrontMatter | Mapping[str, object]) -> FrontMatter:
        """Return the front matter that a dict says by its names, other names beside them; raises `UsageError`."""
        if isinstance(said, FrontMatter):
            return said
        if not isinstance(said, Mapping):
            raise UsageError(f"the front matter is a {type(said).__name__}, not a dict or FrontMatter")
        if not said:
            return NOTHING
        try:
            return cls.model_validate({str(name): value for name, value in said.items()})
        except ValidationError as error:
            raise UsageError(f"the front matter: {first_error(error)}") from None

    @model_validator(mode="after")
    def _check_others(self, info: ValidationInfo) -> Self:
        """Refuse names that are known ones misspelt, but in a document, which may have any."""
        if info.context is not None:
            return self
        extra = self.model_extra or {}
        if len(extra) > _MOST_OTHERS:
            raise ValueError(f"it has more than {_MOST_OTHERS} further names")
        for name, value in extra.items():
            if get_close_matches(name.casefold(), type(self).model_fields, 1, _CLOSE):
                raise ValueError(f"there is no {name!r} ({choices(name, type(self).model_fields)})")
            if isinstance(value, dict | list) or len(text_of(value)) > _LONGEST or len(name) > _LONGEST:
                raise ValueError(f"{name[:_LONGEST]!r} is no text of at most {_LONGEST} characters")
        return self

    def __bool__(self) -> bool:
        return bool(self.facts_by_name or self.revisions or self.approvals)

    @property
    def others(self) -> Mapping[str, str]:
        """What is said beside the known names, as text."""
        extra = list((self.model_extra or {}).items())[:_MOST_OTHERS]
        return {
            name[:_LONGEST]: text_of(_text(value))[:_LONGEST]
            for name, value in extra
            if not isinstance(value, dict | list) and value is not None
        }

    @property
    def facts_by_name(self) -> dict[str, str]:
        """What is said in one text each, by its name, without blanks."""
        known = {name: getattr(self, name) or "" for name in _FACTS}
        return {name: " ".join(text.split()) for name, text in (known | dict(self.others)).items() if text.strip()}

    def facts(self, words: Words) -> list[tuple[str, str]]:
        """Return what is said in one text each, with its label in the reader's language."""
        labels = {
            "client": words("Client"),
            "project": words("Project"),
            "number": words("Document number"),
            "revision": words("Revision"),
            "status": words("Status"),
            "classification": words("Classification"),
        }
        return [(labels.get(name) or label_of(name), text) for name, text in self.facts_by_name.items()]

    def running(self, words: Words) -> str:
        """Return what stands on every page: number and revision, empty where neither is said."""
        said = self.facts_by_name
        revision = words("Rev. {revision}", revision=said["revision"]) if "revision" in said else ""
        return " \u00b7 ".join(filter(None, [said.get("number", ""), revision]))

    def over(self, base: FrontMatter) -> FrontMatter:
        """Return what this says, and where it says nothing, what `base` does."""
        mine, its = self._said(), base._said()
        if not (mine and its):
            return self if mine else base
        return type(self).model_validate(its | mine, context=_hear_nothing)

    def _said(self) -> dict[str, object]:
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in fields.items() if value is not None} | (self.model_extra or {})


class ReportFormat(Format):
    """What a report says of how it is shown."""

    document: FrontMatter | None = None


_FACTS = ("client", "project", "number", "revision", "status", "classification")
NOTHING = FrontMatter.empty()


def or_nothing(said: FrontMatter | None) -> FrontMatter:
    """Return what is said, none for None: what only numbers headings is false, too."""
    return NOTHING if said is None else said


def document_of(report: object) -> FrontMatter:
    """Return the front matter of a report; those of third parties need not have any."""
    said = getattr(report, "document", NOTHING)
    return said if isinstance(said, FrontMatter) else NOTHING


def document_at_start(report: object) -> FrontMatter:
    """Return the front matter that is known with the first element: of a scan what stands before the elements."""
    said = getattr(report, "document_at_start", None)
    return document_of(report) if said is None else said


def label_of(name: str) -> str:
    """Return a name as a label: `vessel_name` as `Vessel name`."""
    words = " ".join(name.replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:]


def _hear_nothing(_: str) -> None:
    """Hear what was told when it was read."""
