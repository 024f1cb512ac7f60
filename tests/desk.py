"""What tests of the desk share: a client that is logged in, and what a page's form would send."""

from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from lxml import html

from experiments.membership import give_role, sync_roles
from experiments.models import Membership, Study


def desk(*permissions: str) -> Client:
    """A client of a superuser, or of a staff account that may do this alone; see `grant`."""
    whole = not permissions
    name = "researcher" if whole else "assistant"
    rights = {"is_staff": True, "is_superuser": whole}
    user, _ = User.objects.get_or_create(username=name, defaults=rights)
    if not whole:
        grant(user, *permissions)
    return client_of(user)


def client_of(user: User) -> Client:
    """A client that somebody is logged in to."""
    client = Client()
    client.force_login(user)
    return client


def grant(user: User, *permissions: str) -> None:
    """Lets an account do this alone in every study that there is, and outside of studies."""
    wanted = Permission.objects.filter(codename__in=permissions)
    user.user_permissions.set(wanted)
    role, _ = Group.objects.get_or_create(name=f"role of {user.username}")
    role.permissions.set(wanted)
    for study in Study.objects.all():
        Membership.objects.update_or_create(study=study, user=user, defaults={"role": role})


def take(user: User, permission: str) -> None:
    """Takes one permission from an account again."""
    for role in Group.objects.filter(memberships__user=user).distinct():
        role.permissions.remove(role.permissions.get(codename=permission))


def member(study: Study, role: str, name: str = "") -> Client:
    """A client of an account with that role in that study."""
    sync_roles()
    name = name or role.replace(" ", "-")
    user, _ = User.objects.get_or_create(username=name, defaults={"is_staff": True})
    give_role(study=study, username=name, role=role)
    return client_of(user)


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
