"""Reads simulations: what was counted so far, and all of one as JSON."""

from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import msgspec
from django.db.models import Count

from analysis.models import Simulation, SimulationEnd
from analysis.power.assumptions import Assumptions, true_contrasts
from analysis.power.counts import Counts, expected_n, mean, share
from analysis.power.simulating import counts_from_builtins, simulated_design
from experiments.design import Design, from_json
from experiments.models import Study


@dataclass(frozen=True)
class Run:
    """A simulation with what was counted so far; `counts` are None before the first batch."""

    simulation: Simulation
    counts: Counts | None
    versions: tuple[str, ...]
    end: SimulationEnd | None

    @cached_property
    def design(self) -> Design:
        """The design that is simulated, without its pictures."""
        return from_json(self.simulation.canonical_json)

    @cached_property
    def assumed(self) -> Assumptions:
        """What is assumed."""
        return msgspec.convert(self.simulation.assumed, Assumptions)

    @property
    def done(self) -> int:
        """How many studies were simulated so far."""
        return self.counts.studies if self.counts else 0


def run_of(simulation: Simulation) -> Run:
    """The simulation with its batches and its end: two statements."""
    batches = list(simulation.done.order_by("number").values_list("counts", "code_version"))
    counts = [counts_from_builtins(kept) for kept, _version in batches]
    return Run(
        simulation=simulation,
        counts=reduce(Counts.__add__, counts) if counts else None,
        versions=tuple(dict.fromkeys(version for _kept, version in batches)),
        end=SimulationEnd.objects.filter(simulation=simulation).first(),
    )


@dataclass(frozen=True)
class Listed:
    """A simulation in a list: how many of its studies are done, and how it ended, if it did."""

    simulation: Simulation
    done: int
    ended: str


def listed(study: Study, most: int) -> list[Listed]:
    """The newest simulations of a study, at most so many, the newest first: one statement."""
    found = Simulation.objects.filter(study=study).select_related("end")
    counted = found.annotate(batches_done=Count("done")).order_by("-pk")[:most]
    return [
        Listed(
            simulation=each,
            done=min(each.repeats, each.batches_done * each.together),
            ended=each.end.get_kind_display() if hasattr(each, "end") else "",
        )
        for each in counted
    ]


def as_json(run: Run, slug: str) -> bytes:
    """All of a simulation as indented JSON: what was asked, counted, and the shares of it."""
    simulation, counts = run.simulation, run.counts
    told: dict[str, Any] = {
        "study": slug,
        "simulation": simulation.pk,
        "design_digest": simulation.design_digest,
        "assumed": simulation.assumed,
        "plan": msgspec.to_builtins(simulated_design(run.design, run.assumed).plan),
        "seed": simulation.seed,
        "repeats": simulation.repeats,
        "together": simulation.together,
        "ordered_by_version": simulation.code_version,
        "run_by_versions": list(run.versions),
        "ordered_at": simulation.ordered_at.isoformat(),
        "end": run.end.kind if run.end else None,
        "true_contrasts": true_contrasts(run.design, run.assumed),
        "counts": msgspec.to_builtins(counts),
        "shares": _shares(run, counts) if counts else None,
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"


def _shares(run: Run, counts: Counts) -> dict[str, Any]:
    n, sizes = counts.studies, simulated_design(run.design, run.assumed).plan.sizes
    whole = {name: share(getattr(counts, name), n) for name in ("some", "every", "familywise")}
    return {
        **whole,
        "contrasts": {
            code: {
                "rejected": share(sum(each.rejected), n),
                "equivalent": share(sum(each.equivalent), n),
                "estimate": mean(each.total, each.squares, each.estimated)
                if each.estimated
                else None,
            }
            for code, each in counts.contrasts.items()
        },
        "expected_n": expected_n(counts, sizes),
    }
