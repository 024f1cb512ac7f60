"""The Valkey (or Redis) of REDIS_URL: one server, or the one that Sentinels name at the moment.

Nothing of Django's is set up here: who starts the site asks before that.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    import redis

SENTINEL = "sentinel"
SENTINEL_PORT = 26379
ONE_SERVER = ("redis", "rediss", "unix")


class AddressError(ImproperlyConfigured, ValueError):
    """REDIS_URL can't be read; the message says how it has to look."""


@dataclass(frozen=True)
class Sentinels:
    """Who knows which server is the master, and how both let us in."""

    nodes: tuple[tuple[str, int], ...]
    master: str
    username: str | None
    password: str | None
    database: int
    own_password: str | None

    @property
    def broker_url(self) -> str:
        """The address as Celery wants it."""
        account = ""
        if self.password is not None:
            account = f"{quote(self.username or '', '')}:{quote(self.password, '')}@"
        each = (f"{SENTINEL}://{account}{host}:{port}" for host, port in self.nodes)
        return f"{';'.join(each)}/{self.database}"

    @property
    def broker_options(self) -> dict[str, Any]:
        """What Celery has to know beside it."""
        return {"master_name": self.master, "sentinel_kwargs": self._asked({})}

    def master_client(self, **how: Any) -> "redis.Redis":
        """A client of whichever server is the master when it is asked."""
        # The settings read addresses, and the library takes a while to import.
        from redis.sentinel import Sentinel  # noqa: PLC0415

        # Redis-py says of these no types.
        untyped: Any = Sentinel
        found = untyped(list(self.nodes), sentinel_kwargs=self._asked(how))
        client: redis.Redis = found.master_for(
            self.master,
            db=self.database,
            username=self.username,
            password=self.password,
            **how,
        )
        return client

    def _asked(self, how: dict[str, Any]) -> dict[str, Any]:
        return {**how, **({"password": self.own_password} if self.own_password else {})}


def connect(url: str, **how: Any) -> "redis.Redis":
    """A client of the server of that address; `how` are redis-py's options. AddressError."""
    from redis import Redis  # noqa: PLC0415

    sentinels = sentinels_of(url)
    if sentinels is not None:
        return sentinels.master_client(**how)
    client: redis.Redis = Redis.from_url(url, **how)
    return client


def broker(url: str) -> tuple[str, dict[str, Any]]:
    """The address and the options of Celery's broker. AddressError."""
    sentinels = sentinels_of(url)
    return (url, {}) if sentinels is None else (sentinels.broker_url, sentinels.broker_options)


def sentinels_of(url: str) -> Sentinels | None:
    """Those that an address names; None if it is that of one server. AddressError."""
    parts = [urlsplit(each) for each in url.split(";")]
    schemes = {part.scheme for part in parts}
    if len(parts) == 1 and schemes <= set(ONE_SERVER):
        return None
    asked = {name: value for part in parts for name, value in parse_qs(part.query).items()}
    if schemes != {SENTINEL} or "master_name" not in asked:
        raise AddressError(
            "REDIS_URL must be redis://…, rediss://…, unix://…, or that of Sentinels: "
            "sentinel://:PASSWORD@HOST:26379;sentinel://HOST:26379/0?master_name=NAME"
        )
    account = next((part for part in parts if part.password is not None), parts[0])
    database = parts[-1].path.strip("/") or "0"
    return Sentinels(
        nodes=tuple((part.hostname or "", part.port or SENTINEL_PORT) for part in parts),
        master=asked["master_name"][0],
        username=unquote(account.username or "") or None,
        password=None if account.password is None else unquote(account.password),
        database=int(database),
        own_password=asked.get("sentinel_password", [None])[0],
    )
