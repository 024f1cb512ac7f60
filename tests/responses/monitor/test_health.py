"""What the monitor says of worker, beat, broker and database."""

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.utils import timezone
from django.utils.translation import override

from responses.models import Heartbeat, TallyChange
from responses.monitor import health
from responses.monitor.health import waiting_tasks
from responses.tallies import fold_tallies

pytestmark = pytest.mark.django_db


def told() -> dict[str, str]:
    return {part.name: part.condition for part in health.health()}


def all_parts(worker: str, beat: str, broker: str, database: str) -> dict[str, str]:
    return {"Worker": worker, "Beat": beat, "Broker": broker, "Database": database}


def test_a_fold_that_is_recent_says_that_worker_and_beat_work() -> None:
    fold_tallies()
    assert told() == all_parts("good", "good", "good", "good")


@pytest.mark.parametrize(
    ("language", "seconds", "said"),
    [
        ("en", 1, "Did its last task 1 second ago."),
        ("en", 4, "Did its last task 4 seconds ago."),
        ("ko", 1, "마지막 작업이 1초 전입니다."),
    ],
)
def test_worker_says_when_it_did_its_last_task(language: str, seconds: int, said: str) -> None:
    at = timezone.now() - timedelta(seconds=seconds)
    Heartbeat.objects.create(name="fold", beaten_at=at)
    with override(language):
        assert health.health()[0].said == said


def test_an_old_one_is_put_down_to_who_it_can_be(settings: Any) -> None:
    """Tasks that wait have no worker; where none wait, nobody asks for any."""
    assert told() == all_parts("unsure", "bad", "good", "good")
    Heartbeat.objects.create(name="fold", beaten_at=timezone.now() - timedelta(minutes=5))
    current_app.send_task("responses.tasks.fold")
    try:
        assert waiting_tasks() == 1
        assert told() == all_parts("bad", "unsure", "good", "good")
    finally:
        current_app.control.purge()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert told() == all_parts("unsure", "unsure", "bad", "good")


def test_many_changes_that_wait_are_told(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(health, "MANY_NOTES", 2)
    for _ in range(2):
        TallyChange.objects.create(study_id=1, mode="live")
    assert told()["Database"] == "bad"
