"""A web process keeps little: its threads share one heap, whoever of them made a large page."""

import subprocess
import sys

import pytest

from coprod_site.embedded import ROOT


@pytest.mark.parametrize(
    ("program", "heaps"),
    [
        (["coprod_site.web", "tests.coprod_site.heaps:application"], [1]),
        # By itself the system's allocator has several.
        (["tests.coprod_site.heaps"], [2, 3, 4, 5, 6, 7, 8, 9]),
    ],
)
def test_threads_of_a_web_process_take_from_one_heap(program: list[str], heaps: list[int]) -> None:
    command = [sys.executable, "-m", *program]
    told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    assert int(told.stdout) in heaps
