"""The browser that pytest-playwright drives: an installed one first, else Playwright's own."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Playwright

# Playwright's loop stands in the test's thread as long as its browser is open, and Django would
# take every statement of ours for one made inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing in a test may depend on what a browser does on its own.
SILENT = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def nothing_open() -> None:
    """Gives back the connection that this thread has."""
    # Django is set up by the servers of the session.
    from django.db import connection

    connection.close()


@pytest.fixture(scope="session")
def playwright(nothing_open: None, playwright: Playwright) -> Iterator[Playwright]:
    """Playwright, with no connection left over before its loop begins, nor after it has ended.

    While the loop stands in the thread, Django gives it another connection than without. Nobody
    would give back the one that it had: it would be missing in the pool for as long as the process
    goes on.
    """
    from django.db import connection

    yield playwright
    connection.close()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """What the browser is started with; COPROD_BROWSER names a certain one."""
    installed = filter(None, map(shutil.which, INSTALLED))
    program = os.environ.get("COPROD_BROWSER") or next(installed, None)
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    found = {"executable_path": program} if program else {}
    return {**browser_type_launch_args, "args": [*SILENT, *as_root], **found}
