"""What goes over the line to Postgres, as libpq itself writes it down."""

import os
import re
import tempfile

from django.db import connection
from psycopg.pq import Trace

# A statement as the client sends it, simple or by the extended protocol, and the server's word that
# it waits for the next one: a round trip has ended.
_SENT = re.compile(rb"^F\t\d+\t(?:Query\t ?\"(?P<text>[^\"\n]*)|Execute\b)", re.MULTILINE)
_READY = re.compile(rb"^B\t\d+\tReadyForQuery\b", re.MULTILINE)
# They open and end transactions; each is a round trip, but asks nothing.
_FRAMES = (b"BEGIN", b"COMMIT", b"ROLLBACK", b"SAVEPOINT", b"RELEASE")


class Wire:
    """Counts the statements and round trips of the one connection that this process has."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 # for the process's life
        connection.ensure_connection()
        traced = connection.connection.pgconn
        traced.trace(self._file.fileno())
        traced.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        # Back to the pool, which has no other.
        connection.close()

    def begin(self) -> None:
        """Forgets what went before."""
        os.lseek(self._file.fileno(), 0, os.SEEK_SET)
        self._file.truncate()

    def end(self) -> tuple[int, int]:
        """Statements and round trips since `begin`."""
        said = os.pread(self._file.fileno(), os.fstat(self._file.fileno()).st_size, 0)
        texts = [sent["text"] or b"" for sent in _SENT.finditer(said)]
        asked = sum(not text.lstrip().startswith(_FRAMES) for text in texts)
        return asked, len(_READY.findall(said))
