"""What Django is told of the site's Postgres, of its replica too, beside their addresses."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

ENGINE = "django.db.backends.postgresql"


def database(name: str, read: Mapping[str, Any], *, connections: int, prepared: bool) -> Any:
    """The entry of DATABASES for what was read from the variable of that name.

    `connections` is the most that one process holds. With `prepared` statements that ask for it
    are planned once for each connection; without, nothing is kept that is planned, as a pooler in
    transaction mode needs it.
    """
    if read["ENGINE"] != ENGINE:
        raise ImproperlyConfigured(f"{name} must name a Postgres server: postgresql://…")
    options = {**read.get("OPTIONS", {})}
    return {
        **read,
        # A Unix socket's folder can only be an option of a URL; `dbshell` looks for it here.
        "HOST": options.pop("host", read["HOST"]),
        # Outside of a transaction they would be the session's, and a pooler's sessions are
        # everybody's. What reads very much asks for them within one: `ledger.reading`.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            **options,
            "pool": {
                "min_size": 1,
                "max_size": connections,
                # A participant is told to send again sooner than a browser would give up.
                "timeout": 5,
                # Gives an attempt up soon instead of waiting ever longer before the next, so that
                # the first request after an outage finds a connection.
                "reconnect_timeout": 2,
            },
            "connect_timeout": 5,
            "prepare_threshold": 5 if prepared else None,
        },
    }
