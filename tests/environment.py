"""Which environment variables the project reads, found in its code, and which must be set."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from coprod_site.embedded import ROOT

SOURCES = (
    "analysis",
    "benchmarks",
    "coprod_site",
    "experiments",
    "rehearsal",
    "responses",
    "supply",
)
# What the launcher sets for its own processes, and what belongs to the system.
NOT_FOR_PEOPLE = frozenset(
    {"COPROD_RUN", "COPROD_LAUNCHER", "DJANGO_SETTINGS_MODULE", "PATH", "PYTHONWARNINGS"}
)
_NAME = re.compile(r"[A-Z][A-Z0-9_]+")
_OWN_NAME = re.compile(r"COPROD_[A-Z_]+|DATABASE_URL|REDIS_URL")
_SHELL = re.compile(r"\$\{([A-Z][A-Z0-9_]+)(?::-[^}]*)?\}")


def read_by_settings() -> dict[str, bool]:
    """The variables that the settings read, each with whether it must be set."""
    tree = ast.parse((ROOT / "coprod_site" / "settings.py").read_text())
    return {
        name: not any(keyword.arg == "default" for keyword in call.keywords)
        for call, name in _calls_of_env(tree)
    }


def read_by_anything() -> set[str]:
    """Every variable that the settings, the launcher or the scripts of `setup/` read."""
    names = set(read_by_settings())
    for source in _sources():
        names |= set(_names_in(ast.parse(source.read_text())))
    for script in (ROOT / "setup").glob("*.sh"):
        names |= set(_SHELL.findall(script.read_text()))
    return names - NOT_FOR_PEOPLE


def _sources() -> Iterator[Path]:
    for folder in SOURCES:
        yield from (ROOT / folder).rglob("*.py")


def _calls_of_env(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Calls such as ``env.bool("NAME", default=False)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env."):
            yield node, ast.literal_eval(node.args[0])


def _names_in(tree: ast.AST) -> Iterator[str]:
    """Texts that are a name of ours, and whatever is asked of ``os.environ``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _OWN_NAME.fullmatch(node.value):
                yield node.value
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            yield from _names_in_text(node.slice)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "os.environ.get",
            "os.getenv",
        ):
            yield from _names_in_text(node.args[0])


def _names_in_text(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and _NAME.fullmatch(str(node.value)):
        yield str(node.value)
