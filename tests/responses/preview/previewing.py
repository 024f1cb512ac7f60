"""What tests of the preview share: its addresses, its frame, and how many rows there are."""

from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import Client

PREVIEW = "/admin/responses/participant/preview/"


def rows() -> dict[str, int]:
    """How many rows each table of the database has, those without a model too."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            found[table] = cursor.fetchone()[0]
    return found


def around(client: Client, study: str, asked: Any = (), **more: str) -> Any:
    """The page around the frame."""
    response = client.get(f"{PREVIEW}{study}/?{urlencode({**dict(asked), **more})}")
    assert response.status_code == 200
    return response


def framed(client: Client, response: Any) -> Any:
    """What the frame of that page shows."""
    return client.get(response.context["frame"])
