"""What R says of rows that come in clusters: clustered.csv, and clustered_r.json of it."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.statistics.estimate import Floats

HERE = Path(__file__).parent


@dataclass(frozen=True, eq=False)
class ClusteredRows:
    """One data set of clustered.csv: outcome (n,), cells, clusters, one covariate (n, 1)."""

    outcome: Floats
    cell: list[str]
    cluster: list[str]
    covariate: Floats


def clustered_rows(name: str) -> ClusteredRows:
    """`schools`, each of them in one cell; or `persons`, each in several."""
    with (HERE / "clustered.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["set"] == name]
    return ClusteredRows(
        outcome=np.array([float(row["y"]) for row in rows]),
        cell=[row["cell"] for row in rows],
        cluster=[row["cluster"] for row in rows],
        covariate=np.array([[float(row["z"])] for row in rows]),
    )


def clustered_r() -> dict[str, Any]:
    """What make_clustered_r.R wrote."""
    numbers: dict[str, Any] = json.loads((HERE / "clustered_r.json").read_text())
    return numbers
