"""The running parts that other tests build on."""

import os

import httpx
import pytest
from django.contrib.auth.models import User

from tests.coprod_site.running_site import until


def test_live_site_serves_the_database_of_the_test(live_site: str) -> None:
    User.objects.create_superuser("someone", password="a password of its own")
    with httpx.Client(base_url=live_site, timeout=60) as client:
        page = client.get("/admin/login/")
        form = {
            "username": "someone",
            "password": "a password of its own",
            "csrfmiddlewaretoken": client.cookies["csrftoken"],
        }
        answer = client.post("/admin/login/?next=/admin/", data=form)
    assert (page.status_code, answer.status_code, answer.headers["location"]) == (
        200,
        302,
        "/admin/",
    )


@pytest.mark.usefixtures("celery_worker_process")
def test_celery_worker_takes_tasks_from_its_own_queue() -> None:
    import redis

    from coprod_site.celery import app

    app.send_task("celery.backend_cleanup")
    with redis.from_url(os.environ["REDIS_URL"]) as broker:
        # Once: beat, which is in the worker, queues tasks of its own at any moment.
        assert until(lambda: broker.llen("celery") == 0)
