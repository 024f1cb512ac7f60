"""`make capacity`: what the committed costs of a participant come to, as the docs have it."""

from benchmarks.capacity.costs import costs
from benchmarks.capacity.tables import TABLES


def main() -> None:
    """Prints the tables of docs/scaling.md."""
    found = costs()
    print(found.machine)
    for name, table in TABLES.items():
        print(f"\n{name}\n\n{table(found)}")


if __name__ == "__main__":
    main()
