"""Write compressed copies beside the text files of a built site, for servers that send them.

`page.html.gz` and `page.html.br` stand beside `page.html`, with its time of change. A
copy is made where there is none or the file is newer; a copy whose file is gone, or
is too small by now, is removed. The same file always gives the same bytes. Run by
`make compress`; prints one line.
"""

import argparse
import gzip
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import brotli

TEXTS = frozenset(
    {
        ".bib", ".css", ".csv", ".html", ".js", ".json", ".md", ".ris", ".svg", ".txt",
        ".webmanifest", ".xml",
    }
)  # fmt: skip
SMALLEST = 1024
"""Files of fewer bytes than this stay as they are: they fit into one packet."""

BEST = 11
"""The quality of Brotli that makes the smallest files; 5 is sixty times as fast."""

_SUFFIXES = (".gz", ".br")


def find_texts(site: Path) -> Iterator[Path]:
    """Find the files of a site that get compressed copies."""
    for path in site.rglob("*"):
        if path.suffix in TEXTS and path.is_file() and path.stat().st_size >= SMALLEST:
            yield path


def find_stale(site: Path, texts: set[Path]) -> Iterator[Path]:
    """Find copies whose file is gone, or gets none any more."""
    for path in site.rglob("*"):
        file = path.with_suffix("")
        if path.suffix in _SUFFIXES and file.suffix in TEXTS and file not in texts:
            is_older = file.exists() and path.stat().st_mtime_ns < file.stat().st_mtime_ns
            if is_older or not file.exists():
                yield path


def compress_file(path: Path, quality: int = BEST) -> Counter[str]:
    """Write the copies of a file that are missing or older; count bytes by suffix, and copies."""
    found = path.stat()
    counts = Counter(files=1, all=found.st_size)
    for suffix in _SUFFIXES:
        copy = path.with_name(path.name + suffix)
        if not copy.exists() or copy.stat().st_mtime_ns < found.st_mtime_ns:
            part = copy.with_name(f"{copy.name}.{os.getpid()}.part")
            part.write_bytes(compress(path.read_bytes(), suffix, quality))
            os.utime(part, ns=(found.st_atime_ns, found.st_mtime_ns))
            part.replace(copy)
            counts["made"] += 1
        counts[suffix] += copy.stat().st_size
    return counts


def compress(text: bytes, suffix: str, quality: int) -> bytes:
    """Compress a text for a copy with some suffix."""
    if suffix == ".gz":
        return gzip.compress(text, 9, mtime=0)
    compressed: bytes = brotli.compress(text, quality=quality)
    return compressed


def main() -> int:
    """Compress the files of a site; print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path, help="the folder of a built site")
    parser.add_argument(
        "--brotli", type=int, default=BEST, choices=range(BEST + 1), metavar="0-11",
        help="the quality of Brotli; 5 is sixty times as fast as 11, the files a seventh larger",
    )  # fmt: skip
    options = parser.parse_args()
    site = options.site
    if not site.is_dir():
        parser.error(f"there is no folder {site}")
    texts = set(find_texts(site))
    stale = list(find_stale(site, texts))
    for path in stale:
        path.unlink()
    counts: Counter[str] = Counter()
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # zlib and brotli work beside Python
        for count in pool.map(partial(compress_file, quality=options.brotli), sorted(texts)):
            counts += count
    print(
        f"{counts['files']} files of {counts['all'] / 1e6:.1f} MB: {counts['.gz'] / 1e6:.1f} MB "
        f"with gzip, {counts['.br'] / 1e6:.1f} MB with Brotli; {counts['made']} copies made, "
        f"{len(stale)} removed"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
