"""What is typed and not sent: how a page's script sends it, and what is kept of it."""

from typing import Any

from django.test import Client

from responses.models import Draft


def typed(client: Client, page: str, fields: dict[str, Any]) -> int:
    """Sends what is typed on a page as its script does; the HTTP status."""
    return client.post(f"/s/park/{page}/draft/", fields).status_code


def kept() -> dict[str, Any]:
    """The fields of the only draft."""
    fields: dict[str, Any] = Draft.objects.get().fields
    return fields


def with_token(token: str) -> Client:
    """A browser that holds this resume code."""
    client = Client()
    client.cookies["coprod_park"] = token
    return client
