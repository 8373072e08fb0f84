"""What was found out, kept as it comes: a run that is broken off can be taken up again."""

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class Journal:
    """A file of JSON lines, one for each answer, appended at once.

    Each record has a `key` and the time it was `checked`; the last record of a
    key counts. What another process or a power cut has spoilt is passed over:
    it is only asked again.
    """

    def __init__(self, file: Path) -> None:
        """Read what is there; raise `OSError` where nothing could be written."""
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        self._records = {record["key"]: record for record in _read_records(file)}

    def find(self, key: str, newest: dt.datetime, days: float) -> Record | None:
        """Return what was found at most so many days before `newest`."""
        record = self._records.get(key)
        if record is None:
            return None
        age = newest - dt.datetime.fromisoformat(record["checked"])
        return record if age <= dt.timedelta(days=days) else None

    def write(self, key: str, checked: dt.datetime, **found: object) -> None:
        """Add a record; it outlives this process from here on."""
        record = {"key": key, "checked": checked.isoformat(timespec="seconds"), **found}
        line = json.dumps(record, ensure_ascii=False) + "\n"
        # Without a buffer, so that the line is written in one piece, and now.
        with self._file.open("ab+", buffering=0) as file:
            # The last line may be torn; what follows it must not be lost with it.
            if file.seek(0, os.SEEK_END) and file.seek(-1, os.SEEK_END) and file.read() != b"\n":
                line = "\n" + line
            file.write(line.encode())
        self._records[key] = record


def _read_records(file: Path) -> list[Record]:
    lines = file.read_bytes().split(b"\n")
    return [record for line in lines if (record := _parse_record(line)) is not None]


def _parse_record(line: bytes) -> Record | None:
    try:
        record = json.loads(line)
        is_sound = isinstance(record["key"], str)
        is_sound &= dt.datetime.fromisoformat(record["checked"]).tzinfo is not None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return record if is_sound else None
