"""Digests: short names for content, by which one tells whether something has changed."""

import hashlib
import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

THEME = Path(__file__).parent / "theme"
"""The folder of templates, styles, scripts and maps."""

_SIZE = 16
# What is made of an entry passes through these.
_PACKAGES = (
    "babel", "citeproc-py", "jinja2", "lxml", "markdown", "markupsafe", "pagefind", "pillow",
    "pydantic", "python-frontmatter", "pyyaml",
)  # fmt: skip


def digest(*parts: bytes | str) -> bytes:
    """Return the digest of some texts in order: BLAKE2b (RFC 7693) of 16 bytes.

    Their lengths go in first, so that `ab, c` is not `a, bc`.
    """
    contents = [part.encode() if isinstance(part, str) else part for part in parts]
    lengths = ",".join([str(len(content)) for content in contents])
    return hashlib.blake2b(
        b"".join([lengths.encode(), b":", *contents]), digest_size=_SIZE
    ).digest()


@cache
def digest_program() -> bytes:
    """Return the digest of this package, what it rests on and Python; read once in a process."""
    package = Path(__file__).parent
    versions = (f"{name} {_find_version(name)}" for name in _PACKAGES)
    code = (path for path in package.rglob("*.py") if path.is_file())
    return digest(platform.python_version(), *versions, *_read(sorted(code)))


def digest_files(folder: Path) -> bytes:
    """Return the digest of all files below a folder, names included."""
    return digest(*_read(sorted(path for path in folder.rglob("*") if path.is_file())))


def _read(paths: Iterable[Path]) -> Iterable[bytes | str]:
    for path in paths:
        yield path.as_posix()
        yield path.read_bytes()


def _find_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
