"""Every address of the site, and who asks for it: what each is answered, as the table writes it."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from analysis.api.tokens import make_token
from analysis.models import ApiToken, Look, RehearsalRun
from analysis.power.records import Simulation
from experiments.membership import give_role
from experiments.models import Membership, Study
from experiments.refusals import Refused
from experiments.roles import OWNER, ROLES
from responses.models import Erasure, ExportRecord, IdentityReading, Mode, Participant, PayList
from tests.analysis.studies import complete, launched, spend
from tests.desk import client_of, desk, member
from tests.factories import StudyFactory
from tests.responses.export.rows import into_ledger

# In the order of the table's columns: nobody who is logged in, an account that is no member of any
# study, the owner of another one, the members of this one, and a superuser.
WHO = ("anonymous", "no member", "elsewhere", *ROLES, "superuser")
METHODS = ("GET", "POST")


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


@dataclass(frozen=True)
class Asked:
    """The studies that are asked for, by somebody of each kind."""

    live: Study
    draft: Study
    look: Look
    clients: dict[str, Client]
    tokens: dict[str, str]


def made() -> Asked:
    """A live study with people, a spent look and one of each record, a draft, and who asks."""
    live, draft = launched(), StudyFactory(slug="pond")
    lake = StudyFactory(slug="lake")
    complete(live, 40)
    look = spend(live, 1)
    # Whoever was put straight into the tables has no row of the ledger, and no export would go out.
    into_ledger(*Participant.objects.filter(study=live).exclude(assignments={}))
    person = Participant.objects.latest("id")
    common: dict[str, Any] = {"study": live, "actor": "owner"}
    ExportRecord.objects.create(mode=Mode.LIVE, **common)
    IdentityReading.objects.create(way="page", people=1, **common)
    Erasure.objects.create(mode=Mode.REHEARSAL, kind="rehearsal", **common)
    PayList.objects.create(mode=Mode.LIVE, number=1, people=1, **common)
    ordered: dict[str, Any] = {"study": live, "seed": 1, "code_version": "1", "ordered_by": "owner"}
    RehearsalRun.objects.create(n=1, truth="", site="http://a", language="en", **ordered)
    assert live.live_version is not None
    Simulation.objects.create(
        design_digest="0" * 64,
        canonical_json=live.live_version.canonical_json,
        assumed={"n": 20, "mean": 4.0, "sd": 1.0},
        repeats=1,
        together=1,
        batches=1,
        **ordered,
    )
    clients = {"anonymous": Client(), "superuser": desk()}
    clients["no member"] = client_of(User.objects.create_user("nobody", is_staff=True))
    clients["elsewhere"] = member(lake, OWNER, "stranger")
    for role in ROLES:
        clients[role] = member(live, role)
        give_role(study=draft, username=role.replace(" ", "-"), role=role)
    assert person.study_id == live.pk
    return Asked(live, draft, look, clients, dict(_tokens(live, lake, clients)))


def _tokens(live: Study, lake: Study, clients: dict[str, Client]) -> Iterator[tuple[str, str]]:
    """A token of each account that may have one."""
    for who, client in clients.items():
        user = User.objects.filter(pk=client.session.get("_auth_user_id", 0)).first()
        for scope in ApiToken.Scope.values if user else ():
            study = lake if who == "elsewhere" else live
            try:
                made_by = {"made_by": "tests", "days": 1, "name": "tests"}
                assert user is not None
                scopes = [scope]
                _row, text = make_token(owner=user, studies=[study], scopes=scopes, **made_by)  # type: ignore[arg-type]
            except Refused:
                continue
            yield f"{who} {scope}", text


# Whose rows an address of the admin shows, by the model in it.
def _row(asked: Asked, model: str) -> int:
    live, draft = asked.live, asked.draft
    of_draft: dict[str, Any] = {
        "factor": draft.factors, "randomisation": draft.randomisations, "scale": draft.scales,
        "page": draft.pages, "parameter": draft.parameters, "quota": draft.quotas,
        "ending": draft.endings, "block": draft.blocks, "image": draft.images,
    }  # fmt: skip
    if model in of_draft:
        first = of_draft[model].first()
        return first.pk if first else 0
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


def path_of(asked: Asked, address: Address) -> str:
    """The address with the keys of what is there; of parts of a study, those of the draft."""
    known = {
        "slug": "park", "study_id": asked.live.pk, "look_id": asked.look.pk, "name": "estimates",
        "kind": "json", "move": "pause", "number": 1, "mode": "live", "form": "osf",
        "version_id": asked.live.live_version_id, "page": "welcome", "panel_id": "x",
        "page_id": asked.draft.pages.all()[1].pk, "id": User.objects.get(username="owner").pk,
        "participant": Participant.objects.filter(study=asked.live).latest("id").pk,
        "url": "nowhere", "app_label": "analysis", "content_type_id": "1",
    }  # fmt: skip
    known["number"] = _number(address.pattern)
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


def _number(pattern: str) -> int:
    """The number of what the address shows: of a simulation, a rehearsal or an export."""
    rows: dict[str, Any] = {
        "admin/power/": Simulation, "admin/rehearsal/": RehearsalRun,
        "admin/export/": ExportRecord, "api/v1/studies/<slug:slug>/exports": ExportRecord,
    }  # fmt: skip
    model = next((model for start, model in rows.items() if pattern.startswith(start)), None)
    return int(model.objects.latest("pk").pk) if model else 1


SCOPES = {
    "export": "export", "exports": "export", "codebook": "codebook", "looks": "looks",
    "allocation": "allocation", "invitations": "invitations", "panel": "panel",
}  # fmt: skip


def answer(asked: Asked, who: str, method: str, path: str, *, undone: bool = True) -> str:
    """What somebody is answered: the status, or where a redirect leads if that tells more.

    Nothing stays of what is done, unless it is not to be `undone`.
    """
    client = asked.clients[who]
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
        response: Any = getattr(client, method.lower())(path, headers=headers)
        if undone:
            transaction.set_rollback(True)
    client.cookies = cookies
    location = response.headers.get("Location", "")
    if response.status_code == 302 and location.startswith("/admin/login/"):
        return "in"
    return str(response.status_code)


def line(asked: Asked, address: Address, who: tuple[str, ...] = WHO, *, undone: bool = True) -> str:
    """An address's line of the table: what each is answered to GET and to POST."""
    path = path_of(asked, address)
    cells = [
        " ".join(f"{answer(asked, each, method, path, undone=undone):>3}" for each in who)
        for method in METHODS
    ]
    return " | ".join([*cells, address.name])
