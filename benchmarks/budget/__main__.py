"""`make budget`: counts what each page costs anew, and writes benchmarks/budget/pages.json.

With `--where REQUEST`: which functions a request calls most. With `--table`: as docs show it.
"""

import argparse
import json
import os
from pathlib import Path

from benchmarks import command, product
from benchmarks.budget.comparing import as_table, as_text, differences
from benchmarks.budget.running import COUNTING, output
from benchmarks.servers import postgres
from coprod_site.valkey_server import ValkeyServer

BUDGET = Path(__file__).parent / "pages.json"


def main() -> None:
    """Counts on servers of its own."""
    command.run(lambda: count(_arguments()))


def count(arguments: argparse.Namespace) -> bool:
    """Writes the budget, and prints what it changed; or prints what was asked for."""
    with (
        postgres() as server,
        ValkeyServer(server.data.parent / "valkey", "budget").running() as broker,
    ):
        product.prepare_site(server.url())
        static = os.environ["COPROD_STATIC_ROOT"]
        asked = [arguments.where] if arguments.where else []
        said = output(COUNTING, server.url(), broker, static, *asked)
    if asked:
        print(said, end="")
    elif arguments.table:
        print(as_table(json.loads(said)["pages"]))
    else:
        before = json.loads(BUDGET.read_text()) if BUDGET.exists() else {}
        found = json.loads(said)["pages"]
        BUDGET.write_text(as_text(found))
        print(*differences(before, found) or ["No page costs anything else than before."], sep="\n")
    return True


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.budget", description=__doc__)
    parser.add_argument("--where", metavar="REQUEST", help="such as 'willingness POST'")
    parser.add_argument("--table", action="store_true", help="print a table, write nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main()
