"""Who may what: each cell of the table in docs/roles.md, at the real pages with real accounts."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from analysis.models import Look
from coprod_site.embedded import ROOT
from experiments.membership import sync_roles
from experiments.models import Study
from experiments.roles import OWNER, ROLES
from responses.models import ExportRecord, Participant, Submission
from tests.analysis.studies import complete, launched, spend
from tests.desk import client_of, desk, member, text_of
from tests.factories import StudyFactory
from tests.permissions.asking import addresses, path_of
from tests.permissions.there import made

pytestmark = pytest.mark.django_db

ANSWERS = {"will1": "6", "will2": "6"}
ROW = re.compile(r"^\| (.+) \|$", re.M)
# The studies of somebody else, among what `made` makes.
NAMED = re.compile("park|pond")
# Drawn for each page: 64 letters and digits, among which any short word may stand.
TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+')


def table() -> dict[str, dict[str, bool]]:
    """What docs/roles.md says, by what is done and the role."""
    rows = ROW.findall((ROOT / "docs" / "roles.md").read_text().replace("| |", "|  |"))
    (_head, *roles), *cells = ([cell.strip() for cell in row.split("|")] for row in rows)
    return {
        what: dict(zip(roles, (cell == "yes" for cell in cell_row), strict=True))
        for what, *cell_row in cells
    }


def at(*addresses: str) -> Callable[[Client], list[bool]]:
    """Whether each of the pages is shown."""
    return lambda client: [client.get(address).status_code == 200 for address in addresses]


def sent(address: str, data: dict[str, Any], *good: int) -> Callable[[Client], list[bool]]:
    """Whether what is sent gets through to what it is about."""
    return lambda client: [client.post(address, data).status_code in good]


def said(address: str, words: str) -> Callable[[Client], list[bool]]:
    """Whether the page says that."""
    return lambda client: [words in client.get(address).content.decode()]


def doings(live: Study, draft: Study, look: Look) -> dict[str, Callable[[Client], list[bool]]]:
    """How each line of the table is tried; nothing of it changes a study."""
    study, people, looks = "/admin/experiments/study", "/admin/responses/participant", "/looks/"
    live_page, draft_page = f"{study}/{live.pk}", f"{study}/{draft.pk}"
    factor = f"/admin/experiments/factor/{draft.factors.all()[0].pk}/change/"
    person = Participant.objects.latest("id").pk
    of_look = f"/admin/analysis/look/{look.pk}"
    of_study = "/admin/analysis/look/study/park/"
    export = {"mode": "live", "format": "csv", "table": "participants", "language": "en"}
    return {
        "See the study, its designs, its history, its preview": at(
            *(f"{live_page}/{page}/" for page in ("change", "edits", "file", "history")),
            *(f"{people}/preview/park/", f"{people}/preview/park/welcome/"),
            *(f"{people}/arms/park/", f"{live_page}/preregistration/", "/admin/power/park/"),
            *("/admin/analysis/look/reach/park/", "/admin/experiments/designversion/"),
            "/admin/analysis/look/deviations/park/",
        ),
        "Edit its parts, import a study file into it": at(
            *(factor, f"/admin/experiments/factor/add/?study={draft.pk}", f"{study}/import/"),
            *(f"{study}/paste/{draft.pages.all()[1].pk}/", f"{draft_page}/library/"),
        ),
        "Launch, pause, resume and close it": at(
            f"{live_page}/do/pause/", f"{live_page}/do/close/"
        ),
        "Rehearse it, delete its rehearsal": at(
            "/admin/rehearsal/park/", "/admin/rehearsal/park/delete/"
        ),
        "Delete it while it is a draft": at(f"{draft_page}/delete/"),
        "See who is a member": at(f"{live_page}/members/"),
        "Give and take roles": sent(
            f"{live_page}/members/", {"username": "nobody", "role": "editor"}, 422
        ),
        "See participants, counts, flags and codes to pay": at(
            *(f"{people}/", f"{people}/{person}/change/"),
            *(f"{people}/{page}/park/" for page in ("watch", "quality", "codes")),
        ),
        "See how many were invited": at(f"{people}/invitations/park/"),
        "Invite people, again too, compute the flags anew, mark for exclusion": lambda client: [
            *at(f"{people}/remind/park/")(client),
            *sent(f"{people}/mark/park/", {}, 422)(client),
            *sent(f"{people}/invitations/park/", {}, 422)(client),
            *sent(f"{people}/quality/park/", {}, 302)(client),
        ],
        "Read what a participant answered, one by one": said(
            f"{people}/{person}/change/", "<code>will1</code>"
        ),
        "Withdraw a participant who asks for it, note corrections, make pay lists": at(
            *(f"{people}/withdraw/{person}/", f"{people}/correct/{person}/"),
            f"{people}/pay/park/",
        ),
        "Download data, codebook and bundle, blinded": at(
            *(f"/admin/{page}/park/" for page in ("export", "codebook", "bundle")),
        ),
        "Download arms while the study collects, with a reason": lambda client: [
            *said("/admin/export/park/", 'id="unblind"')(client),
            *sent("/admin/export/park/", {**export, "unblind": "on", "reason": " "}, 422)(client),
        ],
        "See pooled figures, and looks once they are spent": at(
            *("/admin/analysis/look/", f"{of_look}/change/", f"{of_look}/estimates.svg"),
            *(of_study, f"{of_study}integrity/", f"{of_study}{looks[1:]}"),
        ),
        "Order a look that the plan does not announce": at(f"{of_study}looks/order/"),
        "Read the logs of downloads, of identities read, and of erasures": at(
            *(f"/admin/responses/{log}/" for log in ("exportrecord", "identityreading", "erasure"))
        ),
        "Make tokens of the API for oneself": at("/admin/analysis/apitoken/add/"),
    }


def test_each_role_does_what_the_table_says_and_nothing_else() -> None:
    live, draft = launched(), StudyFactory(slug="pond")
    complete(live, 40)
    tried = doings(live, draft, spend(live, 1))
    person = Participant.objects.latest("id")
    Submission.objects.create(participant=person, revision=1, page="opinion", answers=ANSWERS)
    found: dict[str, dict[str, bool | list[bool]]] = {what: {} for what in tried}
    for role in ROLES:
        client = member(live, role)
        member(draft, role)
        for what, ask in tried.items():
            answers = ask(client)
            # All of it or nothing: a list tells which of it stands out.
            found[what][role] = answers[0] if len(set(answers)) == 1 else answers
    assert found == table()
    assert not ExportRecord.objects.exists()


def test_members_are_given_roles_by_name_and_an_owner_stays(
    django_assert_num_queries: Any,
) -> None:
    study = StudyFactory(slug="park")
    owner, page = member(study, OWNER), f"/admin/experiments/study/{study.pk}/members/"
    User.objects.create_user("hana", is_staff=True)
    User.objects.create_user("visitor")

    def told(**data: str) -> str:
        return text_of(owner.post(page, data, follow=True))

    assert "There is no account visitor" in told(username="visitor", role="analyst")
    assert "Select a valid choice" in told(username="hana", role="king")
    assert "hana is analyst now." in told(username="hana", role="analyst")
    assert "hana is auditor now." in told(username="hana", role="auditor")
    assert "A study keeps an owner" in told(take="owner")
    assert "A study keeps an owner" in told(username="owner", role="editor")
    assert "hana is no member of park." not in told(take="hana")
    assert "hana is no member of park." in told(take="hana")
    told(username="hana", role="owner")
    # Session, account, memberships, the account's own permissions; the study; its members.
    with django_assert_num_queries(6):
        owner.get(page)
    assert "There is no study yet" in told(take="owner")
    assert [str(each.user) for each in study.memberships.all()] == ["hana"]
    log = text_of(desk().get(f"/admin/experiments/study/{study.pk}/history/"))
    assert "hana is auditor now." in log


def test_groups_and_permissions_of_an_account_open_no_study() -> None:
    StudyFactory(slug="park")
    sync_roles()
    user = User.objects.create_user("hana", is_staff=True)
    user.groups.set(sync_groups())
    assert "park" not in text_of(client_of(user).get("/admin/"))
    assert client_of(user).get("/admin/experiments/study/").status_code == 403


def sync_groups() -> Any:
    """The roles' groups."""
    from django.contrib.auth.models import Group

    return Group.objects.filter(name__in=sync_roles())


def test_nothing_of_a_study_is_shown_to_the_owner_of_another(
    settings: Settings, tmp_path: Path
) -> None:
    settings.EXPORT_ROOT = tmp_path / "exports"
    asked = made()
    other, opened = asked.clients["elsewhere"], {}
    for address in addresses():
        # Accounts and groups are no study's; what a participant is shown is anybody's.
        if not address.keys or not address.pattern.startswith("admin/"):
            continue
        path = path_of(asked, address, "elsewhere")
        for ask in (other.get, other.post):
            response: Any = ask(path)
            elsewhere = response.status_code == 302 and not NAMED.search(response["Location"])
            if not elsewhere and response.status_code not in (403, 404, 405):
                opened[address.pattern] = response.status_code
    assert opened == {}
    for each in admin.site._registry:
        # A list that names the study in any line, filter or search.
        name = f"admin:{each._meta.app_label}_{each._meta.model_name}_changelist"
        shown = TOKEN.sub("", other.get(reverse(name)).content.decode())
        assert not NAMED.search(shown.replace("A park", "its title")), each
    assert Study.objects.get(slug="park").status == "live"
    search = {"app_label": "analysis", "model_name": "look", "field_name": "study", "term": "a"}
    results = other.get("/admin/autocomplete/", search).json()["results"]
    assert [each["text"] for each in results] == ["lake"]
