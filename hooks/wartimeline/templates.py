"""Compiled templates, kept from build to build."""

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from wartimeline.digests import digest
from wartimeline.store import Store


class Compiled(BytecodeCache):
    """Keeps compiled templates in a store.

    Jinja's own keeps them in files without a checksum, and a damaged one can take Python down.
    """

    def __init__(self, store: Store) -> None:
        """Keep them in a store; who opened it saves it."""
        self._store = store

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what was compiled of the same text before."""
        found = self._store.find(self._find_key(bucket))
        if found is not None:
            bucket.bytecode_from_string(found)
            self._store.keep(self._find_key(bucket), found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what has been compiled."""
        self._store.keep(self._find_key(bucket), bucket.bytecode_to_string())

    def _find_key(self, bucket: Bucket) -> tuple[str, bytes]:
        return "template", digest(bucket.key, bucket.checksum)
