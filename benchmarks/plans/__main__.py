"""`python -m benchmarks.plans`: the plans of the statements that participants' pages send.

A study is filled, and respondents go through it in this process. Each statement is explained as it
is about to be sent, with its own values, and what EXPLAIN did is taken back.
"""

import argparse
import re
from collections.abc import Iterator
from typing import Any

from benchmarks import command, product
from benchmarks.report import machine, write_json
from benchmarks.servers import postgres


def main() -> None:
    """Prints the plans."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Fills a study and explains what a respondent's requests send; returns whether all came."""
    with postgres() as server:
        about = machine(server.url())
        product.prepare(server.url())
        # These know the models, which are there only now.
        from benchmarks.monitor.people import fill, sent  # noqa: PLC0415
        from benchmarks.plans.explained import NAMES, explained  # noqa: PLC0415

        sent(fill(arguments.participants, days=1))
        plans = explained()
    for name in filter(plans.get, NAMES):
        print(f"\n{name}, {arguments.participants:,} participants", *_lines(plans[name]), sep="\n")
    print(*(f"{name}: {text}" for name, text in about.items()), sep="; ")
    write_json("plans", {"machine": about, "options": vars(arguments), "plans": plans})
    return set(plans) == set(NAMES)


def _lines(told: dict[str, Any]) -> Iterator[str]:
    """A plan as text: what each node does to what, rows, and blocks with those below it."""
    yield from _node(told["Plan"], 0)
    for each in told.get("Triggers", ()):
        name = each.get("Constraint Name") or each["Trigger Name"]
        yield f"trigger {name} on {each['Relation']}: {each['Calls']} times"


def _node(node: dict[str, Any], depth: int) -> Iterator[str]:
    does = node.get("Operation", node["Node Type"])
    part = f"{node['Subplan Name']}: " if "Subplan Name" in node else ""
    of = " ".join(filter(None, (node.get("Relation Name"), node.get("Index Name"))))
    blocks = sum(node[f"Shared {kind} Blocks"] for kind in ("Hit", "Read"))
    rows = f"{node['Actual Rows']:g}"
    loops = f" × {node['Actual Loops']}" if node["Actual Loops"] != 1 else ""
    # A hash of a key says nothing.
    found = re.sub(r"\\x[0-9a-f]{16,}", "…", node.get("Index Cond", ""))
    shown = f"{'  ' * depth}{part}{does}{f' {of}' if of else ''}"
    yield f"{shown}  rows {rows}{loops}, blocks {blocks}{f'  {found}' if found else ''}"
    for each in node.get("Plans", ()):
        yield from _node(each, depth + 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plans", description=__doc__)
    parser.add_argument("--participants", type=command.positive, default=100_000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
