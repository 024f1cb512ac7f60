"""Dockerfile and docker-compose.yml as data, and the image's steps without a container engine."""

import json
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from coprod_site.embedded import ROOT

# What an administrator is told to set, and no more.
GIVEN = {
    "POSTGRES_PASSWORD": "p" * 40,
    "VALKEY_PASSWORD": "v" * 40,
    # Drawn, as docs/operations.md says: no file holds keys that a site would start with.
    "COPROD_SECRET_KEY": secrets.token_hex(32),
    "COPROD_DATA_KEY": secrets.token_hex(32),
    "COPROD_ALLOWED_HOSTS": "survey.example.org",
}
WANTED = re.compile(r"(?<!\$)\$\{(\w+)(?:(:[?-])([^}]*))?\}")


@dataclass(frozen=True)
class Step:
    """One instruction of the Dockerfile, its lines joined; `stage` counts from 0."""

    stage: int
    keyword: str
    text: str


def steps() -> list[Step]:
    """The Dockerfile's instructions in order."""
    lines = [line for line in _lines("Dockerfile") if not line.lstrip().startswith("#")]
    found: list[Step] = []
    stage = -1
    for text in filter(None, "\n".join(lines).replace("\\\n", "").splitlines()):
        keyword, _, rest = text.strip().partition(" ")
        stage += keyword == "FROM"
        found.append(Step(stage, keyword, rest.strip()))
    return found


def copied() -> list[tuple[str, ...]]:
    """What the first stage copies from the repository: sources, then the target."""
    return [tuple(s.text.split()) for s in steps() if (s.stage, s.keyword) == (0, "COPY")]


def admitted() -> set[str]:
    """What .dockerignore lets through."""
    return {line[1:] for line in _lines(".dockerignore") if line.startswith("!")}


def web_command() -> list[str]:
    """The image's own command."""
    (command,) = (step.text for step in steps() if step.keyword == "CMD")
    return list(json.loads(command))


def web_health_check() -> str:
    """The shell command of the image's health check."""
    (check,) = (step.text for step in steps() if step.keyword == "HEALTHCHECK")
    return check.partition(" CMD ")[2]


def compose() -> dict[str, Any]:
    """docker-compose.yml as it is written."""
    return dict(YAML(typ="safe").load(_text("docker-compose.yml")))


def site_services() -> dict[str, dict[str, Any]]:
    """The services that run the image, their variables filled in as compose would."""
    services = compose()["services"]
    return {name: filled(s) for name, s in services.items() if s["image"] == "coprod"}


def filled(part: Any, given: Mapping[str, str] = GIVEN) -> Any:
    """A part of the file with its variables replaced; KeyError for a wanted one that is not set."""
    if isinstance(part, dict):
        return {key: filled(value, given) for key, value in part.items()}
    if isinstance(part, list):
        return [filled(value, given) for value in part]
    if not isinstance(part, str):
        return part

    def value(match: re.Match[str]) -> str:
        name, operator, default = match.groups()
        return given[name] if operator == ":?" else given.get(name) or default or ""

    return WANTED.sub(value, part).replace("$$", "$")


def _text(name: str) -> str:
    return (ROOT / name).read_text()


def _lines(name: str) -> list[str]:
    return _text(name).splitlines()


class Image:
    """The first stage of the image, made under a folder instead of in a container."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.work = root / "srv" / "coprod"
        self.work.mkdir(parents=True)
        # The image's Python is called python.
        programs = root / "programs"
        programs.mkdir()
        (programs / "python").symlink_to(
            Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info[1]}"
        )
        self.path = f"{self._under('/opt/venv/bin')}:{programs}:{os.environ['PATH']}"

    def build(self) -> None:
        """Runs COPY and RUN of the first stage in order."""
        for step in steps():
            if step.stage == 0 and step.keyword == "COPY":
                self._copy(*step.text.split())
            elif step.stage == 0 and step.keyword == "RUN":
                self.run(step.text)

    def run(self, command: str, environment: Mapping[str, str] | None = None) -> str:
        """Runs a shell command in the image; returns what it printed, fails if it fails."""
        done = subprocess.run(
            ["/bin/sh", "-c", self._under(command)],
            cwd=self.work,
            env=self.environment(environment or {}),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self, command: list[str], environment: Mapping[str, str], log: Path) -> Any:
        """Starts a service's command; the caller ends it, by its process group."""
        with log.open("wb") as output:
            return subprocess.Popen(
                ["/bin/sh", "-c", f"exec {shlex.join(command)}"],
                cwd=self.work,
                env=self.environment(environment),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """What a container would have, and the settings of this machine's pip."""
        kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        return {**kept, "HOME": str(self.root), "PATH": self.path, **more}

    def _under(self, text: str) -> str:
        return text.replace("/opt/venv", f"{self.root}/opt/venv")

    def _copy(self, *names: str) -> None:
        *sources, target = names
        for source in sources:
            assert source.split("/")[0] in admitted(), f"{source} is ignored by .dockerignore"
            into = self.work / target / (source if target == "./" else "")
            if (ROOT / source).is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "*.mo")
                shutil.copytree(ROOT / source, into, ignore=ignored)
            else:
                shutil.copy(ROOT / source, into)
