"""Any edits of a small project in any order, as hypothesis thinks of them."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path
from typing import Any, TypeVar

import yaml
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from building import copy_project

EXAMPLES = int(os.environ.get("CACHE_EXAMPLES", "0"))
"""How many examples a long run tries; set it to try more than CI has time for."""
ANY = settings(deadline=None, suppress_health_check=list(HealthCheck))

ABSENT = object()
TEXTS = (
    "The wall is mended",
    "A cart was overturned & burnt at <the> gate",
    "كتيبة الملح",
    'They said "no" and left',
    "Salt was sold again",
    "The wail is mended",
)
DAYS = ("1203-05-02", "1203-11-30", "1204-01-01", "1204-03-09", "1204-03-10", "1204-12-31")
SLUGS = ("a-wall", "b-cart", "c-salt", "d-road", "e-well", "f-gate", "g-watch", "h-fair")
IDS = ("a-new-one", "market", "salt-wagon", "zeta")
Fields = dict[str, Any]
T = TypeVar("T")

NAV = [{"Home": "index.md"}, {"Timeline": "timeline/index.md"}, {"About": "about/index.md"}]
PHASES = [
    {
        "id": "march",
        "name": "The march",
        "dates": "1203-01-01/1203-12-31",
        "summary": "It sets out.",
    },
    {"id": "siege", "name": "The siege", "dates": "1204-01-01/1204-12-31", "summary": "It stays."},
]
SIDES = [
    {"id": "salters", "name": "Salters", "party": True},
    {"id": "wardens", "name": "Wardens", "party": True},
    {"id": "none", "name": "No side", "party": False},
]
SERIES = {"id": "dead-at-the-gate", "name": "The dead", "measure": "killed", "unit": "people"}
SETTINGS: dict[str, list[Any]] = {
    "site_name": ["The Salt Road War (invented)", "Another name"],
    "site_url": ["https://timeline.example/salt/", "https://other.example/", ABSENT],
    "site_description": [ABSENT, "An invented war."],
    "repo_url": ["https://forge.example/keepers/salt-road", "https://gitlab.example/a/b", ABSENT],
    "copyright": [ABSENT, "Nobody's"],
    "nav": [
        NAV,
        NAV[::-1],
        [*NAV, {"More": ["phases/index.md", {"Who": "actors/index.md"}, "more.md"]}],
        [NAV[0], {"All of it": "timeline/index.md"}, NAV[2]],
        ["index.md", "more.md", "glossary.md"],
        ABSENT,
    ],
    "theme/features": [ABSENT, ["navigation.tabs"], ["navigation.footer", "toc.follow"]],
    "theme/language": [ABSENT, "de", "ar"],
    "theme/palette": [ABSENT, {"scheme": "slate"}],
    "theme/custom_dir": [ABSENT, "overrides"],
    "hooks": [["hooks/timeline.py"], ["hooks/timeline.py", "hooks/second.py"]],
    "extra_css": [ABSENT, ["own.css"]],
    "plugins": [["search"], []],
    "markdown_extensions": [["attr_list"], ["attr_list", {"toc": {"permalink": True}}]],
    "extra/timeline/title": ["The Salt Road War", "Another title"],
    "extra/timeline/authors": [ABSENT, "A. Writer"],
    "extra/timeline/licence": [ABSENT, "https://licence.example/1"],
    "extra/timeline/name_languages": [ABSENT, ["ar"], ["ar", "tr"]],
    "extra/timeline/method_page": [ABSENT, "about/index.md", "more.md"],
    "extra/timeline/corrections_page": [ABSENT, "about/index.md", "more.md"],
    "extra/timeline/glossary_page": [ABSENT, "glossary.md"],
    "extra/timeline/archive": [ABSENT, "https://archive.example"],
    "extra/timeline/map": [ABSENT, {"street_map": False}, {"tile_attribution": "Nobody"}],
    "extra/timeline/loaded_words": [ABSENT, {"rabble": "crowd"}, {"wall": "stones"}],
    "extra/timeline/phases": [
        PHASES,
        [{**PHASES[0], "name": "The way"}, {**PHASES[1], "summary": "It waits."}],
        [
            {**PHASES[0], "dates": "1203-01-01/1204-03-09"},
            {**PHASES[1], "dates": "1204-03-10/1204-12-31"},
        ],
        [{**PHASES[1], "id": "all", "dates": "1203-01-01/1204-12-31"}],
    ],
    "extra/timeline/sides": [
        SIDES,
        [{**SIDES[0], "name": "Sellers of salt"}, *SIDES[1:]],
        [SIDES[0], {**SIDES[1], "party": False}, SIDES[2]],
    ],
    "extra/timeline/series": [[SERIES], [{**SERIES, "note": "All are invented."}]],
    "extra/timeline/citation_styles": [
        ABSENT,
        [{"name": "APA", "file": "apa"}],
        [{"name": "Our own", "file": "own.csl"}, {"name": "MLA", "file": "mla"}],
    ],
}
MARKERS = ("counts", "strip", "turning-points", "browse", "latest", "corrections", "additions",
           "gaps", "cite", "fields")  # fmt: skip
PAGES = ("docs/deep/page.md", "docs/other.md")


class Content:
    """A project as data: what the rules change, and then write to its files."""

    def __init__(self, root: Path) -> None:
        """Read the project in a folder."""
        self.root = root
        self.keeps_time = False
        self.entries: dict[str, Fields] = {}
        self.bodies: dict[str, str] = {}
        for path in sorted((root / "entries").rglob("*/*.md")):
            _, front_matter, body = path.read_text("utf-8").split("---\n", 2)
            self.entries[path.stem] = yaml.load(front_matter, yaml.BaseLoader)
            self.bodies[path.stem] = body.strip()
        self.registers: dict[str, list[Fields]] = {
            name: yaml.load((root / "entries" / f"{name}.yml").read_text("utf-8"), yaml.BaseLoader)
            for name in ("actors", "outlets", "places")
        }
        self.config: Fields = yaml.safe_load((root / "mkdocs.yml").read_text("utf-8"))
        self.texts = {
            path.relative_to(root).as_posix(): path.read_text("utf-8")
            for path in [
                *(root / "docs").rglob("*.md"),
                *(root / "hooks" / "wartimeline" / "theme" / "templates").iterdir(),
                *(root / "hooks" / "wartimeline" / "theme" / "overrides").rglob("*.html"),
            ]
        }
        apa = root / "hooks" / "wartimeline" / "theme" / "styles" / "apa.csl"
        self.texts |= {
            "own.csl": apa.read_text("utf-8"),
            "hooks/second.py": "def on_page_content(html, **_):\n    return html + '<p>0</p>'\n",
            "overrides/main.html": '{% extends "base.html" %}{% block footer %}0{% endblock %}\n',
            "docs/own.css": "p { margin: 0 }\n",
            "docs/glossary.md": "# Glossary\n\n## Wall { #wall }\n\nA row of stones.\n",
            "docs/more.md": "# More\n\nMore of it.\n",
        }
        self.written: dict[str, str] = {}

    def add_more(self) -> None:
        """Add entries, each with a link to one that is far from it in time and place."""
        places = ("saltmark", "gate-of-brine", "well-of-brine", "brine")
        for number in range(8):
            entry, other = (f"1204-0{n % 8 + 1}-20-event" for n in (number, number + 4))
            source = {"id": "s1", "title": "Report", "url": "https://post.example/1",
                      "outlet": "road-post", "language": "en", "kind": "news"}  # fmt: skip
            self.entries[entry] = {
                "title": f"Event {number}",
                "date": entry[:10],
                "kind": "other",
                "places": [places[number % 4]],
                "actors": ["town-watch"] if number % 2 else [],
                "summary": "It was so.",
                "sources": [source],
            }
            self.bodies[entry] = f"It was so [@s1]. See [another](../1204/{other}.md)."

    def write(self) -> list[str]:
        """Write the files that have changed, remove those that are gone, and tell what changed."""
        files = self._make_files()
        told = [
            line
            for name in sorted(self.written.keys() | files.keys())
            if self.written
            for line in unified_diff(
                self.written.get(name, "").splitlines(), files.get(name, "").splitlines(),
                name, name, n=0, lineterm="",
            )
        ]  # fmt: skip
        for name in self.written.keys() - files.keys():
            (self.root / name).unlink()
        for name, text in files.items():
            if self.written.get(name) != text:
                path = self.root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
                if self.keeps_time:
                    os.utime(path, (1_600_000_000, 1_600_000_000))
        self.written = files
        return told

    def _make_files(self) -> dict[str, str]:
        files = dict(self.texts)
        for entry, fields in self.entries.items():
            lines = (f"{key}: {json.dumps(value)}\n" for key, value in fields.items())
            text = f"---\n{''.join(lines)}---\n\n{self.bodies[entry]}\n"
            files[f"entries/{entry[:4]}/{entry}.md"] = text
        for name, records in self.registers.items():
            records.sort(key=lambda one: one["id"])
            lines = (f"- {json.dumps(record)}\n" for record in records)
            files[f"entries/{name}.yml"] = "".join(lines) or "[]\n"
        files["mkdocs.yml"] = json.dumps(self.config, indent=1)
        return files

    def ids(self, register: str) -> list[str]:
        return [record["id"] for record in self.registers[register]]

    @property
    def taken(self) -> set[str]:
        """All ids and aliases of entries."""
        aliases = (alias for one in self.entries.values() for alias in one.get("aliases", ()))
        return {*self.entries, *aliases}

    def unlink(self, entry: str) -> None:
        """Repair what refers to an entry that is going."""
        pattern = re.compile(rf"\[([^]]*)\]\([^)]*{entry}\.md\)")
        for other, fields in self.entries.items():
            fields["related"] = [one for one in fields.get("related", ()) if one != entry]
            self.bodies[other] = pattern.sub(r"\1", self.bodies[other])

    def rename_record(self, old: str, new: str) -> None:
        self.entries = _swap(self.entries, old, new)
        self.registers = _swap(self.registers, old, new)

    def is_used(self, record: str) -> bool:
        """Tell whether anything refers to a record."""
        texts = json.dumps([self.entries, self.registers])
        return texts.count(f'"{record}"') > 1


def _swap(value: Any, old: str, new: str) -> Any:  # noqa: ANN401 - whatever YAML can hold
    """Replace a text wherever it stands alone, but as a key."""
    match value:
        case dict():
            return {key: _swap(one, old, new) for key, one in value.items()}
        case list():
            return [_swap(one, old, new) for one in value]
    return new if value == old else value


class Choice:
    """What is drawn for one entry or record of a project."""

    def __init__(self, data: st.DataObject, content: Content, name: str = "") -> None:
        """Choose for the entry of that name, which may not be there yet."""
        self.data, self.content, self.name = data, content, name

    @property
    def day(self) -> str:
        """The date in the name of the entry."""
        found = re.match(r"\d{4}(?:-\d\d){0,2}(?=-)", self.name)
        assert found
        return found[0]

    @property
    def fields(self) -> Fields:
        return self.content.entries.get(self.name, {})

    def pick(self, *values: T) -> T:
        return self.data.draw(st.sampled_from(values))

    def some(self, values: list[str], least: int = 0) -> list[str]:
        if not values:
            return []
        found = st.lists(st.sampled_from(values), min_size=least, max_size=3, unique=True)
        return list(self.data.draw(found))

    def record(self, register: str) -> str:
        return self.pick(*self.content.ids(register))

    def others(self) -> list[str]:
        return [entry for entry in self.content.entries if entry != self.name]

    def part_of(self, register: str) -> object:
        """Pick a record that is not below this one, or none."""
        parents = {one["id"]: one.get("part_of") for one in self.content.registers[register]}

        def is_below(one: str | None) -> bool:
            return one is not None and (one == self.name or is_below(parents[one]))

        return self.pick(ABSENT, *(one for one in parents if not is_below(one)))

    def claim(self) -> Fields:
        figure = self.pick(
            None,
            {"measure": "killed", "value": 7, "unit": "people", "series": "dead-at-the-gate"},
            {"measure": "killed", "low": 3, "high": 9, "unit": "people"},
            {"measure": "territory", "value": 40, "unit": "percent of the wall"},
        )
        who = self.pick("by", "claimant")
        return {
            who: self.record("actors") if who == "by" else "a baker",
            "said": self.pick(*TEXTS),
            "sources": self.some([one["id"] for one in self.fields["sources"]], least=1),
            **({"figure": figure} if figure else {}),
        }

    def sentence(self) -> str:
        """Make a sentence, with or without a citation and a link to another entry."""
        cited = self.pick("", *(f" [@{one['id']}, p. 3]" for one in self.fields["sources"]))
        linked = self.pick("", *(f" [Then](../{one[:4]}/{one}.md)." for one in self.others()))
        return f"{self.pick(*TEXTS)}{cited}.{linked}"


Makers = dict[str, Callable[[Choice], object]]
SOURCE: Makers = {
    "title": lambda choice: choice.pick(*TEXTS),
    "outlet": lambda choice: choice.record("outlets"),
    "agency": lambda choice: choice.pick(ABSENT, choice.some(choice.content.ids("outlets"))),
    "author": lambda choice: choice.pick(ABSENT, "A. Writer", "B. Writer"),
    "archive": lambda choice: choice.pick(ABSENT, "https://archive.example/1"),
    "published": lambda choice: choice.pick(ABSENT, "1204-03-11", "1205"),
    "language": lambda choice: choice.pick("en", "ar"),
    "kind": lambda choice: choice.pick("news", "monitor"),
    "note": lambda choice: choice.pick(ABSENT, "Background."),
    "url": lambda choice: choice.pick("https://post.example/1", "https://post.example/2"),
}
ENTRY: Makers = {
    "title": lambda choice: choice.pick(*TEXTS),
    "date": lambda choice: choice.pick(
        choice.day, f"{choice.day}?", choice.day[:7], f"{choice.day[:7]}~", "1203-05/1204-12-31"
    ),
    "order": lambda choice: choice.pick(ABSENT, "1", "2"),
    "kind": lambda choice: choice.pick("battle", "siege", "shelling", "other"),
    "places": lambda choice: choice.some(choice.content.ids("places"), least=1),
    "actors": lambda choice: choice.some(choice.content.ids("actors")),
    "summary": lambda choice: choice.pick(*TEXTS),
    "key": lambda choice: choice.pick(ABSENT, "true"),
    "content_note": lambda choice: choice.pick(ABSENT, "Describes deaths."),
    "claims": lambda choice: [choice.claim() for _ in range(choice.pick(0, 1, 2))],
    "disputed": lambda choice: choice.pick(ABSENT, *TEXTS),
    "related": lambda choice: choice.some(choice.others()),
    "corrections": lambda choice: [
        {"date": f"2026-11-0{n}", "note": choice.pick(*TEXTS)}
        for n in range(1, choice.pick(1, 2, 3))
    ],
    "aliases": lambda choice: choice.some(
        [f"1204-03-09-{slug}" for slug in SLUGS if f"1204-03-09-{slug}" not in choice.content.taken]
    ),
    "status": lambda choice: choice.pick(ABSENT, "published", "draft", "withdrawn"),
    "added": lambda choice: choice.pick(ABSENT, "2026-11-02", "2026-11-03"),
}
RECORD: Makers = {
    "name": lambda choice: choice.pick("Brine", *TEXTS),
    "names": lambda choice: choice.pick(ABSENT, {"ar": "ملح"}, {"ar": "سوق", "tr": "tuz"}),
    "also": lambda choice: choice.some(["Old Brine", "Brien", "سوق"]),
    "note": lambda choice: choice.pick(ABSENT, *TEXTS),
}
PLACE: Makers = {
    **RECORD,
    "kind": lambda choice: choice.pick("town", "site", "region"),
    "part_of": lambda choice: choice.part_of("places"),
    "radius_m": lambda choice: choice.pick(ABSENT, "300"),
    "latitude": lambda choice: choice.pick(ABSENT, "10.0", "10.02", "10.3"),
}
ACTOR: Makers = {
    **RECORD,
    "kind": lambda choice: choice.pick("armed-group", "monitor"),
    "short": lambda choice: choice.pick(ABSENT, "AB"),
    "side": lambda choice: choice.pick("salters", "wardens", "none"),
    "part_of": lambda choice: choice.part_of("actors"),
}
OUTLET: Makers = {
    **RECORD,
    "kind": lambda choice: choice.pick("newspaper", "news-agency"),
    "country": lambda choice: choice.pick(ABSENT, "XK", "TR"),
    "affiliation": lambda choice: choice.pick(ABSENT, "invented"),
    "organ_of": lambda choice: choice.pick(ABSENT, *choice.content.ids("actors")),
}
RECORDS = {"places": PLACE, "actors": ACTOR, "outlets": OUTLET}
PARTS_OF_PAGE = ("title", "description", "html", "text", "source", "head")
PARTS = st.sampled_from(["places", "actors", "outlets"])

OWN_FILES: dict[str, tuple[str, str]] = {
    "own.csl": ('term="no date"', 'value="undated"'),
    "hooks/second.py": ("<p>0</p>", "<p>1</p>"),
    "overrides/main.html": ("%}0{%", "%}1{%"),
    "docs/own.css": ("margin: 0", "margin: 1"),
    "docs/glossary.md": ("A row of stones", "A heap of stones"),
    "docs/about/index.md": ("# About", "# About it"),
}
"""Files beside entries, registers and settings, each with what is changed to and fro in it."""


def put(fields: Fields, key: str, value: object) -> None:
    """Set a field, or leave it out."""
    fields.pop(key, None)
    if value is not ABSENT:
        fields[key] = value


def explain_withdrawal(fields: Fields) -> None:
    """Give a withdrawn entry the correction that it must have."""
    if fields.get("status") == "withdrawn" and not fields.get("corrections"):
        fields["corrections"] = [{"date": "2026-11-06", "note": "It was not so."}]


def put_in_record(record: Fields, key: str, value: object) -> None:
    """Set a field of a record, and what must go with it."""
    put(record, key, value)
    if key == "latitude":
        for other, given in (("longitude", "20.01"), ("precision", "exact")):
            put(record, other, ABSENT if value is ABSENT else given)


def put_setting(config: Fields, key: str, value: object) -> None:
    """Set a setting, whose key is a path."""
    *above, last = key.split("/")
    for step in above:
        config = config[step]
    put(config, last, value)


class Edits(RuleBasedStateMachine):
    """Any edits of a project in any order; after each few, two ways to build it are compared."""

    @initialize(every=st.integers(1, 3), keeps_time=st.booleans(), has_git=st.booleans())
    def start(self, every: int, *, keeps_time: bool, has_git: bool) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.root = copy_project(Path(self.folder.name) / "a war")
        self.content = Content(self.root)
        self.content.add_more()
        self.content.keeps_time = keeps_time
        self.every, self.pending, self.commits = every, 0, 0
        self.save()
        if has_git:
            self.git("init")
            self.commit_all()
        self.compare()
        self.pending = 0

    def save(self) -> None:
        for line in self.content.write():
            note(line)
        self.pending += 1

    def compare(self) -> None:
        raise NotImplementedError

    @invariant()
    def is_right(self) -> None:
        if self.pending >= self.every:
            self.compare()
            self.pending = 0

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            try:
                if self.pending:
                    self.compare()
            finally:
                self.folder.cleanup()

    # Entries.

    @rule(data=st.data(), day=st.sampled_from(DAYS), slug=st.sampled_from(SLUGS))
    def add_entry(self, data: st.DataObject, day: str, slug: str) -> None:
        name = f"{day}-{slug}"
        if name in self.content.taken:
            return
        choice = Choice(data, self.content, name)
        fields: Fields = {"sources": [self.make_source(choice, "s1")]}
        self.content.entries[name], self.content.bodies[name] = fields, "It was so [@s1]."
        needed = {"title", "date", "kind", "places", "summary"}
        more = choice.some([key for key in ENTRY if key not in needed])
        for key in sorted(needed.union(more)):
            put(fields, key, ENTRY[key](choice))
        explain_withdrawal(fields)
        self.save()

    def make_source(self, choice: Choice, name: str) -> Fields:
        source: Fields = {"id": name}
        for key in ("title", "outlet", "language", "kind", "url"):
            put(source, key, SOURCE[key](choice))
        return source

    def pick_entry(self, data: st.DataObject) -> Choice:
        return Choice(data, self.content, data.draw(st.sampled_from(sorted(self.content.entries))))

    def has_entries(self) -> bool:
        return bool(self.content.entries)

    @precondition(has_entries)
    @rule(data=st.data(), key=st.sampled_from(sorted(ENTRY)))
    def edit_entry(self, data: st.DataObject, key: str) -> None:
        choice = self.pick_entry(data)
        put(choice.fields, key, ENTRY[key](choice))
        explain_withdrawal(choice.fields)
        self.save()

    @precondition(has_entries)
    @rule(data=st.data(), status=st.sampled_from(["published", "draft", "withdrawn"]))
    def change_status(self, data: st.DataObject, status: str) -> None:
        fields = self.pick_entry(data).fields
        fields["status"] = status
        explain_withdrawal(fields)
        self.save()

    @precondition(has_entries)
    @rule(data=st.data(), key=st.sampled_from([*SOURCE, "another"]))
    def edit_source(self, data: st.DataObject, key: str) -> None:
        choice = self.pick_entry(data)
        sources = choice.fields["sources"]
        if key == "another":
            sources.append(self.make_source(choice, f"s{len(sources) + 1}"))
        else:
            put(choice.pick(*sources), key, SOURCE[key](choice))
        self.save()

    @precondition(has_entries)
    @rule(data=st.data())
    def edit_body(self, data: st.DataObject) -> None:
        choice = self.pick_entry(data)
        paragraphs = self.content.bodies[choice.name].split("\n\n")
        self.content.bodies[choice.name] = "\n\n".join([*paragraphs[:2], choice.sentence()])
        self.save()

    @precondition(has_entries)
    @rule(data=st.data(), slug=st.sampled_from(SLUGS), day=st.sampled_from(["", *DAYS]),
          keeps_address=st.booleans())  # fmt: skip
    def rename_entry(
        self, data: st.DataObject, slug: str, day: str, *, keeps_address: bool
    ) -> None:
        choice = self.pick_entry(data)
        old, new = choice.name, f"{day or choice.day}-{slug}"
        if new in self.content.taken:
            return
        content = self.content
        content.entries[new] = content.entries.pop(old)
        content.bodies[new] = content.bodies.pop(old)
        for other, fields in content.entries.items():
            if old in fields.get("related", ()):
                fields["related"] = _swap(fields["related"], old, new)
            links = content.bodies[other].replace(
                f"../{old[:4]}/{old}.md", f"../{new[:4]}/{new}.md"
            )
            content.bodies[other] = links
        if day:
            content.entries[new]["date"] = day
        if keeps_address:
            content.entries[new].setdefault("aliases", []).append(old)
        self.save()

    @precondition(has_entries)
    @rule(data=st.data())
    def delete_entry(self, data: st.DataObject) -> None:
        name = self.pick_entry(data).name
        del self.content.entries[name], self.content.bodies[name]
        self.content.unlink(name)
        self.save()

    # Registers.

    @rule(data=st.data(), register=PARTS, name=st.sampled_from(IDS))
    def add_record(self, data: st.DataObject, register: str, name: str) -> None:
        if any(name in self.content.ids(one) for one in RECORDS):
            return
        choice = Choice(data, self.content, name)
        record: Fields = {"id": name}
        for key in ("name", "kind", "side", "part_of"):
            if key in RECORDS[register]:
                put(record, key, RECORDS[register][key](choice))
        self.content.registers[register].append(record)
        self.save()

    @rule(data=st.data(), register=PARTS)
    def edit_record(self, data: st.DataObject, register: str) -> None:
        record = data.draw(st.sampled_from(self.content.registers[register]))
        choice = Choice(data, self.content, record["id"])
        key = choice.pick(*RECORDS[register])
        value = RECORDS[register][key](choice)
        put_in_record(record, key, value)
        self.save()

    @rule(data=st.data(), register=PARTS, name=st.sampled_from(TEXTS))
    def change_name(self, data: st.DataObject, register: str, name: str) -> None:
        record = data.draw(st.sampled_from(self.content.registers[register]))
        record["name"] = name
        self.save()

    @rule(data=st.data(), register=PARTS, new=st.sampled_from(IDS))
    def rename_record(self, data: st.DataObject, register: str, new: str) -> None:
        if any(new in self.content.ids(one) for one in RECORDS):
            return
        self.content.rename_record(data.draw(st.sampled_from(self.content.ids(register))), new)
        self.save()

    @rule(data=st.data(), register=PARTS)
    def remove_record(self, data: st.DataObject, register: str) -> None:
        idle = [one for one in self.content.ids(register) if not self.content.is_used(one)]
        if not idle:
            return
        gone = data.draw(st.sampled_from(idle))
        records = self.content.registers[register]
        self.content.registers[register] = [one for one in records if one["id"] != gone]
        self.save()

    # Hand-written pages, settings, templates and other files.

    @rule(
        page=st.sampled_from(["docs/index.md", "docs/more.md", *PAGES]),
        title=st.sampled_from(["", "A title", "Another title"]),
        heading=st.sampled_from(["More", "Much more", ""]),
        markers=st.lists(st.sampled_from(MARKERS), max_size=2, unique=True),
        is_hidden=st.booleans(),
        data=st.data(),
    )
    def write_page(  # noqa: PLR0913 - the parts of a page
        self, page: str, title: str, heading: str, markers: list[str], data: st.DataObject,
        *, is_hidden: bool,
    ) -> None:  # fmt: skip
        """Write a page, or remove it where it is to have no heading and is not needed."""
        if not heading and page in PAGES:
            self.content.texts.pop(page, None)
            self.save()
            return
        front = [f"title: {title}", f"description: {title}, told"] if title else []
        front += ["search: {exclude: true}"] if is_hidden else []
        up = "../" * page.count("/", len("docs/"))
        links = Choice(data, self.content).some(["1204-03-09-a-wall", *self.content.entries])
        lines = [
            *(["---", *front, "---"] if front else []),
            f"# {heading}" if heading else "No heading.",
            *(f"<!-- timeline: {marker} -->" for marker in markers),
            *(f"[A link]({up}events/{entry}/index.md#claims)" for entry in links),
        ]
        self.content.texts[page] = "\n\n".join(lines).replace("---\n\n", "---\n", 1) + "\n"
        self.save()

    @rule(data=st.data(), key=st.sampled_from(sorted(SETTINGS)))
    def change_setting(self, data: st.DataObject, key: str) -> None:
        put_setting(self.content.config, key, Choice(data, self.content).pick(*SETTINGS[key]))
        self.save()

    @rule(name=st.sampled_from(sorted(OWN_FILES)))
    def edit_own_file(self, name: str) -> None:
        old, new = OWN_FILES[name]
        text = self.content.texts[name]
        self.content.texts[name] = text.replace(new, old) if new in text else text.replace(old, new)
        self.save()

    # The history.

    def git(self, *arguments: str) -> None:
        when = f"2026-10-{self.commits + 1:02}T12:00:00Z"
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        who = ["-c", "user.name=A", "-c", "user.email=a@a.example"]
        subprocess.run(
            ["git", *who, *arguments], cwd=self.root, env={**os.environ, **dates}, check=True,
            capture_output=True,
        )  # fmt: skip

    def commit_all(self) -> None:
        self.git("add", "entries", "docs", "mkdocs.yml")
        self.git("commit", "--allow-empty", "-m", "Changes")
        self.commits = (self.commits + 1) % 28

    @rule(is_lost=st.booleans())
    def change_history(self, *, is_lost: bool) -> None:
        """Commit everything, or lose the whole history."""
        repository = self.root / ".git"
        if is_lost and repository.exists():
            shutil.rmtree(repository)
        else:
            self.git("init")  # does nothing where there is one
            self.commit_all()
        self.pending += 1
