"""Every code a problem can have, with what it asks of the writer.

The reference page for contributors is made from this table, and a test sees to
it that each code is raised by at least one example.
"""

CODES: dict[str, str] = {
    # Files
    "file-unreadable": "An entry is a readable file, not a folder or a broken link.",
    "file-encoding": "Files are UTF-8 text.",
    "file-size": "An entry is at most 256 KiB.",
    "file-bom": "Files start with `---`, not with an invisible byte order mark.",
    "file-name": (
        "An entry is `entries/YYYY/YYYY-MM-DD-words-of-the-title.md` (the day, or the day and "
        "month, may be missing), in lower case; the folder is the year of the name."
    ),
    "file-date": "The date in the file name lies within the `date` of the entry.",
    "file-missing": "The three registers `places.yml`, `actors.yml`, `outlets.yml` exist.",
    # Front matter
    "front-matter-missing": "An entry starts with front matter between two lines of `---`.",
    "front-matter-unclosed": "The front matter ends with a line of `---`.",
    "yaml-syntax": "Front matter and registers are valid YAML.",
    "yaml-shape": "Front matter is a list of `key: value`; a register is a list of records.",
    "yaml-duplicate-key": "Each key is written once.",
    "yaml-alias": "YAML anchors and aliases are not used.",
    # Fields
    "field-missing": "Required fields are present.",
    "field-unknown": "Only fields of the record are written.",
    "field-type": "A field has the type its description gives.",
    "field-empty": "A field that is written has a value.",
    "value-unknown": "A value of a closed vocabulary is one of its terms.",
    "text-length": "A text keeps to its greatest length.",
    "text-control": "Texts have no control characters and no directional overrides.",
    "id-form": "An id is lower-case letters and digits joined by single hyphens.",
    "language-form": "A language is an IETF tag such as `en`, `ar` or `pt-BR`.",
    "number-form": "A number is written in digits and lies in its range.",
    "date-invalid": "A date is a calendar date in EDTF, and an interval ends after it starts.",
    "url-invalid": "An address is a complete `http` or `https` URL.",
    "figure-form": "A figure has a `value`, or a `low` and/or `high` with low ≤ high; not both.",
    "figure-percent": "A percentage is at most 100.",
    "claim-claimant": "A claim has either `by` (an actor) or `claimant` (free text).",
    "coordinates-form": "`latitude`, `longitude` and `precision` are given together.",
    "correction-missing": "A withdrawn entry says why in `corrections`.",
    # References between records
    "id-duplicate": "Each id is used once, in a register and among entries and their aliases.",
    "place-unknown": "A place is an id of `places.yml`.",
    "actor-unknown": "An actor is an id of `actors.yml`.",
    "outlet-unknown": "An outlet or agency is an id of `outlets.yml`.",
    "side-unknown": "A side is one of those in the settings.",
    "series-unknown": "A series is one of those in the settings.",
    "series-mixed": "All figures of a series have its measure and its unit: one scale, one thing.",
    "part-of-unknown": "`part_of` is an id of the same register.",
    "part-of-cycle": "No place or actor is part of itself.",
    "source-duplicate": "Each source of an entry has its own id.",
    "source-unknown": "Claims and citations name a source of the same entry.",
    "source-unused": "Every source is cited by a claim or in the text.",
    "source-before-event": (
        "A source is published after the event began; if it is background, its `note` says so."
    ),
    "related-unknown": "`related` names other entries.",
    "link-unknown": "A link to another entry leads to a file that exists.",
    "link-unsafe": "A link is to an entry, or to an `http` or `https` address.",
    "register-order": "Registers are sorted by id, so that two additions do not collide.",
    "word-loaded": "Loaded words stand only inside quotation marks, with their speaker.",
    # The site
    "settings-missing": "`mkdocs.yml` has `extra.timeline`.",
    "settings-urls": "`use_directory_urls` stays on: the addresses depend on it.",
    "style-unreadable": "A citation style is built in, or a readable CSL style of its own.",
    "phase-overlap": "Phases are in order and do not overlap.",
    "phase-missing": "Every entry falls into a phase.",
    "block-unknown": "A `<!-- timeline: name -->` marker on a page names a block that exists.",
    "glossary-missing": "The page that the setting `glossary_page` names exists.",
    "glossary-anchor": "A term of the glossary is a heading with an anchor: `## Term { #term }`.",
    "glossary-empty": "A term of the glossary has a meaning: the first paragraph below it.",
    "glossary-duplicate": "A term of the glossary, its anchor and its other names occur once.",
    "address-clash": "No hand-written page has the address of a generated one.",
}
