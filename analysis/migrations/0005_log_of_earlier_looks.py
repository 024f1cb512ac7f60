"""Looks that were spent before there was a log are its first events, as they stand now."""

from typing import Any

from django.db import migrations

from analysis.chain import START, Link, json_digest


def write_down(apps: Any, schema_editor: Any) -> None:
    """One event per look, in the order of their numbers."""
    Look, LookEvent = (apps.get_model("analysis", name) for name in ("Look", "LookEvent"))
    ends: dict[tuple[int, str], tuple[int, str]] = {}
    for look in Look.objects.order_by("study_id", "mode", "number"):
        chain = (look.study_id, look.mode)
        position, previous = ends.get(chain, (0, START))
        detail = {
            "n": look.n,
            "fraction": look.fraction,
            "planned": look.planned,
            "cut": look.cut_digest,
            "plan": look.plan_digest,
            "results": json_digest(look.results),
            "code": look.code_version,
            "libraries": look.libraries,
        }
        told = {
            "mode": look.mode,
            "position": position + 1,
            "kind": "spent",
            "number": look.number,
            "actor": "",
            "at": look.spent_at,
            "detail": detail,
        }
        digest = Link(**told, study=look.study_id, previous=previous).digest()
        LookEvent.objects.create(
            **told, study_id=look.study_id, previous_digest=previous, digest=digest
        )
        ends[chain] = (position + 1, digest)


class Migration(migrations.Migration):
    dependencies = [("analysis", "0004_ordered_looks_and_log")]

    operations = [migrations.RunPython(write_down, migrations.RunPython.noop)]
