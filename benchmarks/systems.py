"""The product and the floor beside each other, both up: one that nobody asks takes no CPU.

Valkey, worker and beat are beside both, so that what they do on their own weighs on both.
"""

from contextlib import ExitStack
from functools import partial

from benchmarks import product
from benchmarks.beside import NOBODY, valkey, worker_and_beat
from benchmarks.counting import Counted, counted_in_floor, counted_in_product
from benchmarks.floor.tables import make_database, make_tables, pages_of
from benchmarks.load import run_load
from benchmarks.measuring import Drive, System
from benchmarks.scripts import ON, Scripts
from benchmarks.servers import NO_VALKEY, web
from coprod_site.postgres_server import PostgresServer
from coprod_site.problems import StartError

FLOOR_DATABASE = "floor"
# Enough that every web worker has met every page for every arm.
WARM_UP = 128


def product_alone(stack: ExitStack, server: PostgresServer, *, web_alone: bool = False) -> System:
    """The product without the floor; it ends with the stack."""
    broker = None if web_alone else stack.enter_context(valkey())
    product.prepare(server.url(), broker.url if broker else NO_VALKEY)
    process = server.process()
    if process is None:
        raise StartError("Postgres ended while the benchmark was being set up.")
    site = stack.enter_context(web("coprod_site.wsgi:application", server.url()))
    beside = stack.enter_context(worker_and_beat(server.url(), broker)) if broker else NOBODY
    return System("product", site, process, beside)


def product_and_floor(
    stack: ExitStack, server: PostgresServer, *, web_alone: bool = False
) -> list[System]:
    """Both, in that order; they end with the stack."""
    ours = product_alone(stack, server, web_alone=web_alone)
    pages = pages_of(ours.web.site, product.ENTRY)
    url = server.url(FLOOR_DATABASE)
    make_database(server.url(), FLOOR_DATABASE)
    make_tables(url, pages)
    floor = stack.enter_context(web("benchmarks.floor.wsgi:application", url))
    systems = [ours, System("floor", floor, ours.postgres, ours.beside)]
    # The respondent whose pages were kept.
    systems[0].told.update(completed=1, submissions=len(pages) - 1)
    systems[0].submitted.update([len(pages) - 1])
    return systems


def driving(journeys: int, in_flight: int, seed: str, scripts: Scripts = ON) -> Drive:
    """A closed loop of so many respondents at a time."""
    return partial(
        run_load,
        entry=product.ENTRY,
        journeys=journeys,
        in_flight=in_flight,
        seed=seed,
        scripts=scripts,
    )


def warm_up(systems: list[System], in_flight: int) -> None:
    """Has each meet what it will be asked."""
    journeys = max(WARM_UP, in_flight)
    for system in systems:
        system.run(driving(journeys, in_flight, "warm"))


def counted(server: PostgresServer) -> list[Counted]:
    """What the databases of both hold."""
    return [counted_in_product(product.STUDY), counted_in_floor(server.url(FLOOR_DATABASE))]
