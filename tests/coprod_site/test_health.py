"""What a balancer and a watcher are told, by a site with all its parts and by one without."""

import threading
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from experiments.launch import close
from responses.models import Participant
from responses.tallies import fold_tallies
from tests.analysis.studies import complete, launched, spend

pytestmark = pytest.mark.django_db

TOKEN = "a-token-that-is-long-enough-0123456789"


def ready(client: Client) -> tuple[int, list[str]]:
    answer = client.get("/readyz")
    assert answer["Cache-Control"] == "no-store"
    return answer.status_code, answer.content.decode().splitlines()


def test_process_that_answers_is_healthy_without_asking_anything(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_site_with_all_its_parts_is_ready(client: Client, django_assert_num_queries: Any) -> None:
    assert ready(client) == (200, ["database: ok", "migrations: ok", "broker: ok"])
    # Whether there is a table of migrations, and what is in it.
    with django_assert_num_queries(2):
        client.get("/readyz")


def test_site_whose_tables_are_older_than_its_code_is_not_ready(client: Client) -> None:
    newest = MigrationRecorder.Migration.objects.filter(app="responses").order_by("-name")[:2]
    MigrationRecorder.Migration.objects.filter(pk__in=[each.pk for each in newest]).delete()
    assert ready(client) == (
        503,
        [
            "database: ok",
            "migrations: 2 to be applied: run manage.py update_site",
            "broker: ok",
        ],
    )


def test_site_without_its_broker_is_ready_and_says_so(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert ready(client) == (
        200,
        [
            "database: ok",
            "migrations: ok",
            "broker: does not answer: looks wait, participants notice nothing",
        ],
    )


@pytest.mark.parametrize("kept", ["", TOKEN])
@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer another", f"Basic {TOKEN}", TOKEN])
def test_figures_are_told_to_nobody_without_the_token(
    client: Client, settings: Any, kept: str, sent: str
) -> None:
    settings.METRICS_TOKEN = kept
    assert client.get("/metrics", headers={"Authorization": sent}).status_code == 404


def figures(client: Client, settings: Any) -> dict[str, dict[tuple[str, ...], float]]:
    """The figures by name and labels, those in the order of their names."""
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    families = text_string_to_metric_families(answer.content.decode())
    return {
        family.name: {
            tuple(value for _, value in sorted(each.labels.items())): each.value
            for each in family.samples
        }
        for family in families
    }


def test_figures_count_people_by_stage_folded_or_not(client: Client, settings: Any) -> None:
    study = launched()
    complete(study, 5)
    fold_tallies()
    complete(study, 3, start=5)
    assert figures(client, settings)["coprod_participants"] == {
        ("live", "completed", "park"): 8,
        ("live", "consented", "park"): 8,
        ("live", "entered", "park"): 8,
    }


def test_figures_tell_what_waits(client: Client, settings: Any) -> None:
    fold_tallies()
    told = figures(client, settings)
    assert told["coprod_broker_up"] == {(): 1}
    assert told["coprod_queue_length"] == {(): 0}
    assert told["coprod_tally_notes"] == {(): 0}
    assert 0 <= told["coprod_heartbeat_age_seconds"][()] < 90
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    silent = figures(client, settings)
    assert silent["coprod_broker_up"] == {(): 0}
    assert "coprod_queue_length" not in silent


def test_figures_tell_for_how_long_a_look_has_been_due(client: Client, settings: Any) -> None:
    study = launched()
    size = study.live_version.design.plan.sizes[0] if study.live_version else 0
    complete(study, size - 1)
    nothing_due = {("live", "park"): 0, ("rehearsal", "park"): 0}
    assert figures(client, settings)["coprod_look_lag_seconds"] == nothing_due

    last = complete(study, 10, start=size - 1)[0]
    lag = figures(client, settings)["coprod_look_lag_seconds"]["live", "park"]
    at = Participant.objects.get(pk=last.pk).completed_at
    assert at is not None
    assert lag == pytest.approx(seconds_since(at), abs=90)

    spend(study, 1)
    assert figures(client, settings)["coprod_look_lag_seconds"] == nothing_due
    assert figures(client, settings)["coprod_look_failed"] == nothing_due
    close(study=study)
    final = figures(client, settings)["coprod_look_lag_seconds"]["live", "park"]
    assert 0 <= final < 90


def seconds_since(moment: datetime) -> float:
    return float((timezone.now() - moment).total_seconds())


def test_figures_tell_the_pool_of_the_process(client: Client, settings: Any) -> None:
    told = figures(client, settings)["coprod_pool_connections"]
    assert {state for _, state in told} == {"used", "free", "waiting"}


@pytest.fixture
def server_metrics() -> Iterator[str]:
    """A server that tells figures as granian does, at a port of its own."""

    class Told(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(
                b'# TYPE granian_requests_handled counter\ngranian_requests_handled{worker="1"} 7\n'
            )

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Told) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/metrics"
        server.shutdown()
        thread.join()


def test_figures_of_the_server_come_with_ours(
    client: Client, settings: Any, server_metrics: str
) -> None:
    settings.SERVER_METRICS_URL = server_metrics
    assert figures(client, settings)["granian_requests_handled"] == {("1",): 7}
    settings.SERVER_METRICS_URL = "http://127.0.0.1:1/metrics"
    assert "granian_requests_handled" not in figures(client, settings)
