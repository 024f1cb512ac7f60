"""The places of quotas: people who are to take one, and how many are kept and held."""

from django.test import Client

from experiments.models import Study
from responses import quota
from responses.models import Mode, Participant
from responses.quota import Count
from tests.responses.studies import ABOUT, entered, sent


def counted() -> list[Count]:
    """How each cell of the only study stands, for live participants."""
    study = Study.objects.select_related("live_version").get()
    assert study.live_version
    design = study.live_version.design
    return quota.counts(study_id=study.pk, mode=Mode.LIVE, design=design)


def states() -> dict[str, int]:
    """How many participants are in each state."""
    found = list(Participant.objects.values_list("state", flat=True))
    return {state: found.count(state) for state in set(found)}


def at_about() -> Client:
    """Somebody who is to send the page `about`."""
    client = Client()
    entered(client)
    return client


def about(client: Client, gender: str, education: str) -> str:
    """Sends the page `about` with these answers; the code of the page that it leads to."""
    return sent(client, "about", {**ABOUT, "gender": gender, "education": education})
