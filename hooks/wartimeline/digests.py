"""Digests: short names for content, by which one tells whether something has changed."""

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGE = Path(__file__).parent
THEME = PACKAGE / "theme"
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
    versions = (f"{name} {_find_version(name)}" for name in _PACKAGES)
    return digest(platform.python_version(), *versions, digest_files(PACKAGE, "*.py"))


def digest_files(folder: Path, pattern: str = "*") -> bytes:
    """Return the digest of all files below a folder whose names fit, wherever it lies."""
    paths = sorted(path for path in folder.rglob(pattern) if path.is_file())
    parts = ((path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths)
    return digest(*(part for pair in parts for part in pair))


def _find_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
