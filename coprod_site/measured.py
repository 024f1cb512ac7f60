"""What Prometheus reads of the site, for who has the token: counts of people, and of what waits.

People are counted in the database and the same whichever process is asked; the pool is the asked
process's own. Requests are counted by granian, whose figures of all its workers are put below ours.
"""

import os
import urllib.request
from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from analysis.look_lag import look_lags
from responses.monitor.health import read_signs
from responses.monitor.tallied import people_by_stage

PATIENCE = 1.0


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in Prometheus' text format; 404 for who has not the token."""
    token = settings.METRICS_TOKEN
    sent = request.headers.get("Authorization", "")
    if not token or not constant_time_compare(sent, f"Bearer {token}"):
        raise Http404
    registry = CollectorRegistry()
    registry.register(_Site())
    text = generate_latest(registry) + _of_the_server(settings.SERVER_METRICS_URL)
    response = HttpResponse(text, content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response


class _Site(Collector):
    """What the database, the broker and this process know when they are asked."""

    def collect(self) -> Iterator[Metric]:
        """A family of figures for each thing that is told; an arm is told of nobody."""
        yield from _people()
        yield from _waiting()
        yield from _looks()
        yield _pool()


def _people() -> Iterator[Metric]:
    family = GaugeMetricFamily(
        "coprod_participants",
        "Participants who came as far as the stage, ended or not; who withdrew counts no more.",
        labels=["study", "mode", "stage"],
    )
    for study, mode, stage, people in people_by_stage():
        family.add_metric([study, mode, stage], people)
    yield family


def _waiting() -> Iterator[Metric]:
    signs = read_signs()
    up = GaugeMetricFamily("coprod_broker_up", "1 while the broker answers.")
    up.add_metric([], 0 if signs.waiting is None else 1)
    yield up
    if signs.waiting is not None:
        queue = GaugeMetricFamily("coprod_queue_length", "Tasks that wait for a Celery worker.")
        queue.add_metric([], signs.waiting)
        yield queue
    notes = GaugeMetricFamily(
        "coprod_tally_notes", "Changes of the desk's counts that no worker has folded, to 10,000."
    )
    notes.add_metric([], signs.notes)
    yield notes
    if signs.age is not None:
        age = GaugeMetricFamily(
            "coprod_heartbeat_age_seconds", "Since a worker last did what beat asks for."
        )
        age.add_metric([], signs.age)
        yield age


def _looks() -> Iterator[Metric]:
    lag = GaugeMetricFamily(
        "coprod_look_lag_seconds",
        "For how long the next look has been due; 0 while it waits for participants.",
        labels=["study", "mode"],
    )
    failed = GaugeMetricFamily(
        "coprod_look_failed",
        "1 while the next look failed and waits for somebody to run it again.",
        labels=["study", "mode"],
    )
    for each in look_lags():
        lag.add_metric([each.study, each.mode], each.seconds)
        failed.add_metric([each.study, each.mode], int(each.failed))
    yield lag
    yield failed


def _pool() -> Metric:
    family = GaugeMetricFamily(
        "coprod_pool_connections",
        "Of the asked process: its connections to Postgres, and requests that wait for one.",
        labels=["pid", "state"],
    )
    pool = getattr(connection, "pool", None)
    figures = pool.get_stats() if pool else {}
    size, free = figures.get("pool_size", 0), figures.get("pool_available", 0)
    states = {"used": size - free, "free": free, "waiting": figures.get("requests_waiting", 0)}
    for state, number in states.items():
        family.add_metric([str(os.getpid()), state], number)
    return family


def _of_the_server(url: str) -> bytes:
    """What granian counts, where it is told to; nothing while it is silent."""
    if url:
        with suppress(OSError), urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - an address of the environment
            return bytes(answer.read())
    return b""
