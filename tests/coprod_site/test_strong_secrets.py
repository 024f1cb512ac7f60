"""A site that others reach starts with secrets that a machine drew, and with no others."""

import os
import re
import secrets
import subprocess
import sys

import pytest

from coprod_site.embedded import ROOT
from coprod_site.strong_secrets import guessable, too_short, why_weak
from tests import session_servers

# How a secret is given in a shell, a Makefile, a compose file and Python.
GIVEN = re.compile(r"COPROD_(?:SECRET_KEY|DATA_KEY|METRICS_TOKEN)\"?\s*[:=]\s*\"?([\w-]{32,})")
DRAWN = {"COPROD_SECRET_KEY": secrets.token_urlsafe(50), "COPROD_DATA_KEY": secrets.token_hex(16)}
SERVERS = {"DATABASE_URL": "postgresql://site:Vq8s@db/site", "REDIS_URL": "redis://:wU2x@valkey/0"}


def started(**more: str) -> str:
    """What a process says that reads the settings in that environment; empty if it reads them."""
    environment = {**os.environ, **DRAWN, **SERVERS, "COPROD_HTTPS": "true", **more}
    command = [sys.executable, "-c", "import coprod_site.settings"]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stderr.strip().rpartition("\n")[2]


def test_settings_refuse_weak_secrets_only_where_others_reach_the_site() -> None:
    tests = {name: session_servers.ENVIRONMENT[name] for name in DRAWN}
    assert started() == ""
    assert started(**tests, COPROD_HTTPS="false") == ""
    refused = started(**tests, COPROD_DEBUG="true", DATABASE_URL="postgresql://a:Postgres@db/a")
    assert refused.startswith("django.core.exceptions.ImproperlyConfigured: COPROD_SECRET_KEY ")
    assert "COPROD_DATA_KEY repeats itself" in refused
    assert "the password in DATABASE_URL is one that everybody knows" in refused
    assert "COPROD_DEBUG shows settings and data; unset it" in refused
    assert "COPROD_SECRET_KEY has 3 characters and needs 50" in started(COPROD_SECRET_KEY="abc")


def test_token_of_who_watches_is_held_to_the_same() -> None:
    drawn = secrets.token_hex(32)
    assert started(COPROD_METRICS_TOKEN=drawn) == started(COPROD_METRICS_TOKEN="") == ""
    assert "COPROD_METRICS_TOKEN has 5 characters and needs 32" in started(
        COPROD_METRICS_TOKEN="watch", COPROD_HTTPS="false"
    )
    assert "COPROD_METRICS_TOKEN has “change” in it" in started(
        COPROD_METRICS_TOKEN=f"change-me-{drawn}"
    )
    assert "COPROD_DATA_KEY and COPROD_METRICS_TOKEN are the same" in started(
        COPROD_METRICS_TOKEN=DRAWN["COPROD_DATA_KEY"]
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0" * 50, "has too few different characters"),
        ("tests-only-" * 6, "repeats itself"),
        ("django-insecure-" + secrets.token_hex(20), "has “insecure” in it, as examples have"),
        (f"{secrets.token_hex(16)}-CHANGE-me", "has “change” in it, as examples have"),
        (secrets.token_hex(32), ""),
        (secrets.token_urlsafe(50), ""),
    ],
    # Two workers must call a test by the same name, whatever was drawn.
    ids=["zeros", "repeated", "of an example", "to be changed", "hexadecimals", "letters"],
)
def test_secret_is_weak_for_a_reason_that_is_said(text: str, why: str) -> None:
    assert why_weak(text) == why


def test_one_secret_does_not_do_for_both_and_passwords_of_examples_for_none() -> None:
    same = dict.fromkeys(DRAWN, DRAWN["COPROD_SECRET_KEY"])
    found = guessable(
        same, {"DATABASE_URL": "postgresql://db/site", "REDIS_URL": "redis://:redis@v"}
    )
    assert [line.split("; ")[0] for line in found] == [
        "COPROD_SECRET_KEY and COPROD_DATA_KEY are the same",
        "the password in REDIS_URL is one that everybody knows",
    ]
    assert (too_short(DRAWN), guessable(DRAWN, SERVERS)) == ([], [])


def test_no_file_of_the_project_holds_a_secret_that_a_site_would_start_with() -> None:
    known = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    held = {
        (name, text)
        for name in known
        if not name.endswith((".png", ".lock", ".po", ".woff2", ".gz"))
        for text in GIVEN.findall((ROOT / name).read_text(errors="replace"))
        if not why_weak(text)
    }
    assert held == set()
