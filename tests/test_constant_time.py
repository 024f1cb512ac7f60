"""Secrets are compared in constant time, or looked up by their hash: no `==` comes near one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from coprod_site.embedded import ROOT

ROOMS = ("experiments", "responses", "analysis", "rehearsal", "coprod_site")
# What is called like this is a secret, or would tell of one by how long its comparison takes.
SECRET = re.compile(
    r"secret|signature|password|passw|hmac|nonce|otp|api_?key|data_key|_hash$|^token$|_token$|^mac$"
)
# Held against what the database or the form of the same request says, where nobody can try.
ALLOWED = {
    # The id of the link is the visitor's own, and its hash is looked up all the same.
    ("responses/door.py", "identity_hash"),
    # When a process starts, nobody waits to measure how long it takes.
    ("coprod_site/settings.py", "DATA_KEY"),
}


def compared(path: Path) -> Iterator[tuple[str, str, int]]:
    """Each comparison by `==` or `!=` with something that is called like a secret."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Compare):
            continue
        if not any(isinstance(each, (ast.Eq, ast.NotEq)) for each in node.ops):
            continue
        for side in (node.left, *node.comparators):
            if (name := called(side)) and SECRET.search(name.lower()):
                yield str(path.relative_to(ROOT)), name, node.lineno


def called(node: ast.expr) -> str:
    """What a name, an attribute or a call is called; empty for anything else."""
    if isinstance(node, ast.Call):
        return called(node.func)
    if isinstance(node, ast.Subscript):
        return called(node.slice) or called(node.value)
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def test_no_secret_is_compared_by_equality() -> None:
    found = [
        each
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for each in compared(path)
        if each[:2] not in ALLOWED
    ]
    assert found == []


def test_what_is_allowed_is_still_there() -> None:
    there = {each[:2] for path, _name in ALLOWED for each in compared(ROOT / path)}
    assert there == ALLOWED
