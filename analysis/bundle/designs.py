"""The designs of a bundle: as they were launched, as study files, and as they were announced."""

import json
from collections.abc import Sequence
from pathlib import Path

from analysis.deviations import deviations
from experiments.commitment import Commitment
from experiments.models import DesignVersion, Study
from experiments.preregistration import preregistration
from experiments.studyfile import dump


def write_designs(study: Study, versions: Sequence[DesignVersion], folder: Path) -> None:
    """Writes design/ and preregistration/ but for the deviations."""
    design, announced = folder / "design", folder / "preregistration"
    design.mkdir()
    announced.mkdir()
    for version in versions:
        stem = f"version-{version.number}"
        (design / f"{stem}.json").write_bytes(version.canonical_json.encode())
        (design / f"{stem}.yaml").write_text(dump(version.written), "utf-8", newline="\n")
        for language in version.written.languages:
            text = _announced(study, version, language)
            (announced / f"{stem}.{language}.md").write_text(text, "utf-8", newline="\n")
    told = [_told(version) for version in versions]
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    (design / "versions.json").write_text(text, "utf-8", newline="\n")


def write_deviations(
    versions: Sequence[DesignVersion], governing: DesignVersion, mode: str, folder: Path
) -> None:
    """Writes what departs from the plan that governs."""
    lines = deviations(versions, governing=governing, mode=mode)
    told = [f"- {' '.join(line.split())}" for line in lines] or ["Nothing departs from the plan."]
    head = f"# Deviations from the plan of version {governing.number}"
    text = "\n".join([head, "", *told, ""])
    (folder / "preregistration" / "deviations.md").write_text(text, "utf-8", newline="\n")


def _told(version: DesignVersion) -> dict[str, object]:
    return {
        "number": version.number,
        "digest": version.digest,
        "launched_at": f"{version.launched_at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "pilot": version.pilot,
        "reason": version.reason,
    }


def _announced(study: Study, version: DesignVersion, language: str) -> str:
    commitment = Commitment(
        version=version.number,
        digest=version.digest,
        launched_at=version.launched_at,
        seed_sha256=study.seed_sha256,
    )
    return preregistration(version.written, commitment, language=language)
