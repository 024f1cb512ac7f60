"""What tests of the desk share: a client that is logged in, and what a page's form would send."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client
from lxml import html


def desk(*permissions: str) -> Client:
    """A client of a superuser, or of a staff account with these permissions alone."""
    whole = not permissions
    name = "researcher" if whole else "assistant"
    rights = {"is_staff": True, "is_superuser": whole}
    user, _ = User.objects.get_or_create(username=name, defaults=rights)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def form_of(response: Any, form: str) -> dict[str, Any]:
    """What a browser would send of the form of that id, nothing being typed."""
    tree = html.fromstring(response.content.decode())
    (found,) = [each for each in tree.forms if each.get("id") == form]
    sent: dict[str, Any] = {}
    for name, value in found.form_values():
        sent.setdefault(name, []).append(value)
    for area in found.iter("textarea"):
        # What browsers do and lxml does not: the first line end belongs to the tag.
        sent[area.name] = [(area.text or "").removeprefix("\n")]
    return sent


def text_of(response: Any) -> str:
    """The words of a page, with single spaces."""
    tree = html.fromstring(response.content.decode())
    for hidden in tree.xpath("//script|//style"):
        hidden.drop_tree()
    return " ".join(tree.text_content().split())
