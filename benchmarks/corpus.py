"""Write an invented war of any size as a complete project, the same for the same seed.

Run as a program: `python benchmarks/corpus.py FOLDER --entries 2000 --seed 1`.
"""

import argparse
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from events import make_entries
from front_matter import write_fields
from registers import make_registers
from words import Writer

_HERE = Path(__file__).parent
_TEMPLATE = _HERE / "template"
_HOOK = _HERE.parent / "hooks" / "timeline.py"


def write_project(folder: Path, entries: int, seed: int) -> None:
    """Write the project of an invented war; what was in the folder is removed.

    The same numbers give the same bytes wherever the folder lies, but for the
    relative way from it to the hook in `mkdocs.yml`.
    """
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(_TEMPLATE, folder)
    settings = folder / "mkdocs.yml"
    hook = Path(os.path.relpath(_HOOK, folder)).as_posix()
    text = settings.read_text("utf-8").replace("hooks/timeline.py", hook)
    settings.write_text(text, "utf-8")

    random = Random(seed)
    writer = Writer(random)
    registers = make_registers(random, writer, entries)
    target = folder / "entries"
    target.mkdir()
    for name, records in registers.items():
        (target / f"{name}.yml").write_text(_write_register(records), "utf-8")
    for entry in make_entries(random, writer, registers, entries):
        file = target / entry.id[:4] / f"{entry.id}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"---\n{write_fields(entry.fields)}---\n\n{entry.body}\n", "utf-8")


def _write_register(records: Sequence[Mapping[str, object]]) -> str:
    return write_fields({"records": records}).removeprefix("records:\n").replace("\n  ", "\n")[2:]


def _is_corpus(folder: Path) -> bool:
    """Tell whether a folder is an older corpus: its settings begin as those of all do."""
    settings = folder / "mkdocs.yml"
    mark = (_TEMPLATE / "mkdocs.yml").read_text("utf-8").partition("\n")[0]
    return settings.is_file() and settings.read_text("utf-8").startswith(mark)


def main() -> None:
    """Write a project as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder to write; an older corpus is removed")
    parser.add_argument("--entries", type=int, default=2000, help="how many, from 1 on")
    parser.add_argument("--seed", type=int, default=1, help="another gives another war")
    options = parser.parse_args()
    if options.entries < 1:
        parser.error("there is at least one entry")
    if options.folder.exists() and not _is_corpus(options.folder):
        parser.error(f"{options.folder} is there, and was not written by this program")
    write_project(options.folder, options.entries, options.seed)


if __name__ == "__main__":
    main()
