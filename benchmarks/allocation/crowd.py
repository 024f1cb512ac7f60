"""Processes that keep a database connection each and do transactions at the same time."""

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, cast

import psutil
from django.db import connection, connections

from benchmarks.servers import cpu_seconds

Act = Callable[[int], None]
# Time for everybody to hear of a run before it begins.
NOTICE_SECONDS = 0.05


@dataclass(frozen=True)
class Run:
    """So many transactions: the seconds that they took, CPU seconds of processes and Postgres."""

    done: int
    seconds: float
    clients: float
    postgres: float

    @property
    def rate(self) -> float:
        """Transactions per second."""
        return self.done / self.seconds


@dataclass(frozen=True)
class _Task:
    act: int
    first: int
    number: int
    begin: float


class Crowd:
    """So many processes; a run is done by as many of them as it asks for."""

    def __init__(self, size: int, acts: Sequence[Act], postgres: psutil.Process) -> None:
        # Threads of one process would share one lock of Python's and be measured by it. A process
        # must not share its parent's connections.
        connections.close_all()
        cast(Any, connection).close_pool()
        fork = multiprocessing.get_context("fork")
        self._postgres = postgres
        self._taken = fork.Value("q", 0)
        self._pipes: list[Connection] = []
        self._processes: list[multiprocessing.process.BaseProcess] = []
        for _ in range(size):
            ours, theirs = fork.Pipe()
            arguments = (theirs, acts, self._taken)
            process = fork.Process(target=_work, args=arguments, daemon=True)
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)

    def run(self, act: int, *, first: int, number: int, size: int) -> Run:
        """Does the transactions `first` and so on, each by whoever is free."""
        self._taken.value = 0
        before, begin = cpu_seconds(self._postgres), time.perf_counter() + NOTICE_SECONDS
        for pipe in self._pipes[:size]:
            pipe.send(_Task(act, first, number, begin))
        told: list[Any] = [pipe.recv() for pipe in self._pipes[:size]]
        if wrong := [each for each in told if isinstance(each, str)]:
            raise RuntimeError(wrong[0])
        return Run(
            done=sum(done for done, _, _ in told),
            seconds=max(ended for _, ended, _ in told) - begin,
            clients=sum(cpu for _, _, cpu in told),
            postgres=cpu_seconds(self._postgres) - before,
        )

    def close(self) -> None:
        """Ends all processes."""
        for process in self._processes:
            process.terminate()
            process.join()


@contextmanager
def crowd(size: int, acts: Sequence[Act], postgres: psutil.Process) -> Iterator[Crowd]:
    """So many processes while the block lasts."""
    made = Crowd(size, acts, postgres)
    try:
        yield made
    finally:
        made.close()


def _work(pipe: Connection, acts: Sequence[Act], taken: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        task: _Task = pipe.recv()
        try:
            pipe.send(_share(task, acts[task.act], taken))
        except Exception as error:  # the parent tells it
            pipe.send(f"{type(error).__name__}: {error}")


def _share(task: _Task, act: Act, taken: Any) -> tuple[int, float, float]:
    """Does transactions until all are taken: how many, when the last ended, and the CPU of it."""
    connection.ensure_connection()
    time.sleep(max(0.0, task.begin - time.perf_counter()))
    done, cpu = 0, time.process_time()
    while True:
        with taken.get_lock():
            number = taken.value
            taken.value += 1
        if number >= task.number:
            return done, time.perf_counter(), time.process_time() - cpu
        act(task.first + number)
        done += 1
