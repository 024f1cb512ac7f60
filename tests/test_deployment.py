"""Dockerfile and docker-compose.yml agree with each other, with the settings and with the code."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import get_commands
from django.db import connection
from django.test import Client
from django.urls import resolve
from django.utils.module_loading import import_string
from psycopg import errors

from coprod_site.embedded import ROOT
from coprod_site.postgres_server import programs
from tests.deployment import (
    GIVEN,
    WANTED,
    admitted,
    compose,
    copied,
    filled,
    site_services,
    steps,
    web_command,
    web_health_check,
)
from tests.environment import read_by_anything, read_by_settings
from tests.responses.studies import launched, walked

SERVICES = {"migrate", "web", "worker", "beat", "postgres", "valkey"}


def test_compose_has_the_services_of_a_site() -> None:
    services = compose()["services"]
    assert set(services) == SERVICES
    assert {name for name, service in services.items() if service["image"] == "coprod"} == {
        "migrate", "web", "worker", "beat",
    }  # fmt: skip
    assert [name for name, service in services.items() if "build" in service] == ["migrate"]
    assert services["postgres"]["image"] == "postgres:18"


def test_compose_checks_the_health_of_whatever_stays() -> None:
    own = {
        name
        for name, service in compose()["services"].items()
        if "test" in service.get("healthcheck", {})
    }
    assert own == SERVICES - {"migrate", "web"}
    assert "command" not in compose()["services"]["web"], "it has the image's command and check"
    assert resolve(urlsplit(re.findall(r"http://[^']+", web_health_check())[0]).path)


def test_compose_gives_nothing_the_whole_machine() -> None:
    services = compose()["services"]
    assert {name for name, each in services.items() if each.get("mem_limit")} == SERVICES
    assert {name for name, each in services.items() if each.get("pids_limit")} == SERVICES
    assert all(each["read_only"] and each["cap_drop"] == ["ALL"] for each in services.values())
    assert {each["logging"]["options"]["max-size"] for each in services.values()} == {"20m"}


def test_compose_waits_for_the_tables() -> None:
    services = compose()["services"]
    done = {"condition": "service_completed_successfully"}
    waiting = {name: s.get("depends_on", {}).get("migrate") for name, s in services.items()}
    assert {name for name, condition in waiting.items() if condition == done} == {
        "web", "worker", "beat",
    }  # fmt: skip
    assert services["migrate"]["restart"] == "no"
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_compose_keeps_the_database_in_a_named_volume() -> None:
    data, check = compose()["services"]["postgres"]["volumes"]
    assert data.split(":") == ["postgres", "/var/lib/postgresql"]
    assert "postgres" in compose()["volumes"]
    ours, there, mode = check.split(":")
    assert (ROOT / ours).is_file()
    command = compose()["services"]["postgres"]["healthcheck"]["test"].split()
    assert (mode, command[:2]) == ("ro", ["sh", there])


def test_nothing_runs_as_root() -> None:
    last = steps()[-1].stage
    assert [s.text for s in steps() if s.keyword == "USER" and s.stage == last] == ["10001"]
    assert not any("user" in service for service in site_services().values())
    others = {name: compose()["services"][name]["user"] for name in ("postgres", "valkey")}
    assert others == {"postgres": "postgres", "valkey": "valkey"}


def test_compose_sets_what_the_settings_want_and_nothing_unknown() -> None:
    read = read_by_settings()
    required = {name for name, must in read.items() if must}
    for name, service in site_services().items():
        assert required <= set(service["environment"]) <= set(read), name


def test_dockerfile_sets_no_variable_of_ours_that_nothing_reads() -> None:
    names = {
        n for s in steps() for n in re.findall(r"\b(COPROD_\w+|DATABASE_URL|REDIS_URL)=", s.text)
    }
    assert names <= read_by_anything()


def test_compose_has_no_secret_in_it() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    wanted = {name for name, operator, _ in WANTED.findall(text) if operator == ":?"}
    assert wanted == set(GIVEN)
    assert all(message for _, operator, message in WANTED.findall(text) if operator == ":?")
    for name in GIVEN:
        with pytest.raises(KeyError, match=name):
            filled(compose(), {**{n: v for n, v in GIVEN.items() if n != name}})


def test_settings_take_what_compose_sets(tmp_path: Path) -> None:
    # An image has no secrets of `make run` under var/.
    machine = {"PATH": os.environ["PATH"], "COPROD_VAR": str(tmp_path)}
    environment = {**machine, **site_services()["web"]["environment"]}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_commands_name_what_exists() -> None:
    assert callable(import_string(web_command()[-1].replace(":", ".")))
    services = site_services()
    assert services["migrate"]["command"][:2] == ["python", "manage.py"]
    assert services["migrate"]["command"][2] in get_commands()
    for name in ("worker", "beat"):
        app = import_string("coprod_site.celery.app")
        assert services[name]["command"][:2] == ["celery", f"--app={app.main}_site"]


@pytest.mark.parametrize(
    ("command", "program"),
    [
        (web_command(), ["granian"]),
        (site_services()["worker"]["command"], ["celery", "worker"]),
        (site_services()["beat"]["command"], ["celery", "beat"]),
        (site_services()["migrate"]["command"], ["manage.py", "migrate"]),
        (shlex.split(site_services()["beat"]["healthcheck"]["test"]), ["celery", "inspect"]),
    ],
    ids=lambda value: "-".join(value) if len(value) < 3 else "",
)
def test_programs_know_the_options(command: list[str], program: list[str]) -> None:
    known = _help(program[:1]) | _help(program)
    assert {word.split("=")[0] for word in command if word.startswith("--")} <= known


def _help(program: list[str]) -> set[str]:
    module = [program[0]] if program[0] == "manage.py" else ["-m", program[0]]
    app = ["--app=coprod_site"] if program[0] == "celery" else []
    command = [sys.executable, *module, *app, *program[1:], "--help"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"--[a-z-]+", said))


def test_image_copies_what_exists_and_what_the_code_needs() -> None:
    sources = [name for *names, _ in copied() for name in names]
    assert [name for name in sources if not (ROOT / name).exists()] == []
    assert set(sources) == admitted()
    local = {app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()}
    # The version that a look states stands in pyproject.toml.
    folders = {"coprod_site", "locale", "static", "templates", "pyproject.toml", "manage.py"}
    assert local | folders <= set(sources)


def test_image_installs_the_lock_with_hashes() -> None:
    (install,) = (step.text for step in steps() if "pip install" in step.text)
    words = shlex.split(install)
    assert {"--require-hashes", "--requirement"} <= set(words)
    assert words[words.index("--requirement") + 1] == "requirements.lock"


def test_image_keeps_the_programs_of_composes_postgres() -> None:
    version = compose()["services"]["postgres"]["image"].partition(":")[2]
    kept = {
        found for step in steps() for found in re.findall(r"pginstall(\d+)/bin/(\w+)", step.text)
    }
    assert kept == {(version, name) for name in ("pg_dump", "pg_restore", "psql")}


@pytest.mark.django_db(transaction=True)
def test_backup_brings_everything_back(client: Client, tmp_path: Path, empty_database: str) -> None:
    launched()
    walked(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        (name,) = cursor.fetchone()
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    dump = [*_told("pg_dump"), "--file", str(tmp_path / "dump"), "--dbname", address]
    restore = [*_told("pg_restore"), "--dbname", empty_database, str(tmp_path / "dump")]
    # The second time the tables are there already, as they are on a server.
    for command in (dump, restore, restore):
        subprocess.run([str(programs() / command[0]), *command[1:]], check=True)
    environment = {**os.environ, "DATABASE_URL": empty_database}
    verify = [sys.executable, "manage.py", "verify_allocation", "park"]
    said = subprocess.check_output(verify, cwd=ROOT, env=environment, text=True)
    assert said == "1 allocations in 1 lists replay; 1 are linked to participants.\n"
    with psycopg.connect(empty_database) as restored, pytest.raises(errors.RestrictViolation):
        restored.execute("DELETE FROM responses_submission")


def _told(program: str) -> list[str]:
    """A command of docs/operations.md, without what names the container's database."""
    text = (ROOT / "docs" / "operations.md").read_text()
    (line,) = re.findall(rf" {program} (.*) [<>]", text)
    words = re.sub(r"--(username|dbname) coprod|coprod$", "", line).split()
    return [program, *words]
