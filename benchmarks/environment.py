"""The peers in an environment of their own, and the versions of everything that runs."""

import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

_PINS = Path(__file__).parent / "peers.txt"
_GIGABYTE = 1_000_000_000
_OURS = ("mkdocs", "mkdocs-material", "pagefind")


def install_peers(venv: Path) -> None:
    """Install the pinned peers into an environment, unless that was done before."""
    stamp, pins = venv / "peers.txt", _PINS.read_text("utf-8")
    if stamp.is_file() and stamp.read_text("utf-8") == pins:
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
    pip: list[str | Path] = [
        venv / "bin" / "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    subprocess.run([*pip, "-r", _PINS], check=True)
    stamp.write_text(pins, "utf-8")


def find_program(venv: Path, path: str) -> str:
    """Return a program that a package of an environment brings."""
    return str(next(venv.glob(f"lib/python*/site-packages/{path}")))


def list_versions(venv: Path) -> dict[str, str]:
    """Return the versions of the peers, and of what ours rests on."""
    listed = subprocess.run(
        [venv / "bin" / "pip", "list", "--format=json", "--disable-pip-version-check"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    pinned = {line.split("==")[0].split("[")[0] for line in _PINS.read_text("utf-8").splitlines()}
    peers = {p["name"]: p["version"] for p in json.loads(listed.stdout) if p["name"] in pinned}
    ours = {f"{name} (ours)": metadata.version(name) for name in _OURS}
    return {"wartimeline": metadata.version("wartimeline"), **ours, **peers}


def describe_machine() -> dict[str, str | int]:
    """Return what of the machine bears on the times; nothing that names it."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 0
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIGABYTE
    return {
        "cores": cores,
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
