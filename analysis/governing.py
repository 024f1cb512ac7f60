"""Which launched version's plan governs the looks of a study and mode."""

from collections.abc import Sequence

from analysis.models import Look
from experiments.models import DesignVersion
from experiments.modes import version_for


def governing(first: list[DesignVersion], mode: str, spent: Sequence[Look]) -> DesignVersion | None:
    """The version whose plan governs, of a study's first live and first pilot version."""
    # Rehearsals can have begun under the pilot's plan: they end under it.
    begun = [version for version in first if spent and version.pk == spent[0].version_id]
    live, pilot = (
        next((version for version in begun or first if version.pilot is kind), None)
        for kind in (False, True)
    )
    return version_for(mode, live=live, pilot=pilot)


def first_versions(study_id: int | None) -> list[DesignVersion]:
    """The first live and the first pilot version of all studies, or of one, with the study."""
    versions = DesignVersion.objects.select_related("study")
    chosen = versions if study_id is None else versions.filter(study=study_id)
    return list(chosen.order_by("study_id", "pilot", "number").distinct("study_id", "pilot"))
