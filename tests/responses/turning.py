"""Other buttons than Next, what a page's form shows again, and the participant who is there."""

from typing import Any

from django.test import Client

from responses.models import Participant
from tests.responses.ways import form_of


def moved(client: Client, page: str, move: str, fields: dict[str, Any] | None = None) -> str:
    """Presses another button than Next and returns the code of the page that it leads to."""
    response = client.post(f"/s/park/{page}/", {**(fields or {}), "move": move})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"]).strip("/").split("/")[-1]


def fields_of(client: Client, page: str) -> dict[str, Any]:
    """What the page's form would send as it is shown."""
    response = client.get(f"/s/park/{page}/")
    assert response.status_code == 200
    return form_of(response.content, f"/s/park/{page}/").fields


def person() -> Participant:
    """The only participant."""
    return Participant.objects.get()
