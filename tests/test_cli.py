"""The command line, in process and as a program."""

import json

import pytest

from conftest import Project, make_entry, run
from wartimeline.cli import main
from wartimeline.reference import RECORDS

BROKEN = make_entry(kind="nonsense")
IDLE = make_entry(body="No citation.\n")


def check(project: Project, *arguments: str) -> int:
    return main(["check", "-C", str(project.root), *arguments])


def test_clean_entries_end_with_0(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.add(make_entry())
    assert check(project) == 0
    assert capsys.readouterr().out == "0 errors, 0 warnings in 1 entry\n"


def test_errors_end_with_1_and_are_shown_with_file_and_line(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.add(BROKEN)
    assert check(project) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("entries/1204/1204-03-09-gate.md:4: kind: 'nonsense' is not one of")
    assert shown.endswith("1 error, 0 warnings in 1 entry\n")


def test_warnings_end_with_0_and_with_1_when_strict(project: Project) -> None:
    project.add(IDLE)
    assert check(project) == 0
    assert check(project, "--strict") == 1


def test_json_can_be_parsed(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.add(BROKEN)
    assert check(project, "--format", "json") == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["entries"] == 1
    assert [(p["line"], p["code"]) for p in shown["problems"]] == [(4, "value-unknown")]


def test_github_is_given_annotations(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.add(BROKEN)
    check(project, "--format", "github")
    first = capsys.readouterr().out.split("\n")[0]
    assert first.startswith(
        "::error file=entries/1204/1204-03-09-gate.md,line=4,title=value-unknown::"
    )


def test_paths_limit_what_is_reported(project: Project) -> None:
    broken = project.add(BROKEN)
    sound = project.add(make_entry(), "1204/1204-03-09-wall.md")
    assert check(project, str(sound)) == 0
    assert check(project, str(broken)) == 1
    assert check(project, str(broken.parent)) == 1


@pytest.mark.parametrize("arguments", [[], ["check", "gone.md"], ["check", "--format", "x"]])
def test_wrong_usage_ends_with_2(project: Project, arguments: list[str]) -> None:
    assert run("wartimeline", *arguments, cwd=project.root).returncode == 2


def test_a_folder_without_a_project_is_wrong_usage(project: Project) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", "-C", str(project.entries)])
    assert ended.value.code == 2


def test_the_project_is_found_from_a_folder_below(project: Project) -> None:
    project.add(BROKEN)
    ended = run("wartimeline", "check", cwd=project.entries / "1204")
    assert ended.returncode == 1
    assert "[value-unknown]" in ended.stdout


@pytest.mark.parametrize("record", RECORDS)
def test_each_schema_is_printed(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", record]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"].endswith("2020-12/schema")


def test_the_template_and_the_version_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template"]) == 0
    assert capsys.readouterr().out.startswith("---\n# Required. What happened")
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
