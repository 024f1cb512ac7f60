"""The tables of docs/scaling.md that are reckoned from the committed costs of a participant.

`python -m tests.capacity_tables` writes them between their marks; a test holds them up to date.
"""

from benchmarks.capacity.costs import costs
from benchmarks.capacity.tables import TABLES
from coprod_site.embedded import ROOT
from tests.marked import Marked

DOCS = ROOT / "docs" / "scaling.md"


def main() -> None:
    """Writes the tables into the docs."""
    for name, table in TABLES.items():
        Marked(DOCS, name).write(table(costs()))


if __name__ == "__main__":
    main()
