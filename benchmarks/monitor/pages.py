"""What each page of the desk asks of the database, for a study of many participants.

Imported once Django is set up.
"""

from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any

import psutil
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from experiments.models import Study
from responses.models import Participant

READ = """
SELECT blks_hit + blks_read, tup_returned + tup_fetched
FROM pg_stat_database WHERE datname = current_database()
"""


@dataclass(frozen=True)
class Opening:
    """One page: its statements, what they read, and times in ms.

    `blocks` and `rows` are those that the database read, `waited` how long it was waited for, `cpu`
    what its process worked, `python` what ours did.
    """

    name: str
    statements: int
    blocks: int
    rows: int
    waited: float
    cpu: float
    python: float


def pages(study: Study) -> dict[str, str]:
    """The address of each page of a study, by a name."""
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
        "… a reference searched": f"{people}&q=abc",
        "… by time of entry": f"{people}&o=7",
        "… the last page": f"{people}&p=last",
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


def opened(name: str, address: str, client: Client) -> Opening:
    """The page's second opening; the first one warms up."""
    client.get(f"/admin/{address}")
    took: list[float] = []

    def timed(execute: Any, *asked: Any) -> Any:
        start = perf_counter()
        try:
            return execute(*asked)
        finally:
            took.append(1000 * (perf_counter() - start))

    blocks, rows, cpu = _state()
    before = process_time()
    with connection.execute_wrapper(timed):
        response = client.get(f"/admin/{address}")
        if response.status_code == 302:
            response = client.get(response["Location"])
    python = 1000 * (process_time() - before)
    if response.status_code != 200:
        raise RuntimeError(f"/admin/{address} answered {response.status_code}.")
    blocks_after, rows_after, cpu_after = _state()
    return Opening(
        name=name,
        statements=len(took),
        blocks=blocks_after - blocks,
        rows=rows_after - rows,
        waited=sum(took),
        cpu=cpu_after - cpu,
        python=python,
    )


def _state() -> tuple[int, int, float]:
    """Blocks and rows that this database has read, and the CPU of its process, in ms."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_backend_pid()")
        times = psutil.Process(cursor.fetchone()[1]).cpu_times()
        cursor.execute(READ)
        blocks, rows = cursor.fetchone()
    return blocks, rows, 1000 * (times.user + times.system)


def at_the_desk() -> Client:
    """A client of a superuser."""
    client = Client(headers={"host": "localhost"})
    user, _ = User.objects.get_or_create(username="a", is_superuser=True, is_staff=True)
    client.force_login(user)
    return client
