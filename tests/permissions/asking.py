"""Every address of the site, and who asks for it: what each is answered, as the table writes it."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from analysis.models import ApiToken, RehearsalRun
from analysis.power.records import Simulation
from experiments.models import Membership
from experiments.roles import ROLES
from responses.markdown import image_name
from responses.models import Erasure, ExportRecord, IdentityReading, Participant
from tests.permissions.there import Asked

# In the order of the table's columns: nobody who is logged in, an account that is no member of any
# study, the owner of another one, the members of this one, and a superuser.
WHO = ("anonymous", "no member", "elsewhere", *ROLES, "superuser")
METHODS = ("GET", "POST")
# Where a redirect leads if that tells more than its status: to log in, to the second factor, to
# show anew who one is.
LEADS = {"/admin/login/": "in", "/admin/second-factor/": "2nd", "/admin/again/": "ask"}


@dataclass(frozen=True)
class Address:
    """One address of the site: its pattern as the files of addresses have it, and its keys."""

    pattern: str
    keys: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the table calls it."""
        return self.pattern or "(root)"


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[Address]:
    """Every address that the site knows, in the order in which it looks for them."""
    for each in (resolver or get_resolver()).url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each, path)
        else:
            assert isinstance(each, URLPattern)
            yield Address(path, tuple(each.pattern.converters))


# Whose rows an address of the admin shows, by the model in it.
def _row(asked: Asked, model: str) -> int:
    live, draft = asked.live, asked.draft
    of_draft: dict[str, Any] = {
        "factor": draft.factors, "randomisation": draft.randomisations, "scale": draft.scales,
        "page": draft.pages, "parameter": draft.parameters, "quota": draft.quotas,
        "ending": draft.endings, "block": draft.blocks, "image": draft.images,
    }  # fmt: skip
    if model in of_draft:
        return int(of_draft[model].first().pk)
    rows: dict[str, Any] = {
        "study": draft, "plan": draft.plan, "look": asked.look, "designversion": live.live_version,
        "item": draft.pages.exclude(items=None).first().items.first(),  # type: ignore[union-attr]
        "participant": Participant.objects.filter(study=live).first(),
        "exportrecord": ExportRecord.objects.first(), "erasure": Erasure.objects.first(),
        "identityreading": IdentityReading.objects.first(),
        "apitoken": ApiToken.objects.filter(owner__username="owner").first(),
        "user": User.objects.get(username="owner"),
        "group": Membership.objects.first().role,  # type: ignore[union-attr]
    }  # fmt: skip
    return int(rows[model].pk)


def path_of(asked: Asked, address: Address, who: str) -> str:
    """The address with the keys of what is there; of parts of a study, those of the draft."""
    known = {
        "slug": "park", "study_id": asked.live.pk, "look_id": asked.look.pk, "name": "estimates",
        "kind": "json", "move": "pause", "number": 1, "mode": "live", "form": "osf",
        "version_id": asked.live.live_version_id, "page": "welcome", "panel_id": "x",
        "page_id": asked.draft.pages.all()[1].pk, "id": User.objects.get(username="owner").pk,
        "participant": Participant.objects.filter(study=asked.live).latest("id").pk,
        "url": "nowhere", "app_label": "analysis", "content_type_id": "1",
    }  # fmt: skip
    known |= _apart(asked, address.pattern, who)
    parts = address.pattern.replace(
        "^(?P<app_label>auth|experiments|responses|analysis)/$", "<app_label>/"
    )
    parts = parts.replace("(?P<url>.*)$", "<url>")
    for key in (*address.keys, "app_label", "url"):
        value = known.get(key)
        if key == "object_id":
            value = 1 if "admin/r/" in parts else _row(asked, parts.split("/")[2])
        for form in (f"<{kind}{key}>" for kind in ("", "int:", "slug:", "str:", "path:")):
            parts = parts.replace(form, str(value))
    return f"/{parts}"


def _apart(asked: Asked, pattern: str, who: str) -> dict[str, Any]:
    """The keys that mean something else at that address: numbers of records, kinds of files.

    Files are kept for who made them, so that everybody asks for their own: whoever is no member
    (any more) gets not even that.
    """
    version = asked.live.live_version
    assert version is not None
    keys: dict[str, dict[str, Any]] = {
        "admin/power/": {"number": Simulation.objects.latest("pk").pk},
        "admin/rehearsal/": {"number": RehearsalRun.objects.latest("pk").pk},
        "admin/export/": {"number": asked.exports.get(who, 0)},
        "api/v1/studies/<slug:slug>/exports": {"number": asked.exports.get(who, 0)},
        "admin/bundle/": {"number": asked.bundles.get(who, 0)},
        "s/<slug:slug>/image/": {"name": image_name(version.design.images[0])},
        "admin/experiments/study/<int:study_id>/preregistration/": {"kind": "md"},
        "admin/analysis/look/deviations/": {"kind": "csv"},
    }
    return next((found for start, found in keys.items() if pattern.startswith(start)), {})


def sent(asked: Asked, address: Address) -> dict[str, Any]:
    """What a POST brings: nothing, but where that would name no row."""
    if address.pattern.endswith("/order/") and "study_id" in address.keys:
        return {"row": asked.live.pages.all()[1].pk, "to": "1"}
    return {}


SCOPES = {
    "export": "export", "exports": "export", "codebook": "codebook", "looks": "looks",
    "allocation": "allocation", "invitations": "invitations", "panel": "panel",
}  # fmt: skip


def answer(asked: Asked, who: str, method: str, address: Address, *, undone: bool = True) -> str:
    """What somebody is answered: the status, or where a redirect leads if that tells more.

    Nothing stays of what is done, unless it is not to be `undone`.
    """
    client, path = asked.clients[who], path_of(asked, address, who)
    data = sent(asked, address) if method == "POST" else {}
    cookies, headers = SimpleCookie(client.cookies.output(header="")), {}
    if path.startswith("/api/"):
        part = (path.split("/") + [""] * 6)[5]
        held = [
            asked.tokens.get(f"{who} {scope}")
            for scope in (SCOPES.get(part), "export", "looks", "invitations")
        ]
        if text := next(filter(None, held), None):
            headers["Authorization"] = f"Bearer {text}"
    with transaction.atomic() if undone else nullcontext():
        response: Any = getattr(client, method.lower())(path, data, headers=headers)
        if undone:
            transaction.set_rollback(True)
    client.cookies = cookies
    location = response.headers.get("Location", "")
    leads = (short for start, short in LEADS.items() if location.startswith(start))
    return next(leads, str(response.status_code))


def line(asked: Asked, address: Address, who: tuple[str, ...] = WHO, *, undone: bool = True) -> str:
    """An address's line of the table: what each is answered to GET and to POST."""
    cells = [
        " ".join(f"{answer(asked, each, method, address, undone=undone):>3}" for each in who)
        for method in METHODS
    ]
    return " | ".join([*cells, address.name])
