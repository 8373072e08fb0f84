"""Everything that can be wrong in a project, and what the check says of it."""

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import BODY, ROOT, Project, make_entry, run
from wartimeline.codes import CODES
from wartimeline.files import LARGEST_ENTRY
from wartimeline.problems import Problem, Severity

Spoil = Callable[[Project], object]
"""Does to a project what the check should find."""

NAME = "1204/1204-03-09-gate.md"
ENTRY = f"entries/{NAME}"
OTHER = "1204/1204-03-09-wall.md"
PLACES, ACTORS, OUTLETS = (f"entries/{name}.yml" for name in ("places", "actors", "outlets"))
CONFIG = "mkdocs.yml"
VALID = make_entry()
SERIES = "- {id: dead-at-the-gate, name: The dead at the gate, measure: killed, unit: people}"
STYLES = "    citation_styles:\n      - {name: House style, file: styles/house.csl}"


def case(name: str, spoil: Spoil, *problems: str) -> Any:  # noqa: ANN401 - private to pytest
    """Make an example: what is done to a project without entries, and all it is told.

    A problem is written as shown to the user; `…` stands for any text, and a
    line number without a file for a line of the entry.
    """
    return pytest.param(spoil, problems, id=name)


def entry(body: str = BODY, name: str = NAME, **fields: str | None) -> Spoil:
    """Add an entry that is valid but for these fields."""
    return lambda project: project.add(make_entry(body, **fields), name)


def source(**fields: str) -> str:
    """Return a list of one source, valid but for these fields; its lines are 8 to 13."""
    valid = {
        "id": "post",
        "title": "Gate",
        "url": "https://post.example/gate",
        "outlet": "road-post",
        "language": "en",
        "kind": "news",
    }
    return "- " + "\n  ".join(f"{k}: {v}" for k, v in {**valid, **fields}.items()) + "\n"


def claim(
    said: str = "it was so", by: str = "by: chronicler", figure: str = "", sources: str = "[post]"
) -> str:
    """Return a list of one claim, which starts in line 15."""
    lines = [by, f"said: {said}", f"sources: {sources}"]
    return "- " + "\n  ".join(lines + ([f"figure: {figure}"] if figure else []))


def counted(figure: str) -> Spoil:
    """Add an entry with a figure, which stands in line 18."""
    return entry(claims=claim(figure=f"{{{figure}}}"))


def write(content: str | bytes, path: str = ENTRY) -> Spoil:
    """Write a file as it is."""

    def spoil(project: Project) -> None:
        file = project.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    return spoil


def edit(path: str, old: str, new: str) -> Spoil:
    """Replace a text in a file of the project."""
    return lambda project: project.edit(path, old, new)


def delete(path: str) -> Spoil:
    return lambda project: (project.root / path).unlink()


def make_folder(path: str) -> Spoil:
    return lambda project: (project.root / path).mkdir(parents=True)


def make_link(path: str, target: str) -> Spoil:
    """Make a symbolic link."""

    def spoil(project: Project) -> None:
        file = project.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.symlink_to(target)

    return spoil


def both(*spoils: Spoil) -> Spoil:
    """Do one after the other."""
    return lambda project: [spoil(project) for spoil in spoils]


FILES = [
    case(
        "a folder named like an entry",
        make_folder(ENTRY),
        ":1: it is not a readable file [file-unreadable]",
    ),
    case(
        "a symbolic link that leads nowhere",
        make_link(ENTRY, "nowhere.md"),
        ":1: it is not a readable file [file-unreadable]",
    ),
    case(
        "a folder named like a register",
        both(delete(OUTLETS), make_folder(OUTLETS)),
        f"{OUTLETS}:1: it is not a readable file [file-unreadable]",
    ),
    case(
        "a register that is missing",
        delete(OUTLETS),
        f"{OUTLETS}:1: the register does not exist [file-missing]",
    ),
    case(
        "a folder of entries that is a symbolic link",
        both(
            lambda project: (project.root / "real").mkdir(),
            write(VALID, "real/1204-03-09-gate.md"),
            make_link("entries/1204", "../real"),
            edit(CONFIG, "1204-01-01/1204-12-31", "1205-01-01/1205-12-31"),
        ),
        ":3: date: 1204-03-09 lies in no phase; … [phase-missing]",
    ),
    case(
        "an entry in another encoding",
        write(VALID.replace("was taken", "was prisé").encode("latin-1")),
        ":16: byte 0xE9 is not UTF-8; save the file as UTF-8 [file-encoding]",
    ),
    case(
        "a register in another encoding",
        write(b"- id: a\n  name: \xe9t\xe9\n", PLACES),
        f"{PLACES}:2: byte 0xE9 is not UTF-8; save the file as UTF-8 [file-encoding]",
    ),
    case(
        "settings in another encoding",
        write(b"# The\nsite_name: \xe9t\xe9\n", CONFIG),
        f"{CONFIG}:2: byte 0xE9 is not UTF-8; save the file as UTF-8 [file-encoding]",
    ),
    case(
        "an entry that is one byte too long",
        write(VALID + "x" * (LARGEST_ENTRY + 1 - len(VALID))),
        ":1: it has 262,145 bytes; at most 262,144 [file-size]",
    ),
    case(
        "a byte order mark before an entry",
        write(f"\ufeff{VALID}"),
        ":1: it starts with a byte order mark; save the file as UTF-8 without BOM [file-bom]",
    ),
    case(
        "a byte order mark before a register",
        edit(ACTORS, "- id: chronicler", "\ufeff- id: chronicler"),
        f"{ACTORS}:1: it starts with a byte order mark; … [file-bom]",
    ),
    *(
        case(
            f"the file name {name}",
            entry(name=name),
            f"entries/{name}:1: '{name}' is not a name of the form …-words.md [file-name]",
        )
        for name in (
            "1203/1204-03-09-gate.md",
            "1204-03-09-gate.md",
            "1204/03/1204-03-09-gate.md",
            "1204/gate.md",
            "1204/1204-03-09-Gate.md",
            "1204/1204-03-09-the gate.md",
            "1204/1204-03-09-the_gate.md",
            "1204/1204-03-09-the--gate.md",
            "1204/1204-03-09-porte-brûlée.md",
            "1204/1204.md",
            "1204/1204-03-09.md",
            "1204/1204-3-9-gate.md",
            "1204/1204-03-09-gate.MD",
        )
    ),
    case(
        "an impossible date in the file name",
        entry(name="1204/1204-02-30-gate.md"),
        "entries/1204/1204-02-30-gate.md:1: '1204-02-30' is not a calendar date [file-name]",
    ),
    case(
        "another day in the file name",
        entry(date="1204-03-10"),
        ":3: date: the date is 1204-03-10, but the file name says 1204-03-09; "
        "rename the file, and keep the old name in aliases if it was published [file-date]",
    ),
    case(
        "a day in the file name outside the interval",
        entry(date="1204-02-26/1204-03-08"),
        ":3: date: the date is 1204-02-26/1204-03-08, but …; rename the file, … [file-date]",
    ),
]

FRONT_MATTER = [
    *(
        case(
            name,
            write(text),
            ":1: there is no front matter; the file starts with a line of ---, then the fields, "
            "then a line of --- [front-matter-missing]",
        )
        for name, text in (
            ("an empty file", ""),
            ("an entry without front matter", "# The gate is taken\n\nIt was taken.\n"),
            ("a blank line before the front matter", f"\n{VALID}"),
            ("front matter between other marks", VALID.replace("---", "+++")),
            ("more than a mark in the first line", VALID.replace("---", "--- yaml", 1)),
        )
    ),
    *(
        case(
            name,
            write(text),
            ":1: the front matter is not closed; put a line of --- after the last field "
            "[front-matter-unclosed]",
        )
        for name, text in (
            ("front matter that is not closed", VALID.replace("\n---\n", "\n")),
            ("nothing but the first line of front matter", "---\n"),
        )
    ),
    *(
        case(
            f"front matter that is a {shape}",
            write(f"---\n{text}\n---\n\nThe gate.\n"),
            ":2: front matter is a list of 'key: value', not a list or a text [yaml-shape]",
        )
        for shape, text in (("list", "- title: Gate"), ("text", "The gate is taken"))
    ),
    case(
        "front matter nested a thousand times",
        entry(title="[" * 1000 + "]" * 1000),
        ":1: it is nested too deeply to be a record [yaml-shape]",
    ),
    case(
        "a colon in a text without quotation marks",
        entry(summary="The company: entered."),
        ":6: not valid YAML: mapping values are not allowed in this context; a text that contains "
        "': ' or starts with a mark must stand in quotation marks [yaml-syntax]",
    ),
    case(
        "a tab as indentation",
        write(VALID.replace("  - id", "\t- id")),
        ":8: not valid YAML: found character that cannot start any token; … [yaml-syntax]",
    ),
    case(
        "a quotation mark in a register that is not closed",
        edit(OUTLETS, "name: Wire of Salt", "name: 'Wire of Salt"),
        f"{OUTLETS}:1…: not valid YAML: found unexpected end of stream; … [yaml-syntax]",
    ),
    case(
        "settings that are not YAML",
        write("site_name: The Salt\nextra: timeline: x\n", CONFIG),
        f"{CONFIG}:2: not valid YAML: mapping values are not allowed in this context; … "
        "[yaml-syntax]",
    ),
    case(
        "a field written twice",
        write(VALID.replace("kind: battle", "kind: battle\ntitle: The gate")),
        ":5: title: 'title' is written twice [yaml-duplicate-key]",
    ),
    case(
        "a field of a source written twice",
        write(VALID.replace("    language: en", "    language: en\n    url: https://b.example/")),
        ":13: sources[0].url: 'url' is written twice [yaml-duplicate-key]",
    ),
    case(
        "a list written twice",
        write(VALID.replace("\n---\n", "\nplaces:\n  - brine\n---\n")),
        ":14: places: 'places' is written twice [yaml-duplicate-key]",
    ),
    case(
        "an alias beside what it repeats",
        edit(CONFIG, "nav:\n", "a: {b: &b [c], d: *b}\nnav:\n"),
        f"{CONFIG}:16: a.d: an alias repeats a value [yaml-alias]",
    ),
    case(
        "an alias far from what it repeats",
        both(
            edit(PLACES, "  names:\n", "  names: &names\n"),
            edit(PLACES, "  name: Saltmark\n", "  name: Saltmark\n  names: *names\n"),
        ),
        f"{PLACES}:27: [2].names: an alias repeats a value [yaml-alias]",
    ),
    case(
        "an alias of a text",
        entry(summary="&same The company entered.", disputed="*same"),
        ":14: disputed: an alias repeats a value [yaml-alias]",
    ),
]

FIELDS = [
    case(
        "an entry without a title",
        entry(title=None),
        ":2: title: this field is required [field-missing]",
    ),
    case(
        "front matter with nothing in it",
        write("---\n---\n\nThe gate.\n"),
        *(
            f":1: {field}: this field is required [field-missing]"
            for field in ("date", "kind", "places", "sources", "summary", "title")
        ),
    ),
    case(
        "a source without an outlet",
        write(VALID.replace("    outlet: road-post\n", "")),
        ":8: sources[0].outlet: this field is required [field-missing]",
    ),
    case(
        "a figure without a unit",
        counted("measure: killed, value: 3"),
        ":18: claims[0].figure.unit: this field is required [field-missing]",
    ),
    case(
        "an actor without a side",
        edit(ACTORS, "  side: none\n", ""),
        f"{ACTORS}:1: [0].side: this field is required [field-missing]",
    ),
    case(
        "an unknown field that is nearly a known one",
        entry(dispute="The dead."),
        ":14: dispute: there is no field 'dispute'; did you mean 'disputed'? [field-unknown]",
    ),
    case(
        "an unknown field that is like no other",
        entry(weather="fair"),
        ":14: weather: there is no field 'weather' [field-unknown]",
    ),
    case(
        "an unknown field that holds a list",
        entry(weather="- fair\n- dry"),
        ":14: weather: there is no field 'weather' [field-unknown]",
    ),
    case(
        "an unknown field of a source",
        entry(sources=source(lang="en")),
        ":14: sources[0].lang: there is no field 'lang'; did you mean 'language'? [field-unknown]",
    ),
    case(
        "an unknown field of a figure",
        counted("measure: killed, value: 3, unit: people, vlaue: 4"),
        ":18: claims[0].figure.vlaue: there is no field 'vlaue'; did you mean 'value'? "
        "[field-unknown]",
    ),
    case(
        "an unknown field of an outlet",
        edit(OUTLETS, "  affiliation:", "  afiliation:"),
        f"{OUTLETS}:5: [0].afiliation: there is no field 'afiliation'; "
        "did you mean 'affiliation'? [field-unknown]",
    ),
    case(
        "a list where a text should be",
        entry(title="[The gate, is taken]"),
        ":2: title: it must be a text [field-type]",
    ),
    case(
        "a mapping where a text should be",
        entry(summary="{who: the company}"),
        ":6: summary: it must be a text [field-type]",
    ),
    case(
        "a list where a date should be",
        entry(date="[1204-03-09]"),
        ":3: date: it must be a date [field-type]",
    ),
    case(
        "a text where a list should be",
        entry(places="brine"),
        ":5: places: …, not 'brine' [field-type]",
    ),
    case(
        "a text where a source should be",
        entry(sources="[post]"),
        ":7: sources[0]: …, not 'post' [field-type]",
    ),
    case(
        "a text where a figure should be",
        entry(claims=claim(figure="40 people")),
        ":18: claims[0].figure: …, not '40 people' [field-type]",
    ),
    case(
        "a text where an outlet should be",
        edit(OUTLETS, "  kind: news-agency\n", "  kind: news-agency\n\n- zeta\n"),
        f"{OUTLETS}:15: [3]: …, not 'zeta' [field-type]",
    ),
    case(
        "a word where true or false should be",
        entry(key="perhaps"),
        ":14: key: …, not 'perhaps' [field-type]",
    ),
    *(
        case(name, entry(**{field: value}), f":{line}: {field}: it must not be empty [field-empty]")
        for name, line, field, value in (
            ("a field without a value", 2, "title", ""),
            ("an optional field without a value", 14, "disputed", ""),
            ("a text of nothing but blanks", 6, "summary", "' \u00a0 '"),
        )
    ),
    *(
        case(
            name,
            entry(**{field: ""}),
            f":{line}: {field}: … [field-empty]",
        )
        for name, line, field in (
            ("a list without a value", 5, "places"),
            ("an optional list without a value", 14, "claims"),
        )
    ),
    *(
        case(name, spoil, f":{line}: {field}: it must have at least one item [field-empty]")
        for name, line, field, spoil in (
            ("no places", 5, "places", entry(places="[]")),
            ("no sources", 7, "sources", entry(sources="[]")),
            ("no sources of a claim", 17, "claims[0].sources", entry(claims=claim(sources="[]"))),
        )
    ),
    case(
        "an unknown kind that is nearly a known one",
        entry(kind="batle"),
        ":4: kind: 'batle' is not one of 'battle', 'airstrike', …; did you mean 'battle'? "
        "[value-unknown]",
    ),
    case(
        "an unknown kind that is like no other",
        entry(kind="xyz"),
        ":4: kind: 'xyz' is not one of 'battle', … or 'other' [value-unknown]",
    ),
    case(
        "an unknown status",
        entry(status="publishd"),
        ":14: status: 'publishd' is not one of 'draft', 'published' or 'withdrawn'; "
        "did you mean 'published'? [value-unknown]",
    ),
    case(
        "an unknown measure",
        counted("measure: kiled, value: 3, unit: people"),
        ":18: claims[0].figure.measure: 'kiled' is not one of 'killed', …; did you mean 'killed'? "
        "[value-unknown]",
    ),
    case(
        "an unknown kind of source",
        entry(sources=source(kind="gossip")),
        ":13: sources[0].kind: 'gossip' is not one of 'news', … or 'interview' [value-unknown]",
    ),
    case(
        "an unknown precision of coordinates",
        edit(PLACES, "precision: approximate", "precision: rough"),
        f"{PLACES}:35: [3].precision: 'rough' is not one of 'exact', … [value-unknown]",
    ),
    *(
        case(
            f"{field} of {size:,} characters",
            entry(**{field: "x" * size}),
            f":{line}: {field}: it has {size} characters; at most {size - 1} [text-length]",
        )
        for line, field, size in ((2, "title", 91), (14, "content_note", 301), (6, "summary", 2001))
    ),
    case(
        "an escaped control character in front matter",
        entry(title='"The gate\\a is taken"'),
        ":2: title: character U+0007 is not allowed [text-control]",
    ),
    case(
        "a directional override in front matter",
        entry(summary="The company \u202ederetne."),
        ":6: summary: character U+202E is not allowed [text-control]",
    ),
    case(
        "a raw control character in front matter",
        entry(summary="The company\x07 entered."),
        ":6: character U+0007 is not allowed [text-control]",
    ),
    case(
        "a raw control character after Arabic",
        entry(title="ملح", summary="The company\x07 entered."),
        ":6: character U+0007 is not allowed [text-control]",
    ),
    case(
        "a raw control character after much Arabic",
        entry(title="ملح " * 20, content_note="\x07"),
        ":14: character U+0007 is not allowed [text-control]",
    ),
    case(
        "a control character in the text",
        entry("The gate was taken [@post].\n\nIt\x1b[31m fell.\n"),
        ":18: body: character U+001B is not allowed [text-control]",
    ),
    case(
        "a directional isolate in the text",
        entry("The gate\u2066 was taken [@post].\n"),
        ":16: body: character U+2066 is not allowed [text-control]",
    ),
    *(
        case(
            f"the id {value[:20]}",
            entry(places=f"['{value}']"),
            f":5: places[0]: '{value}' is not an id (lower-case words joined by hyphens) [id-form]",
        )
        for value in ("Brine", "old brine", "old_brine", "old--brine", "-brine", "brîne", "x" * 91)
    ),
    case(
        "a country in small letters",
        edit(OUTLETS, "country: XK", "country: xk"),
        f"{OUTLETS}:4: [0].country: 'xk' is not two capital letters [id-form]",
    ),
    *(
        case(
            f"the language {value}",
            entry(sources=source(language=value)),
            f":12: sources[0].language: '{value}' is not a language tag such as en or pt-BR "
            "[language-form]",
        )
        for value in ("English", "english", "en_GB", "e")
    ),
    case(
        "a name in no language",
        edit(OUTLETS, "  country: XK", "  names: {Arabic: ملح}"),
        f"{OUTLETS}:4: [0].names.Arabic: 'Arabic' is not a language tag … [language-form]",
    ),
]

VALUES = [
    *(
        case(
            f"the figure {value}",
            counted(f"measure: killed, value: '{value}', unit: people"),
            f":18: claims[0].figure.value: …{message}, not '{value}' [number-form]",
        )
        for value, message in (
            ("-1", "greater than or equal to 0"),
            ("NaN", "finite number"),
            ("Infinity", "finite number"),
            ("1e400", "no more than 15 digits in total"),
            ("1,000", ""),
            ("about 40", ""),
        )
    ),
    *(
        case(
            f"the order {value}",
            entry(order=value),
            f":14: order: …, not '{value}' [number-form]",
        )
        for value in ("first", "1.5")
    ),
    *(
        case(
            f"the {field} {value}",
            edit(PLACES, f"{field}: {old}", f"{field}: {value}"),
            f"{PLACES}:{line}: [1].{field}: …, not '{value}' [number-form]",
        )
        for line, field, old, value in (
            (20, "latitude", "10.001", "90.1"),
            (20, "latitude", "10.001", "-1e400"),
            (20, "latitude", "10.001", "nan"),
            (20, "latitude", "10.001", "10° N"),
            (21, "longitude", "20.001", "-180.1"),
        )
    ),
    *(
        case(f"the date {value}", entry(date=value), f":3: date: {message} [date-invalid]")
        for value, message in (
            ("1204-02-30", "'1204-02-30' is not a calendar date"),
            ("1204-02-30~", "'1204-02-30~' is not a calendar date"),
            ("1204-13", "'1204-13' is not a calendar date"),
            ("1204-03-10/1204-03-09", "'1204-03-10/1204-03-09' ends before it starts"),
            ("1204-03-09/..", "an interval must have a start and an end"),
            ("/1204-03-09", "an interval must have a start and an end"),
            ("9 March 1204", "'9 March 1204' is not a date of a form used here …"),
            ("0000-03", "'0000-03' …"),
        )
    ),
    case(
        "an impossible date of publication",
        entry(sources=source(published="1204-04-31")),
        ":14: sources[0].published: '1204-04-31' is not a calendar date [date-invalid]",
    ),
    case(
        "an impossible date of a correction",
        entry(corrections="- {date: 1204-04-31, note: The hour.}\n"),
        ":15: corrections[0].date: '1204-04-31' is not a calendar date [date-invalid]",
    ),
    *(
        case(
            f"the address {value}",
            entry(sources=source(url=f"'{value}'")),
            f":10: sources[0].url: '{value}' is not a complete http or https address [url-invalid]",
        )
        for value in (
            "javascript:alert(1)",
            "JavaScript://post.example/%0aalert(1)",
            "data:text/html,x",
            "ftp://post.example/gate",
            "/gate",
            "../gate.md",
            "post.example/gate",
            "//post.example/gate",
            "https:post.example",
            "https://",
            "https://localhost/",
            "https://reader:secret@post.example/",
            "https://post.example:99999/",
            "https://post.example/the gate",
            'https://post.example/"onload=',
            "http://[post.example/",
        )
    ),
    case(
        "a relative address of an archived copy",
        entry(sources=source(archive="web/gate")),
        ":14: sources[0].archive: 'web/gate' is not a complete http or https address [url-invalid]",
    ),
    case(
        "a figure with the least above the most",
        counted("measure: killed, low: 60, high: 40, unit: people"),
        ":18: claims[0].figure: low 60 is above high 40 [figure-form]",
    ),
    *(
        case(
            name,
            counted(f"measure: killed, {numbers}unit: people"),
            ":18: claims[0].figure: it needs either a value, or a low and/or high [figure-form]",
        )
        for name, numbers in (
            ("a figure with a value and a least", "value: 40, low: 30, "),
            ("a figure with a value and a most", "value: 40, high: 50, "),
            ("a figure without a number", ""),
        )
    ),
    *(
        case(
            f"more than the whole in {unit}",
            counted(f"measure: territory, {number}, unit: '{unit}'"),
            ":18: claims[0].figure: 101 per cent is more than the whole [figure-percent]",
        )
        for number, unit in (
            ("value: 101", "percent of the wall"),
            ("high: 101", "per cent"),
            ("low: 90, high: 101", "% of the wall"),
        )
    ),
    *(
        case(
            name,
            entry(claims=claim(by=by)),
            ":15: claims[0]: it needs either by (an actor id) or claimant (words) [claim-claimant]",
        )
        for name, by in (
            ("a claim by nobody", "qualifier: a captain"),
            ("a claim by an actor and by words", "by: chronicler\n  claimant: a baker"),
        )
    ),
    case(
        "a latitude without a longitude",
        edit(PLACES, "  longitude: 20.001\n", ""),
        f"{PLACES}:16: [1]: latitude, longitude and precision are given together "
        "[coordinates-form]",
    ),
    case(
        "a withdrawn entry that does not say why",
        entry(status="withdrawn"),
        ":2: a withdrawn entry says why in corrections [correction-missing]",
    ),
]

REFERENCES = [
    case(
        "an alias that is the id of another entry",
        both(entry(), entry(name=OTHER, aliases="[1204-03-08-wall, 1204-03-09-gate]")),
        f"entries/{OTHER}:14: aliases[1]: '1204-03-09-gate' is already {ENTRY} [id-duplicate]",
    ),
    case(
        "an alias that is the id of the entry itself",
        entry(aliases="[1204-03-09-gate]"),
        f":14: aliases[0]: '1204-03-09-gate' is already {ENTRY} [id-duplicate]",
    ),
    case(
        "an alias of two entries",
        both(entry(aliases="[1204-03-09-gat]"), entry(name=OTHER, aliases="[1204-03-09-gat]")),
        f"entries/{OTHER}:14: aliases[0]: '1204-03-09-gat' is already an alias of {ENTRY} "
        "[id-duplicate]",
    ),
    case(
        "an id twice in a register",
        edit(OUTLETS, "- id: wire-of-salt", "- id: road-post"),
        f"{OUTLETS}:11: [2].id: 'road-post' is written twice [id-duplicate]",
    ),
    case(
        "two phases of one id",
        edit(CONFIG, "id: siege", "id: march"),
        f"{CONFIG}:25: phases[1].id: … [id-duplicate]",
    ),
    case(
        "two sides of one id",
        edit(CONFIG, "id: none,", "id: wardens, name: X, party: false}\n      - {id: none,"),
        f"{CONFIG}:29: sides[2].id: … [id-duplicate]",
    ),
    case(
        "an unknown place that is nearly a known one",
        entry(places="[gate-of-brin, brine]"),
        ":5: places[0]: unknown place 'gate-of-brin'; did you mean 'gate-of-brine'? "
        "[place-unknown]",
    ),
    case(
        "an unknown place that is like no other",
        entry(places="[brine, xyz]"),
        f":5: places[1]: unknown place 'xyz'; add it to {PLACES} [place-unknown]",
    ),
    case(
        "an unknown actor",
        entry(actors="- town-watch\n- salt-compny"),
        ":16: actors[1]: unknown actor 'salt-compny'; did you mean 'salt-company'? [actor-unknown]",
    ),
    case(
        "an unknown claimant",
        entry(claims=claim(by="by: baker")),
        f":15: claims[0].by: unknown actor 'baker'; add it to {ACTORS} [actor-unknown]",
    ),
    case(
        "an unknown outlet",
        entry(sources=source(outlet="rode-post")),
        ":11: sources[0].outlet: unknown outlet 'rode-post'; did you mean 'road-post'? "
        "[outlet-unknown]",
    ),
    case(
        "an unknown agency",
        entry(sources=source(agency="wire-of-salz")),
        ":14: sources[0].agency[0]: unknown outlet 'wire-of-salz'; did you mean 'wire-of-salt'? "
        "[outlet-unknown]",
    ),
    case(
        "an unknown agency beside a known one",
        entry(sources=source(agency="[wire-of-salt, xyz]")),
        f":14: sources[0].agency[1]: unknown outlet 'xyz'; add it to {OUTLETS} [outlet-unknown]",
    ),
    case(
        "an unknown side that is nearly a known one",
        edit(ACTORS, "side: wardens", "side: warden"),
        f"{ACTORS}:24: [3].side: unknown side 'warden'; did you mean 'wardens'? [side-unknown]",
    ),
    case(
        "an organ of an unknown actor",
        edit(OUTLETS, "affiliation: invented", "organ_of: salt-compani"),
        f"{OUTLETS}:5: [0].organ_of: unknown actor 'salt-compani'; did you mean 'salt-company'? "
        "[actor-unknown]",
    ),
    case(
        "a figure of an unknown series",
        counted("measure: killed, value: 1, unit: people, series: dead-at-gate"),
        ":18: claims[0].figure.series: unknown series 'dead-at-gate'; did you mean "
        "'dead-at-the-gate'? [series-unknown]",
    ),
    case(
        "a figure of another measure than its series",
        counted("measure: injured, value: 1, unit: people, series: dead-at-the-gate"),
        ":18: claims[0].figure.series: 'dead-at-the-gate' counts killed in people, not injured in "
        "people; leave the series out, or mend measure and unit [series-mixed]",
    ),
    case(
        "a figure in another unit than its series",
        counted("measure: killed, value: 1, unit: percent of people, series: dead-at-the-gate"),
        ":18: claims[0].figure.series: 'dead-at-the-gate' counts killed in people, not killed in "
        "percent of people; leave the series out, or mend measure and unit [series-mixed]",
    ),
    case(
        "a series with the id of another",
        edit(CONFIG, "    loaded_words:", f"      {SERIES}\n    loaded_words:"),
        f"{CONFIG}:32: series[1].id: 'dead-at-the-gate' is written twice [id-duplicate]",
    ),
    case(
        "a citation style that does not exist",
        edit(CONFIG, "    loaded_words:", f"{STYLES}\n    loaded_words:"),
        f"{CONFIG}:33: citation_styles[0].file: 'styles/house.csl' is not a readable file; … "
        "[style-unreadable]",
    ),
    case(
        "an unknown side that is like no other",
        edit(ACTORS, "side: wardens", "side: xyz"),
        f"{ACTORS}:24: [3].side: unknown side 'xyz'; the sides are salters, wardens, none "
        "[side-unknown]",
    ),
    case(
        "a part of an unknown place",
        edit(PLACES, "  part_of: saltmark", "  part_of: saltmarsh"),
        f"{PLACES}:8: [0].part_of: unknown 'saltmarsh'; did you mean 'saltmark'? [part-of-unknown]",
    ),
    case(
        "places that are parts of each other",
        edit(PLACES, "  name: Saltmark\n", "  name: Saltmark\n  part_of: gate-of-brine\n"),
        f"{PLACES}:8: [0].part_of: 'brine' is part of itself [part-of-cycle]",
        f"{PLACES}:19: [1].part_of: 'gate-of-brine' is part of itself [part-of-cycle]",
        f"{PLACES}:27: [2].part_of: 'saltmark' is part of itself [part-of-cycle]",
    ),
    case(
        "an actor that is part of itself",
        edit(ACTORS, "part_of: salt-company", "part_of: third-lance"),
        f"{ACTORS}:18: [2].part_of: 'third-lance' is part of itself [part-of-cycle]",
    ),
    case(
        "places that are valid but for a wrong one that holds them",
        both(entry(), edit(PLACES, "kind: town", "kind: twon")),
        f"{PLACES}:7: [0].kind: 'twon' is not one of …; did you mean 'town'? [value-unknown]",
    ),
    case(
        "places that cannot be read",
        both(entry(), edit(PLACES, "name: Saltmark", "name: 'Saltmark")),
        f"{PLACES}:…: not valid YAML: …; … [yaml-syntax]",
    ),
    case(
        "two sources of one id",
        entry(sources=source() + source(url="https://post.example/wall")),
        ":14: sources[1].id: 'post' is the id of another source, too [source-duplicate]",
    ),
    case(
        "a claim from an unknown source",
        entry(claims=claim(sources="[post, psot]")),
        ":17: claims[0].sources[1]: there is no source 'psot' in this entry; did you mean 'post'? "
        "[source-unknown]",
    ),
    case(
        "a citation of an unknown source",
        entry("\n\nThe gate was taken [@post].\n\nIt fell\nat noon [@post, p. 2; @gazette].\n"),
        ":21: body: there is no source 'gazette' in this entry [source-unknown]",
    ),
    case(
        "a citation with a page but no comma",
        entry("The gate was taken [@post p. 2; @post].\n"),
        ":16: body: there is no source 'post p. 2' in this entry; did you mean 'post'? "
        "[source-unknown]",
    ),
    case(
        "a source that is cited nowhere",
        entry("The gate was taken.\n"),
        ":8: warning: sources[0].id: source 'post' is cited nowhere; "
        "cite it in the text as [@id] or in a claim, or leave it out [source-unused]",
    ),
    case(
        "a source from before the event",
        entry(sources=source(published="1204-03-08")),
        ":14: warning: sources[0].published: published 1204-03-08, before the event (1204-03-09); "
        "correct the date, or say in the note that it is background [source-before-event]",
    ),
    case(
        "a related entry that does not exist",
        both(entry(related="[1204-03-09-wal]"), entry(name=OTHER)),
        ":14: related[0]: there is no other entry '1204-03-09-wal'; "
        "did you mean '1204-03-09-wall'? [related-unknown]",
    ),
    case(
        "an entry related to itself",
        entry(related="[1204-03-09-gate]"),
        ":14: related[0]: there is no other entry '1204-03-09-gate' [related-unknown]",
    ),
    case(
        "a link to an entry that does not exist",
        both(
            entry("Taken [@post].\n\nAfter [it](../1204/1204-03-09-wal.md#claims) fell.\n"),
            entry(name=OTHER),
        ),
        ":18: body: there is no entry at '../1204/1204-03-09-wal.md#claims'; "
        f"did you mean '{OTHER}'? [link-unknown]",
    ),
    case(
        "a link to an entry in the wrong folder",
        both(
            entry("After [the muster](1203-05-muster.md) [@post].\n"),
            entry(name="1203/1203-05-muster.md", date="1203-05"),
        ),
        ":16: body: there is no entry at '1203-05-muster.md'; "
        "did you mean '1203/1203-05-muster.md'? [link-unknown]",
    ),
    case(
        "a link defined at the end to an entry that does not exist",
        entry("After [the muster][m] [@post].\n\n[m]: muster.md\n"),
        ":18: body: there is no entry at 'muster.md' [link-unknown]",
    ),
    case(
        "a link from a text with brackets to an entry that does not exist",
        entry("After [the [first] muster](muster.md) [@post].\n"),
        ":16: body: there is no entry at 'muster.md' [link-unknown]",
    ),
    *(
        case(
            f"the link {markup}",
            entry(f"Taken [@post].\n\n{markup}\n"),
            f":18: body: '{target}' is not an entry or an http or https address [link-unsafe]",
        )
        for markup, target in (
            ("[A](javascript:alert)", "javascript:alert"),
            ("[A](<javascript:alert>)", "javascript:alert"),
            ("[A]: javascript:alert", "javascript:alert"),
            ("[A](data:text/html,x)", "data:text/html,x"),
            ("[A](mailto:a@post.example)", "mailto:a@post.example"),
            ("[A](//post.example/gate)", "//post.example/gate"),
            ("[A](/events/1204-03-09-gate/)", "/events/1204-03-09-gate/"),
            ("[A](#top)", "#top"),
            ("[A]()", ""),
            ("![A](https://post.example/a.png)", "https://post.example/a.png"),
            ("<ftp://post.example/>", "ftp://post.example/"),
            ("[A](http://[post.example/)", "http://[post.example/"),
            ("[A](//[post.md)", "//[post.md"),
        )
    ),
    case(
        "a register that is not sorted",
        both(
            edit(OUTLETS, "- id: road-post", "- id: x"),
            edit(OUTLETS, "- id: wire-of-salt", "- id: road-post"),
            edit(OUTLETS, "- id: x", "- id: wire-of-salt"),
        ),
        f"{OUTLETS}:11: [2].id: 'road-post' stands after 'wire-of-salt' [register-order]",
    ),
    *(
        case(
            f"a loaded word in {where}",
            spoil,
            f":{line}: warning: {field}: 'rabble' takes a side; write crowd, or quote the speaker "
            "[word-loaded]",
        )
        for where, line, field, spoil in (
            ("the title", 2, "title", entry(title="The rabble at the gate")),
            ("the summary", 6, "summary", entry(summary="The rabble entered.")),
            ("a claim", 16, "claims[0].said", entry(claims=claim("the rabble came"))),
            ("a dispute", 14, "disputed", entry(disputed="Whether the rabble came.")),
            ("the text", 18, "body", entry("Taken [@post].\n\n“Well,” the rabble said.\n")),
        )
    ),
]

SITE = [
    *(
        case(
            name,
            write(text, CONFIG),
            f"{CONFIG}:1: there is no extra.timeline; it holds the title, the phases and the sides "
            "of the timeline [settings-missing]",
        )
        for name, text in (
            ("no settings", "site_name: Salt\n"),
            ("an empty mkdocs.yml", ""),
            ("a mkdocs.yml that is a list", "- site_name: Salt\n"),
        )
    ),
    case(
        "settings that are a text",
        write("extra:\n  timeline: The Salt Road War\n", CONFIG),
        f"{CONFIG}:2: …, not 'The Salt Road War' [field-type]",
    ),
    case(
        "an unknown setting",
        edit(CONFIG, "    title:", "    name_language: [ar]\n    title:"),
        f"{CONFIG}:22: name_language: there is no field 'name_language'; "
        "did you mean 'name_languages'? [field-unknown]",
    ),
    case(
        "an unknown setting of a phase",
        edit(CONFIG, "{id: siege, name:", "{id: siege, nmae: x, name:"),
        f"{CONFIG}:25: phases[1].nmae: there is no field 'nmae'; did you mean 'name'? "
        "[field-unknown]",
    ),
    case(
        "a side that does not say whether it is a party",
        edit(CONFIG, "name: Wardens, party: true", "name: Wardens"),
        f"{CONFIG}:28: sides[1].party: this field is required [field-missing]",
    ),
    case(
        "an impossible date of a phase",
        edit(CONFIG, "1203-12-31", "1203-12-32"),
        f"{CONFIG}:24: phases[0].dates: '1203-12-32' is not a calendar date [date-invalid]",
    ),
    case(
        "no phases and no sides",
        write("extra:\n  timeline:\n    title: T\n    phases: []\n    sides: []\n", CONFIG),
        f"{CONFIG}:4: phases: it must have at least one item [field-empty]",
        f"{CONFIG}:5: sides: it must have at least one item [field-empty]",
    ),
    *(
        case(
            name,
            edit(CONFIG, "1204-01-01/1204-12-31", dates),
            f"{CONFIG}:21: 'siege' begins before 'march' ends [phase-overlap]",
        )
        for name, dates in (
            ("phases that overlap", "1203-12-31/1204-12-31"),
            ("phases that are not in order", "1202-01-01/1202-12-31"),
        )
    ),
    case(
        "an entry in no phase",
        entry(name="1205/1205-03-09-gate.md", date="1205-03-09"),
        "entries/1205/1205-03-09-gate.md:3: date: 1205-03-09 lies in no phase; "
        "the phases are set in mkdocs.yml, under extra.timeline.phases [phase-missing]",
    ),
    *(
        case(
            f"addresses without folders, written {value}",
            edit(CONFIG, "nav:\n", f"use_directory_urls: {value}\nnav:\n"),
            f"{CONFIG}:16: use_directory_urls: the addresses of the timeline need "
            "use_directory_urls [settings-urls]",
        )
        for value in (
            "false",
            "False",
            "no",
        )
    ),
    *(
        case(
            f"{register}.yml that is a {shape}",
            write(text, f"entries/{register}.yml"),
            f"entries/{register}.yml:1: a register is a list of records [yaml-shape]",
        )
        for register, shape, text in (
            ("places", "mapping", "brine: {name: Brine, kind: town}\n"),
            ("actors", "text", "chronicler\n"),
            ("outlets", "mapping of nothing", "{}\n"),
        )
    ),
    *(
        case(
            f"a page at {page}",
            both(entry(), write("# Page\n", f"docs/{page}")),
            f"docs/{page}:1: '{page}' has an address that the timeline uses [address-clash]",
        )
        for page in (
            "events/x.md",
            "events/1204-03-09-gate.md",
            "timeline.md",
            "places/index.md",
            "events/x.markdown",
        )
    ),
    case(
        "a glossary that is not there",
        edit(CONFIG, "    sides:\n", "    glossary_page: words.md\n    sides:\n"),
        "mkdocs.yml:…: glossary_page: there is no page 'words.md' [glossary-missing]",
    ),
    case(
        "terms of a glossary without an anchor, without a meaning, and twice",
        both(
            edit(CONFIG, "    sides:\n", "    glossary_page: words.md\n    sides:\n"),
            write(
                "## A\n\n## B { #b }\n\n## C { #c }\n\nX.\n\n## C { #d }\n\nY.\n",
                "docs/words.md",
            ),
        ),
        "docs/words.md:1: a term has no anchor; write '## Barrel bomb { #barrel-bomb }' "
        "[glossary-anchor]",
        "docs/words.md:3: 'B' is not defined [glossary-empty]",
        "docs/words.md:9: 'c' is defined already, by 'C' [glossary-duplicate]",
    ),
    case(
        "an unknown block that is nearly a known one",
        write("# Page\n\n<!-- timeline: strips -->\n", "docs/page.md"),
        "docs/page.md:3: there is no block 'strips'; did you mean 'strip'? [block-unknown]",
    ),
    case(
        "an unknown block that is like no other",
        write("<!--timeline:xyz-->\n", "docs/about/page.md"),
        "docs/about/page.md:1: there is no block 'xyz'; the blocks are strip, counts, … "
        "[block-unknown]",
    ),
    case(
        "a block without a name",
        write("# Page\n<!-- timeline: -->\n", "docs/page.md"),
        "docs/page.md:2: there is no block ''; the blocks are strip, counts, … [block-unknown]",
    ),
    case(
        "an unknown block marked over two lines",
        write("# Page\n\n<!--\ntimeline: strips -->\n", "docs/page.md"),
        "docs/page.md:…: there is no block 'strips'; did you mean 'strip'? [block-unknown]",
    ),
]

EXAMPLES = [*FILES, *FRONT_MATTER, *FIELDS, *VALUES, *REFERENCES, *SITE]


@pytest.mark.parametrize(("spoil", "expected"), EXAMPLES)
def test_exactly_what_is_wrong_is_reported_where_it_stands(
    project: Project, spoil: Spoil, expected: tuple[str, ...]
) -> None:
    spoil(project)
    told = [str(problem) for problem in project.check().problems]
    assert [text for text in told if not any(_matches(text, one) for one in expected)] == []
    assert [one for one in expected if not any(_matches(text, one) for text in told)] == []
    assert len(told) == len(expected)


def _matches(told: str, expected: str) -> bool:
    written = ENTRY + expected if expected.startswith(":") else expected
    return re.fullmatch(re.escape(written).replace("…", ".*"), told) is not None


def test_every_code_has_an_example() -> None:
    shown = {
        problem.rsplit("[", 1)[-1].rstrip("]")
        for example in EXAMPLES
        for problem in example.values[1]
    }
    assert shown == set(CODES)


def test_no_two_examples_have_one_name() -> None:
    names = [example.id for example in EXAMPLES]
    assert [name for name in names if names.count(name) > 1] == []


MODULES = (
    "catalogue", "entry_rules", "fields", "files", "located", "parse",
    "register_rules", "rules", "settings",
)  # fmt: skip


def test_every_code_in_the_package_is_explained() -> None:
    used = set[str]()
    for name in MODULES:
        used |= _find_codes(ROOT / "hooks" / "wartimeline" / f"{name}.py")
    assert used >= {"file-bom", "yaml-alias", "field-missing", "source-unused", "phase-overlap"}
    assert used - set(CODES) == set()


def _find_codes(module: Path) -> set[str]:
    """Find the texts in a module that are written like codes: words joined by hyphens."""
    nodes = ast.walk(ast.parse(module.read_text("utf-8")))
    texts = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return {text for text in texts if re.fullmatch(r"[a-z]+(-[a-z]+)+", text)}


def test_an_entry_of_ten_megabytes_is_refused_without_being_read(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry_file = project.add(VALID)
    with entry_file.open("ab") as file:
        file.truncate(10 * 1024 * 1024)
    read: list[Path] = []
    read_bytes = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path) or read_bytes(path))
    (problem,) = project.check().problems
    message = "it has 10,485,760 bytes; at most 262,144"
    assert problem == Problem(ENTRY, 1, "", "file-size", message)
    assert project.entries / "places.yml" in read
    assert entry_file not in read


def test_errors_leave_no_timeline_and_warnings_do(project: Project) -> None:
    file = project.add(make_entry("The gate was taken.\n"))
    checked = project.check()
    assert [problem.severity for problem in checked.problems] == [Severity.WARNING]
    assert checked.timeline is not None
    file.write_text("")
    assert project.check().timeline is None


@pytest.mark.parametrize("mark", ["\r  ", "\u2028  ", "\x85  "], ids=["cr", "u2028", "nel"])
def test_lines_are_counted_as_an_editor_counts_them(project: Project, mark: str) -> None:
    project.add(make_entry(title=f"The gate{mark}is taken", kind="batle"))
    assert [p.line for p in project.check().problems if p.code == "value-unknown"] == [4]


def test_blank_lines_at_the_start_of_front_matter_are_counted(project: Project) -> None:
    project.add(make_entry(kind="batle").replace("---\n", "---\n\n\n", 1))
    assert [problem.line for problem in project.check().problems] == [6]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(entry(places="brine"), id="list"),
        pytest.param(entry(sources="[post]"), id="record"),
        pytest.param(entry(claims=claim(figure="40 people")), id="optional record"),
        pytest.param(write("extra: {timeline: Salt}\n", CONFIG), id="settings"),
        pytest.param(edit(OUTLETS, "  country: XK", "  names: ملح"), id="mapping"),
    ],
)
def test_messages_are_in_the_words_of_a_writer(project: Project, spoil: Spoil) -> None:
    spoil(project)
    (problem,) = project.check().problems
    assert problem.code == "field-type"
    assert not re.search(r"tuple|dictionary|instance|input", problem.message)


@pytest.mark.parametrize("old", ["    title:", "nav:"], ids=["entries", "pages"])
def test_a_folder_outside_the_project_does_not_stop_the_check(
    project: Project, tmp_path: Path, old: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "index.md").write_text("# Page\n")
    setting = "docs_dir: " if old == "nav:" else "    entries: "
    project.edit(CONFIG, old, f"{setting}'{elsewhere}'\n{old}")
    assert {problem.code for problem in project.check().problems} <= set(CODES)


def test_brackets_without_end_do_not_bring_down_the_process(project: Project) -> None:
    project.add(make_entry(title="[" * 250_000))
    assert run("wartimeline", "check", cwd=project.root).returncode == 1
