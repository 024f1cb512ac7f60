"""The systemd units run what the image and compose run, and shut the same doors."""

import re
import shlex

import pytest

from coprod_site.embedded import ROOT
from tests.deployment import site_services, web_command

UNITS = ROOT / "deploy" / "systemd"
PROGRAMS = ("migrate", "web", "worker@", "beat")
# Where the two differ: addresses, names of hosts and files.
PLACED = ("--host", "--hostname", "--schedule", "--pidfile", "--enable-remote-control")


def unit(name: str) -> dict[str, list[str]]:
    """What the unit sets, by name; a name may come more than once."""
    found: dict[str, list[str]] = {}
    for line in (UNITS / name).read_text().splitlines():
        if line and line[0] not in "#[":
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def options(words: list[str]) -> set[str]:
    """A command's program and options, each with its value, but for what is placed."""
    text = " ".join(words)
    pairs = re.findall(r"(--[a-z-]+)(?:[= ](?!--)(\S+))?", text)
    return {f"{name} {value}" for name, value in pairs if name not in PLACED}


@pytest.mark.parametrize("name", PROGRAMS)
def test_unit_runs_what_the_container_runs(name: str) -> None:
    (command,) = unit(f"coprod-{name}.service")["ExecStart"]
    program, *words = shlex.split(command)
    service = name.rstrip("@")
    container = web_command() if service == "web" else site_services()[service]["command"]
    assert program.rsplit("/", 1)[-1] == container[0]
    assert options(words) == options(container[1:])
    assert words[-1] == container[-1] or words[-1].startswith("--")


@pytest.mark.parametrize("name", PROGRAMS)
def test_unit_is_shut_in(name: str) -> None:
    set_ = unit(f"coprod-{name}.service")
    assert set_["User"] == ["coprod"]
    assert set_["EnvironmentFile"] == ["/etc/coprod/environment"]
    for door, shut in {
        "ProtectSystem": "strict",
        "ProtectHome": "true",
        "PrivateTmp": "true",
        "NoNewPrivileges": "true",
        "CapabilityBoundingSet": "",
        "UMask": "0077",
    }.items():
        assert set_[door] == [shut], door
    assert not any("KEY" in value or "PASSWORD" in value for value in set_["Environment"])


def test_target_wants_every_program_but_what_they_require() -> None:
    wanted = " ".join(unit("coprod.target")["Wants"]).split()
    assert wanted == ["coprod-web.service", "coprod-beat.service", "coprod-worker@1.service"]
    for name in ("web", "worker@", "beat"):
        assert unit(f"coprod-{name}.service")["Requires"] == ["coprod-migrate.service"]
