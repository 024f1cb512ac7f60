"""Sessions of the desk, which the database knows by a hash of their key alone.

The key is in its owner's cookie and nowhere else: who reads the table, or a dump of it, can send
none of them. A plain hash does, since a key is 32 letters and digits drawn at random, which nobody
finds by trying. The first 160 bits of it are as many as the column holds.
"""

import hashlib
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

COLUMN = 40


def kept_as(key: str) -> str:
    """What stands in the table for a session's key: 40 hexadecimals of its SHA-256."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()[:COLUMN]


class SessionStore(db.SessionStore):
    """Django's own store, which finds, writes and deletes rows by the hash.

    Django words its queries in `_get_session_from_db`, which is no public name: the tests of this
    store fail if another release of it asks otherwise.
    """

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        # Nobody's key is empty, so that there is no row for none.
        key = kept_as(self.session_key or "")
        found = self.model.objects.filter(session_key=key, expire_date__gt=timezone.now()).first()
        if found is None:
            self._session_key = None
        return found

    async def _aget_session_from_db(self) -> AbstractBaseSession | None:
        return await sync_to_async(self._get_session_from_db)()

    def exists(self, session_key: str) -> bool:
        """Whether there is a session of that key."""
        return bool(super().exists(kept_as(session_key)))

    async def aexists(self, session_key: str) -> bool:
        """Whether there is a session of that key."""
        return bool(await super().aexists(kept_as(session_key)))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row of this session as it is to be written."""
        return _hashed(super().create_model_instance(data))

    async def acreate_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row of this session as it is to be written."""
        return _hashed(await super().acreate_model_instance(data))

    def delete(self, session_key: str | None = None) -> None:
        """Deletes the session of that key, else this one."""
        key = self.session_key if session_key is None else session_key
        if key is not None:
            super().delete(kept_as(key))

    async def adelete(self, session_key: str | None = None) -> None:
        """Deletes the session of that key, else this one."""
        key = self.session_key if session_key is None else session_key
        if key is not None:
            await super().adelete(kept_as(key))


def _hashed(row: AbstractBaseSession) -> AbstractBaseSession:
    row.session_key = kept_as(row.session_key)
    return row
