"""What each page of the desk asks of the database, for a study of many participants.

Imported once Django is set up.
"""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from benchmarks.reading import Opening, read_by
from experiments.models import Study
from responses.models import Participant
from responses.paged import NUMBERED

# The beginning of a reference that few have, of however many.
SEARCHED = "abcdef01"


def pages(study: Study) -> dict[str, str]:
    """The address of each page of a study, by a name. Long, for it has a line for each page."""
    slug, person = study.slug, Participant.objects.filter(study=study).latest("id").pk
    people = f"responses/participant/?study__id__exact={study.pk}"
    return {
        "desk": "",
        "studies": "experiments/study/",
        "study": f"experiments/study/{study.pk}/change/",
        "history of changes": f"experiments/study/{study.pk}/edits/",
        "participants": "responses/participant/",
        "participants of the study": people,
        "… live, completed": f"{people}&mode__exact=live&state__exact=completed",
        "… answering": f"{people}&state__exact=answering",
        "… withdrawn": f"{people}&state__exact=withdrawn",
        "… marked for exclusion": f"{people}&marked=yes",
        "… not marked": f"{people}&marked=no",
        "… a reference searched": f"{people}&q={SEARCHED}",
        "… by time of entry": f"{people}&o=7",
        "… the last page with a number": f"{people}&p={NUMBERED}",
        "… further on": f"{people}&past={person}",
        "a participant": f"responses/participant/{person}/change/",
        "monitor": f"responses/participant/watch/{slug}/",
        "next looks": f"analysis/look/study/{slug}/next/",
        "compare arms": f"responses/participant/arms/{slug}/",
        "preview": f"responses/participant/preview/{slug}/",
        "pay lists": f"responses/participant/pay/{slug}/",
        "invite again": f"responses/participant/remind/{slug}/",
        "invitations": f"responses/participant/invitations/{slug}/",
        "data quality": f"responses/participant/quality/{slug}/",
        "links and counts": f"responses/participant/codes/{slug}/",
        "power": f"power/{slug}/",
        "looks": "analysis/look/",
        "progress": f"analysis/look/study/{slug}/",
        "history of looks": f"analysis/look/study/{slug}/looks/",
        "integrity": f"analysis/look/study/{slug}/integrity/",
        "reach": f"analysis/look/reach/{slug}/",
        "departures": f"analysis/look/deviations/{slug}/",
        "export": f"export/{slug}/",
        "codebook": f"codebook/{slug}/",
        "bundle": f"bundle/{slug}/",
        "readings of identities": "responses/identityreading/",
        "downloads": "responses/exportrecord/",
        "erasures": "responses/erasure/",
    }


def lists() -> Iterator[tuple[str, str]]:
    """Every list of the desk: whole, searched, and by each choice of each filter; with a name."""
    request: Any = RequestFactory().get("/")
    request.user = _superuser()
    for model, desk in admin.site._registry.items():
        if not desk.has_view_permission(request):
            continue
        address = f"{model._meta.app_label}/{model._meta.model_name}/"
        yield address, address
        if desk.get_search_fields(request):
            yield f"{address}?q={SEARCHED}", f"{address}?q={SEARCHED}"
        changes = cast(Any, desk.get_changelist_instance(request))
        for each in changes.filter_specs:
            for choice in each.choices(changes):
                if asked := choice.get("query_string", "?").removeprefix("?"):
                    yield f"{address}?{asked}", f"{address}?{asked}"


def opened(name: str, address: str, client: Client) -> Opening:
    """The page's second opening; the first one warms up."""
    _open(client, address)
    return read_by(name, lambda: _open(client, address))


def _open(client: Client, address: str) -> None:
    response = client.get(f"/admin/{address}", follow=True)
    if response.status_code != 200:
        raise RuntimeError(f"/admin/{address} answered {response.status_code}.")


def at_the_desk() -> Client:
    """A client of a superuser."""
    client = Client(headers={"host": "localhost"})
    client.force_login(_superuser())
    return client


def _superuser() -> User:
    user, _ = User.objects.get_or_create(username="a", is_superuser=True, is_staff=True)
    return user
