"""What is typed and not sent: how a page's script sends it, and what is kept of it."""

import json
from typing import Any

from django.db import connection
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


def by_their_times() -> dict[int, dict[str, Any]]:
    """The draft that each participant should be shown, by the times at which things were stored.

    It is the one of the page that they are on, unless that page was sent since it was saved.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, d.fields::text FROM responses_participant p"
            " JOIN responses_draft d ON d.participant_id = p.id AND d.page = p.page"
            " WHERE NOT EXISTS (SELECT FROM responses_submission s WHERE s.participant_id = p.id"
            " AND s.page = d.page AND s.received_at > d.saved_at)"
        )
        return {pk: json.loads(fields) for pk, fields in cursor.fetchall()}
