"""The records: events and the registers they refer to. The one definition there is.

Validation, JSON Schema, the field reference and the annotated template are all
made from these models; each field's description is its documentation.
"""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from wartimeline.fields import Date, Id, Ids, Language, Line, Text, Title, Url, problem
from wartimeline.vocabulary import (
    ActorKind,
    Kind,
    Measure,
    OutletKind,
    PlaceKind,
    PointPrecision,
    SourceKind,
    Status,
    Term,
)

_WHOLE = 100


def _as_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Number = Annotated[
    Decimal,
    Field(ge=0, allow_inf_nan=False, max_digits=15),
    PlainSerializer(_as_number, when_used="json-unless-none"),
]


class Record(BaseModel):
    """A mapping with known keys, which does not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(Record):
    """A number as the claimant gave it."""

    measure: Measure = Field(description="What is counted.", examples=["killed"])
    value: Number | None = Field(
        None, description="The number, where one was given.", examples=["98"]
    )
    low: Number | None = Field(None, description="The least, for “at least” or a range.")
    high: Number | None = Field(None, description="The most, for “up to” or a range.")
    unit: Line = Field(
        description="Who or what is counted: `people`, `civilians`, `percent of east Aleppo`.",
        examples=["percent of formerly rebel-held east Aleppo"],
    )
    scope: Line | None = Field(
        None,
        description="What exactly is counted, where the unit does not say it. Figures of an entry "
        "are put on one scale only if measure, unit and scope are the same.",
        examples=["in the west"],
    )
    series: Id | None = Field(
        None,
        description="The series it belongs to, if figures of several entries count the same: one "
        "of the series in the settings.",
    )

    @model_validator(mode="after")
    def _check_form(self) -> Self:
        ranged = self.low is not None or self.high is not None
        if (self.value is None) != ranged:
            raise problem("figure-form", "it needs either a value, or a low and/or high")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise problem("figure-form", f"low {self.low} is above high {self.high}")
        most = max(n for n in (self.value, self.low, self.high) if n is not None)
        if self.is_percentage and most > _WHOLE:
            raise problem("figure-percent", f"{most} per cent is more than the whole")
        return self

    @property
    def is_percentage(self) -> bool:
        """Whether the number is a share of a hundred."""
        return self.unit.split()[0] in {"percent", "%"} or self.unit.startswith("per cent")


class Claim(Record):
    """What somebody said about the event, and where it was reported."""

    by: Id | None = Field(
        None, description="Who says it: an id in `actors.yml`.", examples=["syrian-arab-army"]
    )
    claimant: Line | None = Field(
        None, description="Who says it, in words, where the register has no such actor."
    )
    qualifier: Line | None = Field(
        None,
        description="Which part of the actor, when, or through whom.",
        examples=["12 December"],
    )
    said: Text = Field(
        description="What was said, in our words, continuing “… said that”. Hedges and figures "
        "are kept exactly.",
        examples=["it controlled 98 per cent of formerly rebel-held east Aleppo"],
    )
    figure: Figure | None = Field(None, description="The number in it, if there is one.")
    sources: tuple[Id, ...] = Field(
        min_length=1, description="Ids of the sources that report it.", examples=[["independent"]]
    )

    @model_validator(mode="after")
    def _check_claimant(self) -> Self:
        if (self.by is None) == (self.claimant is None):
            raise problem("claim-claimant", "it needs either by (an actor id) or claimant (words)")
        return self


class Source(Record):
    """One publication that the entry rests on."""

    id: Id = Field(
        description="A short name within this entry, used to cite it.", examples=["independent"]
    )
    title: Line = Field(
        description="The headline as printed, in its language. Where it was not seen: a title of "
        "ours in [square brackets].",
        examples=["Battle for Aleppo is over as rebels withdraw, monitor claims"],
    )
    url: Url = Field(
        description="The address of the page.", examples=["https://example.org/aleppo"]
    )
    archive: Url | None = Field(None, description="The address of an archived copy.")
    outlet: Id = Field(
        description="Who published it: an id in `outlets.yml`.", examples=["the-independent"]
    )
    agency: Ids = Field(
        (),
        description="Whose text the outlet carries, if not its own: one or more ids in "
        "`outlets.yml`. Two sources with the same agency count once.",
        examples=["afp"],
    )
    author: Line | None = Field(None, description="The author, as printed.")
    published: Date | None = Field(
        None, description="The day, month or year it was published.", examples=["2016-12-12"]
    )
    language: Language = Field(description="The language it is in.", examples=["en"])
    kind: SourceKind = Field(description="What sort of publication it is.", examples=["news"])
    note: Line | None = Field(
        None,
        description="What a reader must know to use it: a proxy or copy behind the address, "
        "background published before the event.",
    )


class Correction(Record):
    """A change to what a published entry said."""

    date: Date = Field(description="The day of the correction.", examples=["2026-11-22"])
    note: Text = Field(description="What was wrong and what it says now.")


class Event(Record):
    """One event of the timeline: the front matter of a file in `entries/`."""

    title: Title = Field(
        description="What happened, in sentence case and neutral words.",
        examples=["Government forces take Sheikh Saeed"],
    )
    date: Date = Field(
        description="When it happened, in EDTF: `2016-12-12` · `2016-12` · `2016-12-XX` (a day "
        "that month) · `2016-11~` (about) · `2016-12-12?` (uncertain) · `2016-11-26/2016-11-28`.",
        examples=["2016-12-12"],
    )
    order: int | None = Field(
        None, description="The place among the events of the same date.", examples=["2"]
    )
    kind: Kind = Field(description="What sort of event it is.", examples=["battle"])
    places: tuple[Id, ...] = Field(
        min_length=1,
        description="Where: ids in `places.yml`, the most specific first.",
        examples=[["sheikh-saeed", "east-aleppo"]],
    )
    actors: tuple[Id, ...] = Field(
        (), description="Who took part: ids in `actors.yml`.", examples=[["syrian-arab-army"]]
    )
    summary: Text = Field(
        description="One to four neutral sentences in our own words.",
        examples=["Government forces completed the capture of the Sheikh Saeed district."],
    )
    key: bool = Field(
        default=False, description="A turning point, shown in overviews.", examples=["true"]
    )
    content_note: Line | None = Field(
        None,
        description="What a reader may want to know before reading on.",
        examples=["Describes deaths of children."],
    )
    sources: tuple[Source, ...] = Field(min_length=1, description="What the entry rests on.")
    claims: tuple[Claim, ...] = Field(
        (), description="Who says what: every contested statement and every figure."
    )
    disputed: Text | None = Field(None, description="Where the accounts differ.")
    related: tuple[Id, ...] = Field(
        (),
        description="Other entries about the same happening: ids, which are file names "
        "without `.md`.",
    )
    corrections: tuple[Correction, ...] = Field(
        (), description="What was corrected; shown on the page."
    )
    aliases: tuple[Id, ...] = Field((), description="Earlier ids of this entry, which lead here.")
    status: Status = Field(Status.PUBLISHED, description="Whether the entry is shown.")
    added: Date | None = Field(
        None, description="The day the entry was added.", examples=["2026-11-22"]
    )

    @model_validator(mode="after")
    def _check_withdrawn(self) -> Self:
        if self.status is Status.WITHDRAWN and not self.corrections:
            raise problem("correction-missing", "a withdrawn entry says why in corrections")
        return self


class RegisterRecord(Record):
    """What all records of a register have."""

    id: Id = Field(description="The name by which entries refer to it; permanent.")
    name: Line = Field(description="The name shown.")
    names: dict[Language, Line] = Field(
        default_factory=dict, description="The name in other languages, by language tag."
    )
    also: tuple[Line, ...] = Field((), description="Other spellings and names.")
    kind: Term = Field(description="What sort of record it is.")
    note: Text | None = Field(None, description="What it is, in a sentence.")


class TreeRecord(RegisterRecord):
    """A record that can be part of another of its register."""

    part_of: Id | None = Field(
        None, description="The record of the same register that it is part of."
    )


class Place(TreeRecord):
    """A place of the gazetteer, a record in `entries/places.yml`."""

    kind: PlaceKind = Field(description="What sort of place it is.")
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = Field(
        None, description="Degrees north (WGS 84)."
    )
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = Field(
        None, description="Degrees east (WGS 84)."
    )
    radius_m: Annotated[int, Field(gt=0)] | None = Field(
        None, description="Radius in metres of the circle of the same area, if the extent is known."
    )
    precision: PointPrecision | None = Field(None, description="What the coordinates stand for.")
    coordinates_source: Line | None = Field(None, description="Where the coordinates come from.")

    @model_validator(mode="after")
    def _check_coordinates(self) -> Self:
        given = [x is not None for x in (self.latitude, self.longitude, self.precision)]
        if any(given) and not all(given):
            raise problem(
                "coordinates-form", "latitude, longitude and precision are given together"
            )
        return self


class Actor(TreeRecord):
    """A person or body that acted or spoke, a record in `entries/actors.yml`."""

    kind: ActorKind = Field(description="What sort of actor it is.")
    short: Line | None = Field(None, description="The short name, such as an acronym.")
    side: Id = Field(description="The side it belongs to: one of the sides in the settings.")


class Outlet(RegisterRecord):
    """A publisher of sources, a record in `entries/outlets.yml`."""

    kind: OutletKind = Field(description="What sort of publisher it is.")
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = Field(
        None, description="Its country (ISO 3166-1 alpha-2); none for international bodies."
    )
    affiliation: Line | None = Field(
        None, description="Who owns, funds or stands behind it, where that bears on its reporting."
    )
    organ_of: Id | None = Field(
        None,
        description="The actor that speaks through it, if it is the organ of a party to the "
        "conflict: an id in `actors.yml`.",
    )
