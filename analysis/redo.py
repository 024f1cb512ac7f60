"""A look's results as a file that programs read, and the scripts that redo its numbers."""

import json
from dataclasses import replace
from pprint import pformat
from typing import Any

import msgspec
from django.template.loader import render_to_string

from analysis.look_redraws import redraw_seed
from analysis.models import Look
from analysis.redo_facts import Facts, redo_facts
from analysis.redo_looks import Spent
from analysis.redo_numbers import redo_numbers
from analysis.results import Results, from_builtins
from analysis.secrets_kept import as_may_be_seen
from experiments.design import Design
from responses.blinding import is_blinded

FORMAT = 1


def look_json(look: Look) -> bytes:
    """The look and all that it found as JSON, UTF-8; docs/data-dictionary.md says what each key is.

    While arms are secret `integrity` is null and whom the arms lost is left out, as in the report.
    """
    blinded = is_blinded(status=look.study.status, mode=look.mode)
    found: dict[str, Any] = msgspec.to_builtins(seen(look))
    told = {
        "format": FORMAT,
        "study": look.study.slug,
        "mode": look.mode,
        "look": look.number,
        "final": look.final,
        "spent_at": look.spent_at,
        "design_version": look.version.number,
        "design_digest": look.version.digest,
        "plan_digest": look.plan_digest,
        "cut_digest": look.cut_digest,
        "code_version": look.code_version,
        "libraries": look.libraries,
        "blinded": blinded,
        "results": found,
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"


def python_script(look: Look) -> str:
    """The Python script that redoes the look's numbers; NoScriptError where none can."""
    facts = facts_of(look)
    literal = pformat(facts.plain(), sort_dicts=False, width=96)
    return render_to_string("analysis/redo/look.py.txt", {"facts": facts, "literal": literal})


def r_script(look: Look) -> str:
    """The R script that redoes the look's numbers; NoScriptError where none can."""
    facts = facts_of(look)
    literal = r_literal(facts.plain())
    return render_to_string("analysis/redo/look.R.txt", {"facts": facts, "literal": literal})


def facts_of(look: Look) -> Facts:
    """What the scripts hold of a look."""
    before = Look.objects.filter(study=look.study_id, mode=look.mode, number__lt=look.number)
    looks = [(each, from_builtins(each.results)) for each in before.order_by("number")]
    found = seen(look)
    return redo_facts(
        look.version.written,
        look.version.design,
        mode=look.mode,
        looks=[
            Spent(each.number, round(each.n / each.fraction), results)
            for each, results in (*looks, (look, found))
        ],
        seed=redraw_seed(look.plan_digest, look.number),
        until=(found.flow.until or look.spent_at) if found.flow else None,
        designs=_versions(look, found),
        final=look.final,
    )


def _versions(look: Look, found: Results) -> dict[int, Design]:
    """The versions whose randomisations it tested, as written, by number."""
    used = {number for step in found.integrity or () for number in step.versions}
    versions = look.study.versions.filter(number__in=used) if used else ()
    return {version.number: version.written for version in versions}


def numbers_csv(look: Look) -> bytes:
    """The numbers that the scripts redo, as CSV: the number's name and its value in full."""
    facts_of(look)
    lines = [f"{name},{value!r}" for name, value in redo_numbers(seen(look)).items()]
    return "\n".join(["number,value", *lines, ""]).encode()


def seen(look: Look) -> Results:
    """What the look found, as far as it may be seen now: of arms nothing beyond its cut."""
    blinded = is_blinded(status=look.study.status, mode=look.mode)
    found = as_may_be_seen(from_builtins(look.results), blinded=blinded)
    return replace(found, integrity=None) if blinded else found


def r_literal(value: object, indent: int = 0) -> str:
    """The value as R writes it: lists with names, lists, strings, numbers, TRUE and FALSE."""
    inside = "  " * (indent + 1)
    match value:
        case dict():
            parts = [
                f"{_r_name(name)} = {r_literal(each, indent + 1)}" for name, each in value.items()
            ]
        case tuple() | list():
            parts = [r_literal(each, indent + 1) for each in value]
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return json.dumps(value)
        case None:
            return "NULL"
        case _:
            return repr(value)
    if isinstance(value, tuple | list) and not any(isinstance(each, dict) for each in value):
        return f"c({', '.join(parts)})"
    joined = f",\n{inside}".join(parts)
    return f"list(\n{inside}{joined}\n{'  ' * indent})" if parts else "list()"


def _r_name(name: str) -> str:
    """A name as R takes it in a list: arms such as "none.low" in quotes."""
    return name if name.isidentifier() and not name.startswith("_") else json.dumps(name)
