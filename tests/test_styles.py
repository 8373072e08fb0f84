"""Citation styles: a file that cannot be used is reported where it is named."""

from pathlib import Path

import pytest
from citeproc import SCHEMA_PATH, STYLES_PATH
from lxml import etree

from wartimeline.citing import read_built_in
from wartimeline.codes import CODES
from wartimeline.located import Located, read_yaml
from wartimeline.problems import Problem
from wartimeline.styles import BUILT_IN, read_styles

STYLE = """\
<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">
  <info><title>Plain</title><id>plain</id><updated>2016-12-12T00:00:00Z</updated></info>
  <citation><layout><text variable="title"/></layout></citation>
  <bibliography><layout><text variable="title"/></layout></bibliography>
</style>
"""
DEPENDENT = """\
<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0">
  <info><link href="https://styles.example/parent" rel="independent-parent"/></info>
</style>
"""
NO_BIBLIOGRAPHY = STYLE.replace("bibliography>", "other>")
BOMB = '<!DOCTYPE style [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + STYLE


def read(text: str, root: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """Read the styles of settings written in YAML."""
    located, problems = read_yaml(text, "mkdocs.yml")
    assert problems == []
    return read_styles(located, root)


def name_style(file: str) -> str:
    """Return settings whose second style is a file, named on line 6."""
    first = "title: x\ncitation_styles:\n  - name: APA\n    file: apa\n"
    return f"{first}  - name: Ours\n    file: {file}\n"


def test_a_style_is_read_from_the_folder_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "ours.csl").write_text(STYLE, encoding="utf-8")
    styles, problems = read(name_style("styles/ours.csl"), tmp_path)
    assert (styles, problems) == ({"styles/ours.csl": STYLE.encode()}, [])


def test_an_official_style_can_be_used(tmp_path: Path) -> None:
    official = Path(STYLES_PATH, "harvard-cite-them-right.csl").read_bytes()
    (tmp_path / "harvard.csl").write_bytes(official)
    assert read(name_style("harvard.csl"), tmp_path) == ({"harvard.csl": official}, [])


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        pytest.param(None, "is not a readable file", "apa, mla, chicago", id="no such file"),
        pytest.param(b"\xff\xfe<style/>", "is not UTF-8", "save the file", id="not UTF-8"),
        pytest.param(b"", "is not valid XML", "", id="empty"),
        pytest.param(b"<style>", "is not valid XML", "", id="not closed"),
        pytest.param(b"APA", "is not valid XML", "", id="text"),
        pytest.param(b"<html/>", "is not a CSL style", "", id="another document"),
        pytest.param(b"<style/>", "is not a CSL style", "", id="no namespace"),
        pytest.param(BOMB.encode(), "has a document type", "DOCTYPE", id="entities"),
        pytest.param(NO_BIBLIOGRAPHY.encode(), "has no bibliography", "", id="notes only"),
        pytest.param(
            DEPENDENT.encode(), "only names another style", "https://styles.example/parent",
            id="dependent",
        ),
        pytest.param(
            STYLE.replace('<text variable="title"/>', '<text macro="none"/>').encode(),
            "cannot be used: IndexError", "", id="a macro that is not there",
        ),
        pytest.param(
            STYLE.replace("<layout>", "<x>").replace("</layout>", "</x>").encode(),
            "cannot be used", "", id="no layout",
        ),
        pytest.param(
            STYLE.replace('variable="title"', 'value=" "').encode(),
            "says nothing about a web page", "", id="nothing in it",
        ),
        pytest.param(
            STYLE.replace('variable="title"', 'variable="URL"').encode(),
            "cannot be used", "", id="nothing for a page without an address",
        ),
    ],
)  # fmt: skip
def test_a_style_that_cannot_be_used_is_reported_on_the_line_that_names_it(
    tmp_path: Path, content: bytes | None, message: str, hint: str
) -> None:
    if content is not None:
        (tmp_path / "ours.csl").write_bytes(content)
    styles, [problem] = read(name_style("ours.csl"), tmp_path)
    assert styles == {}
    assert (problem.path, problem.line, problem.field, problem.code) == (
        "mkdocs.yml", 6, "citation_styles[1].file", "style-unreadable",
    )  # fmt: skip
    assert problem.message.startswith(f"'ours.csl' {message}")
    assert hint in problem.hint
    assert "\n" not in str(problem)
    assert problem.code in CODES


@pytest.mark.parametrize("file", ["folder", "ours.csl/", "x" * 5000, "../nowhere/apa.csl", "APA"])
def test_a_path_that_leads_to_no_file_is_reported(tmp_path: Path, file: str) -> None:
    (tmp_path / "folder").mkdir()
    styles, [problem] = read(name_style(file), tmp_path)
    assert (styles, problem.code) == ({}, "style-unreadable")
    assert "is not a readable file" in problem.message


def test_every_style_that_cannot_be_used_is_reported(tmp_path: Path) -> None:
    (tmp_path / "good.csl").write_text(STYLE, encoding="utf-8")
    text = "citation_styles:\n" + "".join(
        f"  - {{name: x, file: {file}}}\n" for file in ("a.csl", "good.csl", "b.csl", "a.csl")
    )
    styles, problems = read(text, tmp_path)
    assert list(styles) == ["good.csl"]
    assert [problem.line for problem in problems] == [2, 4, 5]


@pytest.mark.parametrize("file", BUILT_IN)
def test_a_built_in_style_is_not_looked_for_on_the_disk(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text("no style", encoding="utf-8")
    assert read(f"citation_styles: [{{name: x, file: {file}}}]", tmp_path) == ({}, [])


@pytest.mark.parametrize(
    "text",
    [
        "", "title: x", "citation_styles:", "citation_styles: apa", "citation_styles: [apa]",
        "citation_styles: {file: x.csl}", "citation_styles: [[x.csl]]",
        "citation_styles: [{name: x}]", "citation_styles: [{name: x, file: }]",
        "citation_styles: [{name: x, file: [x.csl]}]", "citation_styles: [{file: {a: b}}]",
        "- citation_styles", "citation_styles",
    ],
)  # fmt: skip
def test_what_has_a_wrong_shape_is_left_to_the_model(tmp_path: Path, text: str) -> None:
    assert read(text, tmp_path) == ({}, [])


def test_without_settings_there_are_no_styles(tmp_path: Path) -> None:
    assert read_styles(None, tmp_path) == ({}, [])
    assert read_styles(Located("mkdocs.yml", ["x"]), tmp_path) == ({}, [])


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_style_keeps_to_the_schema_of_csl(name: str) -> None:
    schema = etree.RelaxNG(etree.parse(SCHEMA_PATH))
    style = etree.fromstring(read_built_in(name))
    assert schema.validate(style), schema.error_log


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_style_passes_the_check_of_other_styles(name: str, tmp_path: Path) -> None:
    (tmp_path / "copy.csl").write_bytes(read_built_in(name))
    styles, problems = read(name_style("copy.csl"), tmp_path)
    assert (list(styles), problems) == (["copy.csl"], [])
