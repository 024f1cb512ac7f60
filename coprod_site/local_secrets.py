"""The secrets of a site on one's own machine: made once, kept in one file under var/."""

import os
import secrets
from pathlib import Path

from coprod_site.problems import StartError

NAMES = ("COPROD_SECRET_KEY", "COPROD_DATA_KEY", "VALKEY_PASSWORD")


def kept_secrets(var: Path) -> dict[str, str]:
    """The secrets under `var`, by name; made if there are none yet."""
    path = var / "secrets"
    if not path.exists():
        if (var / "postgres").exists():
            raise StartError(
                f"{path} is gone, and with it the key to the studies in {var / 'postgres'}: put it "
                f"back, or remove {var} as a whole to begin anew."
            )
        _make(path)
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"secrets.{os.getpid()}")
    # Made for this user alone from its first moment, and whole when it gets its name.
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(f"{name}={secrets.token_urlsafe(50)}\n" for name in NAMES)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another command was faster; its secrets count
    finally:
        draft.unlink()
