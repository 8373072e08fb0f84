"""What belongs to one war and one site: `extra.timeline` in mkdocs.yml."""

import re
from itertools import pairwise
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from wartimeline.dates import When
from wartimeline.fields import Date, Id, Line, Text, Url, problem
from wartimeline.records import Record
from wartimeline.vocabulary import Measure


class Phase(Record):
    """A stretch of the war that has a name."""

    id: Id = Field(description="The name in its address.", examples=["siege"])
    name: Line = Field(description="The name shown.", examples=["Siege"])
    dates: Date = Field(
        description="From the first day to the last, in EDTF.", examples=["2016-07-17/2016-11-14"]
    )
    summary: Text = Field(description="What the phase was, in a sentence or two.")

    def contains(self, when: When) -> bool:
        """Tell whether something began in this phase."""
        return self.dates.earliest <= when.earliest <= self.dates.latest


class Side(Record):
    """A side of the conflict, or those who stand outside it."""

    id: Id = Field(description="The name used in `actors.yml`.", examples=["opposition"])
    name: Line = Field(description="The name shown.", examples=["Opposition"])
    party: bool = Field(description="Whether those on this side are parties to the conflict.")


class Series(Record):
    """Figures of several entries that count the same thing and can stand on one chart."""

    id: Id = Field(description="The name used in figures.", examples=["besieged"])
    name: Line = Field(description="The title of its chart.", examples=["People besieged"])
    measure: Measure = Field(description="The measure that all its figures have.")
    unit: Line = Field(description="The unit that all its figures have.", examples=["people"])
    note: Text | None = Field(None, description="What a reader of the chart must know.")


class CitationStyle(Record):
    """A style in which readers can cite a page."""

    name: Line = Field(description="The name shown.", examples=["APA"])
    file: Line = Field(
        description="A CSL style: `apa`, `mla` or `chicago`, or the path of a `.csl` file, from "
        "the folder of mkdocs.yml.",
        examples=["apa"],
    )


_STYLES = (
    CitationStyle(name="APA", file="apa"),
    CitationStyle(name="MLA", file="mla"),
    CitationStyle(name="Chicago", file="chicago"),
)


class MapSettings(Record):
    """The street map that readers of the explore page may ask for.

    Nothing of it is loaded before they do. The map itself needs none: it is drawn from the
    gazetteer.
    """

    street_map: bool = Field(
        default=True, description="Whether a street map is offered at all.", examples=["false"]
    )
    tile_url: Url = Field(
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        description="The address of its images, with `{z}`, `{x}` and `{y}`; those of "
        "OpenStreetMap if unset.",
        examples=["https://tiles.example.org/{z}/{x}/{y}.png"],
    )
    tile_attribution: Line = Field(
        "© OpenStreetMap contributors",
        description="Who made the street map; shown on it.",
    )
    tile_attribution_url: Url | None = Field(
        "https://www.openstreetmap.org/copyright",
        description="The page that the line about its makers links to.",
    )
    pmtiles: Line | None = Field(
        None,
        description="A PMTiles file (version 3) of images, by its path below the folder of "
        "hand-written pages; shown in place of `tile_url`. Vector tiles are not supported.",
        examples=["maps/city.pmtiles"],
    )

    @model_validator(mode="after")
    def _check_tiles(self) -> Self:
        if any(part not in self.tile_url for part in ("{z}", "{x}", "{y}")):
            raise problem("url-invalid", f"'{self.tile_url}' lacks {{z}}, {{x}} or {{y}}")
        return self

    @property
    def tile_host(self) -> str:
        """Whom a reader must trust to see the street map; nothing if it is this site itself."""
        if self.pmtiles:
            return ""
        return re.sub(r"^tiles?\.", "", urlsplit(self.tile_url).hostname or "")


class Settings(Record):
    """The settings of a timeline."""

    title: Line = Field(description="The name of the timeline.", examples=["The Battle of Aleppo"])
    authors: Line = Field(
        "Contributors to the timeline",
        description="Who is named as the author when a page is cited.",
    )
    licence: Url | None = Field(
        None,
        description="The address of the licence of the text, for machines that read the pages.",
        examples=["https://creativecommons.org/licenses/by/4.0/"],
    )
    entries: Line = Field("entries", description="The folder of the entries.")
    name_languages: tuple[Line, ...] = Field(
        (), description="Languages whose names are shown beside the English ones.", examples=["ar"]
    )
    phases: tuple[Phase, ...] = Field(
        min_length=1, description="The phases, in order; every entry falls into one."
    )
    sides: tuple[Side, ...] = Field(min_length=1, description="The sides actors belong to.")
    series: tuple[Series, ...] = Field((), description="Series of figures, each with a chart.")
    citation_styles: tuple[CitationStyle, ...] = Field(
        _STYLES,
        description="The styles in which a page can be cited; APA, MLA and Chicago if unset.",
    )
    archive: Url = Field(
        "https://web.archive.org",
        description="The web archive in which copies of sources can be looked up; it must have "
        "the address form of the Wayback Machine.",
    )
    map: MapSettings = Field(
        MapSettings(), description="The street map that readers of the explore page may ask for."
    )
    loaded_words: dict[str, str] = Field(
        default_factory=dict,
        description="Words that take sides, each with the neutral one to write instead.",
        examples=[{"regime": "government"}],
    )
    method_page: Line | None = Field(
        None,
        description="The hand-written page that says how sources are counted; linked from every "
        "entry. May end in an anchor.",
        examples=["about/method.md#independent-origins"],
    )
    corrections_page: Line | None = Field(
        None,
        description="The hand-written page that says how to suggest a correction; linked from "
        "every entry when the site has no `repo_url`.",
        examples=["contribute/corrections.md"],
    )

    glossary_page: Line | None = Field(
        None,
        description="The hand-written page that defines terms, each as a heading with an anchor; "
        "the first occurrence of a term in the text of an entry is linked to it.",
        examples=["glossary.md"],
    )

    @model_validator(mode="after")
    def _check_phases(self) -> Self:
        for before, after in pairwise(self.phases):
            if after.dates.earliest <= before.dates.latest:
                raise problem("phase-overlap", f"'{after.id}' begins before '{before.id}' ends")
        return self
